"""Versions of a program: which one decides, and what changes between them."""

from __future__ import annotations

import copy
import pickle
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from relex.calendars import Days, Months, Period, Years
from relex.errors import InvalidValue, NotFound
from relex.loyalty import (
    Account,
    Always,
    Anniversary,
    Cap,
    CashOff,
    Choose,
    Clawback,
    EarningRule,
    Escrow,
    FirstOf,
    Flat,
    For,
    Gift,
    Inactive,
    Lifetime,
    Multiply,
    Occasion,
    OnDates,
    PerAmount,
    Periods,
    PerUnit,
    Points,
    PointsEarned,
    Program,
    ProgramVersions,
    Reward,
    Rolling,
    SinceChange,
    Tier,
    TierPolicy,
    WhileMet,
    outstanding,
)
from relex.rules import FactSchema, Rule, field

NEW_YORK = ZoneInfo("America/New_York")
YEAR = Period(date(2025, 1, 1), date(2026, 1, 1))


def program(version: int = 1, **more: Any) -> Program:
    return Program("beans", version=version, currency="USD", **more)


OLD = program(valid=YEAR, tz=NEW_YORK)
NEW = program(2, valid=Period(date(2026, 1, 1)), tz=NEW_YORK)


class TestWhichOneDecides:
    def test_the_one_in_force_on_the_local_date(self) -> None:
        versions = ProgramVersions([OLD, NEW])
        last = datetime(2026, 1, 1, 4, 59, 59, tzinfo=UTC)

        assert [each.version for each in (versions.at(last), versions.at(last + timedelta(seconds=1)))] == [1, 2]

    def test_one_without_dates_always_decides(self) -> None:
        assert ProgramVersions([program()]).at(datetime(1990, 1, 1, tzinfo=UTC)) == program()

    def test_none_decides_before_the_first(self) -> None:
        with pytest.raises(NotFound, match="version of beans in force at"):
            ProgramVersions([OLD, NEW]).at(datetime(2024, 1, 1, tzinfo=UTC))

    def test_a_naive_instant_is_refused(self) -> None:
        with pytest.raises(InvalidValue, match=r"ProgramVersions\.at\.moment"):
            ProgramVersions([OLD]).at(datetime(2025, 1, 1))  # noqa: DTZ001 - it is refused

    def test_a_late_award_goes_by_the_rules_of_its_day(self) -> None:
        rules = [EarningRule("visit", Flat(10), on="visit")], [EarningRule("visit", Flat(3), on="visit")]
        versions = ProgramVersions([program(valid=YEAR, rules=rules[0]), program(2, valid=NEW.valid, rules=rules[1])])
        day = datetime(2025, 6, 1, tzinfo=UTC)
        account, _ = Account.open("a", customer="c", program=versions.at(day), at=day)
        account, events = account.earn(Occasion("visit", "v", day), versions.at(day), at=day + timedelta(days=365))
        [event] = [each for each in events if isinstance(each, PointsEarned)]

        assert (event.points, event.program_version) == (10, 1)

    def test_it_lists_its_versions(self) -> None:
        versions = ProgramVersions([OLD, NEW])

        assert (len(versions), list(versions), versions.latest) == (2, [OLD, NEW], NEW)


class TestBadInput:
    @pytest.mark.parametrize(
        ("versions", "path"),
        [
            ([], r"ProgramVersions\.versions"),
            ([OLD, Program("tea", version=2, currency="USD", valid=NEW.valid)], r"versions\[1\]\.id"),
            ([OLD, Program("beans", version=2, currency="EUR", valid=NEW.valid)], r"versions\[1\]\.currency"),
            ([OLD, program(valid=NEW.valid)], r"versions\[1\]\.version"),
            ([OLD, program(2)], r"versions\[1\]\.valid"),
            ([program(), NEW], r"versions\[1\]\.valid"),
            ([program(valid=Period(date(2025, 1, 1))), NEW], "an end of the one before it"),
            ([OLD, program(2, valid=Period(date(2025, 12, 31)), tz=NEW_YORK)], "a start at or after"),
            (["beans"], "ProgramVersions.versions"),
        ],
        ids=["none", "id", "currency", "number", "no dates", "no dates before", "no end", "together", "a text"],
    )
    def test_what_cannot_be_is_refused(self, versions: list[Any], path: str) -> None:
        with pytest.raises(InvalidValue, match=path):
            ProgramVersions(versions)


