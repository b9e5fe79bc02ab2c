"""Which of several statements survives: policies as values with names, for each field or for a block of fields."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import attrs

from relex import _checks
from relex.codec import tagged
from relex.errors import InvalidValue
from relex.parties._lifecycle import Lifecycle

__all__ = [
    "AGREE",
    "BY_NATURE",
    "EARLIEST",
    "LARGEST",
    "LATEST",
    "MOST_COMPLETE",
    "MOST_FREQUENT",
    "SMALLEST",
    "TOTAL",
    "UNION",
    "Policy",
    "Survivorship",
]

_NAMES = (
    "agree",
    "earliest",
    "furthest",
    "largest",
    "latest",
    "master",
    "most-complete",
    "most-frequent",
    "ranked",
    "smallest",
    "sources",
    "total",
    "union",
)
_OF_BLOCKS = ("earliest", "latest", "master", "most-complete", "ranked", "sources")
_LISTED = ("master", "ranked", "sources")
_OF_MANY = ("total", "union")
_SINGLE = ("born", "name", "preferences")


def _of(values: Iterable[str]) -> tuple[str, ...]:
    found = _checks.items("Policy.of", values)
    _checks.each(_checks.text).require("Policy.of", found)
    return tuple(dict.fromkeys(found))


@tagged("parties.Policy")
@attrs.frozen(weakref_slot=False)
class Policy:
    """How one value is chosen among those that several records state.

    All policies share one tie-break: the newer value, then the smaller source, then the smaller key. A blank is never
    chosen. Only `latest` looks at what a source has emptied on purpose; for the others that is no value.

    * `latest`: the newest value; a newer clearing wins and gives None, unless `clears=False`.
    * `earliest`: the oldest value.
    * `most-frequent`: the value stated most often, however it is spelled, in its newest spelling.
    * `sources`: the value of the first source listed that has one, then as `latest`.
    * `master`: the value of one record, and where it has none as `latest`, unless `fill=False`.
    * `ranked`: the value of the first record listed that has one, then as `latest`.
    * `most-complete`: for a group of fields, the record that states most of them; fields are never mixed.
    * `union`: all values, once each, oldest record first.
    * `smallest`, `largest`, `total`: of numbers, days or instants; the sum of numbers.
    * `furthest`: the furthest stage of a lifecycle.
    * `agree`: the value that all state, however it is spelled; None for a conflict.

    Attributes:
        name: Of the policy.
        of: Sources for `sources`, records such as `crm/7` for `master` and `ranked`.
        clears: Whether a newer clearing wins; for `latest`.
        fill: Whether blanks of the master are filled; for `master`.
        lifecycle: For `furthest`.

    Raises:
        InvalidValue: For another name, nothing listed where a list is needed, or something listed where none is.

    Example:
        >>> Policy.sources("billing", "crm")
        Policy(name='sources', of=('billing', 'crm'), clears=True, fill=True, lifecycle=None)
        >>> print(Policy.master("crm/7"))
        master crm/7

    .. versionadded:: 0.1.0
    """

    name: str = attrs.field(validator=_checks.one_of(*_NAMES))
    of: tuple[str, ...] = attrs.field(default=(), converter=_of, kw_only=True)
    clears: bool = attrs.field(default=True, validator=_checks.flag, kw_only=True)
    fill: bool = attrs.field(default=True, validator=_checks.flag, kw_only=True)
    lifecycle: Lifecycle | None = attrs.field(
        default=None, validator=_checks.optional(_checks.a(Lifecycle)), kw_only=True
    )

    def __attrs_post_init__(self) -> None:
        """Check that the policy has what it needs, and nothing that it would not look at."""
        if (self.name in _LISTED) != bool(self.of) or (self.name == "master" and len(self.of) != 1):
            expected = {"master": "one record", "sources": "sources", "ranked": "records"}.get(self.name, "nothing")
            raise InvalidValue("Policy.of", self.of, f"{expected} for {self.name}")
        if (self.name == "furthest") != (self.lifecycle is not None):
            raise InvalidValue("Policy.lifecycle", self.lifecycle, "a Lifecycle for furthest, and for nothing else")
        if not self.clears and self.name != "latest":
            raise InvalidValue("Policy.clears", self.clears, f"True for {self.name}, which looks at no clearing")
        if not self.fill and self.name != "master":
            raise InvalidValue("Policy.fill", self.fill, f"True for {self.name}, which has no master to fill")

    @staticmethod
    def latest(*, clears: bool = True) -> Policy:
        """The newest value; `clears=False` does not look at what was emptied on purpose."""
        return Policy("latest", clears=clears)

    @staticmethod
    def sources(*names: str) -> Policy:
        """The first source of the list that has a value, then the newest value of all."""
        return Policy("sources", of=names)

    @staticmethod
    def master(record: str, *, fill: bool = True) -> Policy:
        """The value of one record, such as `crm/7`; its blanks are filled with the newest values of the others."""
        return Policy("master", of=(record,), fill=fill)

    @staticmethod
    def ranked(*records: str) -> Policy:
        """The first record of the list that has a value, best first, then the newest value of all."""
        return Policy("ranked", of=records)

    @staticmethod
    def furthest(lifecycle: Lifecycle) -> Policy:
        """The furthest stage; a former stage counts only where there is no other."""
        return Policy("furthest", lifecycle=lifecycle)

    def __str__(self) -> str:
        """The name, and what is listed."""
        words = [self.name, *self.of]
        words += [] if self.clears else ["without clearings"]
        words += [] if self.fill else ["without filling"]
        return " ".join(words)


AGREE = Policy("agree")
"""The common value, else None for a conflict."""
EARLIEST = Policy("earliest")
"""The oldest value."""
LARGEST = Policy("largest")
"""The largest number, the last day or instant."""
LATEST = Policy("latest")
"""The newest value or clearing; what holds where nothing else is said."""
MOST_COMPLETE = Policy("most-complete")
"""For a group of fields: the record that states most of them."""
MOST_FREQUENT = Policy("most-frequent")
"""The value stated most often, in its newest spelling."""
SMALLEST = Policy("smallest")
"""The smallest number, the first day or instant."""
TOTAL = Policy("total")
"""The sum of the numbers, each source's record counted once."""
UNION = Policy("union")
"""All values, once each, oldest record first."""

