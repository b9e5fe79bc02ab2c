"""The year under every design, and what changes from today's."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from operator import attrgetter
from typing import TYPE_CHECKING, Any

import attrs

from program_lab.designs import DESIGNS, WORTH
from relex.figures import ratio
from relex.loyalty import MemberHistory, PointsRedeemed, simulate

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from grocery_log import Household, Log

    from relex.figures import Figure
    from relex.loyalty import Liability, ProgramComparison, Simulation

OPENED = datetime(2017, 1, 1, tzinfo=UTC)
END = datetime(2018, 1, 2, tzinfo=UTC)  # the log ends in the first hours of 2018
COUPON_POINTS = 500


@attrs.frozen(kw_only=True)
class Trial:
    """One design and its year."""

    name: str
    words: str
    year: Simulation


@attrs.frozen(kw_only=True)
class Lab:
    """All trials, the one of today first."""

    trials: tuple[Trial, ...]
    seen: dict[str, int]

    @property
    def rate(self) -> Figure:
        """The share that was redeemed of the points that came to an end under today's program."""
        today = self.trials[0].year
        return ratio(today.redeemed, today.redeemed + today.expired, method="redeemed of what ended", as_of=END)

    def liability(self, trial: Trial) -> Liability:
        """What is outstanding at the end of the year, if as much of it is redeemed as of today's points."""
        share: Any = self.rate.value
        return trial.year.liability(rate=share or 0)

    def changes(self) -> tuple[tuple[Trial, ProgramComparison], ...]:
        """What every other design changes."""
        today, *others = self.trials
        return tuple([(trial, today.year.compare(trial.year)) for trial in others])


def tried(log: Log, progress: Callable[[str, int], object] = lambda _, __: None) -> Lab:
    """The log under every design; it is read anew for each, so that nothing of it need be kept."""
    trials = []
    for name, program, words in DESIGNS:
        year = simulate(
            program,
            histories(log),
            until=END,
            shortfall="drop",
            worth=WORTH,
            progress=lambda done, name=name: progress(name, done),
        )
        trials.append(Trial(name=name, words=words, year=year))
    return Lab(trials=tuple(trials), seen=dict(log.seen))


def histories(log: Log) -> Iterator[MemberHistory]:
    """One household after the other."""
    for household in log:
        entries: list[Any] = [*household.purchases, *redemptions(household)]
        yield MemberHistory(
            account=household.id,
            entries=sorted(entries, key=attrgetter("at")),
            opened_at=OPENED,
            facts={**household.demographics, "campaigns": household.campaigns},
        )


def redemptions(household: Household) -> Iterator[PointsRedeemed]:
    """Each coupon of a campaign stands for a wish to redeem 500 points at the end of its day."""
    for number, (coupon, day) in enumerate(household.coupons, 1):
        at = datetime.combine(day + timedelta(days=1), time(), UTC)
        yield PointsRedeemed(
            source=household.id,
            version=number,
            at=at,
            effective=at,
            id=coupon,
            currency="points",
            points=COUPON_POINTS,
        )
