"""From a declared type to the functions that write and read its values.

A type alone in a field is stored in its plain form. Where types share a field, JSON's own types stay plain (str, int,
bool, null, and one tuple as a list), tagged objects tell themselves apart, and of the types that are stored as str
only one can be plain: a str, or else the only such type. The rest are wrapped: `{"date": "2026-11-23"}`.
"""

from __future__ import annotations

import inspect
import types
import typing
from functools import cache
from typing import TYPE_CHECKING, Any

import attrs

from relex.codec._objects import Shape, Table, reader, writer
from relex.codec._registry import Form, form_of, form_tagged
from relex.codec._scalars import NUMBER, Scalar, literal, scalar
from relex.errors import InvalidValue

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterator

    from relex.codec._walk import Pass, Walk

__all__ = ["reader_of", "shape_of", "writer_of"]


_NULL = "null"


@attrs.frozen
class _Parts:
    """What stands side by side in one declared type."""

    scalars: list[tuple[type, Scalar]] = attrs.field(factory=list)
    lists: list[tuple[Pass, Pass]] = attrs.field(factory=list)
    classes: list[type] = attrs.field(factory=list)


@cache
def shape_of(hint: Any) -> Shape:
    """How values of a declared type are written and read.

    Raises:
        TypeError: For a type without a stored form, such as float, Any or a dict.
    """
    parts = _Parts()
    for member in _members(hint):
        _sort(member, parts)
    if _is_ambiguous(parts):
        raise TypeError(f"{hint} has two types that could not be told apart in stored data")
    plain, wrapped = _split([each for _, each in parts.scalars])
    words = [each.expected for _, each in parts.scalars] + ["a list" for _ in parts.lists]
    words += [f"an object that stores a {cls.__name__}" for cls in parts.classes]
    expected = " or ".join(sorted(words, key=lambda word: (word == _NULL, word)))
    return Shape(_writes(parts, wrapped, expected), _reads(parts, plain, wrapped, expected))


@cache
def writer_of(form: Form, *, bare: bool = False) -> Pass:
    """The function that writes instances of a tagged class."""
    return writer(form, _fields(form), bare=bare)


@cache
def reader_of(form: Form, *, bare: bool = False) -> Pass:
    """The function that reads instances of a tagged class."""
    return reader(form, _fields(form), bare=bare)


@cache
def _fields(form: Form) -> dict[str, Shape]:
    fields = {field.name: field.alias or field.name for field in attrs.fields(form.cls) if field.init}
    hints: dict[str, Any] = {}
    try:
        for cls in reversed(form.cls.__mro__):
            hints |= _hints(cls, fields)
    except NameError as error:
        raise TypeError(f"{form.tag}: its field types must be importable at run time ({error})") from error
    return {alias: shape_of(hints[name]) for name, alias in fields.items()}


def _hints(cls: type, names: Container[str]) -> dict[str, Any]:
    """The types that the class itself declares for some of its names; no other annotation has to be resolvable."""
    declared = {name: hint for name, hint in inspect.get_annotations(cls).items() if name in names}
    return typing.get_type_hints(type(cls.__name__, (), {"__annotations__": declared, "__module__": cls.__module__}))


def _members(hint: Any) -> Iterator[Any]:
    """The types that stand side by side in a hint, aliases and unions resolved."""
    origin = typing.get_origin(hint)
    if origin in {typing.Union, types.UnionType}:
        for part in typing.get_args(hint):
            yield from _members(part)
    elif isinstance(hint, typing.TypeVar):
        for part in hint.__constraints__ or (hint.__bound__,):
            yield from _members(part)
    elif hasattr(hint, "__supertype__"):
        yield from _members(hint.__supertype__)
    else:
        yield type(None) if hint is None else hint


def _sort(member: Any, parts: _Parts) -> None:
    origin = typing.get_origin(member) or member
    if origin is typing.Literal:
        parts.scalars.append(literal(typing.get_args(member)))
    elif origin is tuple and typing.get_args(member):
        parts.lists.append(_tuple_of(typing.get_args(member)))
    elif isinstance(origin, type) and (found := scalar(origin)):
        parts.scalars.append((origin, found))
    elif isinstance(origin, type) and origin.__module__ not in {"builtins", "typing", "collections.abc"}:
        parts.classes.append(origin)
    else:
        raise TypeError(f"{member} has no stored form")


def _is_ambiguous(parts: _Parts) -> bool:
    kinds = {kind for kind, _ in parts.scalars}
    names = {each.name for _, each in parts.scalars}
    return min(len(kinds), len(names)) < len(parts.scalars) or len(parts.lists) > 1


