"""Moving the end of points that are there: never back, and never for points that are gone."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from relex import _checks
from relex.calendars import Days
from relex.changes import Change
from relex.errors import InvalidValue, NotFound, Rejected
from relex.loyalty._asking import asked_facts
from relex.loyalty._balance import Lot, lots_of
from relex.loyalty._commands import belongs, moment, posted, repeated
from relex.loyalty._extensions import ExpiryExtended, later_end
from relex.loyalty._lots import FOREVER
from relex.loyalty._manual import explained
from relex.loyalty._occasions import in_utc
from relex.loyalty._plan import plan_of
from relex.loyalty._settling import settled
from relex.rules import compile_rule

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from relex.loyalty._account import Account
    from relex.loyalty._book import Book
    from relex.loyalty._program import Program

__all__ = ["Longer", "extend"]

End = tuple[str, str, datetime]


class Longer(NamedTuple):
    """What an extension asks for."""

    id: str
    lots: Iterable[str] | None
    to: datetime | date | None
    reason: str
    actor: str
    customer: Mapping[str, Any] | None


def extend(account: Account, asked: Longer, program: Program, at: datetime) -> Change[Account]:
    """See `Account.extend`."""
    at = in_utc("extend.at", at)
    _checks.text.require("extend.id", asked.id)
    explained("extend", asked.reason, asked.actor)
    belongs("extend", account, program)
    if account.status == "closed":
        raise Rejected("extend", "closed", {"account": account.id})
    named = () if asked.lots is None else _named(asked.lots)
    to = None if asked.to is None else _instant(asked.to, program)
    known = account._find(("extend", asked.id))  # noqa: SLF001 - our own
    if known is not None:
        same = (known.asked, known.reason, known.actor) == ((named, to), asked.reason, asked.actor)
        return repeated(account, known, same, asked.id)
    moment("extend", account, program, at, at)
    if to is not None and to <= at:
        raise InvalidValue("extend.to", asked.to, f"an instant after {at.isoformat()}")
    account, events = settled(account, program, at)
    lots = _chosen(account, named, at)
    ends = _by_program(account, lots, program, at, asked.customer) if to is None else _by_hand(lots, to, named)
    if not ends:
        return Change(account, events)
    event = ExpiryExtended(
        source=account.id,
        version=account.version + 1,
        at=at,
        effective=at,
        id=asked.id,
        ends=tuple(ends),
        reason=asked.reason,
        actor=asked.actor,
        asked=(named, to),
        program_version=program.version,
    )
    return posted("extend", account, event, events, program, at)


def _named(lots: Iterable[str]) -> tuple[str, ...]:
    found = _checks.items("extend.lots", lots)
    for place, lot in enumerate(found):
        _checks.text.require(f"extend.lots[{place}]", lot)
    if not found:
        raise InvalidValue("extend.lots", (), "the ids of lots, or None for all that are open")
    return tuple(sorted(set(found)))


def _instant(to: datetime | date, program: Program) -> datetime:
    """An instant as it is; of a date, which is the last one that counts, the midnight after it."""
    if isinstance(to, datetime):
        _checks.instant.require("extend.to", to)
        return in_utc("extend.to", to)
    _checks.a(date).require("extend.to", to)
    return in_utc("extend.to", _TODAY.ends(to, program.tz))


_TODAY = Days(0)


def _chosen(account: Account, named: tuple[str, ...], at: datetime) -> dict[str, tuple[str, Lot]]:
    """The open lots, or those of them that are named, with their currency; by id."""
    books = account._ledger_at(at).books  # noqa: SLF001 - our own
    given = {currency: account._given(currency) for currency in books}  # noqa: SLF001 - our own
    found = {
        lot.id: (currency, lot)
        for currency, book in books.items()
        for lot in (*_held(book, given[currency]), *lots_of(book, given[currency]))
        if lot.expires_at is None or lot.expires_at > at
    }
    if not named:
        return dict(sorted(found.items()))
    gone = tuple([lot for lot in named if lot not in found])
    for lot in gone:
        if not any(lot in lots for lots in given.values()):
            raise NotFound("lot", lot)
    if gone:
        raise Rejected("extend", "not_open", {"lots": gone, "allowed": tuple(sorted(found))})
    return {lot: found[lot] for lot in named}


def _held(book: Book, given: Mapping[str, int]) -> Iterator[Lot]:
    """The lots of which a part is held, as far as it is."""
    for holding in book.holds:
        for lot, points in holding.taken:
            end = book.end_now(lot)
            _, earned, name, *_ = lot
            yield Lot(
                id=name,
                points=given.get(name, points),
                remaining=points,
                earned_at=earned,
                available_at=earned,
                expires_at=None if end == FOREVER else end,
            )


def _by_hand(lots: Mapping[str, tuple[str, Lot]], to: datetime, named: tuple[str, ...]) -> list[End]:
    ends = [
        (id_, currency, to)
        for id_, (currency, lot) in lots.items()
        if lot.expires_at is not None and lot.expires_at < to
    ]
    if named and len(ends) < len(lots):
        later = tuple(
            (id_, lot.expires_at) for id_, (_, lot) in lots.items() if lot.expires_at is None or lot.expires_at >= to
        )
        raise Rejected("extend", "not_later", {"asked": to, "ends": later})
    return ends


def _by_program(
    account: Account,
    lots: Mapping[str, tuple[str, Lot]],
    program: Program,
    at: datetime,
    customer: Mapping[str, Any] | None,
) -> list[End]:
    """The longest extension that matches each lot; a lot that never ends needs none."""
    extensions = [(each.by, None if each.when is None else compile_rule(each.when)) for each in program.extensions]
    names = {name for each in program.extensions if each.when is not None for name in each.when.names}
    asked = asked_facts(account, plan_of(program), at, account.tier_at(at), customer)
    shared = {name: asked[name]() for name in names if name in asked}
    found = []
    for id_, (currency, lot) in lots.items():
        if lot.expires_at is None:
            continue
        facts = shared | lot.facts() | {"lot.currency": currency}
        ends = [
            later_end(lot.expires_at, by, program.tz) for by, holds in extensions if holds is None or holds(facts, at)
        ]
        if ends:
            found.append((id_, currency, in_utc("extend.ends", max(ends))))
    return found
