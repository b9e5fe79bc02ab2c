"""Deals: every command, what it refuses, and what follows from the events."""

from __future__ import annotations

import decimal
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from relex.calendars import Days
from relex.changes import Change, Event
from relex.errors import Conflict, CurrencyMismatch, InvalidValue, NotFound, Rejected
from relex.money import Money
from relex.pipeline import (
    ActivityRecorded,
    AmountChanged,
    CloseDateChanged,
    ContactRole,
    ContactsChanged,
    LinesChanged,
    LostReason,
    NextStep,
    NextStepChanged,
    Opportunity,
    OpportunityLost,
    OpportunityOpened,
    OpportunityOwnerChanged,
    OpportunityReopened,
    OpportunityStageChanged,
    OpportunityTagsChanged,
    OpportunityWon,
    Pipeline,
    SnoozeChanged,
    Split,
    Stage,
)
from relex.purchases import Discount, Line
from relex.rules import Requirement, field

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
LATER = AT + HOUR
DAY = date(2026, 6, 30)
WON, LOST = Stage("won", 8, kind="won"), Stage("lost", 9, kind="lost")
STAGES = [Stage("new", 1, probability=10), Stage("demo", 2, probability=30, category="best_case"), WON, LOST]
SALES = Pipeline("sales", STAGES)
Command = Callable[[Opportunity], Change[Opportunity]]


def opened(**known: Any) -> Opportunity:
    return Opportunity.open("o1", SALES, at=AT, **known).state


def usd(amount: int | str) -> Money:
    return Money(amount, "USD")


def seats(number: int = 1, **parts: Any) -> Line:
    return Line(number, "seat", 2, unit_price="50", **parts)


def refused(command: Callable[[], object]) -> tuple[str, dict[str, object]]:
    with pytest.raises(Rejected) as found:
        command()
    return found.value.reason, found.value.details


class TestOpening:
    def test_in_the_first_open_stage(self) -> None:
        deal, (event,) = Opportunity.open("o1", SALES, at=AT, owner="ann", tags=["b", "a", "b"])

        assert (deal.id, deal.version, deal.stage, deal.kind, deal.history) == ("o1", 1, "new", "open", (event,))
        assert (deal.opened_at, deal.stage_entered_at, deal.changed_at, deal.assigned_at) == (AT, AT, AT, AT)
        assert (deal.last_open_stage, deal.closed_at, deal.tags, deal.pushes) == ("new", None, ("a", "b"), 0)
        assert isinstance(event, OpportunityOpened)
        assert (event.from_, event.to, event.probability, event.category) == (None, "new", 10, "pipeline")

    def test_nobody_is_assigned_without_an_owner(self) -> None:
        assert opened().assigned_at is None

    def test_the_gates_of_all_stages_up_to_the_first_are_asked(self) -> None:
        asked = [Stage(each, place, probability=1, requires=[needs(each)]) for place, each in enumerate("ab")]
        pipeline = Pipeline("sales", [*asked, WON, LOST])

        reason, details = refused(lambda: Opportunity.open("o1", pipeline, stage="b", at=AT))
        assert (reason, details["requirements"], details["from"]) == ("gate_unmet", ("a", "b"), None)
        deal, _ = Opportunity.open("o1", pipeline, stage="b", at=AT, facts={"a": 1, "b": 1})
        assert deal.stage == "b"

    def test_gates_see_what_is_given_at_the_opening(self) -> None:
        asked = Stage("a", 1, probability=1, requires=[Requirement("x", field("amount") > 5, "More")])
        pipeline = Pipeline("sales", [asked, WON, LOST])

        assert Opportunity.open("o1", pipeline, at=AT, amount=usd(6)).state.stage == "a"
        assert refused(lambda: Opportunity.open("o1", pipeline, at=AT, amount=usd(5)))[0] == "gate_unmet"

    def test_lost_at_once(self) -> None:
        assert refused(lambda: Opportunity.open("o1", SALES, stage="lost", at=AT))[0] == "reason_required"

        deal, (first, second) = Opportunity.open("o1", SALES, stage="lost", at=AT, reason="price", competitor="Casa")
        assert isinstance(second, OpportunityLost)
        assert (first.at, second.at, deal.closed_at, second.from_) == (AT, AT, AT, None)
        assert (deal.kind, deal.lost_reason, deal.competitor, deal.lost_from) == ("lost", "price", "Casa", None)

    def test_won_at_once_with_a_reason(self) -> None:
        deal = Opportunity.open("o1", SALES, stage="won", at=AT, reason="speed", note="n").state

        assert (deal.kind, deal.close_reason, deal.close_note, deal.lost_reason) == ("won", "speed", "n", None)

    @pytest.mark.parametrize("said", [{"reason": "x"}, {"note": "x"}, {"competitor": "x"}])
    def test_an_open_deal_has_no_reason(self, said: dict[str, Any]) -> None:
        with pytest.raises(InvalidValue, match=rf"open\.{next(iter(said))}"):
            opened(**said)

    def test_a_won_deal_has_no_competitor(self) -> None:
        with pytest.raises(InvalidValue, match=r"open\.competitor"):
            opened(stage="won", competitor="Casa")

    def test_an_unknown_stage(self) -> None:
        assert refused(lambda: opened(stage="x")) == (
            "unknown_stage",
            {"stage": "x", "allowed": ("new", "demo", "won", "lost")},
        )

    @pytest.mark.parametrize(
        ("known", "path"),
        [
            ({"id": ""}, r"open\.id"),
            ({"pipeline": "sales"}, r"open\.pipeline"),
            ({"at": datetime(2026, 3, 2)}, r"open\.at"),  # noqa: DTZ001 - what is refused
            ({"stage": 3}, r"open\.stage"),
            ({"amount": 3}, "amount"),
            ({"expected_close": AT}, "expected_close"),
            ({"owner": ""}, "owner"),
            ({"contacts": ["ann"]}, r"open\.contacts"),
            ({"contacts": [ContactRole("ann"), ContactRole("ann")]}, "contacts"),
            ({"tags": "hot"}, r"open\.tags"),
            ({"tags": [""]}, r"open\.tags"),
            ({"facts": {"owner": "x"}}, r"open\.facts"),
        ],
    )
    def test_wrong_values_are_refused(self, known: dict[str, Any], path: str) -> None:
        given: dict[str, Any] = {"id": "o1", "pipeline": SALES, "at": AT}

        with pytest.raises(InvalidValue, match=path):
            Opportunity.open(**(given | known))

    def test_the_first_contact_is_primary(self) -> None:
        deal = opened(contacts=[ContactRole("ann", "buyer"), ContactRole("bob")])

        assert deal.contact == "ann"
        assert opened().contact is None