class TestChanges:
    def test_rules_and_tiers_are_told_by_id(self) -> None:
        before = program(
            rules=[
                EarningRule("base", PerAmount(1, per="10.00")),
                EarningRule("coffee", Multiply(2), when=field("line.category") == "coffee"),
            ],
            tiers=[Tier("gold", at=2_000)],
        )
        after = program(
            2,
            rules=[
                EarningRule("base", PerAmount(1, per="5.00", whole=False)),
                EarningRule("visit", Flat(5), on="visit"),
            ],
            tiers=[Tier("gold", at=1_500)],
        )

        assert [str(row) for row in after.changes_since(before).rows] == [
            "rules[base].award: 1 for every full 10.00 of line.net -> 1 per 5.00 of line.net",
            "rules[coffee] is gone; it was: award times 2 on base, when line.category is coffee",
            "rules[visit] is new: award 5 at once, on visit",
            "tiers[gold].at: 2000 -> 1500",
        ]

    @pytest.mark.parametrize(
        ("change", "words"),
        [
            ({"expires": Months(12, end_of="month")}, "never -> 12 months, to the end of the month"),
            ({"expires": Months(1, end_of="year", year_ends=3)}, "to the end of the year that ends with month 3"),
            ({"expires": OnDates("07-01", "01-01", least=Days(1))}, "on 01-01, 07-01, after at least 1 day"),
            ({"expires": OnDates("01-01")}, "on 01-01"),
            ({"expires": FirstOf(Years(2), Inactive(Months(6)))}, "the first of: 2 years; 6 months after the last of"),
            ({"expires": timedelta(days=30)}, "30 days"),
            ({"pending": Days(14)}, "none -> 14 days"),
            ({"valid": Period(date(2026, 1, 1))}, "none -> from 2026-01-01"),
            ({"valid": YEAR}, "none -> from 2025-01-01 until 2026-01-01"),
            ({"clawback": Clawback(reach="allow_debt")}, "clawback.reach: within_balance -> allow_debt"),
            ({"tier_policy": TierPolicy(measure="spend")}, "tier_policy.measure: earned -> spend"),
            ({"tier_policy": TierPolicy(keeps=Periods(2))}, "period 1 after it -> to the end of period 2 after it"),
            ({"tier_policy": TierPolicy(keeps=For(Days(9)))}, "to the end of period 1 after it -> 9 days"),
            ({"tier_policy": TierPolicy(keeps=WhileMet())}, "-> while it is met"),
            ({"tier_policy": TierPolicy(window=Rolling(), keeps=Always())}, "from 01-01 -> the last 12 months"),
            ({"tier_policy": TierPolicy(keeps=Always())}, "keeps: to the end of period 1 after it -> always"),
            ({"tier_policy": TierPolicy(window=Lifetime(), keeps=Always())}, "12 months from 01-01 -> all time"),
            ({"tier_policy": TierPolicy(window=SinceChange(), keeps=Always())}, "-> since the last change"),
            ({"tier_policy": TierPolicy(window=Anniversary())}, "12 months from 01-01 -> 12 months from enrollment"),
            ({"caps": [Cap(points=5, then="reject")]}, "none -> 5 points per event, else nothing"),
            ({"facts": FactSchema({"line.margin": int})}, "none -> line.margin"),
            ({"points": [Points("points", scale=2)]}, "points[points].scale: 0 -> 2"),
            ({"multipliers": "best"}, "multipliers: sum -> best"),
        ],
    )  # fmt: skip
    def test_every_part_has_words(self, change: dict[str, Any], words: str) -> None:
        assert words in str(program(2, **change).changes_since(program()))

    def test_groups_are_told_by_name(self) -> None:
        rules = [EarningRule("base", PerUnit(1))]

        assert "groups[base] is new: choose best" in str(
            program(2, rules=rules, groups={"base": Choose.BEST}).changes_since(program(rules=rules))
        )

    def test_a_flag_is_yes_or_no(self) -> None:
        one, two = (program(n, tiers=[Tier("gold", at=1, lifetime=n == 2)]) for n in (1, 2))

        assert "tiers[gold].lifetime: no -> yes" in str(two.changes_since(one))

    def test_what_members_have_already_is_told_once(self) -> None:
        diff = program(2, expires=Days(3), pending=Days(2)).changes_since(program(pending=Days(1)))

        told = [line for line in str(diff).splitlines() if line.startswith("(")]
        lots = "points already earned keep the start and the end that were recorded"

        assert [line.partition(";")[0].strip("()") for line in told] == [lots, lots]
        assert len(told) == len(set(told)) == 2

    def test_a_currency_that_is_gone_can_be_spent_no_more(self) -> None:
        both, one = program(points=[Points("points"), Points("coins")]), program(2, points=[Points("points")])
        day = datetime(2026, 5, 1, tzinfo=UTC)
        account, _ = Account.open("a", customer="c", program=both, at=day)
        account, _ = account.adjust(5, both, id="gift", reason="hi", actor="ann", currency="coins", at=day)
        [row] = one.changes_since(both).rows

        assert (row.path, row.after) == ("points[coins]", None)
        assert row.means.startswith("what members still have of it cannot be spent under this version")
        assert [outstanding([account], of, as_of=day).points() for of in (both, one)] == [5, 0]

    def test_no_difference_is_told_too(self) -> None:
        diff = program(2).changes_since(program())

        assert str(diff) == "beans: version 1 to 2\nno difference"
        assert "no difference" in diff._repr_html_()

    @pytest.mark.parametrize("before", [Program("tea", currency="USD"), "beans", None], ids=str)
    def test_another_program_is_refused(self, before: Any) -> None:
        with pytest.raises(InvalidValue, match=r"changes_since\.before: expected a version of beans"):
            program().changes_since(before)

    def test_the_order_of_currencies_and_of_tiers_is_a_difference(self) -> None:
        points, tiers = [Points("a"), Points("b")], [Tier(name, when=field("tier.orders") >= 1) for name in "xy"]
        before = program(points=points, tiers=tiers)
        diff = program(2, points=[*points[::-1], Points("c")], tiers=tiers[::-1]).changes_since(before)

        assert [str(row) for row in diff.rows] == [
            "points[c] is new: id c",
            "points: a, b -> b, a, c",
            "tiers: x, y -> y, x",
        ]

    def test_the_order_of_rules_is_none(self) -> None:
        rules = [EarningRule("a", Flat(1)), EarningRule("b", Flat(2))]

        assert program(2, rules=rules[::-1]).changes_since(program(rules=rules)).rows == ()

    def test_what_reads_alike_is_told_exactly(self) -> None:
        five, text = (program(rules=[EarningRule("a", Flat(1), when=field("event.x") == five)]) for five in (5, "5"))

        assert (
            str(text.changes_since(five).rows[0]) == "rules[a].when: field('event.x') == 5 -> field('event.x') == '5'"
        )

    def test_parts_of_parts_are_told_by_name(self) -> None:
        one, two = (
            program(
                pending=Escrow("delivered", within=Days(n)), rewards=[Reward("r", None, CashOff(points=100, worth=n))]
            )
            for n in (3, 5)
        )

        assert [str(row) for row in two.changes_since(one).rows] == [
            "pending.within: 3 days -> 5 days",
            "rewards[r].benefit.worth: 3 -> 5",
        ]

    def test_versions_tell_all_their_changes(self) -> None:
        diffs = ProgramVersions([OLD, NEW]).changes()

        assert [row.path for diff in diffs for row in diff.rows] == ["valid"]

    def test_a_table_escapes_what_it_shows(self) -> None:
        diff = program(2, rules=[EarningRule("<b>", Flat(1))]).changes_since(program())

        assert "rules[&lt;b&gt;]" in diff._repr_html_()


