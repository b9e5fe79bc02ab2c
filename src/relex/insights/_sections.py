"""The sections of a customer's picture: each made of one value that the caller has loaded, none knowing another."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

import attrs

from relex import _checks
from relex._instants import moment
from relex.errors import InvalidValue
from relex.insights import _html
from relex.insights._basis import AS_OF, when
from relex.insights._given import listed
from relex.insights._tastes import label

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date, datetime

    from relex.insights._ctb import CtbTable
    from relex.insights._deciles import DecileTable
    from relex.insights._history import PurchaseHistory
    from relex.insights._periods import CustomerHistory
    from relex.insights._rfm import RfmTable
    from relex.insights._segments import Segment
    from relex.rules import Facts

__all__ = ["NAMES", "Panel", "Section", "identity_section", "loyalty_section", "purchases_section", "segments_section"]

NAMES = (
    "identity", "consent", "household", "timeline", "purchases", "subscriptions", "pipeline", "service", "feedback",
    "loyalty", "journeys", "relationship", "value", "churn", "health", "segments", "actions",
)  # fmt: skip
_LAST = 5


class _HasIdentity(Protocol):
    @property
    def id(self) -> str: ...
    @property
    def name(self) -> Any: ...
    @property
    def identifiers(self) -> Iterable[Any]: ...
    @property
    def changed_at(self) -> datetime: ...
    def facts(self) -> Mapping[str, Any]: ...


class _HasBalance(Protocol):
    def balance(self, *, as_of: datetime) -> Any: ...
    def tier_at(self, at: datetime) -> str | None: ...


_TEXTS = _checks.each(_checks.a(str))
_FACTS = _checks.Check(
    "pairs of a name and a value",
    lambda pairs: all(isinstance(pair, tuple) and len(pair) == 2 and _checks.text.passes(pair[0]) for pair in pairs),  # noqa: PLR2004 - a pair
)


def _facts(pairs: Iterable[tuple[str, Any]]) -> tuple[tuple[str, Any], ...]:
    return listed("Section.facts", pairs)


def _panels(panels: Iterable[Panel]) -> tuple[Panel, ...]:
    return listed("Section.panels", panels)


def _notes(notes: Iterable[str]) -> tuple[str, ...]:
    return listed("Section.notes", notes)


def _header(titles: Iterable[str]) -> tuple[str, ...]:
    return listed("Panel.header", titles)


def _rows(rows: Iterable[Iterable[Any]]) -> tuple[tuple[Any, ...], ...]:
    return tuple(listed("Panel.rows", row) for row in listed("Panel.rows", rows))


@attrs.frozen
class Panel:
    """A small table of a section.

    Attributes:
        caption: What it shows.
        header: Names of the columns.
        rows: Values; numbers are grouped and nothing is shown as a dash.

    .. versionadded:: 0.1.0
    """

    caption: str = attrs.field(validator=_checks.a(str))
    header: tuple[str, ...] = attrs.field(converter=_header, validator=_TEXTS)
    rows: tuple[tuple[Any, ...], ...] = attrs.field(converter=_rows)


@attrs.frozen(kw_only=True)
class Section:
    """One section: facts, tables, and how they were made. Without facts and tables it says "none".

    Attributes:
        name: One of the known sections, or a name of your own.
        as_of: Up to when it was loaded; never later than the whole.
        facts: (name, value) pairs with stable dotted names; they are what rules ask about.
        panels: Tables to look at.
        notes: How the figures were made.

    .. versionadded:: 0.1.0
    """

    name: str = attrs.field(validator=_checks.text)
    as_of: date | datetime = attrs.field(validator=AS_OF, eq=when)
    facts: tuple[tuple[str, Any], ...] = attrs.field(default=(), converter=_facts, validator=_FACTS)
    panels: tuple[Panel, ...] = attrs.field(default=(), converter=_panels, validator=_checks.each(_checks.a(Panel)))
    notes: tuple[str, ...] = attrs.field(default=(), converter=_notes, validator=_TEXTS)

    @property
    def is_empty(self) -> bool:
        """Whether it was given and holds nothing."""
        return not self.facts and not self.panels


def identity_section(customer: _HasIdentity) -> Section:
    """Names and identifiers; `customer` is a `Customer` as it was at its last event.

    .. versionadded:: 0.1.0
    """
    name = "unknown" if customer.name is None else str(customer.name)
    rows = (("name", name), *((found.kind, found.value) for found in customer.identifiers))
    panel = Panel("Names and identifiers", ("Kind", "Value"), tuple(rows))
    notes = (f"The customer as of the last event, {customer.changed_at}.",)
    return Section(
        name="identity", as_of=customer.changed_at, facts=tuple(customer.facts().items()), panels=(panel,), notes=notes
    )


def purchases_section(
    customer: str,
    history: PurchaseHistory,
    *,
    rfm: RfmTable | None = None,
    deciles: DecileTable | None = None,
    tastes: Iterable[CtbTable] = (),
) -> Section:
    """RFM row, decile, preferences and last five purchases of one customer; "none" for one without a purchase.

    Args:
        customer: The id.
        history: Of all customers, or of this one.
        rfm: Of the same history.
        deciles: Of the same history.
        tastes: Made of the purchases of the same history.

    Raises:
        InvalidValue: For an RFM or decile table that rests on another basis than the history.

    .. versionadded:: 0.1.0
    """
    _same_basis("rfm", rfm, history)
    _same_basis("deciles", deciles, history)
    tastes = tuple(tastes)
    for table in tastes:
        _same_basis("tastes", table, history)
    if customer not in history:
        return Section(name="purchases", as_of=history.basis.as_of)
    given = [table.facts_of(customer) for table in (rfm, deciles, *tastes) if table is not None]
    likes = tuple(_taste(table, customer) for table in tastes if customer in table)
    return Section(
        name="purchases",
        as_of=history.basis.as_of,
        facts=tuple(pair for facts in given for pair in facts.items()),
        panels=(_summary(history[customer]), _last_purchases(history[customer]), *likes),
        notes=(f"Purchases: {history.basis}.", *_methods(rfm, deciles, tastes)),
    )


def loyalty_section(account: _HasBalance | None, as_of: datetime) -> Section:
    """Tier, points and what expires next; `account` is an `Account`, None for a customer without one.

    .. versionadded:: 0.1.0
    """
    if account is None:
        return Section(name="loyalty", as_of=as_of)
    balance, tier = account.balance(as_of=as_of), account.tier_at(as_of)
    facts = (("loyalty.tier", tier), ("loyalty.points", balance.available), ("loyalty.pending", balance.pending))
    panels = [
        Panel(
            "Standing",
            ("Tier", "Points available", "Pending", "Held"),
            ((tier, balance.available, balance.pending, balance.held),),
        )
    ]
    if balance.expiring:
        panels.append(Panel("Expiring", ("At", "Points"), tuple((str(at), points) for at, points in balance.expiring)))
    return Section(
        name="loyalty", as_of=as_of, facts=facts, panels=tuple(panels), notes=(f"Points: {balance.currency}.",)
    )


def segments_section(segments: Iterable[Segment], facts: Facts, as_of: date | datetime) -> Section:
    """Which segments the customer is in, with the verdict of each; the undecided are in none.

    .. versionadded:: 0.1.0
    """
    verdicts = [(segment, segment.verdict(facts, as_of)) for segment in segments]
    if not verdicts:
        return Section(name="segments", as_of=as_of)
    words = {True: "in", False: "out", None: "undecided"}
    rows = tuple((segment.name, words[verdict.answer], ", ".join(verdict.missing)) for segment, verdict in verdicts)
    inside = tuple(segment.name for segment, verdict in verdicts if verdict.answer)
    notes = tuple(f"{segment.name}, version {segment.version}: {verdict}" for segment, verdict in verdicts)
    panel = Panel("Segments", ("Segment", "Answer", "Missing facts"), rows)
    return Section(name="segments", as_of=as_of, facts=(("segments", inside),), panels=(panel,), notes=notes)


def _same_basis(name: str, table: RfmTable | DecileTable | CtbTable | None, history: PurchaseHistory) -> None:
    if table is not None and table.basis != history.basis:
        raise InvalidValue(
            f"purchases_section.{name}", str(table.basis), f"a table of the same history ({history.basis})"
        )


def _methods(rfm: RfmTable | None, deciles: DecileTable | None, tastes: Iterable[CtbTable]) -> Iterable[str]:
    if rfm is not None:
        scores = f"{type(rfm.scores).__name__} {rfm.scores.sizes}"
        yield f"RFM: {scores}, money {rfm.monetary}, segments {rfm.segment_map.name}."
    if deciles is not None:
        yield f"Decile: {deciles.method}, equal amounts {deciles.ties}, negative totals {deciles.negatives}."
    for table in tastes:
        yield (
            f"Taste by {table.name}: {table.measure}, base of {table.base_customers} customers ({table.base_share}); "
            f"a preference needs {table.min_purchases} purchases and a lift of {table.min_lift}."
        )


def _summary(entry: CustomerHistory) -> Panel:
    header = ("Purchase periods", "Total", "Mean", "First", "Last")
    row = (entry.frequency, entry.total, entry.mean, str(entry.starts[0]), str(entry.last_day))
    return Panel("Purchases", header, (row,))


def _last_purchases(entry: CustomerHistory) -> Panel:
    """The last five purchases; of a history of plain rows, the last five periods."""
    caption = f"Last {_LAST}"
    if not entry.purchases:
        periods = list(zip(entry.starts, entry.amounts, strict=True))[-_LAST:]
        return Panel(
            f"{caption} periods", ("Day", "Amount"), tuple((str(day), amount) for day, amount in reversed(periods))
        )
    sales = [sale for period in entry.purchases for sale in period]
    sales.sort(key=lambda sale: (moment(sale.at), sale.id), reverse=True)
    rows = tuple((sale.id, str(sale.at), len(sale.lines), sale.net.amount, sale.currency) for sale in sales[:_LAST])
    return Panel(f"{caption} purchases", ("Purchase", "At", "Lines", "Net", "Currency"), rows)


def _taste(table: CtbTable, customer: str) -> Panel:
    values = table[customer].values[:_LAST]
    rows = tuple((label(own.value), own.purchases, own.amount, _html.percent(own.share), own.lift) for own in values)
    return Panel(f"Taste by {table.name}", ("Value", "Purchases", "Amount", "Share", "Lift"), rows)
