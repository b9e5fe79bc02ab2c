"""The stored form of objects: two functions for each class, generated from its fields as attrs generates its methods.

What is generated is straight-line code, a line for each field, because a loop over the fields costs twice as much.
The source holds only the names of the fields, the tag and the version; everything else is passed in by name.
A field takes the shortest way when its value is of the plainest type that its table lists (a short ASCII str, a small
int, a bool, None). Any other value asks the table, by its exact type, so that a union needs no trial and error.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import attrs

from relex._trusted import compiled
from relex.codec._registry import Form, upgraded
from relex.codec._scalars import plain_int, plain_str
from relex.codec._walk import LONGEST_STR, Pass
from relex.errors import InvalidValue

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

__all__ = ["Shape", "Table", "reader", "writer"]

_SMALL = 10**18
_MARKS = ("type", "v")
_ENTER = (
    " if walk.depth <= 0 or walk.left <= 0:",
    "  raise walk.spent(value)",
    " walk.depth -= 1",
    " walk.left -= 1",
)


class Table(dict[type, Pass]):
    """What to do with a value, by its exact type.

    Attributes:
        expected: What is accepted, in words.
        more: Finds the function for a type that is not listed, or None.
    """

    __slots__ = ("expected", "more")

    def __init__(self, listed: Mapping[type, Pass], expected: str, more: Callable[[type], Pass | None]) -> None:
        super().__init__(listed)
        self.expected = expected
        self.more = more

    def pick(self, value: object) -> Pass:
        """The function for this value.

        Raises:
            InvalidValue: When no value of this type is accepted.
        """
        kind = type(value)
        found = self.get(kind) or self.more(kind)
        if found is None:
            raise InvalidValue("", value, self.expected)
        self[kind] = found
        return found


@attrs.frozen(eq=False)
class Shape:
    """How one declared type is written and read."""

    writes: Table
    reads: Table


def writer(form: Form, shapes: Mapping[str, Shape], *, bare: bool = False) -> Pass:
    """The function that turns an instance into its stored form; `bare` leaves out the tag and the version."""
    names = [field.name for field in attrs.fields(form.cls) if field.init]
    tables = {key: shape.writes for key, shape in shapes.items()}
    head = "" if bare else f"'type': {form.tag!r}, 'v': {form.version}, "
    lines = [
        "def write(value, walk):",
        *_ENTER,
        *(f" x{place} = value.{name}" for place, name in enumerate(names)),
        *_conversion(tables),
        " walk.depth += 1",
        f" return {{{head}{', '.join(f'{key!r}: x{place}' for place, key in enumerate(tables))}}}",
    ]
    return _made("write", lines, tables, {})


def reader(form: Form, shapes: Mapping[str, Shape], *, bare: bool = False) -> Pass:
    """The function that builds an instance from its stored form; `bare` expects no tag and no version."""
    tables = {key: shape.reads for key, shape in shapes.items()}
    keys = tuple(tables) if bare else (*_MARKS, *tables)
    lines = [
        "def read(value, walk):",
        *_ENTER,
        *(() if bare else (" v = value.get('v')", " if type(v) is not int or v != version: value = current(value)")),
        f" if len(value) != {len(keys)}: raise misfit(value)",
        " try:",
        "  pass",
        *(f"  x{place} = value[{key!r}]" for place, key in enumerate(tables)),
        " except KeyError:",
        "  raise misfit(value) from None",
        *_conversion(tables),
        " walk.depth += 1",
        " try:",
        f"  return cls({', '.join(f'{key}=x{place}' for place, key in enumerate(tables))})",
        " except Exception as error:",
        "  raise refused(value, error) from error",
    ]
    scope = {
        "cls": form.cls,
        "version": form.version,
        "current": partial(_current, form),
        "misfit": partial(_misfit, form, keys),
        "refused": partial(_refused, form.cls),
    }
    return _made("read", lines, tables, scope)


def _conversion(tables: Mapping[str, Table]) -> Iterator[str]:
    """The lines that convert x0, x1, ... in place and tell in which field they failed."""
    yield " key = ''"
    yield " try:"
    yield "  pass"
    for place, (key, table) in enumerate(tables.items()):
        x = f"x{place}"
        yield f"  key = {key!r}"
        yield f"  {_unless_plain(x, table)}{x} = (get{place}(type({x})) or pick{place}({x}))({x}, walk)"
    yield " except InvalidValue as error:"
    yield "  raise error.inside(key) from None"


def _unless_plain(x: str, table: Table) -> str:
    none = f"{x} is not None and " if type(None) in table else ""
    if table.get(str) is plain_str:
        return f"if {none}(type({x}) is not str or not {x}.isascii() or len({x}) > {LONGEST_STR}): "
    if table.get(int) is plain_int:
        return f"if {none}(type({x}) is not int or not -{_SMALL} < {x} < {_SMALL}): "
    return f"if {none.removesuffix(' and ')}: " if none else ""


def _made(name: str, lines: list[str], tables: Mapping[str, Table], scope: dict[str, Any]) -> Pass:
    scope["InvalidValue"] = InvalidValue
    for place, table in enumerate(tables.values()):
        scope[f"get{place}"], scope[f"pick{place}"] = table.get, table.pick
    return compiled(name, "\n".join(lines), scope)


def _refused(cls: type, data: dict[str, Any], error: Exception) -> InvalidValue:
    if not isinstance(error, InvalidValue):
        return InvalidValue("", data, f"fields that {cls.__name__} accepts ({error})")
    head, _dot, rest = error.path.partition(".")
    if any(head == base.__name__ for base in cls.__mro__):
        return InvalidValue(rest, error.value, error.expected)
    return error


def _current(form: Form, data: dict[str, Any]) -> dict[str, Any]:
    version = data.get("v")
    if type(version) is not int or version < 1:
        raise InvalidValue("v", version, f"the version of {form.tag}, an int from 1 to {form.version}")
    if version > form.version:
        raise InvalidValue("v", version, f"{form.tag} of version {form.version} or older (a newer release wrote this)")
    fields = upgraded(form, version, {name: value for name, value in data.items() if name not in _MARKS})
    return {"type": form.tag, "v": form.version, **fields}


def _misfit(form: Form, keys: tuple[str, ...], data: Mapping[Any, Any]) -> InvalidValue:
    allowed = f"{form.tag} has {', '.join(keys) or 'no fields'}"
    unknown = [key for key in data if key not in keys]
    if unknown:
        return InvalidValue("", unknown[0], f"no key that is not its own ({allowed})")
    return InvalidValue(next(key for key in keys if key not in data), "nothing", f"a value ({allowed})")
