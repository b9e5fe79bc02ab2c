"""Examples of the stored forms of assignment and of territories."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from relex.assignment import Assignee, AssignmentPolicy, AssignmentRule, AssignmentState, Capacity, Pool
from relex.calendars import BusinessCalendar, Period, weekly
from relex.pipeline import Territory, TerritoryMembership, TerritoryTree
from relex.rules import field

__all__ = ["examples"]

AT = datetime(2026, 11, 23, 9, tzinfo=UTC)


def examples() -> list[object]:
    """At least one of each class."""
    pool = Pool("desk", ["ana", "bo"], weights={"ana": 3})
    rule = AssignmentRule(
        "large",
        field("amount") > 1000,
        pool,
        "least_loaded",
        order=10,
        stop=False,
        otherwise="unassigned",
        balance="share",
        look_ahead=[timedelta(0), timedelta(hours=24)],
    )
    dach = Territory(
        "dach", "world", when=field("country").is_in("AT", "DE"), owners=["bo", "ana"], rank=2, name="DACH"
    )
    return [
        Capacity(20),
        Capacity(45, "month", tz=UTC),
        Capacity(2, timedelta(days=1)),
        Assignee(
            "ana",
            opted_out=True,
            accepts=field("language") == "de",
            prefers=field("vip") == True,  # noqa: E712 - notation
            capacity=[Capacity(20), Capacity(2, "day", tz=UTC)],
            hours=BusinessCalendar(weekly("mon-fri", "09:00", "17:00"), tz=UTC),
            away=[Period(date(2026, 12, 24), date(2027, 1, 2))],
        ),
        pool,
        rule,
        AssignmentPolicy(
            [rule, AssignmentRule("owner", strategy="owner", fact="account_owner", active=False)],
            fallback="queue",
            owner="assignee",
            closed=field("status") == "closed",
        ),
        AssignmentState(
            turn=3,
            turns=(("desk", (("ana", 3), ("bo", 1))),),
            rounds=(("desk", (("ana", 2),)),),
            open=(("ana", 2),),
            given=(("ana", ((AT - timedelta(days=1), 1), (AT, 2))),),
        ),
        dach,
        TerritoryMembership(
            "m1",
            territory="dach",
            account="a1",
            status="excluded",
            at=AT,
            by="eve",
            reason="a partner's",
            recorded_at=AT,
        ),
        TerritoryTree([dach, Territory("world", inherited_by_children=True)], version=3),
    ]