def needs(name: str) -> Requirement:
    return Requirement(name, field(name) == 1, f"Fill in {name}")


class TestMoving:
    def test_to_another_open_stage(self) -> None:
        deal, (event,) = opened().move_to("demo", SALES, at=LATER, reason="asked", note="twice")

        assert isinstance(event, OpportunityStageChanged)
        assert (event.from_, event.to, event.probability, event.category) == ("new", "demo", 30, "best_case")
        assert (event.reason, event.note, event.pipeline, event.pipeline_version) == ("asked", "twice", "sales", 1)
        assert (deal.stage, deal.last_open_stage, deal.stage_entered_at, deal.opened_at) == ("demo", "demo", LATER, AT)
        assert (deal.probability(), deal.category(), deal.version) == (30, "best_case", 2)

    def test_to_the_stage_it_is_in_is_no_event(self) -> None:
        deal = opened()

        assert deal.move_to("new", SALES, at=LATER) == Change(deal, ())

    def test_to_a_won_stage_is_winning(self) -> None:
        deal, (event,) = opened().move_to("won", SALES, at=LATER)

        assert (type(event), deal.kind, deal.closed_at, deal.won_from) == (OpportunityWon, "won", LATER, "new")

    def test_to_a_lost_stage_is_losing(self) -> None:
        assert refused(lambda: opened().move_to("lost", SALES, at=LATER))[0] == "reason_required"

        deal, (event,) = opened().move_to("lost", SALES, at=LATER, reason="price", competitor="Casa")
        assert (type(event), deal.kind, deal.lost_from) == (OpportunityLost, "lost", "new")

    def test_what_is_over_does_not_move_on(self) -> None:
        won = opened(stage="won")

        details = {"stage": "new", "closed_at": AT, "allowed": ()}
        assert refused(lambda: won.move_to("new", SALES, at=AT)) == ("closed", details)
        assert refused(lambda: won.move_to("lost", SALES, at=AT, reason="price"))[0] == "closed"
        assert won.move_to("won", SALES, at=AT).events == ()

    def test_a_move_that_is_not_allowed(self) -> None:
        pipeline = Pipeline("sales", STAGES, moves="forward")
        deal = Opportunity.open("o1", pipeline, stage="demo", at=AT).state

        reason, details = refused(lambda: deal.move_to("new", pipeline, at=AT))
        assert (reason, details["allowed"]) == ("move_not_allowed", ("won", "lost"))

    def test_a_stage_that_is_not_there(self) -> None:
        assert refused(lambda: opened().move_to("x", SALES, at=AT))[0] == "unknown_stage"

        won = opened(stage="won")
        other = Pipeline("sales", [Stage("first", 1, probability=1), Stage("done", 8, kind="won"), LOST])
        assert refused(lambda: opened().move_to("first", other, at=AT)) == (
            "unknown_stage",
            {"stage": "new", "allowed": ("first", "done", "lost")},
        )
        assert refused(lambda: won.move_to("done", other, at=AT))[0] == "unknown_stage"
        assert won.reopen(other, at=AT).state.stage == "first"

    @pytest.mark.parametrize(
        ("given", "path"),
        [
            ({"stage": 3}, r"move_to\.stage"),
            ({"pipeline": "sales"}, r"move_to\.pipeline"),
            ({"pipeline": Pipeline("other", STAGES)}, r"move_to\.pipeline"),
            ({"at": datetime(2026, 3, 2)}, r"move_to\.at"),  # noqa: DTZ001 - what is refused
            ({"reason": ""}, r"move_to\.reason"),
            ({"note": ""}, r"move_to\.note"),
            ({"competitor": "Casa"}, r"move_to\.competitor"),
            ({"facts": {"stage": "x"}}, r"move_to\.facts"),
        ],
    )
    def test_wrong_values_are_refused(self, given: dict[str, Any], path: str) -> None:
        usual: dict[str, Any] = {"stage": "demo", "pipeline": SALES, "at": AT}

        with pytest.raises(InvalidValue, match=path):
            opened().move_to(**(usual | given))

    def test_nothing_happens_before_the_last_event(self) -> None:
        assert refused(lambda: opened().move_to("demo", SALES, at=AT - HOUR)) == (
            "out_of_order",
            {"at": AT - HOUR, "not_before": AT},
        )


