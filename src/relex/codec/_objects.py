"""The stored form of objects, as two functions for each class.

Both take all fields at once and look at the exact types of the values as one tuple. What has to be done for such a
tuple (which fields need a conversion, and which one) is worked out at its first occurrence and remembered, so a field
that is None costs nothing later, and a union needs no second look at its value.
Whatever does not fit is refused when the tuple of types is first met, and such a tuple is never remembered.
"""

from __future__ import annotations

from operator import attrgetter, itemgetter
from typing import TYPE_CHECKING, Any

import attrs

from relex.codec._registry import Form, upgraded
from relex.codec._walk import Pass, same
from relex.errors import InvalidValue

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from relex.codec._walk import Walk

__all__ = ["Shape", "Table", "reader", "writer"]

_MOST_PLANS = 500  # for one class; each optional field doubles what may occur
_MARKS = ("type", "v")


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


def _plan(tables: list[tuple[str, Table]], values: tuple[object, ...]) -> tuple[tuple[str, Pass], ...]:
    steps = []
    for (name, table), value in zip(tables, values, strict=True):
        try:
            step = table.pick(value)
        except InvalidValue as error:
            raise error.inside(name) from None
        if step is not same:
            steps.append((name, step))
    return tuple(steps)


def writer(form: Form, shapes: Mapping[str, Shape], *, bare: bool = False) -> Pass:
    """The function that turns an instance into its stored form; `bare` leaves out the tag and the version."""
    head: tuple[object, ...] = () if bare else (form.tag, form.version)
    keys = (*_MARKS[: len(head)], *shapes)
    tables = [(name, shape.writes) for name, shape in shapes.items()]
    values_of = _many(attrgetter, [field.name for field in attrs.fields(form.cls) if field.init])
    plans: dict[tuple[type, ...], tuple[tuple[str, Pass], ...]] = {}

    def write(value: Any, walk: Walk) -> dict[str, Any]:
        if walk.depth <= 0 or walk.left <= 0:
            raise walk.spent(value)
        walk.depth -= 1
        walk.left -= 1
        values = values_of(value)
        kinds = (*map(type, values),)
        steps = plans.get(kinds)
        if steps is None:
            steps = _plan(tables, values)
            if len(plans) < _MOST_PLANS:
                plans[kinds] = steps
        stored = dict(zip(keys, head + values))  # noqa: B905 - as long as each other, by construction
        _apply(steps, stored, walk)
        walk.depth += 1
        return stored

    return write


def reader(form: Form, shapes: Mapping[str, Shape], *, bare: bool = False) -> Pass:
    """The function that builds an instance from its stored form."""
    cls, version, names = form.cls, form.version, tuple(shapes)
    keys = names if bare else (*_MARKS, *names)
    tables = [(name, shape.reads) for name, shape in shapes.items()]
    values_of = _many(itemgetter, list(names))
    plans: dict[tuple[type, ...], tuple[tuple[str, Pass], ...]] = {}

    def read(data: dict[str, Any], walk: Walk) -> Any:
        if walk.depth <= 0 or walk.left <= 0:
            raise walk.spent(data)
        walk.depth -= 1
        walk.left -= 1
        if not bare and (type(found := data.get("v")) is not int or found != version):
            data = _current(form, data)
        try:
            values = values_of(data)
        except KeyError:
            raise _misfit(form, data, keys) from None
        if len(data) != len(keys):
            raise _misfit(form, data, keys)
        kinds = (*map(type, values),)
        steps = plans.get(kinds)
        if steps is None:
            steps = _plan(tables, values)
            if len(plans) < _MOST_PLANS:
                plans[kinds] = steps
        arguments = dict(zip(names, values))  # noqa: B905 - as above
        _apply(steps, arguments, walk)
        walk.depth += 1
        return _built(cls, arguments)

    return read


def _apply(steps: tuple[tuple[str, Pass], ...], fields: dict[str, Any], walk: Walk) -> None:
    name = ""
    try:
        for name, step in steps:
            fields[name] = step(fields[name], walk)
    except InvalidValue as error:
        raise error.inside(name) from None


def _built(cls: type, arguments: dict[str, Any]) -> Any:
    try:
        return cls(**arguments)
    except InvalidValue as error:
        head, dot, rest = error.path.partition(".")
        if dot and any(head == base.__name__ for base in cls.__mro__):
            raise InvalidValue(rest, error.value, error.expected) from None
        raise
    except Exception as error:
        raise InvalidValue("", arguments, f"fields that {cls.__name__} accepts ({error})") from error


def _current(form: Form, data: dict[str, Any]) -> dict[str, Any]:
    version = data.get("v")
    if type(version) is not int or version < 1:
        raise InvalidValue("v", version, f"the version of {form.tag}, an int from 1 to {form.version}")
    if version > form.version:
        raise InvalidValue("v", version, f"{form.tag} of version {form.version} or older (a newer release wrote this)")
    fields = upgraded(form, version, {name: value for name, value in data.items() if name not in _MARKS})
    return {"type": form.tag, "v": form.version, **fields}


def _misfit(form: Form, data: Mapping[Any, Any], keys: tuple[str, ...]) -> InvalidValue:
    allowed = f"{form.tag} has {', '.join(keys) or 'no fields'}"
    unknown = [key for key in data if key not in keys]
    if unknown:
        return InvalidValue("", unknown[0], f"no key that is not its own ({allowed})")
    return InvalidValue(next(key for key in keys if key not in data), "nothing", f"a value ({allowed})")


def _many(getter: Callable[..., Any], names: list[str]) -> Callable[[Any], tuple[Any, ...]]:
    """An attrgetter or itemgetter that gives a tuple for any number of names, one and none included."""
    if len(names) > 1:
        found: Callable[[Any], tuple[Any, ...]] = getter(*names)
        return found
    only = [getter(name) for name in names]
    return lambda thing: tuple(get(thing) for get in only)
