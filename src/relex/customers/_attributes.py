"""What a company knows of its customers beyond the common: attributes, declared by name and type."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, TypeAlias

import attrs

from relex import _checks
from relex.codec import tagged
from relex.errors import InvalidValue

__all__ = ["Attribute", "AttributeSchema", "AttributeValue", "Scalar", "is_attribute_value"]

Scalar: TypeAlias = str | int | Decimal | bool | date | datetime
AttributeValue: TypeAlias = str | int | Decimal | bool | date | datetime | tuple[str, ...]

_CHECKS: dict[str, _checks.Check] = {
    "str": _checks.text,
    "int": _checks.whole(),
    "Decimal": _checks.Check("a Decimal", lambda value: isinstance(value, Decimal) and _checks.exact.passes(value)),
    "bool": _checks.flag,
    "date": _checks.calendar_day,
    "datetime": _checks.instant,
}


# What is kept is of the plain type, so that an enumeration's member and its text are one value.
_PLAIN: dict[str, Callable[[Any], Any]] = {"str": str.__str__, "int": int.__int__}


def is_attribute_value(value: object) -> bool:
    """Whether an attribute can have this value; None, which is unknown, is no value."""
    if isinstance(value, tuple):
        return all(isinstance(item, str) for item in value)
    return isinstance(value, str) or any(check.passes(value) for check in _CHECKS.values())


def _kind(value: type | str) -> str:
    name: object = value.__name__ if isinstance(value, type) else value
    if not isinstance(name, str) or name not in _CHECKS:
        raise InvalidValue("Attribute.kind", value, f"one of {', '.join(_CHECKS)}")
    return name


def _choices(values: Iterable[Scalar]) -> tuple[Scalar, ...]:
    if isinstance(values, str) or not isinstance(values, Iterable):
        raise InvalidValue("Attribute.choices", values, "an iterable of values")
    return tuple(values)


@tagged("customers.Attribute")
@attrs.frozen(weakref_slot=False)
class Attribute:
    """The declaration of one attribute of a customer.

    Attributes:
        name: The stable key, as in the fact `custom.<name>`; it never changes.
        kind: `str`, `int`, `Decimal`, `bool`, `date` or `datetime`; the class itself may be given.
        choices: The values that are allowed; none listed means any.
        many: Several values at once, kept as a sorted tuple without repeats; for `str` only.
        label: For people; it may change.

    Raises:
        InvalidValue: For another type, or a choice that is not of the type.

    Example:
        >>> Attribute("size", str, choices=["S", "M", "L"]).check("M")
        'M'
        >>> Attribute("size", str, choices=["S", "M", "L"]).check("XXL")
        Traceback (most recent call last):
            ...
        relex.errors.InvalidValue: custom.size: expected one of S, M, L, got 'XXL'

    .. versionadded:: 0.1.0
    """

    name: str = attrs.field(validator=_checks.text)
    kind: str = attrs.field(converter=_kind)
    choices: tuple[Scalar, ...] = attrs.field(default=(), converter=_choices, kw_only=True)
    many: bool = attrs.field(default=False, validator=_checks.flag, kw_only=True)
    label: str | None = attrs.field(default=None, validator=_checks.optional(_checks.text), kw_only=True)

    def __attrs_post_init__(self) -> None:
        """Check that choices have the type and that only texts come in numbers."""
        if self.many and self.kind != "str":
            raise InvalidValue("Attribute.many", self.many, "False, unless the type is str")
        for index, choice in enumerate(self.choices):
            _CHECKS[self.kind].require(f"Attribute.choices[{index}]", choice)

    def check(self, value: Any) -> Any:
        """The value as it is kept; None, which is unknown, always passes.

        Raises:
            InvalidValue: At `custom.<name>`, for another type or a choice that is not listed.

        .. versionadded:: 0.1.0
        """
        if value is None:
            return None
        return self._many(value) if self.many else self._one(value)

    def _many(self, value: Any) -> tuple[str, ...]:
        if isinstance(value, str) or not isinstance(value, Iterable):
            raise InvalidValue(f"custom.{self.name}", value, "an iterable of str")
        return tuple(sorted({self._one(item) for item in value}))

    def _one(self, value: Any) -> Any:
        path = f"custom.{self.name}"
        _CHECKS[self.kind].require(path, value)
        if self.choices and value not in self.choices:
            raise InvalidValue(path, value, f"one of {', '.join(map(str, self.choices))}")
        return _PLAIN.get(self.kind, _same)(value)


def _same(value: Any) -> Any:
    return value


def _attributes(values: Iterable[Attribute]) -> tuple[Attribute, ...]:
    if not isinstance(values, Iterable):
        raise InvalidValue("AttributeSchema.attributes", values, "an iterable of Attribute")
    found = tuple(values)
    _checks.each(_checks.a(Attribute)).require("AttributeSchema.attributes", found)
    _checks.unique("name").require("AttributeSchema.attributes", found)
    return found


@tagged("customers.AttributeSchema")
@attrs.frozen(weakref_slot=False)
class AttributeSchema:
    """The attributes that a company declares for its customers.

    Attributes:
        attributes: With different names.
        version: Of the declaration.

    Example:
        >>> schema = AttributeSchema([Attribute("points_card", bool), Attribute("interests", str, many=True)])
        >>> schema.check({"interests": ["running", "art"]})
        (('interests', ('art', 'running')),)

    .. versionadded:: 0.1.0
    """

    attributes: tuple[Attribute, ...] = attrs.field(converter=_attributes)
    version: int = attrs.field(default=1, validator=_checks.whole(least=1), kw_only=True)

    def of(self, name: str) -> Attribute:
        """The declaration of a name.

        Raises:
            InvalidValue: For a name that is not declared; it lists those that are.

        .. versionadded:: 0.1.0
        """
        for attribute in self.attributes:
            if attribute.name == name:
                return attribute
        known = ", ".join(attribute.name for attribute in self.attributes) or "none at all"
        raise InvalidValue(f"custom.{name}", name, f"a declared attribute: {known}")

    def check(self, values: Mapping[str, Any]) -> tuple[tuple[str, AttributeValue | None], ...]:
        """Sorted (name, value) pairs, each value as its attribute keeps it.

        Raises:
            InvalidValue: At `custom.<name>`.

        .. versionadded:: 0.1.0
        """
        if not isinstance(values, Mapping):
            raise InvalidValue("custom", values, "a mapping of attribute names to values")
        return tuple((name, self.of(name).check(values[name])) for name in sorted(values, key=str))
