"""Who lives together: groups of (person, address), proposed by a rule and never made by themselves.

Theory of operation. Two persons can only share a household where street and country are equal, so addresses are sorted
into one pile for each (country, street), and only what lies in one pile is compared. In a pile, equal spellings of city
and family name are one, and spellings are compared until all that agree hang together, directly or through others. A
pile with more than `max_block` spellings (a campus, a placeholder as an address) is not compared at all, and is named.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from html import escape
from typing import TYPE_CHECKING, Any, TypeAlias

import attrs

from relex import _checks
from relex.calendars import Period
from relex.codec import tagged
from relex.matching import jaro_winkler
from relex.parties import PersonName, PostalAddress, Relationship, address_key, name_key
from relex.parties._hierarchy import MOST_ROWS, living, more

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

__all__ = ["Household", "HouseholdMember", "HouseholdPair", "HouseholdProposal", "HouseholdRule", "households"]

_SHARE = _checks.number(least=0, most=1)


def _threshold(value: Any) -> Decimal | Fraction | int:
    return _checks.exact_number("HouseholdRule", value)


@tagged("customers.HouseholdRule")
@attrs.frozen(kw_only=True, weakref_slot=False)
class HouseholdRule:
    """When two persons at their addresses are taken to share a household.

    Street and country must be equal and the city alike; a blank never agrees with anything.

    Attributes:
        by: `name` asks for alike family names too, `address` does not.
        family: The least Jaro-Winkler similarity of the family names.
        city: The least Jaro-Winkler similarity of the cities.
        least: How many persons make a household.
        max_block: How many different spellings of city and family name at one street are compared; where there are
            more, nothing is proposed for that street, and the proposal says so.

    Raises:
        InvalidValue: For a threshold outside 0..1, another `by`, or fewer than one person.

    Example:
        >>> HouseholdRule(by="address").city
        Decimal('0.85')

    .. versionadded:: 0.1.0
    """

    by: str = attrs.field(default="name", validator=_checks.one_of("name", "address"))
    family: Decimal | Fraction | int = attrs.field(default=Decimal("0.90"), converter=_threshold, validator=_SHARE)
    city: Decimal | Fraction | int = attrs.field(default=Decimal("0.85"), converter=_threshold, validator=_SHARE)
    least: int = attrs.field(default=2, validator=_checks.whole(least=1))
    max_block: int = attrs.field(default=1000, validator=_checks.whole(least=1))


@attrs.frozen
class HouseholdMember:
    """A person at an address; the same person may be elsewhere too.

    Attributes:
        customer: Id of the customer.
        address: Where.

    .. versionadded:: 0.1.0
    """

    customer: str
    address: PostalAddress


@attrs.frozen(kw_only=True)
class HouseholdPair:
    """Two persons who were put together, and what agreed.

    Attributes:
        one: Id of a customer.
        other: Id of the other; not always another customer, since one may write an address in two ways.
        family: Similarity of the family names; None where the rule does not ask for it.
        city: Similarity of the cities.

    .. versionadded:: 0.1.0
    """

    one: str
    other: str
    family: Decimal | None
    city: Decimal

    def __str__(self) -> str:
        name = "" if self.family is None else f"family name {self.family}, "
        return f"{self.one} and {self.other}: {name}same street, city {self.city}"


@attrs.frozen(kw_only=True)
class Household:
    """Persons who seem to live together.

    Attributes:
        members: Sorted by customer.
        pairs: What put them together: enough pairs to reach every member from every other, and no more.

    .. versionadded:: 0.1.0
    """

    members: tuple[HouseholdMember, ...]
    pairs: tuple[HouseholdPair, ...]

    @property
    def customers(self) -> tuple[str, ...]:
        """Ids of the persons, sorted, each once."""
        return tuple(dict.fromkeys(member.customer for member in self.members))

    @property
    def address(self) -> PostalAddress:
        """The address as the first member writes it."""
        return self.members[0].address

    def relations(self, household: str, *, at: datetime) -> tuple[tuple[str, Relationship], ...]:
        """What to tell each customer: a dated `household` relationship, which begins at an instant and has no end.

        Args:
            household: The id that the household shall have; yours to choose.
            at: When membership begins; aware.

        Returns:
            Pairs of a customer's id and its relationship.

        Raises:
            InvalidValue: For an empty id or a naive datetime.

        .. versionadded:: 0.1.0
        """
        _checks.instant.require("Household.relations.at", at)
        relation = Relationship("household", household, valid=Period(at))
        return tuple([(customer, relation) for customer in self.customers])

    def __str__(self) -> str:
        return f"{', '.join(self.customers)} at {self.address}"


@attrs.frozen(kw_only=True)
class HouseholdProposal:
    """What `households` proposes.

    Attributes:
        households: Sorted by their members.
        rule: By which they were found.
        as_of: The instant at which addresses were valid.
        skipped: (country, street key, number of spellings) of each street that has too many.

    .. versionadded:: 0.1.0
    """

    households: tuple[Household, ...]
    rule: HouseholdRule
    as_of: datetime
    skipped: tuple[tuple[str, str, int], ...] = ()

    def of(self, customer: str) -> tuple[Household, ...]:
        """The households of a customer: none, one, or several.

        .. versionadded:: 0.1.0
        """
        return tuple([each for each in self.households if customer in each.customers])

    def __str__(self) -> str:
        told = f"{len(self.households)} households proposed as of {self.as_of.isoformat()}"
        return f"{told}; {len(self.skipped)} streets skipped" if self.skipped else told

    def _repr_html_(self) -> str:
        """One row for each household, with the reasons; at most 1000."""
        rows = "".join(
            f"<tr><td>{escape(', '.join(each.customers))}</td><td>{escape(str(each.address))}</td>"
            f"<td>{'<br>'.join(escape(str(pair)) for pair in each.pairs[:MOST_ROWS])}</td></tr>"
            for each in self.households[:MOST_ROWS]
        )
        head = "<tr><th>members</th><th>address</th><th>because</th></tr>"
        return f"<table><caption>{escape(str(self))}</caption>{head}{rows}{more(len(self.households), 3)}</table>"


_DEFAULT = HouseholdRule()
_RULE = _checks.a(HouseholdRule)
_Spelling: TypeAlias = tuple[str, str]  # city key, family key ("" where the rule does not ask)
_Street: TypeAlias = tuple[str, str]  # country, street key
_Pile: TypeAlias = dict[_Spelling, dict[str, HouseholdMember]]


def households(customers: Iterable[Any], rule: HouseholdRule = _DEFAULT, *, as_of: datetime) -> HouseholdProposal:
    """The households that a rule finds; nothing is changed by asking.

    Only persons count, and only their postal points that are valid at the instant.

    Args:
        customers: Each with `id`, `name` and `points`; those that were merged into another are left out.
        rule: When two persons share a household.
        as_of: The instant; aware.

    Raises:
        InvalidValue: For a naive `as_of`, or something else than a rule.

    Example:
        >>> from datetime import datetime, timezone
        >>> from types import SimpleNamespace
        >>> from relex.parties import ContactPoint
        >>> home = ContactPoint("postal", PostalAddress(street="Storgatan 1", city="Umeå", country="SE"))
        >>> anna, erik = (
        ...     SimpleNamespace(id=given, name=PersonName(given=given, family="Berg"), points=(home,))
        ...     for given in ("anna", "erik")
        ... )
        >>> proposal = households([anna, erik], as_of=datetime(2026, 5, 1, tzinfo=timezone.utc))
        >>> print(proposal.households[0].pairs[0])
        anna and erik: family name 1.000000, same street, city 1.000000

    .. versionadded:: 0.1.0
    """
    _RULE.require("households.rule", rule)
    _checks.instant.require("households.as_of", as_of)
    found: list[Household] = []
    skipped: list[tuple[str, str, int]] = []
    for street, pile in sorted(_piles(customers, rule, as_of).items()):
        if len(pile) > rule.max_block:
            skipped.append((*street, len(pile)))
        else:
            found += _of_pile(pile, rule)
    return HouseholdProposal(
        households=tuple(sorted(found, key=lambda each: (each.customers, str(each.address)))),
        rule=rule,
        as_of=as_of,
        skipped=tuple(skipped),
    )


def _piles(customers: Iterable[Any], rule: HouseholdRule, as_of: datetime) -> dict[_Street, _Pile]:
    found: dict[_Street, _Pile] = {}
    for customer in living("households.customers", customers):
        family = _family(customer, rule)
        if family is None:
            continue
        for point in customer.points:
            address = point.value
            if not isinstance(address, PostalAddress) or not point.is_valid(as_of):
                continue
            street, city = address_key(address.street or ""), name_key(address.city or "")
            if street and city and address.country:
                pile = found.setdefault((address.country, street), {})
                pile.setdefault((city, family), {}).setdefault(customer.id, HouseholdMember(customer.id, address))
    return found


def _family(customer: Any, rule: HouseholdRule) -> str | None:
    """The key of the family name, "" where nobody asks for it, None for who has no part in this."""
    if not isinstance(customer.name, PersonName):
        return None
    return "" if rule.by == "address" else name_key(customer.name.family or "")


def _of_pile(pile: _Pile, rule: HouseholdRule) -> list[Household]:
    """The households at one street."""
    spellings = sorted(pile)
    leaders = {spelling: spelling for spelling in spellings}
    links: list[tuple[_Spelling, _Spelling, Decimal | None, Decimal]] = []
    for number, one in enumerate(spellings):
        for other in spellings[number + 1 :]:
            if _leader(leaders, one) != _leader(leaders, other) and (alike := _alike(one, other, rule)) is not None:
                leaders[_leader(leaders, other)] = _leader(leaders, one)
                links.append((one, other, *alike))
    groups: dict[_Spelling, list[_Spelling]] = {}
    for spelling in spellings:
        groups.setdefault(_leader(leaders, spelling), []).append(spelling)
    made = (_household(pile, group, links, rule) for group in groups.values())
    return [each for each in made if len(each.customers) >= rule.least]


def _leader(leaders: dict[_Spelling, _Spelling], spelling: _Spelling) -> _Spelling:
    while leaders[spelling] != spelling:
        leaders[spelling] = leaders[leaders[spelling]]
        spelling = leaders[spelling]
    return spelling


def _alike(one: _Spelling, other: _Spelling, rule: HouseholdRule) -> tuple[Decimal | None, Decimal] | None:
    """The similarities of family name and city, if both suffice."""
    city = jaro_winkler(one[0], other[0])
    family = None if rule.by == "address" else jaro_winkler(one[1], other[1])
    if city is None or city < rule.city or (family is not None and family < rule.family):
        return None
    return family, city


def _household(
    pile: _Pile,
    group: list[_Spelling],
    links: list[tuple[_Spelling, _Spelling, Decimal | None, Decimal]],
    rule: HouseholdRule,
) -> Household:
    """The members of spellings that agree, each spelling chained to itself and to the next by its link."""
    first = {spelling: min(pile[spelling]) for spelling in group}
    same = None if rule.by == "address" else Decimal("1.000000")
    pairs = [
        HouseholdPair(one=first[spelling], other=customer, family=same, city=Decimal("1.000000"))
        for spelling in group
        for customer in sorted(pile[spelling])
        if customer != first[spelling]
    ]
    pairs += [
        HouseholdPair(one=min(first[one], first[other]), other=max(first[one], first[other]), family=family, city=city)
        for one, other, family, city in links
        if one in first
    ]
    members = [member for spelling in group for member in pile[spelling].values()]
    return Household(
        members=tuple(sorted(members, key=lambda member: (member.customer, str(member.address)))),
        pairs=tuple(sorted(pairs, key=lambda pair: (pair.one, pair.other))),
    )