class TestClosing:
    def test_winning_asks_for_the_gates_on_the_way(self) -> None:
        pipeline = Pipeline(
            "sales",
            [
                Stage("a", 1, probability=1),
                Stage("b", 2, probability=2, requires=[needs("b")]),
                Stage("won", 3, kind="won", requires=[needs("won")]),
                LOST,
            ],
        )
        deal = Opportunity.open("o1", pipeline, at=AT).state

        assert refused(lambda: deal.win(pipeline, at=AT))[1]["requirements"] == ("b", "won")
        assert deal.win(pipeline, at=AT, facts={"b": 1, "won": 1}, reason="r").state.close_reason == "r"
        assert deal.lose(pipeline, at=AT, reason="x").state.kind == "lost"

    def test_the_stage_may_be_named(self) -> None:
        more = Pipeline("sales", [*STAGES, Stage("won2", 20, kind="won"), Stage("lost2", 0, kind="lost")])
        deal = opened()

        assert [deal.win(more, at=AT).state.stage, deal.win(more, at=AT, stage="won2").state.stage] == ["won", "won2"]
        assert deal.lose(more, at=AT, reason="x").state.stage == "lost"
        assert deal.lose(more, at=AT, reason="x", stage="lost2").state.stage == "lost2"
        assert refused(lambda: deal.win(more, at=AT, stage="lost")) == (
            "unknown_stage",
            {"stage": "lost", "allowed": ("won", "won2")},
        )
        assert refused(lambda: deal.lose(more, at=AT, stage="x", reason="x"))[0] == "unknown_stage"

    def test_the_last_won_stage_where_none_is_above(self) -> None:
        early = [Stage("w1", -5, kind="won"), Stage("w2", -3, kind="won")]
        pipeline = Pipeline("sales", [STAGES[0], *early, LOST])

        assert Opportunity.open("o1", pipeline, at=AT).state.win(pipeline, at=AT).state.stage == "w2"

    def test_only_once(self) -> None:
        won = opened().win(SALES, at=AT).state

        for command in (lambda: won.win(SALES, at=AT), lambda: won.lose(SALES, at=AT, reason="x")):
            assert refused(command) == ("closed", {"opportunity": "o1", "closed_at": AT})
        with pytest.raises(InvalidValue, match=r"win\.at"):
            won.win(SALES, at=datetime(2026, 3, 2))  # noqa: DTZ001 - what is refused

    def test_a_reason_that_asks_for_a_note(self) -> None:
        pipeline = Pipeline("sales", STAGES, lost_reasons=["price", LostReason("other", note=True)])
        deal = opened()

        assert refused(lambda: deal.lose(pipeline, at=AT)) == ("reason_required", {"allowed": ("price", "other")})
        assert refused(lambda: deal.lose(pipeline, at=AT, reason="x"))[0] == "unknown_reason"
        assert deal.lose(pipeline, at=AT, reason="price").state.close_note is None

    @pytest.mark.parametrize("blank", ["", "  "], ids=["empty", "spaces"])
    def test_blank_words_are_none(self, blank: str) -> None:
        pipeline = Pipeline("sales", STAGES, lost_reasons=[LostReason("other", note=True)])

        assert refused(lambda: opened().lose(pipeline, at=AT, reason=blank))[0] == "reason_required"
        assert refused(lambda: opened().lose(SALES, at=AT, reason=blank))[0] == "reason_required"
        assert refused(lambda: opened().lose(pipeline, at=AT, reason="other", note=blank))[0] == "note_required"

    def test_closing_ends_what_a_person_said_of_the_stage(self) -> None:
        deal = opened().override_probability(70, at=AT).state.override_category("commit", at=AT).state
        won = deal.win(SALES, at=AT).state
        again = won.reopen(SALES, at=AT).state

        assert (won.probability(), won.category()) == (100, "closed")
        assert (again.probability(), again.category()) == (10, "pipeline")

    def test_a_closing_way_that_is_not_listed(self) -> None:
        pipeline = Pipeline("sales", STAGES, moves={"new": ["demo", "lost"], "demo": ["won"]})
        deal = Opportunity.open("o1", pipeline, at=AT).state

        assert refused(lambda: deal.win(pipeline, at=AT))[0] == "move_not_allowed"