class TestPictures:
    WHOLE = program(
        points=[Points("points", expires=Months(12)), Points("status", qualifying=True)],
        rules=[
            EarningRule("base", PerAmount(1, per="1.00"), gives=("points", "status")),
            EarningRule("hi", Flat(5), on="visit", when=field("event.weekday") == 6, priority=1),
        ],
        tiers=[Tier("silver", at=500), Tier("gold", when=field("tier.orders") >= 10)],
    )

    def test_a_program_is_drawn_from_occasions_to_tiers(self) -> None:
        assert self.WHOLE.to_mermaid().splitlines() == [
            "flowchart LR",
            '    k0(["purchase"])',
            '    k1(["visit"])',
            '    p0[("points, ends: 12 months")]',
            '    p1[("status, status only")]',
            '    r0["base: 1 for every full 1.00 of line.net"]',
            "    k0 --> r0",
            "    r0 --> p0",
            "    r0 --> p1",
            '    r1["hi: 5 at once"]',
            '    k1 -->|"event.weekday is 6"| r1',
            "    r1 --> p0",
            '    t0{{"silver"}}',
            '    p0 -->|"earned from 500"| t0',
            '    t1{{"gold"}}',
            '    t0 -->|"tier.orders is at least 10"| t1',
        ]

    def test_rewards_are_drawn_and_listed(self) -> None:
        cash = CashOff(points=100, worth="5.00")
        of = program(rewards=[Reward("mug", 50, Gift("mug")), Reward("cash", None, cash)])

        assert of.to_mermaid().splitlines()[2:] == [
            '    w0[/"mug: 50"/]',
            "    p0 --> w0",
            '    w1[/"cash: any points"/]',
            "    p0 --> w1",
        ]
        assert "points 100, worth 5.00" in of._repr_html_()

    def test_names_cannot_break_out_of_the_picture(self) -> None:
        drawn = program(rules=[EarningRule('a"]\n<script>', Flat(1))]).to_mermaid()

        assert "<script>" not in drawn
        assert len(drawn.splitlines()) == 6

    def test_a_table_has_high_priorities_first(self) -> None:
        shown = self.WHOLE._repr_html_()

        assert shown.index("hi") < shown.index("base")
        assert "tier.orders is at least 10" in shown

    def test_a_program_without_tiers_has_one_table(self) -> None:
        assert program()._repr_html_().count("<table") == 1


