"""Two customers that are one, and one that is two after all.

Theory of operation
-------------------

A customer is a function of records, so a merge moves records and an unmerge moves them back; nothing is rewritten and
nothing can be lost. The survivor keeps a `MergedPart` for everybody who came in: which records came, and how far that
customer had come by itself. The other one keeps its id, its owner and its stages, holds no record any more, and points
to the survivor. Each record so belongs to exactly one live customer.

What refers to a customer (purchases, accounts, cases, consent) is not touched either: whoever reads it asks `Aliases`
which ids are one customer now. So there is nothing to re-parent, and nothing that could be doubled or orphaned.

A record goes back by its ref. A newer statement that a source made of the same party meanwhile goes back too, since it
would have been taken by the other one had there been no merge. What the company stated itself stays with whom it was
stated of: a command on the survivor is compared with what the survivor itself states, and what is said of a point or a
tie that only the other one has is written among the other one's statements. An own stage counts from the merge on;
before, the furthest of all parts does.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

import attrs

from relex import _checks
from relex._instants import is_before
from relex.changes import Change, Entry
from relex.codec import tag_of
from relex.customers._addresses import address
from relex.customers._customer import Customer
from relex.customers._parts import (
    CustomerRestored,
    CustomersMerged,
    CustomersUnmerged,
    MergedInto,
    MergedPart,
    own,
    within,
)
from relex.errors import InvalidValue, Rejected
from relex.matching import Retracted, SameAs
from relex.parties import ContactPoint, Lifecycle, Record, golden

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

__all__ = ["FieldConflict", "Merge", "MergeReport", "Unmerge", "UnmergeReport", "merge", "unmerge"]

_CUSTOMER = _checks.a(Customer)
_MANY = ("identifiers", "points", "relationships", "tags")
_DEFAULT = Lifecycle()


@attrs.frozen(weakref_slot=False)
class FieldConflict:
    """A field of which two customers had different values.

    Attributes:
        field: Its name; `owner` and `stage` too.
        survivor: The value of the one.
        other: The value of the other.
        kept: The value that shows now.

    .. versionadded:: 0.1.0
    """

    field: str
    survivor: Any
    other: Any
    kept: Any

    def __str__(self) -> str:
        """All three values."""
        return f"{self.field}: {self.survivor} and {self.other}, kept {self.kept}"


@attrs.frozen(weakref_slot=False)
class MergeReport:
    """What a merge decided between two values.

    Consents that become stricter are told by `stricter_consents`, which judges the entries of both.

    Attributes:
        conflicts: Fields of which both had a value, and not the same.
        secondary: Points that were primary and are not any more.

    .. versionadded:: 0.1.0
    """

    conflicts: tuple[FieldConflict, ...]
    secondary: tuple[ContactPoint, ...]

    def __str__(self) -> str:
        """A line for each decision."""
        lines = [str(conflict) for conflict in self.conflicts]
        lines += [f"{point.kind} {point}: not primary any more" for point in self.secondary]
        return "\n".join(lines) or "no conflicts"

    def _repr_html_(self) -> str:
        head = "".join(f"<th>{name}</th>" for name in ("field", "survivor", "other", "kept"))
        rows = [(each.field, each.survivor, each.other, each.kept) for each in self.conflicts]
        rows += [(point.kind, "", point, "not primary any more") for point in self.secondary]
        cells = ("".join(f"<td>{escape(_shown(cell))}</td>" for cell in row) for row in rows)
        body = "".join(f"<tr>{row}</tr>" for row in cells)
        return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


@attrs.frozen(weakref_slot=False)
class Merge:
    """A merge, to be saved as a whole: `store.save(*merge.changes, entries=merge.entries)`.

    Attributes:
        changes: Of the survivor and of the other one; without events where they were merged already.
        entries: The assertion that both are one.
        report: What was decided between two values.

    .. versionadded:: 0.1.0
    """

    changes: tuple[Change[Customer], Change[Customer]]
    entries: tuple[SameAs, ...]
    report: MergeReport

    @property
    def survivor(self) -> Customer:
        """Who has all records now."""
        return self.changes[0].state

    @property
    def other(self) -> Customer:
        """Who points to the survivor now."""
        return self.changes[1].state


@attrs.frozen(kw_only=True, weakref_slot=False)
class UnmergeReport:
    """What went back and what stayed.

    Attributes:
        back: Sorted records that went back, such as `crm/7`.
        stayed: Sorted records that were stated after the merge and that the survivor keeps. When it took them is told
            by its events.
        entries_back: The entries recorded on the survivor since that carry a point or an identifier which only the
            other one has; they read as the other one's now.
        entries_stayed: The other entries recorded on the survivor since.

    .. versionadded:: 0.1.0
    """

    back: tuple[str, ...]
    stayed: tuple[str, ...]
    entries_back: tuple[Entry, ...] = ()
    entries_stayed: tuple[Entry, ...] = ()

    def __str__(self) -> str:
        """A line for each."""
        lines = [f"back: {', '.join(self.back)}", f"stayed: {', '.join(self.stayed) or 'no record'}"]
        lines += [f"entry {entry.id} goes with the other" for entry in self.entries_back]
        lines += [f"entry {entry.id} stays" for entry in self.entries_stayed]
        return "\n".join(lines)


@attrs.frozen(weakref_slot=False)
class Unmerge:
    """The end of a merge, to be saved as a whole: `store.save(*unmerge.changes, entries=unmerge.entries)`.

    Attributes:
        changes: Of the survivor and of the other one.
        entries: The retraction of the assertion, if there was one.
        report: What went back and what stayed.

    .. versionadded:: 0.1.0
    """

    changes: tuple[Change[Customer], Change[Customer]]
    entries: tuple[Retracted, ...]
    report: UnmergeReport

    @property
    def survivor(self) -> Customer:
        """Who gave the records back."""
        return self.changes[0].state

    @property
    def other(self) -> Customer:
        """Who stands alone again."""
        return self.changes[1].state


def merge(
    survivor: Customer,
    other: Customer,
    *,
    by: str,
    reason: str,
    at: datetime,
    lifecycle: Lifecycle = _DEFAULT,
    assertion: bool = True,
) -> Merge:
    """Let one customer take all records of another one, who is the same.

    The survivor keeps its id, its owner and its survivorship, and its primary points stay primary. Nothing else is
    rewritten: `Aliases` tells that both ids are one customer now.

    Args:
        survivor: Whose id goes on.
        other: Whose id points to the survivor from here on.
        by: Who says so.
        reason: Why.
        at: When.
        lifecycle: By which the furthest stage of both is told.
        assertion: Whether to write down that the two are one, so that the next `resolve` keeps them together; right
            for the word of a person, and not for a link that a rule found and may lose again.

    Returns:
        Two changes, an assertion and a report. The same pair again gives no event.

    Raises:
        InvalidValue: For what is no customer, an empty text, or a naive datetime.
        Rejected: `itself`, `kind` for a person and an organization, `merged` where one of them was merged into somebody
            else, `shared_records` for a record that both count (drop it from one of them), `erased`, `out_of_order`.

    Example:
        >>> from datetime import datetime, timezone
        >>> from relex.parties import PersonName
        >>> day = datetime(2026, 5, 1, tzinfo=timezone.utc)
        >>> ada = Customer.open("c1", PersonName("Ada Lovelace"), at=day, tags=["vip"]).state
        >>> same = Customer.open("c2", PersonName("Ada King"), at=day, tags=["tea"]).state
        >>> done = merge(ada, same, by="eve", reason="same passport", at=day)
        >>> done.survivor.tags, done.other.merged_into
        (('tea', 'vip'), 'c1')
        >>> print(done.report)
        name: Ada Lovelace and Ada King, kept Ada Lovelace

    .. versionadded:: 0.1.0
    """
    _required("merge", survivor, other, by, reason, at)
    _LIFECYCLE.require("merge.lifecycle", lifecycle)
    if other.merged_into is not None and any(part.customer == other.id for part in survivor.parts):
        return Merge((Change(survivor, ()), Change(other, ())), (), MergeReport((), ()))
    versions = survivor._next("merge", at), other._next("merge", at)  # noqa: SLF001 - commands of the aggregate
    records = (other.direct, *other.records)
    _disjoint(survivor, records)
    said = _same_as(survivor, other, by, reason, at) if assertion else None
    parts = (_part(survivor, other, at, lifecycle, said), *other.parts)
    whys: dict[str, Any] = {"at": at, "by": by, "reason": reason}
    took = CustomersMerged(
        source=survivor.id, version=versions[0], other=other.id, records=records, parts=parts, **whys
    )
    gone = MergedInto(source=other.id, version=versions[1], survivor=survivor.id, **whys)
    changes = _changed(survivor, took), _changed(other, gone)
    return Merge(changes, () if said is None else (said,), _report(survivor, other, changes[0].state))


def _part(survivor: Customer, other: Customer, at: datetime, lifecycle: Lifecycle, said: SameAs | None) -> MergedPart:
    """What the survivor must know of the other one to give it back."""
    return MergedPart(
        customer=other.id,
        into=survivor.id,
        at=at,
        records=_own_refs(other),
        stages=other.stages,
        furthest=other.furthest,
        moves=len(survivor.stages),
        lifecycle=lifecycle,
        assertion=None if said is None else said.id,
    )


def unmerge(
    survivor: Customer,
    other: Customer,
    *,
    by: str,
    reason: str,
    at: datetime,
    records: Iterable[str] = (),
    entries: Iterable[Entry] = (),
) -> Unmerge:
    """Give the records that came with a customer back, so that both are what they would be had there been no merge.

    Args:
        survivor: Who has the records; where it was merged in turn, the one that has them now.
        other: Who came in, be it directly or with somebody else.
        by: Who says so.
        reason: Why.
        at: When.
        records: Other records that belong to the other one, such as `crm/9`; they were taken since.
        entries: What was recorded on the survivor, to tell what of it goes with the other one. Leave out what went
            with somebody else before: `aliases.owner(entry)` is the survivor's id for all that counts.

    Raises:
        InvalidValue: For what is no customer, an empty text, a naive datetime, what is no entry, or a record that the
            survivor has not or that came in with somebody else.
        Rejected: `not_merged`, `itself`, `merged` for a survivor that was merged, `erased`, `out_of_order`.

    .. versionadded:: 0.1.0
    """
    _required("unmerge", survivor, other, by, reason, at)
    version = survivor._next("unmerge", at)  # noqa: SLF001 - as above
    parts = within(other.id, survivor.parts)
    if not parts or other.merged_into is None:
        raise Rejected("unmerge", "not_merged", {"survivor": survivor.id, "other": other.id})
    _after(other, "unmerge", at)
    refs = _named(survivor, parts, records).union(ref for part in parts for ref in part.records)
    back = tuple(record for record in survivor.records if record.ref in refs)
    whys: dict[str, Any] = {"at": at, "by": by, "reason": reason}
    out = CustomersUnmerged(
        source=survivor.id, version=version, other=other.id, records=tuple(record.ref for record in back), **whys
    )
    left = _changed(survivor, out)
    stays, goes = _sorted_out(left.state, back, parts, entries)
    restored = CustomerRestored(
        source=other.id,
        version=other.version + 1,
        survivor=survivor.id,
        records=back,
        parts=parts[1:],
        entries=tuple(sorted((tag_of(type(entry)), entry.id) for entry in goes)),
        **whys,
    )
    since = _since(left.state, parts[0])
    report = UnmergeReport(back=out.records, stayed=since, entries_back=goes, entries_stayed=stays)
    return Unmerge((left, _changed(other, restored)), _retracted(parts[0], by, reason, at), report)


_LIFECYCLE = _checks.a(Lifecycle)
_ENTRIES = _checks.each(_checks.a(Entry))


def _required(command: str, survivor: Customer, other: Customer, by: str, reason: str, at: datetime) -> None:
    _CUSTOMER.require(f"{command}.survivor", survivor)
    _CUSTOMER.require(f"{command}.other", other)
    _checks.text.require(f"{command}.by", by)
    _checks.text.require(f"{command}.reason", reason)
    _checks.instant.require(f"{command}.at", at)
    if survivor.id == other.id:
        raise Rejected(command, "itself", {"customer": survivor.id})
    if survivor.kind != other.kind:
        raise Rejected(command, "kind", {"survivor": survivor.kind, "other": other.kind})
    if other.erased_at is not None:
        raise Rejected(command, "erased", {"customer": other.id, "erased_at": other.erased_at})


def _disjoint(survivor: Customer, records: tuple[Record, ...]) -> None:
    """Refuse a record that both count, since it could go back to one of them only."""
    shared = {record.ref for record in survivor.records}.intersection(record.ref for record in records)
    if shared:
        raise Rejected("merge", "shared_records", {"records": tuple(sorted(shared)), "allowed": "drop them from one"})


def _after(other: Customer, command: str, at: datetime) -> None:
    if is_before(at, other.changed_at):
        raise Rejected(command, "out_of_order", {"at": at, "not_before": other.changed_at})


def _changed(state: Customer, event: Any) -> Change[Customer]:
    return Change(Customer.evolve(state, event), (event,))


def _own_refs(customer: Customer) -> tuple[str, ...]:
    return tuple(sorted(record.ref for record in own((customer.direct, *customer.records), customer.parts)))


def _same_as(survivor: Customer, other: Customer, by: str, reason: str, at: datetime) -> SameAs:
    said = f"merge:{survivor.id}:{survivor.version + 1}"  # as the event, of which there is one
    return SameAs(said, _first(survivor), _first(other), by=by, reason=reason, at=at)


def _first(customer: Customer) -> str:
    """The record by which a customer is named: the first of a source, else its own."""
    refs = _own_refs(customer)
    return next((ref for ref in refs if not ref.startswith("direct/")), refs[0])


def _retracted(part: MergedPart, by: str, reason: str, at: datetime) -> tuple[Retracted, ...]:
    if part.assertion is None:
        return ()
    return (Retracted(f"un{part.assertion}", part.assertion, by=by, reason=reason, at=at),)


def _report(survivor: Customer, other: Customer, after: Customer) -> MergeReport:
    one, two, now = survivor.profile, other.profile, after.profile
    conflicts = [
        FieldConflict(field, one.values[field], two.values[field], now.get(field))
        for field in sorted(one.values.keys() & two.values.keys())
        if field not in _MANY and _differ(one.values[field], two.values[field])
    ]
    for name in ("owner", "stage"):
        values = getattr(survivor, name), getattr(other, name)
        if _differ(*values):
            conflicts.append(FieldConflict(name, *values, getattr(after, name)))
    primary = {point.field for point in after.points if point.primary}
    was = [point for customer in (survivor, other) for point in customer.points if point.primary]
    return MergeReport(tuple(conflicts), tuple(point for point in was if point.field not in primary))


def _differ(one: object, other: object) -> bool:
    return one is not None and other is not None and one != other


def _named(survivor: Customer, parts: tuple[MergedPart, ...], records: Iterable[str]) -> set[str]:
    """The records that were named, if nobody else who came in has them."""
    named = _checks.items("unmerge.records", records)
    _checks.each(_checks.text).require("unmerge.records", named)
    going = {part.customer for part in parts}
    others = tuple(part for part in survivor.parts if part.customer not in going)
    odd = set(named).difference(record.ref for record in own(survivor.records, others))
    if odd:
        raise InvalidValue("unmerge.records", sorted(odd), "records of the survivor that came in with nobody else")
    return set(named)


def _since(survivor: Customer, part: MergedPart) -> tuple[str, ...]:
    """The records of sources that were stated after the merge and that the survivor keeps."""
    return tuple(record.ref for record in own(survivor.records, survivor.parts) if is_before(part.at, record.at))


def _sorted_out(
    survivor: Customer, back: tuple[Record, ...], parts: tuple[MergedPart, ...], entries: Iterable[Entry]
) -> tuple[tuple[Entry, ...], tuple[Entry, ...]]:
    """The entries that stay and those that go, of what was recorded on the survivor since."""
    gone = {part.customer for part in parts}
    given = _checks.items("unmerge.entries", entries)
    _ENTRIES.require("unmerge.entries", given)
    found = [entry for entry in given if entry.subject not in gone and not is_before(_recorded_at(entry), parts[0].at)]
    only = _marks_of(golden(back)) - _marks_of(survivor.profile)
    goes = [entry for entry in found if not only.isdisjoint(_marks(entry))]
    return tuple(entry for entry in found if entry not in goes), tuple(goes)


def _recorded_at(entry: Entry) -> datetime:
    """When it was written down, where that is told apart from when it happened."""
    return getattr(entry, "recorded_at", None) or entry.at


def _marks_of(profile: Any) -> set[str]:
    """The points and identifiers of a picture."""
    points = {address(point) for point in profile.get("points", ())} - {None}
    return {*points, *(f"{found.kind}:{found.value}" for found in profile.get("identifiers", ()))}  # type: ignore[arg-type]


def _marks(entry: Any) -> set[str]:
    """The point and the identifiers that an entry carries, as consent, purchases and interactions do."""
    point = getattr(entry, "point", None)
    pairs = [attrs.astuple(found) if attrs.has(type(found)) else found for found in getattr(entry, "identifiers", ())]
    marks = {f"{kind}:{value}" for kind, value in pairs}
    return marks if point is None else {*marks, point}


def _shown(value: object) -> str:
    return "" if value is None else str(value)
