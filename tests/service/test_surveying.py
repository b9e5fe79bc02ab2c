"""When the customer is asked how it went."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import attrs
import pytest

from relex.calendars import BusinessCalendar, weekly
from relex.errors import InvalidValue
from relex.rules import field
from relex.service import Case, SurveyRequest, SurveyTrigger, survey_requests

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)  # a Monday
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
LATER = NOON + 30 * DAY
OFFICE = BusinessCalendar(weekly("mon-fri", "09:00", "17:00"), tz=UTC)
AT_ONCE = SurveyTrigger()


def case(id_: str = "c1", **parts: Any) -> Case:
    return Case.open(id_, **{"customer": "k7", "contact": "p3", "channel": "mail", "at": NOON, **parts}).state


def resolved(at: datetime = NOON + HOUR, **parts: Any) -> Case:
    return case(**parts).resolve("fixed", at=at).state


def asked(found: Case, trigger: SurveyTrigger = AT_ONCE, **more: Any) -> list[tuple[int, datetime]]:
    return [(each.resolution, each.at) for each in survey_requests([found], trigger, **{"as_of": LATER, **more})]


class TestDefinition:
    @pytest.mark.parametrize(
        ("wrong", "path"),
        [
            ({"when": "always"}, "SurveyTrigger.when"),
            ({"delay": timedelta(seconds=-1)}, "SurveyTrigger.delay"),
            ({"delay": 24}, "SurveyTrigger.delay"),
            ({"once_per": "customer"}, "SurveyTrigger.once_per"),
            ({"calendar": UTC}, "SurveyTrigger.calendar"),
            ({"on": "opened"}, "SurveyTrigger.on"),
            ({"automatic": 1}, "SurveyTrigger.automatic"),
        ],
        ids=["when", "before the case", "number", "once_per", "calendar", "on", "automatic"],
    )
    def test_what_it_may_not_be(self, wrong: dict[str, Any], path: str) -> None:
        with pytest.raises(InvalidValue) as caught:
            SurveyTrigger(**wrong)

        assert caught.value.path == path

    def test_it_is_told_in_words(self) -> None:
        closed = SurveyTrigger(field("reopens") == 0, HOUR, "case", on="closed")

        assert str(AT_ONCE) == "at each resolution"
        assert str(closed) == "1:00:00 after the closing, once for a case, when reopens is 0"


class TestWhich:
    def test_whoever_asked_for_help_is_asked(self) -> None:
        (found,) = survey_requests([resolved()], AT_ONCE, as_of=LATER)

        assert found == SurveyRequest(case="c1", customer="k7", contact="p3", resolution=1, at=NOON + HOUR)
        assert str(found) == "c1: ask p3 about resolution 1 at 2026-06-01T13:00:00+00:00"

    def test_somebody_may_be_all_that_is_known(self) -> None:
        (found,) = survey_requests([resolved(customer=None, contact=None)], AT_ONCE, as_of=LATER)

        assert str(found).startswith("c1: ask somebody about")

    def test_what_is_not_done_gives_none(self) -> None:
        assert asked(case()) == []
        assert asked(case().hold("waiting_customer", at=NOON).state) == []

    def test_closing_what_was_not_resolved_resolves_it(self) -> None:
        assert asked(case().close(at=NOON + HOUR).state) == [(1, NOON + HOUR)]

    def test_what_is_rejected_is_never_asked_about(self) -> None:
        assert asked(case().reject("spam", at=NOON).state) == []
        assert asked(resolved().reject("spam", at=NOON + HOUR).state) == []

    def test_what_is_merged_is_never_asked_about_unless_it_stands_alone_again(self) -> None:
        merged = resolved().merge_into(case("c2"), at=NOON + DAY).state
        alone = merged.unmerge(at=NOON + 2 * DAY).state

        assert asked(merged) == []
        assert asked(alone) == [(1, NOON + HOUR)]

    @pytest.mark.parametrize(
        "trigger", [SurveyTrigger(delay=DAY), SurveyTrigger(delay=DAY, automatic=False)], ids=["any", "by hand"]
    )
    def test_a_merge_that_was_undone_hides_nothing(self, trigger: SurveyTrigger) -> None:
        merged = resolved().merge_into(case("c2"), at=NOON + 2 * HOUR).state
        alone = merged.unmerge(at=NOON + 2 * DAY).state

        assert asked(alone, attrs.evolve(trigger, when=field("status") == "resolved")) == [(1, NOON + HOUR + DAY)]

    def test_the_rule_must_be_true(self) -> None:
        mail, phone, vip = (SurveyTrigger(field(name) == value) for name, value in RULES)

        assert [len(asked(resolved(), each)) for each in (mail, phone, vip)] == [1, 0, 0]

    def test_the_rule_is_asked_about_the_case_as_it_is_by_then(self) -> None:
        trigger = SurveyTrigger(~field("tags").contains("quiet"), DAY)
        tagged = [resolved().tag("quiet", at=NOON + HOUR + after).state for after in (DAY, 2 * DAY)]

        assert [len(asked(each, trigger)) for each in tagged] == [0, 1]

    def test_after_closing_only_what_is_closed(self) -> None:
        trigger = SurveyTrigger(on="closed")
        closed = resolved().close(at=NOON + DAY).state

        assert [asked(each, trigger) for each in (resolved(), closed)] == [[], [(1, NOON + DAY)]]


RULES = (("channel", "mail"), ("channel", "phone"), ("vip", True))


class TestAutomaticClosing:
    def test_a_case_that_was_closed_automatically_may_be_left_out(self) -> None:
        trigger = SurveyTrigger(on="closed", automatic=False)
        found = [resolved().close(at=NOON + DAY, automatic=automatic).state for automatic in (True, False)]

        assert [len(asked(each, trigger)) for each in found] == [0, 1]
        assert len(asked(found[0], SurveyTrigger(on="closed"))) == 1

    def test_what_was_due_before_it_was_closed_is_asked(self) -> None:
        found = resolved().close(at=NOON + DAY, automatic=True).state
        triggers = [SurveyTrigger(delay=delay, automatic=False) for delay in (HOUR, 2 * DAY)]

        assert [len(asked(found, each)) for each in triggers] == [1, 0]


class TestWhen:
    def test_not_before_its_time_has_come(self) -> None:
        trigger = SurveyTrigger(delay=DAY)
        found = [asked(resolved(), trigger, as_of=NOON + HOUR + DAY - more) for more in (timedelta(seconds=1), 0 * DAY)]

        assert found == [[], [(1, NOON + HOUR + DAY)]]

    def test_the_delay_may_be_business_time(self) -> None:
        assert asked(resolved(), SurveyTrigger(delay=8 * HOUR, calendar=OFFICE)) == [(1, NOON + HOUR + DAY)]

    def test_a_day_is_24_hours_also_when_the_clock_changes(self) -> None:
        saturday = datetime(2026, 10, 24, 12, tzinfo=ZoneInfo("Europe/Berlin"))
        found = resolved(at=saturday, id_="c1")
        (request,) = survey_requests([found], SurveyTrigger(delay=DAY), as_of=NOON + 300 * DAY)

        assert request.at == datetime(2026, 10, 25, 10, tzinfo=UTC)

    def test_a_delay_that_no_calendar_can_hold(self) -> None:
        with pytest.raises(InvalidValue, match=r"SurveyTrigger\.delay"):
            asked(resolved(), SurveyTrigger(delay=timedelta.max))

    def test_what_was_reopened_before_gives_none(self) -> None:
        back = resolved().reopen("again", at=NOON + 2 * HOUR).state

        assert asked(back, SurveyTrigger(delay=DAY)) == []

    def test_what_is_reopened_later_was_not_known_then(self) -> None:
        back = resolved().reopen("again", at=NOON + 3 * DAY).state

        assert asked(back, SurveyTrigger(delay=DAY), as_of=NOON + 2 * DAY) == [(1, NOON + HOUR + DAY)]

    def test_what_is_opened_later_is_not_seen(self) -> None:
        assert asked(resolved(), as_of=NOON - HOUR) == []


class TestOnce:
    AGAIN = resolved().reopen("again", at=NOON + DAY).then(lambda it: it.resolve("fixed", at=NOON + 2 * DAY)).state

    def test_each_resolution_once(self) -> None:
        first = survey_requests([self.AGAIN], AT_ONCE, as_of=NOON + 2 * HOUR)
        second = survey_requests([self.AGAIN], AT_ONCE, as_of=LATER, seen=first)

        assert [each.key for each in (*first, *second)] == [("c1", 1), ("c1", 2)]
        assert survey_requests([self.AGAIN], AT_ONCE, as_of=LATER, seen=second) == ()

    def test_pairs_are_as_good(self) -> None:
        assert asked(self.AGAIN, seen=[("c1", 2), ("c2", 1)]) == []
        assert asked(self.AGAIN, seen=[("c1", 1)]) == [(2, NOON + 2 * DAY)]

    def test_each_case_once(self) -> None:
        trigger = SurveyTrigger(once_per="case")

        assert asked(self.AGAIN, trigger, seen=[("c1", 1)]) == []
        assert asked(self.AGAIN, trigger, seen=[("c2", 1)]) == [(2, NOON + 2 * DAY)]

    def test_a_case_that_is_given_twice(self) -> None:
        assert len(survey_requests([resolved(), resolved()], AT_ONCE, as_of=LATER)) == 1

    def test_resolutions_are_counted_whether_or_not_a_closing_was_one(self) -> None:
        closed = case().close(at=NOON).then(lambda it: it.reopen("again", at=NOON + HOUR)).state
        again = closed.resolve("fixed", at=NOON + DAY).then(lambda it: it.close(at=NOON + 2 * DAY)).state

        assert asked(again) == [(2, NOON + DAY)]


@pytest.mark.parametrize(
    ("wrong", "path"),
    [
        ({"cases": [case(), "c2"]}, "survey_requests.cases[1]"),
        ({"cases": "c1"}, "survey_requests.cases"),
        ({"cases": case()}, "survey_requests.cases"),
        ({"trigger": field("channel") == "mail"}, "survey_requests.trigger"),
        ({"as_of": datetime(2026, 6, 1)}, "survey_requests.as_of"),  # noqa: DTZ001 - naive on purpose
        ({"seen": "c1"}, "survey_requests.seen"),
        ({"seen": [("c1", 0)]}, "survey_requests.seen[0]"),
        ({"seen": [("c1",)]}, "survey_requests.seen[0]"),
        ({"seen": [("", 1)]}, "survey_requests.seen[0]"),
        ({"seen": ["c1"]}, "survey_requests.seen[0]"),
    ],
    ids=["case", "text", "one case", "trigger", "naive", "seen", "number", "short", "id", "no pair"],
)
def test_what_is_refused(wrong: dict[str, Any], path: str) -> None:
    given = {"cases": [case()], "trigger": AT_ONCE, "as_of": LATER, **wrong}

    with pytest.raises(InvalidValue) as caught:
        survey_requests(given.pop("cases"), given.pop("trigger"), **given)

    assert caught.value.path == path