def _split(scalars: list[Scalar]) -> tuple[dict[type, Scalar], dict[str, Scalar]]:
    """The scalars that are plain, by their JSON type, and those that are wrapped, by name."""
    plain = {each.json: each for each in scalars if each.json is not str}
    texts = {each.name: each for each in scalars if each.json is str}
    if texts.keys() == {"decimal", "fraction"}:
        return plain | {str: NUMBER}, {}
    first = texts.pop("str", None) or (texts.popitem()[1] if len(texts) == 1 else None)
    return plain | ({str: first} if first else {}), texts


def _writes(parts: _Parts, wrapped: dict[str, Scalar], expected: str) -> Table:
    listed = {kind: _wrap(each) if each.name in wrapped else each.encode for kind, each in parts.scalars}
    for write, _read in parts.lists:
        listed[tuple] = write
    loose = [kind for kind, each in parts.scalars if each.subclasses]
    bases = tuple(parts.classes)

    def more(kind: type) -> Pass | None:
        for declared in loose:
            if issubclass(kind, declared) and kind is not bool:
                return listed[declared]
        form = form_of(kind) if issubclass(kind, bases) else None
        return writer_of(form, bare=form.bare) if form else None

    return Table(listed, expected, more)


def _wrap(each: Scalar) -> Pass:
    encode, name = each.encode, each.name
    return lambda value, walk: {name: encode(value, walk)}


def _reads(parts: _Parts, plain: dict[type, Scalar], wrapped: dict[str, Scalar], expected: str) -> Table:
    listed = {json: each.decode for json, each in plain.items()}
    for _write, read in parts.lists:
        listed[list] = read
    if wrapped or parts.classes:
        listed[dict] = _object_reader(tuple(parts.classes), wrapped, expected)
    return Table(listed, expected, lambda _kind: None)


def _object_reader(bases: tuple[type, ...], wrapped: dict[str, Scalar], expected: str) -> Pass:
    """The function for JSON objects: by tag, by the only key of a wrapping, or of the class without a tag."""
    by_tag: dict[str, Pass] = {}
    bare = next((form for form in map(form_of, bases) if form and form.bare), None)

    def read(data: dict[str, Any], walk: Walk) -> Any:
        tag = data.get("type")
        found = by_tag.get(tag) if type(tag) is str else None
        if found:
            return found(data, walk)
        if tag is None and bare and len(data) > 1:
            return reader_of(bare, bare=True)(data, walk)
        if wrapped and len(data) == 1:
            return _unwrapped(data, wrapped, expected, walk)
        if tag is None or not bases:
            raise InvalidValue("", data, expected)
        found = by_tag[tag] = reader_of(form_tagged(tag, bases))
        return found(data, walk)

    return read


def _unwrapped(data: dict[str, Any], wrapped: dict[str, Scalar], expected: str, walk: Walk) -> Any:
    [(name, inner)] = data.items()
    each = wrapped.get(name)
    if each is None:
        raise InvalidValue("", data, f"{expected}, as an object with one of the keys {', '.join(wrapped)}")
    if type(inner) is not str:
        raise InvalidValue(name, inner, each.expected)
    try:
        return each.decode(inner, walk)
    except InvalidValue as error:
        raise error.inside(name) from None


def _tuple_of(items: tuple[Any, ...]) -> tuple[Pass, Pass]:
    if items[-1] is Ellipsis:
        shape = shape_of(items[0])
        return _each(shape.writes), _each_read(shape.reads)
    shapes = [shape_of(item) for item in items]
    return _one_by_one([shape.writes for shape in shapes], list), _one_by_one([shape.reads for shape in shapes], tuple)


def _each(table: Table) -> Callable[[Any, Walk], list[Any]]:
    get, pick = table.get, table.pick

    def each(items: Any, walk: Walk) -> list[Any]:
        walk.left -= len(items)
        if walk.left < 0:
            raise walk.spent(items)
        done: list[Any] = []
        try:
            for item in items:
                done.append((get(type(item)) or pick(item))(item, walk))  # noqa: PERF401 - its length is the index
        except InvalidValue as error:
            raise error.inside(f"[{len(done)}]") from None
        return done

    return each


def _each_read(table: Table) -> Pass:
    each = _each(table)
    return lambda items, walk: tuple(each(items, walk))


def _one_by_one(tables: list[Table], make: Callable[[list[Any]], Any]) -> Pass:
    def one_by_one(items: Any, walk: Walk) -> Any:
        if len(items) != len(tables):
            raise InvalidValue("", items, f"{len(tables)} items")
        done: list[Any] = []
        try:
            for table, item in zip(tables, items, strict=True):
                done.append(table.pick(item)(item, walk))
        except InvalidValue as error:
            raise error.inside(f"[{len(done)}]") from None
        return make(done)

    return one_by_one