class TestReopening:
    def test_where_it_was_closed_from(self) -> None:
        lost = opened(stage="demo").lose(SALES, at=AT, reason="price", competitor="Casa", note="n").state
        deal, (event,) = lost.reopen(SALES, at=LATER, reason="they called")

        assert isinstance(event, OpportunityReopened)
        assert (event.from_, event.to, event.reason) == ("lost", "demo", "they called")
        assert (deal.kind, deal.stage, deal.stage_entered_at, deal.closed_at) == ("open", "demo", LATER, None)
        assert (deal.close_reason, deal.close_note, deal.competitor) == (None, None, None)

    def test_in_the_first_stage_where_it_never_was_open(self) -> None:
        assert opened(stage="won").reopen(SALES, at=AT).state.stage == "new"

    def test_a_stage_further_on_asks_its_gates(self) -> None:
        asked = [Stage("new", 1, probability=1), Stage("b", 2, probability=2, requires=[needs("b")]), WON, LOST]
        pipeline = Pipeline("sales", asked, moves="adjacent")
        lost = Opportunity.open("o1", pipeline, at=AT).state.lose(pipeline, at=AT, reason="x").state

        assert refused(lambda: lost.reopen(pipeline, at=AT, stage="b"))[0] == "gate_unmet"
        assert lost.reopen(pipeline, at=AT, stage="b", facts={"b": 1}).state.stage == "b"

    def test_the_first_gate_where_the_last_stage_is_gone(self) -> None:
        lost = opened().lose(SALES, at=AT, reason="x").state
        pipeline = Pipeline("sales", [Stage("b", 2, probability=2, requires=[needs("b")]), WON, LOST])

        assert refused(lambda: lost.reopen(pipeline, at=AT)) == (
            "unknown_stage",
            {"stage": "new", "allowed": ("b", "won", "lost")},
        )
        assert refused(lambda: lost.reopen(pipeline, at=AT, stage="b"))[1]["from"] is None

    def test_only_what_is_over(self) -> None:
        assert refused(lambda: opened().reopen(SALES, at=AT)) == ("not_closed", {"opportunity": "o1", "stage": "new"})

    def test_only_into_an_open_stage(self) -> None:
        assert refused(lambda: opened(stage="won").reopen(SALES, at=AT, stage="lost")) == (
            "unknown_stage",
            {"stage": "lost", "allowed": ("new", "demo")},
        )

    def test_only_within_the_window(self) -> None:
        month = Pipeline("sales", STAGES, reopen=Days(30))
        never = Pipeline("sales", STAGES, reopen="never")
        won = opened(stage="won")

        assert won.reopen(month, at=AT + timedelta(days=30)).state.kind == "open"
        late = AT + timedelta(days=30, microseconds=1)
        assert refused(lambda: won.reopen(month, at=late)) == (
            "reopen_window",
            {"closed_at": AT, "at": late, "allowed": Days(30)},
        )
        assert refused(lambda: won.reopen(never, at=AT))[0] == "reopen_window"

    def test_an_open_stage_of_another_pipeline_is_not_where_it_was_closed_from(self) -> None:
        lost = opened(stage="demo").lose(SALES, at=AT, reason="price").state
        asked = [Stage("first", 1, probability=1), Stage("demo", 2, probability=2, requires=[needs("b")]), WON, LOST]
        new = Pipeline("new", asked)
        moved = lost.transfer("lost", new, at=AT).state

        assert moved.reopen(new, at=AT).state.stage == "first"
        assert refused(lambda: moved.reopen(new, at=AT, stage="demo"))[0] == "gate_unmet"


class TestTransferring:
    def test_it_is_no_way_round_the_gates(self) -> None:
        asked = [*STAGES[:1], Stage("b", 2, probability=2, requires=[needs("b")]), WON, LOST]
        pipeline = Pipeline("sales", asked)
        deal = Opportunity.open("o1", pipeline, at=AT).state

        assert refused(lambda: deal.transfer("b", pipeline, at=AT)) == (
            "same_pipeline",
            {"stage": "b", "from": "new", "pipeline": "sales", "version": 1},
        )
        assert deal.transfer("b", Pipeline("sales", asked, version=2), at=AT).state.stage == "b"
        assert deal.transfer("b", Pipeline("sales", asked[1:]), at=AT).state.stage == "b"

    def test_a_closed_deal_keeps_its_day(self) -> None:
        new = Pipeline("new", [STAGES[0], Stage("done", 5, kind="won"), LOST])
        deal, (event,) = opened(stage="won").transfer("done", new, at=LATER, reason="moved")

        assert (deal.pipeline, deal.stage, deal.closed_at) == ("new", "done", AT)
        assert (event.from_, event.to, event.reason) == ("won", "done", "moved")  # type: ignore[attr-defined]

    def test_where_it_is_already_nothing_happens(self) -> None:
        assert opened().transfer("new", Pipeline("sales", STAGES, version=2), at=AT).events == ()

    def test_what_is_refused(self) -> None:
        deal = opened()

        assert refused(lambda: deal.transfer("x", SALES, at=AT))[0] == "unknown_stage"
        assert refused(lambda: deal.transfer("won", SALES, at=AT)) == (
            "move_not_allowed",
            {"stage": "won", "allowed": ("new", "demo")},
        )
        with pytest.raises(InvalidValue, match=r"transfer\.pipeline"):
            deal.transfer("new", "sales", at=AT)  # type: ignore[arg-type]
        with pytest.raises(InvalidValue, match=r"transfer\.reason"):
            deal.transfer("demo", SALES, at=AT, reason="")


