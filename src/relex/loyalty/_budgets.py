"""A limit that many accounts share: an aggregate of its own, so that two who draw at once meet in its version."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from math import floor
from typing import TYPE_CHECKING, Any, ClassVar

import attrs

from relex import _checks
from relex._html import table
from relex._persistent import PersistentMap
from relex._trusted import filling, trusted
from relex.changes import Change, Event
from relex.codec import tagged
from relex.errors import Conflict, CurrencyMismatch, InvalidValue, Rejected
from relex.loyalty._budget_events import UNITS, BudgetDrawn, BudgetGivenBack, BudgetOpened, Quantity, quantity
from relex.loyalty._events import PointsEarned
from relex.loyalty._exact import decimal_of
from relex.loyalty._histories import require_next, told
from relex.loyalty._journal import EMPTY, Journal
from relex.loyalty._occasions import in_utc
from relex.loyalty._tally import Tally
from relex.money import Money
from relex.rules import FactSchema

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

__all__ = ["TIMES", "Budget", "budget_key"]

TIMES = "budget:times:"
"""How the keys of budgets begin that count times."""

_PLACES = 9


def budget_key(unit: str, id_: str) -> str:
    """Under which an entry tells what it used of a budget."""
    return f"budget:{unit}:{id_}"


@tagged("loyalty.Budget")
@attrs.frozen(init=False, eq=False, repr=False, weakref_slot=False)
class Budget:
    """A limit on what all accounts, vouchers or promotions together may use.

    Never more is drawn than the limit: a draw beyond what is left is refused, and of two draws that were decided on
    one version a store keeps the first and answers the second with `Conflict`.

    Attributes:
        history: Every event, oldest first.
        id: Which a `Cap(who="everyone", budget=...)` names.
        limit: How much may be drawn in all: an int of the smallest unit of points, an int of times, an exact number of
            units, or Money.
        unit: `points`, `times`, `units` or `amount`; the measure of the caps that name it.
        currency: Id of the points currency that is counted; None for the first of the program.
        drawn: What was drawn and not given back.
        version: How many events made this state.
        fact_schema: The facts of every budget.

    Example:
        >>> from datetime import UTC, datetime
        >>> at = datetime(2026, 4, 1, tzinfo=UTC)
        >>> budget, _ = Budget.open("spring", 1000, at=at)
        >>> budget, _ = budget.draw(300, "order-1", at=at)
        >>> budget.left, len(budget.draw(300, "order-1", at=at).events)
        (700, 0)

    .. versionadded:: 0.1.0
    """

    history: tuple[Event, ...]
    id: str = attrs.field(init=False)
    limit: int | Fraction | Money = attrs.field(init=False)
    unit: str = attrs.field(init=False)
    currency: str | None = attrs.field(init=False)
    drawn: int | Fraction | Money = attrs.field(init=False)
    version: int = attrs.field(init=False)
    _journal: Journal = attrs.field(init=False)
    _keys: PersistentMap[tuple[type, str], Any] = attrs.field(init=False)
    _tally: Tally = attrs.field(init=False)

    fact_schema: ClassVar[FactSchema] = FactSchema(
        {"budget.currency": str, "budget.id": str, "budget.left": Decimal, "budget.limit": Decimal, "budget.unit": str}
    )

    def __init__(self, history: Iterable[Event]) -> None:
        """Rebuild a budget from its events, oldest first."""
        made: Budget | None = None
        for event in _checks.items("Budget.history", history):
            made = Budget.evolve(made, event)
        if made is None:
            raise InvalidValue("Budget.history", (), "at least the BudgetOpened that made it")
        _fill(self, None, *[getattr(made, field.name) for field in attrs.fields(Budget)[1:]])

    @staticmethod
    def evolve(state: Budget | None, event: Event) -> Budget:
        """The budget after one more event.

        Raises:
            InvalidValue: For an event of something else, or one that no command gives of this state.
            Conflict: For an event of another budget, or one that is not the next.

        .. versionadded:: 0.1.0
        """
        require_next("Budget", state, event, BudgetOpened, (BudgetDrawn, BudgetGivenBack))
        return _opened(event) if state is None else _moved(state, event)

    @staticmethod
    def open(
        id: str,  # noqa: A002 - the field's name everywhere in relex
        limit: object,
        *,
        at: datetime,
        unit: str | None = None,
        currency: str | None = None,
    ) -> Change[Budget]:
        """A new budget, of which nothing is drawn.

        Args:
            id: Which caps name.
            limit: How much may be drawn in all; points in the smallest unit of their currency.
            at: When.
            unit: `points`, `times` or `units`; by default `amount` for Money, else `points`.
            currency: Id of the points currency that is counted; by default the first of the program.

        Raises:
            InvalidValue: For a limit that is below 0 or does not fit the unit.

        .. versionadded:: 0.1.0
        """
        unit = unit or ("amount" if isinstance(limit, Money) else "points")
        _checks.one_of(*UNITS).require("open.unit", unit)
        event = BudgetOpened(
            source=id,
            version=1,
            at=in_utc("open.at", at),
            limit=quantity("open.limit", limit, unit),
            unit=unit,
            currency=currency,
        )
        return Change(_opened(event), (event,))

    def draw(self, n: object, key: str, *, at: datetime, effective: datetime | None = None) -> Change[Budget]:
        """Take something out; the same key with the same content changes nothing the second time.

        Args:
            n: How much, in the unit of the budget.
            key: What it is for, such as the id of an order.
            at: When the command is made.
            effective: The business moment, by which windows of caps count it; by default `at`.

        Raises:
            Rejected: `budget` (asked, left) for more than is left.
            Conflict: When something else was drawn under this key.
            InvalidValue: For a quantity of another unit.

        .. versionadded:: 0.1.0
        """
        event = self._event(BudgetDrawn, "draw", n, key, at, effective)
        if self._repeats(event, effective):
            return Change(self, ())
        if _more(event.n, self.left):
            raise Rejected("draw", "budget", {"budget": self.id, "asked": event.n, "left": self.left})
        return told(self, event)

    def give_back(self, n: object, key: str, *, at: datetime, effective: datetime | None = None) -> Change[Budget]:
        """Free something that was drawn; the same key with the same content changes nothing the second time.

        Args:
            n: How much, in the unit of the budget.
            key: What frees it, such as the id of a return; draws have keys of their own.
            at: When the command is made.
            effective: The business moment of what had drawn it; by default `at`.

        Raises:
            Rejected: `budget` (asked, drawn) for more than is drawn.
            Conflict: When something else was given back under this key.
            InvalidValue: For a quantity of another unit.

        .. versionadded:: 0.1.0
        """
        event = self._event(BudgetGivenBack, "give_back", n, key, at, effective)
        if self._repeats(event, effective):
            return Change(self, ())
        if _more(event.n, self.drawn):
            raise Rejected("give_back", "budget", {"budget": self.id, "asked": event.n, "drawn": self.drawn})
        return told(self, event)

    def follow(self, events: Iterable[Event]) -> Change[Budget]:
        """Draw what the entries of accounts used of this budget, and give back what their reversals freed.

        Save the change together with that of the account: when somebody else drew in between, a store answers with
        `Conflict`, and nothing is overspent. What was followed before changes nothing.

        Args:
            events: Of any accounts; those that have nothing to do with this budget are passed over.

        Raises:
            Rejected: `budget` when the events were decided on another state of the budget, and used more than is left.

        Example:
            >>> from datetime import UTC, datetime
            >>> from relex.loyalty import Account, Cap, EarningRule, Flat, Occasion, Program
            >>> at = datetime(2026, 4, 1, tzinfo=UTC)
            >>> rule = EarningRule("visit", Flat(70), on="visit", caps=[Cap(points=100, who="everyone", budget="b")])
            >>> program = Program("beans", currency="USD", rules=[rule])
            >>> budget, _ = Budget.open("b", 50, at=at)
            >>> account, _ = Account.open("a1", customer="c1", program=program, at=at)
            >>> _, events = account.earn(Occasion("visit", "v1", at), program, at=at, budgets={"b": budget})
            >>> budget.follow(events).state.left
            0

        .. versionadded:: 0.1.0
        """
        change: Change[Budget] = Change(self, ())
        key = budget_key(self.unit, self.id)
        for event in _checks.items("follow.events", events):
            for n in _used(event, key, self):
                change = change.then(lambda budget, event=event, n=n: _follow(budget, event, n))  # type: ignore[misc]
        return change

    @property
    def left(self) -> int | Fraction | Money:
        """What can still be drawn."""
        return _minus(self.limit, self.drawn)

    def drawn_in(self, first: datetime, end: datetime) -> int | Fraction | Money:
        """What was drawn, less what was given back, by entries of a window: from `first` until before `end`.

        .. versionadded:: 0.1.0
        """
        first, end = in_utc("drawn_in.first", first), in_utc("drawn_in.end", end)
        found: Quantity = self._tally.within(first, end, self._zero())
        return found

    def facts(self) -> dict[str, Any]:
        """What rules may ask about, by stable names."""
        return {
            "budget.id": self.id,
            "budget.unit": self.unit,
            "budget.currency": self.currency,
            "budget.limit": _as_fact(self.limit),
            "budget.left": _as_fact(self.left),
        }

    def _zero(self) -> Quantity:
        return Money.zero(self.limit.currency) if isinstance(self.limit, Money) else 0

    def _event(self, kind: Any, command: str, n: object, key: str, at: datetime, effective: datetime | None) -> Any:
        at = in_utc(f"{command}.at", at)
        n = quantity(f"{command}.n", n, self.unit)
        if isinstance(n, Money) and isinstance(self.limit, Money) and n.currency != self.limit.currency:
            raise CurrencyMismatch(self.limit.currency, n.currency)
        moment = at if effective is None else in_utc(f"{command}.effective", effective)
        return kind(source=self.id, version=self.version + 1, at=at, key=key, n=n, effective=moment)

    def _repeats(self, event: Any, effective: datetime | None) -> bool:
        known = self._keys.get((type(event), event.key))
        if known is None:
            return False
        if known.n != event.n or (effective is not None and known.effective != event.effective):
            raise Conflict(event.key, known.n, event.n)
        return True

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Budget):
            return NotImplemented
        return self is other or self._journal == other._journal

    def __hash__(self) -> int:
        return hash((self.id, self.version))

    def __repr__(self) -> str:
        return f"<Budget {self}, version {self.version}>"

    def __str__(self) -> str:
        return f"{self.id}: {self.left} of {self.limit} {self.unit} left"

    def _repr_html_(self) -> str:
        rows = [[event.at, type(event).__name__, event.key, event.n] for event in self._journal if event.version > 1]
        return table(str(self), ("at", "what", "key", self.unit), rows)

    def __reduce__(self) -> tuple[Any, ...]:
        return Budget, (self.history,)


def _as_fact(n: Quantity) -> Decimal:
    """A quantity as a Decimal; units to nine places, rounded down."""
    if isinstance(n, Money):
        return n.amount
    return Decimal(n) if isinstance(n, int) else decimal_of(floor(n * 10**_PLACES), _PLACES)


def _opened(event: Any) -> Budget:
    zero = Money.zero(event.limit.currency) if isinstance(event.limit, Money) else 0
    journal = EMPTY.added(event)
    return _make(
        None, event.source, event.limit, event.unit, event.currency, zero, 1, journal, PersistentMap(), Tally(zero)
    )


def _moved(state: Budget, event: Any) -> Budget:
    kind, name = type(event), type(event).__name__
    quantity(f"{name}.n", event.n, state.unit)
    if state._keys.get((kind, event.key)) is not None:  # noqa: SLF001 - our own
        raise InvalidValue(f"{name}.key", event.key, "a key that is new")
    moment, n = in_utc(f"{name}.effective", event.effective), event.n if kind is BudgetDrawn else -event.n
    tally = state._tally.added(moment, n)  # noqa: SLF001 - our own
    drawn = tally.total
    if _more(drawn, state.limit) or _more(state._zero(), drawn):  # noqa: SLF001 - our own
        raise InvalidValue(f"{name}.n", event.n, f"what leaves from 0 to {state.limit} drawn")
    return _make(
        None, state.id, state.limit, state.unit, state.currency, drawn, event.version,
        state._journal.added(event), state._keys.put((kind, event.key), event), tally,  # noqa: SLF001
    )  # fmt: skip


def _used(event: Any, key: str, budget: Budget) -> Iterator[Quantity]:
    """What an entry of an account used of a budget, or freed; below 0 for the correction of what it freed."""
    for name, _, _, points, units, net in getattr(event, "uses", ()):
        found: Any = {"points": points, "amount": net}.get(budget.unit, Fraction(units))
        if name == key and found:
            yield Money.of_minor(found, budget.limit.currency) if isinstance(budget.limit, Money) else found


def _follow(budget: Budget, event: Any, n: Any) -> Change[Budget]:
    if type(event) is PointsEarned:
        key = f"{_escaped(event.source)}:{_escaped(event.kind)}:{event.id}"
        return budget.draw(_whole(n), key, at=event.at, effective=event.effective)
    key = f"{event.source}:{event.version}"
    if _more(n, budget._zero()):  # noqa: SLF001 - our own
        return budget.give_back(_whole(n), key, at=event.at, effective=event.awarded_at)
    return budget.draw(_whole(-n), key, at=event.at, effective=event.awarded_at)


def _escaped(text: str) -> str:
    """Without colons, so that the keys of two entries are never the same."""
    return text.replace("%", "%25").replace(":", "%3A")


def _whole(n: Any) -> Any:
    """An int where a fraction is one, as of times."""
    return int(n) if isinstance(n, Fraction) and n.denominator == 1 else n


def _minus(one: Any, other: Any) -> Quantity:
    found: Quantity = one - other
    return found


def _more(one: Any, other: Any) -> bool:
    return bool(one > other)


Budget.history = property(lambda self: tuple(self._journal))  # type: ignore[assignment]

_make = trusted(Budget)
_fill = filling(Budget)
