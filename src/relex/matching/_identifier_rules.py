"""How many identifiers of a kind one party may have, which of them count for more, and which values mean nothing."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from functools import cached_property
from heapq import nsmallest
from itertools import chain
from typing import TYPE_CHECKING

import attrs

from relex import _checks
from relex._instants import moment
from relex.codec import tagged
from relex.errors import InvalidValue
from relex.matching._fields import FIELD_KEYS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from relex.parties import Identifier

__all__ = ["BLOCKED_VALUES", "Excess", "IdentifierRule", "IdentityRules", "poured"]

BLOCKED_VALUES = ("-1", "anonymous", "null")
"""Values that every kind refuses, in small and capital letters, beside those of only zeros and hyphens."""

_SHOWN = 20
_plain = FIELD_KEYS["plain"]
_USUAL_LIMIT = 5
_FIRST = {"user_id": 1, "email": 2}
_ZEROS = re.compile("[0-]*")
_WINDOW = _checks.Check(
    "a timedelta above 0, or None for ever",
    lambda value: value is None or (isinstance(value, timedelta) and value > timedelta(0)),
)


def _limit(rule: IdentifierRule) -> int:
    return 1 if rule.unique or rule.kind == "user_id" else _USUAL_LIMIT


def _priority(rule: IdentifierRule) -> int | None:
    return next((first for kind, first in _FIRST.items() if kind == rule.kind), None)  # a kind not checked yet


@tagged("matching.IdentifierRule")
@attrs.frozen(weakref_slot=False)
class IdentifierRule:
    """How many identifiers of one kind a party may have.

    Attributes:
        kind: Of the identifiers.
        limit: How many different values one party may have, at least 1; by default 1 for `user_id` and for a unique
            kind, else 5.
        priority: Kinds with a smaller number count for more and are kept longer; None comes after all numbers, by
            name. By default 1 for `user_id`, 2 for `email`.
        unique: Whether two values are two parties, whatever else agrees, such as a tax number.
        within: Only values seen in the last so much time count to the limit; None counts all.

    Raises:
        InvalidValue: For a limit below 1, a window that is not above 0, or a unique kind with another limit than 1 or
            with a window.

    Example:
        >>> IdentifierRule("user_id").limit, IdentifierRule("device").limit, IdentifierRule("tax", unique=True).limit
        (1, 5, 1)

    .. versionadded:: 0.1.0
    """

    kind: str = attrs.field(validator=_checks.text)
    unique: bool = attrs.field(default=False, validator=_checks.flag, kw_only=True)
    limit: int = attrs.field(
        default=attrs.Factory(_limit, takes_self=True), validator=_checks.whole(least=1), kw_only=True
    )
    priority: int | None = attrs.field(
        default=attrs.Factory(_priority, takes_self=True),
        validator=_checks.optional(_checks.whole(least=1)),
        kw_only=True,
    )
    within: timedelta | None = attrs.field(default=None, validator=_WINDOW, kw_only=True)

    def __attrs_post_init__(self) -> None:
        """Refuse what contradicts uniqueness."""
        if self.unique and self.limit != 1:
            raise InvalidValue("IdentifierRule.limit", self.limit, "1 for a unique kind")
        if self.unique and self.within is not None:
            raise InvalidValue(
                "IdentifierRule.within", self.within, "None for a unique kind, whose values always count"
            )

    @property
    def order(self) -> tuple[bool, int, str]:
        """Sorts kinds: the highest priority first."""
        return (self.priority is None, self.priority or 0, self.kind)


@attrs.frozen
class Excess:
    """A kind of which the union of two groups would have too many values.

    Attributes:
        rule: That of the kind.
        values: The values of the union that count, sorted; of many the first 20.
    """

    rule: IdentifierRule
    values: tuple[str, ...]


def _rules(given: Iterable[IdentifierRule]) -> tuple[IdentifierRule, ...]:
    found = _checks.items("IdentityRules.rules", given)
    _checks.each(_checks.a(IdentifierRule)).require("IdentityRules.rules", found)
    return tuple(sorted(found, key=lambda rule: rule.kind))


def _values(given: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(set(_checks.items("IdentityRules.blocked", given))))


@tagged("matching.IdentityRules")
@attrs.frozen(weakref_slot=False)
class IdentityRules:
    """The rules of all kinds of identifiers, and the values that mean nothing.

    A kind without a rule of its own has the default one, `IdentifierRule(kind)`.

    Attributes:
        rules: Those that differ from the default, sorted by kind.
        blocked: Values that are nobody's, beside those of only zeros and hyphens and `BLOCKED_VALUES`; compared
            without regard to case.

    Raises:
        InvalidValue: For two rules of one kind, or a blocked value that is no str.

    Example:
        >>> rules = IdentityRules([IdentifierRule("tax", unique=True)], blocked=["test"])
        >>> rules.limit("tax"), rules.limit("email"), rules.blocks("0000-0000"), rules.blocks("Test")
        (1, 5, True, True)

    .. versionadded:: 0.1.0
    """

    rules: tuple[IdentifierRule, ...] = attrs.field(default=(), converter=_rules, validator=_checks.unique("kind"))
    blocked: tuple[str, ...] = attrs.field(
        default=(), converter=_values, validator=_checks.each(_checks.text), kw_only=True
    )

    @cached_property
    def _by_kind(self) -> dict[str, IdentifierRule]:
        return {rule.kind: rule for rule in self.rules}

    @cached_property
    def _blocked(self) -> frozenset[str]:
        return frozenset(value.casefold() for value in (*BLOCKED_VALUES, *self.blocked))

    def of(self, kind: str) -> IdentifierRule:
        """The rule of a kind.

        .. versionadded:: 0.1.0
        """
        found = self._by_kind.get(kind)
        if found is None:
            found = self._by_kind[kind] = IdentifierRule(kind)
        return found

    def limit(self, kind: str) -> int:
        """How many values of a kind one party may have.

        .. versionadded:: 0.1.0
        """
        return self.of(kind).limit

    def blocks(self, value: str) -> bool:
        """Whether a value means nothing.

        .. versionadded:: 0.1.0
        """
        return _ZEROS.fullmatch(value) is not None or value.casefold() in self._blocked

    def counted(self, identifiers: Iterable[tuple[Identifier, datetime]], at: datetime) -> dict[str, set[str]]:
        """The values that count to the limits at an instant, by kind; of a unique kind without the signs between.

        Args:
            identifiers: Each with the instant at which it was last seen.
            at: The instant.

        .. versionadded:: 0.1.0
        """
        found: dict[str, set[str]] = {}
        for identifier, seen in identifiers:
            rule = self.of(identifier.kind)
            value = identifier.value
            if self.blocks(value) or (rule.within is not None and moment(at) - moment(seen) >= rule.within):
                continue
            found.setdefault(rule.kind, set()).add((_plain(value) if rule.unique else None) or value)
        return found

    def with_unique(self, kinds: Sequence[str]) -> IdentityRules:
        """The same rules, with these kinds unique.

        .. versionadded:: 0.1.0
        """
        more = [IdentifierRule(kind, unique=True, priority=self.of(kind).priority) for kind in kinds]
        return attrs.evolve(self, rules=[*[rule for rule in self.rules if rule.kind not in kinds], *more])

    def rank(self, identifier: Identifier) -> tuple[tuple[bool, int, str], str]:
        """Sorts identifiers by what is kept longest: by the priority of their kinds, then the smallest value.

        .. versionadded:: 0.1.0
        """
        return (self.of(identifier.kind).order, identifier.value)

    def excess(self, one: Mapping[str, set[str]], other: Mapping[str, set[str]]) -> Excess | None:
        """The first kind, by name, of which two groups would have too many values together; None if they may join.

        What one has too often by itself does not count against a union that makes it no worse.

        .. versionadded:: 0.1.0
        """
        for kind in sorted(one.keys() & other.keys()):
            fewer, most = sorted((one[kind], other[kind]), key=len)
            more = fewer - most
            if more and len(most) + len(more) > self.of(kind).limit:
                return Excess(self.of(kind), tuple(nsmallest(_SHOWN, chain(most, more))))
        return None


def poured(into: dict[str, set[str]], other: Mapping[str, set[str]]) -> dict[str, set[str]]:
    """All values of both by kind, in the first; of each kind the smaller set is poured into the larger one."""
    for kind, values in other.items():
        large, small = into.setdefault(kind, values), values
        if len(large) < len(small):
            large, small = small, large
            into[kind] = large
        large |= small
    return into