class TestPresentDefinition:
    def test_another_pipeline_does_not_say_what_a_stage_is_worth(self) -> None:
        other, deal = Pipeline("other", [Stage("new", 1, probability=99), WON, LOST]), opened(amount=usd(100))

        for ask in (deal.probability, deal.category, deal.weighted, deal.facts, opened(stage="won").probability):
            with pytest.raises(InvalidValue, match=r"Opportunity\.pipeline: expected the pipeline of the deal, sales"):
                ask(other)

    def test_an_open_deal_in_a_stage_that_is_a_closing_one_now_is_open_still(self) -> None:
        new = Pipeline("sales", [STAGES[1], Stage("new", 3, kind="won"), LOST], version=2)
        deal = opened()

        assert (deal.kind, deal.probability(new), deal.category(new)) == ("open", 10, "pipeline")


EDITS: list[tuple[str, Command, str, Any]] = [
    ("rename", lambda it: it.rename("Casa", at=LATER), "name", "Casa"),
    ("amount", lambda it: it.change_amount(usd(5), at=LATER), "amount", usd(5)),
    ("date", lambda it: it.change_close_date(DAY, at=LATER, reason="r"), "expected_close", DAY),
    ("owner", lambda it: it.reassign("ann", at=LATER), "owner", "ann"),
    ("territory", lambda it: it.set_territory("west", at=LATER), "territory", "west"),
    ("campaign", lambda it: it.set_campaign("fair", at=LATER), "campaign", "fair"),
    ("probability", lambda it: it.override_probability(Decimal("12.5"), at=LATER), "probability_override", 12.5),
    ("category", lambda it: it.override_category("commit", at=LATER), "category_override", "commit"),
    ("contact", lambda it: it.add_contact("ann", at=LATER), "contact", "ann"),
    ("step", lambda it: it.set_next_step("Call", DAY, at=LATER), "next_step", NextStep("Call", DAY)),
    ("snooze", lambda it: it.snooze(DAY, reason="holidays", at=LATER), "snoozed_until", DAY),
    ("lines", lambda it: it.set_lines([seats()], currency="USD", at=LATER), "lines", (seats(),)),
    ("splits", lambda it: it.set_splits([Split("ann", 100)], at=LATER), "splits", (Split("ann", 100),)),
    ("tag", lambda it: it.tag("hot", at=LATER), "tags", ("hot",)),
]
every_edit = pytest.mark.parametrize(
    ("command", "name", "value"), [pytest.param(*rest, id=id_) for id_, *rest in EDITS]
)


