"""What a program would have given: recorded histories, played through the same commands from empty accounts.

One member is played after the other and then let go: of each only sums are kept, so memory grows with the members and
not with their entries. The histories may therefore be made while they are read.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from relex import _checks
from relex.errors import InvalidValue, NotFound
from relex.loyalty._account import Account
from relex.loyalty._benefits import CashOff
from relex.loyalty._budgets import Budget
from relex.loyalty._events import PointsEarned
from relex.loyalty._liability import worth_of
from relex.loyalty._occasions import SupportsEarning, in_utc
from relex.loyalty._outcomes import MemberOutcome, Simulation
from relex.loyalty._outstanding import Tally
from relex.loyalty._playing import AsRecorded, Found, MemberHistory, Player
from relex.loyalty._program import Program
from relex.money import Money

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from relex.changes import Event

__all__ = ["history_of", "simulate"]

_WORTH = _checks.optional(_checks.a(Money, CashOff))
_CALLABLE = _checks.optional(_checks.Check("a callable of one number", callable))
_BUDGETS = _checks.optional(
    _checks.Check(
        "a mapping from the id of each Budget to it",
        lambda value: (
            isinstance(value, Mapping)
            and all(isinstance(budget, Budget) and budget.id == name for name, budget in value.items())
        ),
    )
)


def simulate(
    program: Program,
    histories: Iterable[MemberHistory],
    *,
    until: datetime,
    shortfall: str = "debt",
    worth: Money | CashOff | None = None,
    currency: str | None = None,
    budgets: Mapping[str, Budget] | None = None,
    progress: Callable[[int], object] | None = None,
) -> Simulation:
    """Play histories through a program, from empty accounts, and count what it gives.

    The same commands run as in daily work, so a simulation of the program in force gives the awards that were recorded.
    What the program refuses is counted by its reason, and the rest goes on.

    Args:
        program: The program to try.
        histories: One for each member; walked once, one at a time.
        until: The instant at which time stops; entries recorded later are left out.
        shortfall: What becomes of a recorded redemption that the balance no longer covers: it is made and the rest is
            owed (`debt`), or it is left out (`drop`). Either way it is listed.
        worth: Of one whole point, for costs: an amount, or the `CashOff` that says what points buy. By default the
            `worth` of the points that are counted.
        currency: Id of the points currency that is counted; by default the first that can be spent, else the first.
        budgets: Those that the program's caps name, as they are to begin with; members draw on them in the order of the
            histories, each for a whole history.
        progress: Called with the number of members that are done.

    Raises:
        InvalidValue: For an unknown policy or currency, an account twice, or an entry that cannot be played; a note
            on this and any other error names the account.
        Conflict: When a history has two entries of one id with different content.
        CurrencyMismatch: For purchases, or a worth, in another currency than the program's.

    Example:
        >>> from datetime import UTC, datetime
        >>> from relex.loyalty import EarningRule, Flat, Occasion, Program
        >>> before = Program("beans", currency="USD", rules=[EarningRule("visit", Flat(10), on="visit")])
        >>> after = Program("beans", version=2, currency="USD", rules=[EarningRule("visit", Flat(12), on="visit")])
        >>> day, end = datetime(2026, 5, 1, 9, tzinfo=UTC), datetime(2026, 6, 1, tzinfo=UTC)
        >>> history = MemberHistory(account="a1", entries=[Occasion("visit", "v1", day)])
        >>> old, new = (simulate(program, [history], until=end) for program in (before, after))
        >>> old.earned, new.earned, str(old.compare(new).losers())
        (10, 12, '()')

    .. versionadded:: 0.1.0
    """
    _checks.a(Program).require("simulate.program", program)
    _checks.one_of("debt", "drop").require("simulate.shortfall", shortfall)
    _WORTH.require("simulate.worth", worth)
    _BUDGETS.require("simulate.budgets", budgets)
    _CALLABLE.require("simulate.progress", progress)
    end = in_utc("simulate.until", until)
    counted = _counted(program, currency)
    points = program.currency_of(counted)
    given = points.worth if worth is None else worth
    each = None if given is None or points.qualifying else worth_of(program, given)[counted]
    found = Found(program, end, counted, owing=shortfall == "debt", budgets=budgets or {})
    held = Tally(program, end)
    seen: set[str] = set()
    members: list[MemberOutcome] = []
    for done, history in enumerate(_each(histories), 1):
        if history.account in seen:
            raise InvalidValue("simulate.histories", history.account, "each account once")
        seen.add(history.account)
        player = Player(found, history)
        try:
            account = player.play(history)
        except Exception as error:
            error.add_note(f"in the history of account {history.account}")
            raise
        if account is not None:
            members.append(_outcome(player, account, found))
            held.add(account)
        if progress is not None:
            progress(done)
    return Simulation(
        program=program,
        currency=counted,
        until=end,
        shortfall=shortfall,
        worth=each,
        members=tuple(members),
        by_tier=tuple(found.by_tier.items()),
        holdings=held.result(),
        shortfalls=tuple(found.shortfalls),
        refused=tuple(sorted(found.refused.items())),
    )


def _each(histories: Iterable[MemberHistory]) -> Iterator[MemberHistory]:
    """Histories one by one, as long as they are some."""
    if not isinstance(histories, Iterable):
        raise InvalidValue("simulate.histories", histories, "an iterable of MemberHistory")
    for place, history in enumerate(histories):
        if not isinstance(history, MemberHistory):
            raise InvalidValue(f"simulate.histories[{place}]", history, "a MemberHistory")
        yield history


def _counted(program: Program, currency: str | None) -> str:
    if currency is not None:
        return program.currency_of(currency, path="simulate.currency").id
    return next((points.id for points in program.points if not points.qualifying), program.points[0].id)


_SUMS = ("credited", "redeemed", "expired", "reversed", "out", "pending", "held")


def _outcome(player: Player, account: Account, found: Found) -> MemberOutcome:
    book = account._ledger_at(found.end).books.get(found.currency)  # noqa: SLF001 - our own
    return MemberOutcome(
        account=account.id,
        customer=account.customer,
        tier=account.tier_at(found.end),
        awards=player.awards,
        cut=player.cut,
        rules=tuple(sorted(player.rules.items())),
        available=0 if book is None else book.usable,
        debt=0 if book is None else book.owed,
        **{name: getattr(book, name, 0) for name in _SUMS},
    )


def history_of(account: Account, occasions: Iterable[Any], *, facts: Mapping[str, Any] | None = None) -> MemberHistory:
    """The history of a stored account, for another program to be tried on it.

    An account keeps what was decided and not what was bought, so the purchases and other occasions come from the
    caller's log; redemptions, adjustments, returns and the rest come from the events of the account.

    Args:
        account: The account; it is left as it is.
        occasions: What it earned on, in any order; others are left out.
        facts: Facts of the customer that rules ask for.

    Raises:
        NotFound: For an award whose occasion is not given.
        InvalidValue: For what is no occasion.

    .. versionadded:: 0.1.0
    """
    _checks.a(Account).require("history_of.account", account)
    given = {}
    for place, occasion in enumerate(_checks.items("history_of.occasions", occasions)):
        if not isinstance(occasion, SupportsEarning):
            raise InvalidValue(f"history_of.occasions[{place}]", occasion, "a purchase, or anything else that can earn")
        given[occasion.kind, occasion.id] = occasion
    return MemberHistory(
        account=account.id,
        customer=account.customer,
        opened_at=account.opened_at,
        entries=tuple([_again(event, given) for event in account.events]),
        facts=facts,
    )


def _again(event: Event, given: Mapping[tuple[str, str], Any]) -> Any:
    if type(event) is not PointsEarned:
        return event
    occasion = given.get(event.key)
    if occasion is None:
        raise NotFound("occasion of an award", ":".join(event.key))
    return AsRecorded(occasion, event.at, member=event.member)
