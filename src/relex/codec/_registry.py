"""Which classes have a stored form, under which tag and version, and how older forms become newer ones."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, TypeVar

import attrs

from relex.errors import InvalidValue

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Form", "form_of", "form_tagged", "forms", "register", "tag_of", "tagged", "upgrade", "upgraded"]

T = TypeVar("T")

_LONGEST_TAG = 100
_MOST_LISTED = 12
_BY_TAG: dict[str, Form] = {}
_BY_CLASS: dict[type, Form] = {}
_UPGRADES: dict[tuple[str, int], Callable[[dict[str, Any]], dict[str, Any]]] = {}


@attrs.frozen(kw_only=True, eq=False)
class Form:
    """The stored form of one class.

    Attributes:
        tag: The public name of the class in stored data, such as `loyalty.Program`; it outlives a renamed class.
        version: The version that is written; older ones are read through upgrades.
        cls: The class that is built.
        bare: Whether a field of exactly this class is stored without tag and version, as it is with money.
    """

    tag: str
    version: int
    cls: type
    bare: bool = False


def tagged(tag: str, version: int = 1) -> Callable[[type[T]], type[T]]:
    """Give an attrs class a stored form; stands above `@attrs.frozen`.

    Args:
        tag: The name of the class in stored data, context first; never change it once data is stored.
        version: Raise it by one with each change of the fields, and register an `upgrade` for the version before.

    Raises:
        InvalidValue: When the class has no attrs fields, or another class already has the tag.

    Example:
        >>> import attrs
        >>> @tagged("example.Point")
        ... @attrs.frozen
        ... class Point:
        ...     x: int
        >>> Point(3)
        Point(x=3)

    .. versionadded:: 0.1.0
    """
    if type(tag) is not str or not 0 < len(tag) <= _LONGEST_TAG:
        raise InvalidValue("tagged.tag", tag, f"a str of 1 to {_LONGEST_TAG} characters")
    if type(version) is not int or version < 1:
        raise InvalidValue("tagged.version", version, "an int of at least 1")

    def give(cls: type[T]) -> type[T]:
        register(Form(tag=tag, version=version, cls=cls))
        return cls

    return give


def register(form: Form) -> None:
    """Make a form known; the same class may come again, when its module is loaded anew."""
    if not attrs.has(form.cls):
        raise InvalidValue("tagged.cls", form.cls, "an attrs class (tagged stands above attrs.frozen)")
    taken = {"type", "v"} & {field.alias for field in attrs.fields(form.cls)}
    if taken:
        raise InvalidValue("tagged.cls", form.cls, f"fields of other names than {', '.join(sorted(taken))}")
    other = _BY_TAG.get(form.tag)
    if other is not None and _address(other.cls) != _address(form.cls):
        raise InvalidValue("tagged.tag", form.tag, f"a tag that is still free (it belongs to {_address(other.cls)})")
    _BY_TAG[form.tag] = _BY_CLASS[form.cls] = form


def upgrade(
    tag: str, from_version: int
) -> Callable[[Callable[[dict[str, Any]], dict[str, Any]]], Callable[[dict[str, Any]], dict[str, Any]]]:
    """Register how the stored fields of one version become those of the next.

    The function is given the fields as a new dict, without `type` and `v`, and returns those of `from_version + 1`.
    Nested values are still in their stored form.

    Raises:
        InvalidValue: When the version has an upgrade already.

    Example:
        >>> @upgrade("example.Visit", from_version=1)
        ... def name_the_shop(fields):
        ...     return {**fields, "shop": "main"}

    .. versionadded:: 0.1.0
    """

    def register(change: Callable[[dict[str, Any]], dict[str, Any]]) -> Callable[[dict[str, Any]], dict[str, Any]]:
        other = _UPGRADES.get((tag, from_version))
        if other is not None and _address(other) != _address(change):
            raise InvalidValue("upgrade.from_version", from_version, f"a version of {tag} without an upgrade")
        _UPGRADES[tag, from_version] = change
        return change

    return register


def forms() -> tuple[Form, ...]:
    """Every stored form that is known now, by tag; a context's forms are known once the context is imported."""
    return tuple(_BY_TAG[tag] for tag in sorted(_BY_TAG))


def form_of(cls: type) -> Form | None:
    """The form of exactly this class."""
    return _BY_CLASS.get(cls)


def tag_of(cls: type) -> str:
    """The name of a class in stored forms.

    Raises:
        InvalidValue: When it has no stored form.

    Example:
        >>> from relex.money import Money
        >>> tag_of(Money)
        'money.Money'

    .. versionadded:: 0.1.0
    """
    form = _BY_CLASS.get(cls)
    if form is None:
        raise InvalidValue("tag_of.cls", cls, "a class that has a stored form")
    return form.tag


def form_tagged(tag: object, bases: tuple[type, ...]) -> Form:
    """The form with this tag, given that one of the bases accepts it."""
    form = _BY_TAG.get(tag) if type(tag) is str else None
    if form is None or not issubclass(form.cls, bases):
        raise InvalidValue("type", tag, _known(tag, bases))
    return form


def _known(tag: object, bases: tuple[type, ...]) -> str:
    tags = [form.tag for form in forms() if issubclass(form.cls, bases)]
    short = tag if type(tag) is str and len(tag) <= _LONGEST_TAG else ""
    near = get_close_matches(short, tags, n=1, cutoff=0.6)
    hint = f" (did you mean {near[0]}?)" if near else ""
    listed = ", ".join(tags[:_MOST_LISTED]) + (", …" if len(tags) > _MOST_LISTED else "")
    return f"{'one of ' if len(tags) > 1 else ''}{listed or 'a tag that is registered'}{hint}"


def upgraded(form: Form, version: int, fields: dict[str, Any]) -> dict[str, Any]:
    """The fields brought from an older version up to the form's own."""
    for step in range(version, form.version):
        change = _UPGRADES.get((form.tag, step))
        if change is None:
            raise InvalidValue("v", version, f"version {form.version} of {form.tag} (no upgrade from {step} is known)")
        try:
            fields = dict(change(dict(fields)))
        except Exception as error:
            raise InvalidValue("v", version, f"fields that {form.tag} had in version {step} ({error!r})") from error
    return fields


def _address(thing: Any) -> str:
    return f"{thing.__module__}.{thing.__qualname__}"
