"""What keeps a tier and until when, and what is missing to the next one."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

import attrs
import pytest
from strategies_loyalty import START, day, opened, program, visit

from relex.calendars import Period
from relex.errors import Rejected
from relex.loyalty import (
    Account,
    Always,
    EarningRule,
    Flat,
    Lifetime,
    Points,
    Program,
    Tier,
    TierPolicy,
)
from relex.rules import field

VISIT = EarningRule("visit", Flat(10), on="visit")
SILVER, GOLD = Tier("silver", at=10), Tier("gold", at=30)
CLUB = program(VISIT, tiers=[SILVER, GOLD])


def club(*tiers: Tier, **policy: Any) -> Program:
    return attrs.evolve(CLUB, tiers=tiers, tier_policy=TierPolicy(**policy))


def visited(of: Program = CLUB, count: int = 1) -> Account:
    account = opened(of)
    for number in range(count):
        account = account.earn(visit(f"v{number}", START), of, at=START).state
    return account


def assigned(account: Account, of: Program, tier: str, text: str | None = None) -> Account:
    until = None if text is None else day(text)
    return account.assign_tier(tier, of, at=day("01-02"), until=until, reason="match", actor="ann").state


class TestWhatKeepsATier:
    def test_what_was_earned(self) -> None:
        found = visited().progress(CLUB, as_of=day("01-03"))

        assert (found.keeps, found.keeps_until, found.valid_until) == ("earned", day("2028-01-01"), day("2028-01-01"))

    def test_a_tier_for_life(self) -> None:
        of = club(Tier("silver", at=10, lifetime=True))
        found = visited(of).progress(of, as_of=day("01-03"))

        assert (found.keeps, found.keeps_until, str(found)) == ("lifetime", None, "silver")

    def test_a_floor(self) -> None:
        account = assigned(visited(), CLUB, "gold", "05-01")
        found = account.progress(CLUB, as_of=day("01-03"))

        assert (found.keeps, found.keeps_until, found.valid_until) == ("assigned", day("05-01"), day("2028-01-01"))
        assert str(found) == "gold until 2026-05-01T00:00:00+00:00"

    def test_of_two_the_one_that_lasts_longer(self) -> None:
        short = assigned(visited(), CLUB, "silver", "05-01").progress(CLUB, as_of=day("01-03"))
        ever = assigned(visited(), CLUB, "silver").progress(CLUB, as_of=day("01-03"))

        assert (short.keeps, ever.keeps) == ("earned", "assigned")

    def test_nothing_keeps_no_tier(self) -> None:
        found = opened(CLUB).progress(CLUB, as_of=day("01-03"))

        assert (found.keeps, found.keeps_until, found.to_keep) == (None, None, None)


class TestThePast:
    def lately_gold(self) -> Account:
        account = visited()
        for number in range(2):
            account = account.earn(visit(f"w{number}", day("03-01")), CLUB, at=day("03-01")).state
        return account

    def test_it_does_not_see_what_came_later(self) -> None:
        found = self.lately_gold().progress(CLUB, as_of=day("02-01"))

        assert (found.tier, found.have, found.next) == ("silver", 10, "gold")

    def test_a_statement_tells_the_tier_of_its_end(self) -> None:
        found = self.lately_gold().statement(Period(START, day("02-01")), program=CLUB)

        assert found.progress is not None
        assert (found.progress.tier, found.progress.remaining) == ("silver", 20)

    def test_nor_before_the_account_was_opened(self) -> None:
        found = visited().progress(CLUB, as_of=day("2025-06-01"))

        assert (found.tier, found.have) == (None, 0)

    def test_of_another_program_there_is_none(self) -> None:
        with pytest.raises(Rejected, match="other_program"):
            visited().progress(attrs.evolve(CLUB, id="q"), as_of=day("02-01"))


class TestWhatIsMissing:
    def test_the_dates_over_which_it_is_measured(self) -> None:
        ever = club(SILVER, window=Lifetime(), keeps=Always())

        assert opened(CLUB).progress(CLUB, as_of=START).window == Period(date(2026, 1, 1), date(2027, 1, 1))
        assert opened(ever).progress(ever, as_of=START).window is None

    def test_every_way_to_a_tier_by_rule_with_its_gap(self) -> None:
        either = (field("tier.earned") >= 50) | (field("tier.visits") >= 3)
        of = club(SILVER, Tier("gold", when=either))
        found = visited(of).progress(of, as_of=day("01-03"))

        assert [(gap.fact, gap.found, gap.needed, gap.missing) for gap in found.gaps] == [
            ("tier.earned", 10, 50, 40),
            ("tier.visits", 1, 3, 2),
        ]
        assert str(found).endswith("40 more for tier.earned is at least 50; 2 more for tier.visits is at least 3")

    def test_only_the_parts_that_are_open(self) -> None:
        both = (field("tier.earned") >= 10) & (field("tier.visits") > 1)
        of = club(Tier("gold", when=both))

        assert [gap.fact for gap in visited(of).progress(of, as_of=day("01-03")).gaps] == ["tier.visits"]

    def test_a_part_that_is_no_number_to_reach(self) -> None:
        of = club(Tier("gold", when=(field("tier.visits") >= 1) & (field("tier.balance") < 5)))
        gaps = visited(of).progress(of, as_of=day("01-03")).gaps

        assert [(gap.fact, gap.needed, gap.missing, str(gap)) for gap in gaps] == [
            ("tier.balance", None, None, "tier.balance is less than 5")
        ]

    def test_a_rule_that_holds_before_anybody_judged_it(self) -> None:
        of = club(SILVER, Tier("gold", when=field("tier.visits") >= 1))
        found = visited().progress(attrs.evolve(of, version=2), as_of=START)

        assert (found.gaps, str(found).split(", ")[-1]) == ((), "a rule decides on gold: it holds")

    def test_a_fraction_is_told_as_a_decimal(self) -> None:
        of = attrs.evolve(CLUB, points=[Points("points", scale=1)], rules=[EarningRule("v", Flat("0.5"), on="visit")])
        found = visited(of).progress(of, as_of=START)

        assert (found.remaining, str(found)) == (Fraction(19, 2), "no tier, 9.50 earned to silver")

    def test_it_shows_itself(self) -> None:
        of = club(SILVER, Tier("gold", when=field("tier.visits") >= 5))
        html = visited(of).progress(of, as_of=START)._repr_html_()

        assert (">silver</td>" in html, "4 more for tier.visits" in html) == (True, True)
        assert "kept by" not in opened(of).progress(of, as_of=START)._repr_html_()
