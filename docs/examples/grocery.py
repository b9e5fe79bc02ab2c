"""A loyalty program over a real year of groceries, and what the year tells about the customers.

    python docs/examples/grocery.py [--households N] [--household ID] [--program FILE] [--data FOLDER] [--out FOLDER]

It reads the log (`grocery_log`), runs a program (`grocery_program`, or one that is stored in a file) and shows the
outcome (`grocery_report`) in the terminal and on one page. Files, drawings and the clock of the progress bar belong
here, outside of relex.

Each coupon of a campaign that a household handed in stands for a redemption of 500 points at the end of that day.
Where the balance does not cover it, the program refuses, and the refusal is counted.
"""

from __future__ import annotations

import argparse
import gc
import sys
from collections import Counter
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import attrs
from grocery_log import CURRENCY, Household, Log, LogError
from grocery_program import PROGRAM
from grocery_report import page, sections
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from relex import Money, Rejected, RelexError, codec
from relex.loyalty import Account, PointsEarned, PointsExpired, PointsRedeemed, Program, TierChanged

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from relex.changes import Event
    from relex.purchases import Purchase

ZONE = UTC
OPENED = datetime(2017, 1, 1, tzinfo=ZONE)
AS_OF = datetime(2018, 1, 2, tzinfo=ZONE)  # the log ends in the first hours of 2018
COUPON_POINTS = 500


@attrs.define
class Tally:
    """What the program gave, counted while it runs; months are written as 2017-03."""

    judged: int = 0
    earned: Counter[str] = attrs.field(factory=Counter)
    redeemed: Counter[str] = attrs.field(factory=Counter)
    expired: Counter[str] = attrs.field(factory=Counter)
    awards: Counter[str] = attrs.field(factory=Counter)
    points: Counter[str] = attrs.field(factory=Counter)
    refused: int = 0
    tiers: Counter[tuple[str, str | None]] = attrs.field(factory=Counter)
    outstanding: int = 0
    expiring: Counter[datetime] = attrs.field(factory=Counter)
    richest: PointsEarned | None = None

    def add(self, event: Event) -> None:
        """Count one event of an account."""
        match event:
            case PointsEarned():
                self._add_award(event)
            case PointsRedeemed():
                self.redeemed[_month(event.effective)] += event.points
            case PointsExpired():
                self.expired[_month(event.effective)] += event.points
            case TierChanged():
                self.tiers[_month(event.effective), event.before] -= 1
                self.tiers[_month(event.effective), event.after] += 1

    def _add_award(self, event: PointsEarned) -> None:
        by_rule = event.breakdown.by_rule()
        self.judged += 1
        self.earned[_month(event.effective)] += event.points
        self.awards.update(by_rule.keys())
        self.points.update(by_rule)
        if self.richest is None or len(by_rule) > len(self.richest.breakdown.by_rule()):
            self.richest = event

    def close(self, account: Account, as_of: datetime) -> None:
        """Add what is left on an account at the end."""
        balance = account.balance(as_of=as_of)
        self.outstanding += balance.available + balance.pending
        self.expiring.update(dict(balance.expiring))


class Year(NamedTuple):
    """Everything that is shown: what was read, what the program did, and one household to look at."""

    as_of: datetime
    program: Program
    seen: Counter[str]
    purchases: list[Purchase]
    tally: Tally
    shown: Household
    account: Account

    @property
    def sales(self) -> Money:
        """Net sales of the log."""
        return Money.of_minor(self.seen["cents"], CURRENCY)


def play(household: Household, program: Program, tally: Tally) -> Account:
    """One household's year in the program, from opening to the last settlement."""
    account, _ = Account.open(household.id, customer=household.id, program=program, at=OPENED)
    facts = {**household.demographics, "campaigns": household.campaigns}
    for at, what in _diary(household):
        try:
            if isinstance(what, str):
                account, events = account.redeem(COUPON_POINTS, program, id=what, at=at)
            else:
                account, events = account.earn(what, program, at=at, customer=facts)
        except Rejected:
            tally.refused += 1
        else:
            for event in events:
                tally.add(event)
    account, events = account.settle(program, at=AS_OF)
    for event in events:
        tally.add(event)
    tally.close(account, AS_OF)
    return account


def _diary(household: Household) -> Iterator[tuple[datetime, Purchase | str]]:
    """Purchases and coupons in order of time; a coupon counts at the end of its day."""
    entries: list[tuple[datetime, Purchase | str]] = [(purchase.at, purchase) for purchase in household.purchases]
    entries += [(datetime.combine(day + timedelta(days=1), time(), ZONE), coupon) for coupon, day in household.coupons]
    return iter(sorted(entries, key=lambda entry: entry[0]))


def run(log: Log, program: Program, shown: str, console: Console) -> Year:
    """The whole log through the program."""
    tally, purchases, found = Tally(), [], None
    with _progress(console) as progress:
        for household in progress.track(log, total=log.households, description="households"):
            account = play(household, program, tally)
            purchases += household.purchases
            if household.id == shown:
                found = household, account
    if found is None:
        raise LogError(f"no household {shown} in the log")
    return Year(AS_OF, program, log.seen, purchases, tally, *found)


def _progress(console: Console) -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    return Progress(*columns, console=console, transient=True, disable=not console.is_terminal)


def load_program(path: Path | None) -> Program:
    """The program of the example, or one that is stored in a file."""
    if path is None:
        return PROGRAM
    try:
        return codec.loads(path.read_bytes(), Program)
    except OSError as error:
        raise LogError(f"cannot read {path}: {error.strerror}") from error


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the example; 0, or 2 with one line that says what is wrong."""
    options = _options(arguments)
    console = Console(stderr=True)
    try:
        program = load_program(options.program)
        log = Log(options.data, zone=ZONE, households=options.households, only=options.household)
        year = run(log, program, options.household, console)
        del log  # its tables are large, and everything in them has been read
    except (LogError, RelexError) as error:
        print(f"grocery: {error}", file=sys.stderr)
        return 2
    shown = sections(year)
    for section in shown:
        print(section)
    options.out.mkdir(parents=True, exist_ok=True)
    for name, text in (("grocery.html", page(year, shown)), ("grocery-program.json", codec.dumps(program))):
        (options.out / name).write_text(text, encoding="utf-8")
    print(f"\nAs a page: {options.out}/grocery.html. The program, for --program: {options.out}/grocery-program.json.")
    return 0


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="grocery", description="A loyalty program over a real year of groceries.")
    parser.add_argument("--households", type=_count, metavar="N", help="read only the first N households")
    parser.add_argument("--household", default="1023", metavar="ID", help="the one to look at (default: %(default)s)")
    parser.add_argument("--program", type=Path, metavar="FILE", help="a program as JSON (default: grocery_program.py)")
    parser.add_argument(
        "--data", type=Path, metavar="FOLDER", help="the parquet files (default: the installed package)"
    )
    parser.add_argument("--out", type=Path, default=Path("build"), metavar="FOLDER", help="default: %(default)s")
    return parser.parse_args(arguments)


def _count(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"{number} is not above 0")
    return number


def _month(at: datetime) -> str:
    return at.astimezone(ZONE).isoformat()[:7]


if __name__ == "__main__":
    gc.disable()  # millions of values are made and kept, and looking through them for cycles would find none
    sys.exit(main())