class TestCopies:
    def test_a_program_that_was_used_is_pickled_and_copied(self) -> None:
        used = program(rules=[EarningRule("visit", Flat(10), on="visit", when=field("event.weekday") > 0)])
        day = datetime(2026, 6, 1, tzinfo=UTC)
        Account.open("a", customer="c", program=used, at=day).state.earn(Occasion("visit", "v", day), used, at=day)

        assert used == pickle.loads(pickle.dumps(used)) == copy.deepcopy(used)  # noqa: S301 - our own bytes


class TestNeverTrue:
    @pytest.mark.parametrize(
        ("when", "words"),
        [
            ((field("purchase.total") > 50) & (field("purchase.total") < 20), "it never is: purchase.total"),
            (field("event.weekday") == 0, "event.weekday is 0"),
            (field("event.minute") >= 1440, "event.minute is at least 1440"),
            (field("line.kind") == "gift_card", "not (line.kind is gift_card, delivery or fee"),
        ],
    )
    def test_a_rule_that_can_never_match_is_refused(self, when: Any, words: str) -> None:
        with pytest.raises(InvalidValue) as caught:
            program(rules=[EarningRule("base", Flat(1)), EarningRule("never", Flat(1), when=when)])

        assert caught.value.path == "Program.rules[1].when"
        assert words in str(caught.value)

    def test_what_is_eligible_says_nothing_of_other_occasions(self) -> None:
        rule = EarningRule("gift", Flat(1), when=field("line.kind") == "gift_card", on="visit")

        assert program(rules=[rule]).rules == (rule,)

    @pytest.mark.parametrize(
        ("eligible", "when"),
        [
            (field("purchase.channel") != "outlet", field("purchase.channel") == "outlet"),
            (~field("line.kind").is_in("fee"), field("line.kind").is_missing() | (field("line.kind") == "fee")),
        ],
    )
    def test_a_purchase_without_lines_is_judged_as_a_whole(self, eligible: Rule, when: Rule) -> None:
        of = program(rules=[EarningRule("whole", Flat(5), when=when)], eligible=eligible)
        day = datetime(2026, 5, 1, tzinfo=UTC)
        account, _ = Account.open("a", customer="c", program=of, at=day)
        account, _ = account.earn(Occasion("purchase", "p", day, {"purchase.channel": "outlet"}), of, at=day)

        assert account.balance(as_of=day).available == 5

    def test_a_tier_that_can_never_be_reached_is_refused(self) -> None:
        with pytest.raises(InvalidValue, match=r"Program\.tiers\[0\]\.when"):
            program(tiers=[Tier("gold", when=(field("tier.orders") > 5) & (field("tier.orders") < 3))])