BY_NATURE = {"identifiers": UNION, "points": UNION, "relationships": UNION, "tags": UNION}
"""What holds for fields of many values, unless a field is named."""


def _policies(values: Mapping[str, Policy] | Iterable[tuple[str, Policy]]) -> tuple[tuple[str, Policy], ...]:
    return _pairs("Survivorship.fields", values)


def _groups(values: Mapping[str, Iterable[str]] | Iterable[tuple[str, Iterable[str]]]) -> Any:
    found = _pairs("Survivorship.groups", values)
    return tuple((name, _checks.items(f"Survivorship.groups[{name!r}]", fields)) for name, fields in found)


def _pairs(path: str, values: Any) -> tuple[tuple[str, Any], ...]:
    found = tuple(values.items()) if isinstance(values, Mapping) else _checks.items(path, values)
    for pair in found:
        if not isinstance(pair, tuple) or len(pair) != 2 or not _checks.text.passes(pair[0]):  # noqa: PLR2004 - a pair
            raise InvalidValue(path, pair, "a pair that begins with a name")
    if len(dict(found)) < len(found):
        raise InvalidValue(path, found, "each name once")
    return tuple(sorted(found, key=_first))


def _first(pair: tuple[str, Any]) -> str:
    return pair[0]


_POLICY = _checks.a(Policy)


@tagged("parties.Survivorship")
@attrs.frozen(weakref_slot=False)
class Survivorship:
    """Which statement survives in each field of a picture that is made of several records.

    A group of fields is one block: all its values come from one record, so that an address is never put together of
    two. A group follows `MOST_COMPLETE` unless `fields` names another policy for it. Points, tags, identifiers and
    relationships follow `UNION` unless they are named. A name, a birth and preferences are always one value.

    Attributes:
        default: For every field that is not named.
        fields: Sorted (field or group, policy) pairs; give a mapping.
        groups: Sorted (group, fields) pairs; give a mapping.
        version: Of the definition.

    Raises:
        InvalidValue: For what is no policy, a policy that does not fit (`MOST_COMPLETE` for one field, `UNION` for a
            group), an empty group, or a field that is named twice.

    Example:
        >>> Survivorship(fields={"created_on": SMALLEST}, groups={"address": ["street", "city"]}).policy("created_on")
        Policy(name='smallest', of=(), clears=True, fill=True, lifecycle=None)

    .. versionadded:: 0.1.0
    """

    default: Policy = attrs.field(default=LATEST, validator=_POLICY)
    fields: tuple[tuple[str, Policy], ...] = attrs.field(default=(), converter=_policies)
    groups: tuple[tuple[str, tuple[str, ...]], ...] = attrs.field(default=(), converter=_groups)
    version: int = attrs.field(default=1, validator=_checks.whole(least=1), kw_only=True)

    def __attrs_post_init__(self) -> None:
        """Check that each field has one policy, and that the policy fits."""
        for name, policy in self.fields:
            _POLICY.require(f"Survivorship.fields[{name!r}]", policy)
        self._check_groups()
        blocks = dict(self.groups)
        for name, policy in (("", self.default), *self.fields):
            path = f"Survivorship.fields[{name!r}]" if name else "Survivorship.default"
            if name in blocks and policy.name not in _OF_BLOCKS:
                raise InvalidValue(path, policy, f"a policy for a group: {', '.join(_OF_BLOCKS)}")
            if name not in blocks and policy == MOST_COMPLETE:
                raise InvalidValue(path, policy, "a policy for one field; most-complete is for a group")
            if name in _SINGLE and policy.name in _OF_MANY:
                raise InvalidValue(path, policy, f"a policy that chooses one value for {name}")

    def _check_groups(self) -> None:
        members = [field for _, fields in self.groups for field in fields]
        for name, fields in self.groups:
            if not fields or not all(map(_checks.text.passes, fields)):
                raise InvalidValue(f"Survivorship.groups[{name!r}]", fields, "names of fields")
        named = {name for name, _ in self.fields}.union(name for name, _ in self.groups)
        if len(set(members)) < len(members) or named.intersection(members):
            raise InvalidValue("Survivorship.groups", members, "each field once, in one group or alone")

    @property
    def is_plain(self) -> bool:
        """Whether the newest value or clearing counts everywhere, so that one record alone is its own picture."""
        return self.default == LATEST and not self.fields and not self.groups

    def policy(self, field: str) -> Policy:
        """The policy of a field or a group.

        .. versionadded:: 0.1.0
        """
        found = dict(self.fields).get(field)
        if found is None and field in dict(self.groups):
            return MOST_COMPLETE
        if field in _SINGLE and self.default.name in _OF_MANY:
            return found or LATEST
        return found or BY_NATURE.get(field) or self.default