class TestEditing:
    @every_edit
    def test_it_is_kept(self, command: Command, name: str, value: Any) -> None:
        deal, events = command(opened())

        assert getattr(deal, name) == value
        assert {event.at for event in events} == {LATER} == {deal.changed_at}
        assert (deal.stage_entered_at, deal.version) == (AT, 1 + len(events))

    @every_edit
    def test_the_same_again_is_no_event(self, command: Command, name: str, value: Any) -> None:
        deal = command(opened()).state

        assert command(deal) == Change(deal, ())

    @every_edit
    def test_a_deal_that_is_over_is_left_alone(self, command: Command, name: str, value: Any) -> None:
        assert refused(lambda: command(opened(stage="won")))[0] == "closed"

    @every_edit
    def test_not_before_the_last_event(self, command: Command, name: str, value: Any) -> None:
        deal = Opportunity.open("o1", SALES, at=LATER + HOUR).state

        assert refused(lambda: command(deal))[0] == "out_of_order"

    @pytest.mark.parametrize(
        ("command", "path"),
        [
            (lambda it: it.rename("", at=AT), r"rename\.name"),
            (lambda it: it.change_amount(5, at=AT), r"change_amount\.amount"),
            (lambda it: it.change_close_date(AT, at=AT), r"change_close_date\.expected_close"),
            (lambda it: it.change_close_date(DAY, at=AT, reason=""), r"change_close_date\.reason"),
            (lambda it: it.reassign("", at=AT), r"reassign\.owner"),
            (lambda it: it.set_territory(3, at=AT), r"set_territory\.territory"),
            (lambda it: it.set_campaign("", at=AT), r"set_campaign\.campaign"),
            (lambda it: it.override_probability(101, at=AT), r"override_probability\.probability"),
            (lambda it: it.override_probability(-1, at=AT), r"override_probability\.probability"),
            (lambda it: it.override_probability(0.5, at=AT), r"override_probability\.probability"),
            (lambda it: it.override_probability(Decimal("NaN"), at=AT), r"override_probability\.probability"),
            (lambda it: it.override_probability(True, at=AT), r"override_probability\.probability"),
            (lambda it: it.override_category("closed", at=AT), r"override_category\.category"),
            (lambda it: it.add_contact("", at=AT), r"ContactRole\.contact"),
            (lambda it: it.remove_contact("", at=AT), r"remove_contact\.contact"),
            (lambda it: it.set_next_step("", DAY, at=AT), r"NextStep\.text"),
            (lambda it: it.set_next_step("Call", AT, at=AT), r"NextStep\.due"),
            (lambda it: it.snooze(AT, reason="r", at=AT), r"snooze\.until"),
            (lambda it: it.set_lines([3], currency="USD", at=AT), r"set_lines\.lines"),
            (lambda it: it.set_lines([seats(), seats()], currency="USD", at=AT), r"set_lines\.lines"),
            (lambda it: it.set_lines([seats()], at=AT), r"set_lines\.currency"),
            (lambda it: it.set_splits([Split("ann", 99)], at=AT), r"set_splits\.splits"),
            (lambda it: it.set_splits([Split("ann", 50), Split("ann", 50)], at=AT), r"set_splits\.splits"),
            (lambda it: it.set_splits(3, at=AT), r"set_splits\.splits"),
            (lambda it: it.tag("", at=AT), r"tag\.tags"),
            (lambda it: it.untag(3, at=AT), r"untag\.tags"),
            (lambda it: it.record_activity("", at=AT), r"record_activity\.kind"),
            (lambda it: it.rename("x", at=datetime(2026, 3, 2)), r"rename\.at"),  # noqa: DTZ001 - what is refused
        ],
    )
    def test_wrong_values_are_refused(self, command: Callable[[Any], object], path: str) -> None:
        with pytest.raises(InvalidValue, match=path):
            command(opened())

    def test_events_say_what_was_before(self) -> None:
        deal = opened(owner="ann", amount=usd(5), expected_close=DAY)
        (owner,) = deal.reassign(None, at=LATER).events
        (amount,) = deal.change_amount(usd(6), at=LATER).events
        (day,) = deal.change_close_date(None, at=LATER).events

        assert owner == OpportunityOwnerChanged(source="o1", version=2, at=LATER, from_="ann", to=None)
        assert amount == AmountChanged(source="o1", version=2, at=LATER, from_=usd(5), to=usd(6))
        assert day == CloseDateChanged(source="o1", version=2, at=LATER, from_=DAY, to=None)
        assert deal.reassign(None, at=LATER).state.assigned_at is None

    def test_only_later_dates_are_pushes(self) -> None:
        deal, pushes = opened(), []
        for day in (1, 5, 3, None, 9):
            deal = deal.change_close_date(None if day is None else date(2026, 6, day), at=AT).state
            pushes.append(deal.pushes)

        assert pushes == [0, 1, 1, 1, 1]

    def test_clearing_what_a_person_said(self) -> None:
        deal = opened().override_probability(0, at=AT).state.override_category("commit", at=AT).state
        clear = deal.override_probability(None, at=AT).state.override_category(None, at=AT).state

        assert (deal.probability(), deal.category()) == (0, "commit")
        assert (clear.probability(), clear.category()) == (10, "pipeline")

    def test_a_word_of_a_person_survives_a_move(self) -> None:
        deal = opened().override_probability(77, at=AT).state.override_category("commit", at=AT).state
        moved = deal.move_to("demo", SALES, at=AT).state

        assert (moved.probability(SALES), moved.category(SALES)) == (77, "commit")

    def test_tags(self) -> None:
        deal, (event,) = opened(tags=["b"]).tag("c", "a", "b", at=AT)
        less, (gone,) = deal.untag("c", "x", at=AT)

        assert event == OpportunityTagsChanged(source="o1", version=2, at=AT, added=("a", "c"))
        assert gone == OpportunityTagsChanged(source="o1", version=3, at=AT, removed=("c",))
        assert (deal.tags, less.tags) == (("a", "b", "c"), ("a", "b"))
        assert less.untag("x", at=AT).events == ()

    def test_activities_are_what_the_application_says(self) -> None:
        deal, (event,) = opened().record_activity("call", at=LATER)

        assert event == ActivityRecorded(source="o1", version=2, at=LATER, kind="call")
        assert deal.last_activity_at == LATER
        assert deal.reassign("ann", at=LATER + HOUR).state.last_activity_at == LATER


class TestContacts:
    def test_another_role_of_somebody_who_is_there(self) -> None:
        deal = opened().add_contact("ann", at=AT).state.add_contact("bob", at=AT).state
        same = deal.add_contact("ann", "buyer", at=AT).state
        other = same.add_contact("bob", primary=True, at=AT).state
        back = other.add_contact("ann", primary=True, at=AT).state

        assert same.contacts == (ContactRole("ann", "buyer", primary=True), ContactRole("bob"))
        assert other.contacts == (ContactRole("ann", "buyer"), ContactRole("bob", primary=True))
        assert back.contacts == same.contacts
        assert back.add_contact("ann", at=AT).events == ()

    def test_the_first_of_the_others_follows_the_primary_one(self) -> None:
        deal = opened(contacts=[ContactRole("ann"), ContactRole("bob"), ContactRole("cid")])
        less, (event,) = deal.remove_contact("ann", at=AT)

        assert isinstance(event, ContactsChanged)
        assert less.contacts == (ContactRole("bob", primary=True), ContactRole("cid"))
        assert less.remove_contact("cid", at=AT).state.contact == "bob"
        assert less.remove_contact("nobody", at=AT).events == ()
        assert opened(contacts=[ContactRole("ann")]).remove_contact("ann", at=AT).state.contacts == ()


