"""A basket while promotions are applied to it: what each unit costs now, and what rules may ask about that."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from relex.calendars import local_date
from relex.loyalty._alike import LINE, own_names
from relex.loyalty._exact import decimal_of, sum_of
from relex.loyalty._limits import Limit
from relex.loyalty._plan import blamed
from relex.loyalty._units import Run, all_units, runs_of, some_units, split, whole_sets
from relex.rules import compile_rule

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, tzinfo

    from relex.loyalty._promotions import Promotion
    from relex.loyalty._units import Chosen, Take
    from relex.purchases import Line, Purchase
    from relex.rules import Predicate, Rule

__all__ = ["Asked", "Ready", "Till", "ready_for"]

_NO_GOODS = frozenset({"gift_card", "delivery", "fee", "gift"})
_AMOUNTS = frozenset({"line.list", "line.net", "line.paid", "line.discount"})


class Asked(NamedTuple):
    """A rule about lines, ready to be asked.

    Attributes:
        rule: The rule.
        matches: The same as a function.
        whole: Whether it asks about the basket as well.
        lines: Whether it asks about all lines one by one.
        amounts: Whether it asks what the line costs.
    """

    rule: Rule
    matches: Predicate
    whole: bool
    lines: bool
    amounts: bool


class Ready(NamedTuple):
    """A promotion with its rules compiled.

    Attributes:
        promotion: The promotion.
        id: Of it.
        when: Its condition, ready to be asked; None for none.
        on: Which lines it is for; None for all.
        buy: Of its sets, as `on`.
        get: As `buy`.
        any_kind: Whether it is for lines of any kind, since it asks about the kind.
        lines: Whether its condition asks about the lines one by one.
        limits: Its own caps.
        order: By which promotions are sorted.
        currencies: Of its amounts.
    """

    promotion: Promotion
    id: str
    when: Predicate | None
    on: Asked | None
    buy: Asked | None
    get: Asked | None
    any_kind: bool
    lines: bool
    limits: tuple[Limit, ...]
    order: tuple[int, str]
    currencies: tuple[str, ...]


def ready_for(promotion: Promotion) -> Ready:
    """A promotion made ready, when it is first priced."""
    found: Ready | None = promotion._ready  # noqa: SLF001 - the slot is there for this
    if found is None:
        sets = promotion.sets
        buy, get = (None, None) if sets is None else (sets.buy, sets.get)
        names = frozenset[str]().union(*[own_names(rule) for rule in (promotion.on, buy, get) if rule is not None])
        found = Ready(
            promotion,
            promotion.id,
            None if promotion.when is None else compile_rule(promotion.when),
            _asked(promotion.on),
            _asked(buy),
            _asked(get),
            "line.kind" in names,
            promotion.when is not None and "lines" in own_names(promotion.when),
            tuple([Limit(cap, promotion.id, promotion.group) for cap in promotion.caps]),
            (-promotion.priority, promotion.id),
            promotion.currencies,
        )
        object.__setattr__(promotion, "_ready", found)
    return found


def _asked(rule: Rule | None) -> Asked | None:
    if rule is None:
        return None
    names = own_names(rule)
    whole = not all(name.startswith(LINE) for name in names)
    return Asked(rule, compile_rule(rule), whole, "lines" in names, not _AMOUNTS.isdisjoint(names))


class Till:
    """The lines of a basket as runs of units, and the facts about them as they stand.

    Attributes:
        runs: Of each line.
        amounts: What each line costs now, in minor units.
        applied: Ids of the promotions that took something off or gave something.
    """

    __slots__ = (
        "_facts",
        "_given",
        "_goods",
        "_lines",
        "_start",
        "amounts",
        "applied",
        "at",
        "basket",
        "day",
        "digits",
        "initial",
        "listed",
        "runs",
    )

    def __init__(
        self, basket: Purchase, given: Mapping[str, Any], at: datetime, tz: tzinfo, digits: int, *, initial: bool
    ) -> None:
        figures = basket.figures
        self.basket, self.at, self.digits, self.initial = basket, at, digits, initial
        self.listed = figures.gross
        self.amounts = [gross - off for gross, off in zip(figures.gross, figures.discount, strict=True)]
        self._start = tuple(self.amounts)
        self.runs = [
            runs_of(line.quantity, amount, listed)
            for line, amount, listed in zip(basket.lines, self.amounts, self.listed, strict=True)
        ]
        self._goods = [place for place, line in enumerate(basket.lines) if line.kind not in _NO_GOODS]
        self.applied: list[str] = []
        self.day = local_date(at, tz)
        self._given = {**given, **_moments(at.astimezone(tz), self.day)}
        self._facts: dict[str, Any] | None = None
        self._lines: list[dict[str, Any] | None] = [None] * len(basket.lines)

    @property
    def judged(self) -> Sequence[int]:
        """The amounts of the lines by which conditions are judged."""
        return self._start if self.initial else self.amounts

    def facts(self, *, lines: bool) -> dict[str, Any]:
        """What rules may ask about the basket, with its lines one by one or without them."""
        found = self._facts
        if found is None:
            found = self._facts = self._fixed()
        if len(found["basket.promotions"]) != len(self.applied):
            found["basket.promotions"] = tuple(self.applied)
            found["basket.total"] = decimal_of(sum(self.judged), self.digits)
        if not lines:
            return found
        places = range(len(self.amounts))
        return {**found, "lines": tuple([self.line(place, amounts=True) for place in places])}

    def _fixed(self) -> dict[str, Any]:
        """The facts of the basket; what moves among them is as it was before any promotion."""
        basket = self.basket
        return {
            **self._given,
            "basket.channel": basket.channel,
            "basket.currency": basket.currency,
            "basket.customer": basket.customer,
            "basket.items": len(basket.lines),
            "basket.list": decimal_of(sum(self.listed), self.digits),
            "basket.promotions": (),
            "basket.quantity": sum_of([line.quantity for line in basket.lines]),
            "basket.store": basket.store,
            "basket.total": decimal_of(sum(self._start), self.digits),
        }

    def line(self, place: int, *, amounts: bool) -> dict[str, Any]:
        """What rules may ask about a line, with its amounts as they stand or without them."""
        found = self._lines[place]
        if found is None:
            found = self._lines[place] = _line_facts(self.basket.lines[place])
        return {**found, **self._amounts(place)} if amounts else found

    def _amounts(self, place: int) -> dict[str, Any]:
        listed, now = self.listed[place], self.judged[place]
        net = decimal_of(now, self.digits)
        return {
            "line.list": decimal_of(listed, self.digits),
            "line.net": net,
            "line.paid": net,
            "line.discount": decimal_of(listed - now, self.digits),
        }

    def holds(self, ready: Ready) -> str | None:
        """Why a promotion is not for this basket at this moment; None when it is."""
        promotion = ready.promotion
        valid = promotion.valid
        if valid is not None and (self.at if isinstance(valid.start, datetime) else self.day) not in valid:
            return "not_in_force"
        if ready.when is None or promotion.when is None:
            return None
        facts = self.facts(lines=ready.lines)
        answer = ready.when(facts, self.at)
        if answer is None:
            return f"unknown:{blamed(promotion.when, facts, self.at)}"
        return None if answer else "not_matched"

    def matching(self, ready: Ready) -> tuple[list[int], str]:
        """The places of the lines that a promotion is for; a reason where there are none."""
        places = list(range(len(self.amounts))) if ready.any_kind else self._goods
        return (places, "not_matched") if ready.on is None else self._asked(ready.on, places)

    def _asked(self, asked: Asked, places: Sequence[int]) -> tuple[list[int], str]:
        found, why = [], "not_matched"
        matches, at = asked.matches, self.at
        whole = self.facts(lines=asked.lines) if asked.whole else None
        for place in places:
            facts = self.line(place, amounts=asked.amounts)
            if whole is not None:
                facts = {**whole, **facts}
            answer = matches(facts, at)
            if answer:
                found.append(place)
            elif answer is None:
                why = f"unknown:{blamed(asked.rule, facts, at)}"
        return found, why

    def chosen(self, ready: Ready, places: list[int]) -> Chosen | None:
        """The units that a promotion is for; None when there is no whole set."""
        promotion = ready.promotion
        if promotion.sets is not None:
            buys, gets = [
                places if asked is None else self._asked(asked, places)[0] for asked in (ready.buy, ready.get)
            ]
            return whole_sets(self.runs, buys, gets, promotion.sets)
        if promotion.units is not None:
            return some_units(self.runs, places, promotion.units)
        return all_units(self.runs, places)

    def lower(self, promotion: str, chosen: Chosen, takes: Sequence[Take], offs: Sequence[int]) -> None:
        """Take so much off the units that were taken, and mark those of sets as used up."""
        self.applied.append(promotion)
        amounts, runs = self.amounts, self.runs
        pieces: dict[int, dict[int, tuple[Take, int]]] = {}
        for take, off in zip(takes, offs, strict=True):
            place, run = take.place, take.run
            amounts[place] -= off
            own = runs[place]
            if len(own) == 1 and run is own[0] and not chosen.sets:
                runs[place] = [Run(run.units, run.size, run.amount - off, run.listed, run.used)]
            else:
                pieces.setdefault(place, {})[take.spot] = (take, off)
        for place, _ in chosen.bought:
            pieces.setdefault(place, {})
        for place, taken in pieces.items():
            runs[place] = [
                piece
                for spot, run in enumerate(runs[place])
                for piece in _pieces(run, taken.get(spot), chosen, (place, spot))
            ]


def _line_facts(line: Line) -> dict[str, Any]:
    found: dict[str, Any] = {
        "line.number": line.number,
        "line.product": line.product,
        "line.category": line.category,
        "line.brand": line.brand,
        "line.tags": line.tags,
        "line.kind": line.kind,
        "line.quantity": line.quantity,
        "line.unit_price": line.unit_price,
    }
    for name, value in line.tastes:
        found[f"taste.{name}"] = value
    return found


def _moments(local: datetime, day: date) -> dict[str, Any]:
    return {
        "event.at": local,
        "event.date": day,
        "event.weekday": day.isoweekday(),
        "event.minute": local.hour * 60 + local.minute,
    }


def _pieces(run: Run, taken: tuple[Take, int] | None, chosen: Chosen, at: tuple[int, int]) -> list[Run]:
    """A run, split into what is lowered, what a set uses up beside that, and the rest."""
    found: list[Run] = []
    rest: Run | None = run
    if taken is not None:
        take, off = taken
        piece, rest = split(run, take.run.units, dear=chosen.dear)
        found.append(Run(piece.units, piece.size, piece.amount - off, piece.listed, piece.used or chosen.sets))
    bought = chosen.bought.get(at, 0)
    if rest is not None and bought:
        piece, rest = split(rest, bought, dear=True)
        found.append(Run(piece.units, piece.size, piece.amount, piece.listed, used=True))
    if rest is not None:
        found.append(rest)
    return found