class TestNextSteps:
    def test_a_step_that_is_done(self) -> None:
        deal = opened().set_next_step("Call", DAY, at=AT).state
        done, (event,) = deal.complete_next_step(at=LATER)

        assert event == NextStepChanged(
            source="o1", version=3, at=LATER, from_=NextStep("Call", DAY), to=None, done=True
        )
        assert done.next_step is None
        assert done.complete_next_step(at=LATER).events == ()

    def test_a_step_is_overdue_after_its_day(self) -> None:
        step = NextStep("Call", DAY)

        assert [step.overdue(DAY), step.overdue(DAY + timedelta(days=1))] == [False, True]
        with pytest.raises(InvalidValue, match=r"overdue\.on"):
            step.overdue(AT)

    def test_a_rest_needs_a_reason(self) -> None:
        assert refused(lambda: opened().snooze(DAY, at=AT)) == ("reason_required", {"until": DAY})

    def test_a_rest_may_end_and_have_another_reason(self) -> None:
        deal = opened().snooze(DAY, reason="holidays", at=AT).state
        other = deal.snooze(DAY, reason="budget", at=AT).state
        awake, (event,) = other.snooze(None, at=AT, reason="they called")

        assert (other.snooze_reason, awake.snoozed_until, awake.snooze_reason) == ("budget", None, None)
        assert event == SnoozeChanged(source="o1", version=4, at=AT, from_=DAY, to=None, reason="they called")
        assert awake.snooze(None, at=AT, reason="again").events == ()


class TestLines:
    def test_they_give_the_amount(self) -> None:
        deal, (lines, amount) = opened().set_lines(
            [seats(), seats(2, discounts=[Discount(percent=10)])], at=AT, currency="USD"
        )

        assert (type(lines), type(amount)) == (LinesChanged, AmountChanged)
        assert (deal.amount, deal.amount_source, deal.currency) == (usd(190), "lines", "USD")

    def test_tax_is_no_part_of_it(self) -> None:
        deal = opened().set_lines([seats(tax_rate="0.10")], at=AT, currency="USD").state

        assert deal.amount == usd(100)

    def test_an_amount_set_by_hand_stays(self) -> None:
        deal, events = opened(amount=usd(5)).set_lines([seats()], at=AT)

        assert (deal.amount, deal.amount_source, [type(event) for event in events]) == (usd(5), "hand", [LinesChanged])

    def test_the_hand_may_leave_it_to_the_lines(self) -> None:
        deal = opened(amount=usd(5)).set_lines([seats()], at=AT).state
        left, (event,) = deal.change_amount(None, at=AT)

        assert (left.amount, left.amount_source) == (usd(100), "lines")
        assert event == AmountChanged(source="o1", version=3, at=AT, from_=usd(5), to=usd(100), amount_source="lines")
        assert left.change_amount(usd(100), at=AT).state.amount_source == "hand"

    def test_without_lines_there_is_no_amount(self) -> None:
        deal = opened().set_lines([seats()], at=AT, currency="USD").state
        bare = deal.set_lines([], at=AT).state
        gone = opened(amount=usd(5)).change_amount(None, at=AT).state

        assert (bare.amount, bare.amount_source, bare.currency) == (None, None, None)
        assert (gone.amount, gone.amount_source, gone.weighted()) == (None, None, None)

    def test_currencies_do_not_mix(self) -> None:
        deal = opened(amount=usd(5))

        with pytest.raises(CurrencyMismatch, match="USD"):
            deal.change_amount(Money(5, "EUR"), at=AT)
        with pytest.raises(CurrencyMismatch, match="USD"):
            deal.set_lines([seats()], currency="EUR", at=AT)


class TestSplits:
    def test_overlays_stand_apart(self) -> None:
        shares = [Split("ann", Decimal("33.4")), Split("bob", Decimal("66.6")), Split("ann", 100, kind="overlay")]

        assert opened().set_splits(shares, at=AT).state.splits == tuple(shares)
        assert opened().set_splits([Split("cid", 20, kind="overlay")], at=AT).state.splits

    @pytest.mark.parametrize(
        ("given", "path"),
        [
            (("", 10), r"Split\.owner"),
            (("ann", 101), r"Split\.share"),
            (("ann", 0.5), r"Split\.share"),
            (("ann", -1), r"Split\.share"),
        ],
    )
    def test_a_wrong_share_is_refused(self, given: tuple[str, Any], path: str) -> None:
        with pytest.raises(InvalidValue, match=path):
            Split(*given)
        with pytest.raises(InvalidValue, match=r"Split\.kind"):
            Split("ann", 10, kind="other")


class TestAsking:
    def test_the_present_definition_or_that_of_the_entry(self) -> None:
        deal = opened(amount=usd("99.99"))
        now = Pipeline("sales", [Stage("new", 1, probability=Decimal("12.5"), category="commit"), *STAGES[1:]])

        assert (deal.probability(), deal.category(), deal.weighted()) == (10, "pipeline", Money("9.999", "USD"))
        assert (deal.probability(now), deal.category(now)) == (Decimal("12.5"), "commit")
        assert deal.weighted(now) == Money("12.49875", "USD")
        with pytest.raises(NotFound):
            deal.probability(Pipeline("sales", STAGES[1:]))

    def test_the_weight_is_exact_in_every_context(self) -> None:
        deal = opened(amount=usd("123456.78")).override_probability(Decimal("33.333"), at=AT).state

        with decimal.localcontext(prec=3):
            assert deal.weighted() == Money("41151.8484774", "USD")

    def test_the_past_is_the_fold_up_to_an_instant(self) -> None:
        deal = opened().move_to("demo", SALES, at=LATER).state.win(SALES, at=LATER + HOUR).state
        past = deal.as_of(LATER + HOUR / 2)

        assert past is not None
        assert (past.stage, past.version, past.closed_at) == ("demo", 2, None)
        assert deal.as_of(LATER + HOUR) is deal
        assert deal.as_of(AT - HOUR) is None
        with pytest.raises(InvalidValue, match=r"as_of\.at"):
            deal.as_of(datetime(2026, 3, 2))  # noqa: DTZ001 - what is refused

    def test_facts_are_those_of_the_schema(self) -> None:
        deal = opened(amount=usd(5), name="Casa", contacts=[ContactRole("ann")]).set_next_step("Call", DAY, at=AT).state
        facts = deal.facts()

        assert sorted(facts) == [name for name, _ in Opportunity.fact_schema.facts]
        assert (facts["amount"], facts["currency"], facts["probability"]) == (5, "USD", 10)
        assert (facts["contact"], facts["next_step"], facts["next_step_due"]) == ("ann", "Call", DAY)
        assert (facts["probability_overridden"], facts["stage_kind"]) == (False, "open")
        assert opened().facts(SALES)["amount"] is None

    def test_it_shows_itself(self) -> None:
        deal = opened(name="<Casa>", amount=usd(5)).set_next_step("Call", DAY, at=AT).state
        html = deal._repr_html_()

        assert "Opportunity o1</caption>" in html
        assert "&lt;Casa&gt;" in html
        assert "Call (by 2026-06-30)" in html
        assert "owner" not in html
        assert [str(deal), str(opened())] == ["o1 (<Casa>): new, 10 %, 5.00 USD", "o1: new, 10 %, no amount"]


class TestHistory:
    def test_the_events_are_the_deal(self) -> None:
        deal = opened().move_to("demo", SALES, at=LATER).state

        assert Opportunity(list(deal.history)) == deal
        assert hash(Opportunity(deal.history)) == hash(deal)
        assert opened() != deal

    @pytest.mark.parametrize("history", [(), "x", [3]])
    def test_no_history_is_no_deal(self, history: Any) -> None:
        with pytest.raises(InvalidValue):
            Opportunity(history)

    def test_only_the_next_event_of_the_same_deal(self) -> None:
        deal = opened()

        for source, version in (("o2", 2), ("o1", 3), ("o1", 1)):
            with pytest.raises(Conflict):
                Opportunity.evolve(deal, OpportunityTagsChanged(source=source, version=version, at=AT))

    def test_an_event_of_something_else(self) -> None:
        with pytest.raises(InvalidValue, match="OpportunityOpened"):
            Opportunity.evolve(None, OpportunityTagsChanged(source="o1", version=1, at=AT))
        with pytest.raises(InvalidValue, match="one of OpportunityStageChanged"):
            Opportunity.evolve(opened(), Event(source="o1", version=2, at=AT))

    def test_an_event_that_goes_back_in_time(self) -> None:
        with pytest.raises(InvalidValue, match=r"event\.at"):
            Opportunity.evolve(opened(), OpportunityTagsChanged(source="o1", version=2, at=AT - HOUR))

    @pytest.mark.parametrize(
        ("stage", "event"),
        [
            ("new", lambda entry: OpportunityStageChanged(**entry("won", 100, "closed"), kind="won")),
            ("won", lambda entry: OpportunityLost(**entry("lost", 0, "omitted"), reason="x")),
            ("new", lambda entry: OpportunityReopened(**entry("demo", 30, "pipeline"))),
        ],
    )
    def test_an_event_that_does_not_fit_the_deal(self, stage: str, event: Callable[[Any], Event]) -> None:
        deal = opened(stage=stage)

        def entry(to: str, probability: int, category: str) -> dict[str, Any]:
            head = {"source": "o1", "version": deal.version + 1, "at": AT, "pipeline": "sales"}
            return {**head, "to": to, "probability": probability, "category": category}

        with pytest.raises(InvalidValue):
            Opportunity.evolve(deal, event(entry))

    @pytest.mark.parametrize(
        ("fields", "path"),
        [
            ({"probability": 40}, r"OpportunityStageChanged\.probability: expected 100, of what is won"),
            ({"category": "commit"}, r"OpportunityStageChanged\.category: expected closed, of what is won"),
            ({"kind": "over"}, r"OpportunityStageChanged\.kind"),
            ({"probability": 101}, r"OpportunityStageChanged\.probability"),
        ],
    )
    def test_an_entry_that_cannot_be(self, fields: dict[str, Any], path: str) -> None:
        entry: dict[str, Any] = {"source": "o1", "version": 2, "at": AT, "pipeline": "sales", "to": "won"}
        entry |= {"kind": "won", "probability": 100, "category": "closed"}

        with pytest.raises(InvalidValue, match=path):
            OpportunityStageChanged(**(entry | fields))
