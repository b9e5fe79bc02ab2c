"""Leads: capture, the life of a lead, levels, what is never refused, and what is known of one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import attrs
import pytest

from relex.assignment import Assignee, AssignmentPolicy, AssignmentRule, Pool, assign_all
from relex.changes import Change
from relex.errors import Conflict, InvalidValue, Rejected
from relex.matching import MatchPolicy, pairs
from relex.money import Money
from relex.parties import ContactPoint, Lifecycle, PersonName, PostalAddress
from relex.pipeline import Lead, LeadEvent, LeadOpened, LeadPolicy, LostReason, OptOut, merge_leads
from relex.rules import compile_rule, field

NOW = datetime(2026, 2, 10, 9, tzinfo=UTC)
LATER = NOW + timedelta(days=30)
EMAIL = ContactPoint("email", "Ada@Example.com")
PHONE = ContactPoint("phone", "+442079460000")
WHYS: dict[str, Any] = {"by": "eve", "reason": "entered twice"}


def lead(**more: Any) -> Lead:
    """A new lead."""
    known: dict[str, Any] = {"person": "Ada Lovelace"}
    return Lead.open("l1", "web", at=NOW, **known | more).state


def in_status(status: str) -> Lead:
    """A lead of each status."""
    new = lead(contact_points=[EMAIL])
    working = new.work(at=NOW).state
    other = Lead.open("l0", "web", person="A", level="sql", at=NOW).state
    done: dict[str, Any] = {
        "new": lambda: new,
        "working": lambda: working,
        "qualified": lambda: working.qualify("sql", by="eve", at=NOW).state,
        "nurturing": lambda: working.recycle(at=NOW).state,
        "disqualified": lambda: working.disqualify("spam", at=NOW).state,
        "converted": lambda: working.convert(customer="c1", contact="p1", opportunity=False, at=NOW).lead.state,
        "merged": lambda: merge_leads([new, other], at=NOW, **WHYS)[1].state,
    }
    found: Lead = done[status]()
    assert found.status == status
    return found


class TestCapture:
    def test_one_of_person_company_and_point_is_enough(self) -> None:
        each: list[dict[str, Any]] = [{"person": "Ada"}, {"company": "Engines Ltd"}, {"contact_points": [EMAIL]}]
        found = [Lead.open("l1", "web", at=NOW, **more).state for more in each]

        assert [str(one) for one in found] == [
            "lead l1: Ada, new, lead",
            "lead l1: Engines Ltd, new, lead",
            "lead l1: Ada@Example.com, new, lead",
        ]

    def test_what_was_written_is_kept(self) -> None:
        found = lead(company=" engines ltd. ", title="cto", language="en", facts={"budget": 900})

        assert (found.company, found.title, found.language) == (" engines ltd. ", "cto", "en")
        assert found.person == PersonName("Ada Lovelace")
        assert dict(found.record.values)["budget"] == 900

    def test_a_campaign_is_the_first_touch(self) -> None:
        found = lead(campaign="spring")

        assert [str(touch) for touch in found.touches] == ["spring, 2026-02-10T09:00:00+00:00"]
        assert found.campaign == "spring"
        assert lead().campaign is None

    @pytest.mark.parametrize(
        ("wrong", "path"),
        [
            ({"person": None}, "Lead.open"),
            ({"person": 7}, "open.person"),
            ({"company": ""}, "open.company"),
            ({"title": 1}, "open.title"),
            ({"language": ""}, "open.language"),
            ({"facts": {"company": "x"}}, "open.facts"),
            ({"facts": [("a", 1)]}, "open.facts"),
            ({"facts": {"budget": 1.5}}, "Record.values"),
            ({"contact_points": "x"}, "open.contact_points"),
            ({"opt_outs": ["email"]}, "LeadOpened.opt_outs"),
            ({"amount": 5}, "LeadOpened.amount"),
            ({"owner": ""}, "LeadOpened.owner"),
            ({"level": "hot"}, "LeadPolicy.level"),
            ({"policy": None}, "open.policy"),
            ({"at": datetime(2026, 2, 10)}, "Record.at"),  # noqa: DTZ001 - what is refused
        ],
        ids=lambda value: value if isinstance(value, str) else "-".join(value),
    )
    def test_others_are_refused(self, wrong: dict[str, Any], path: str) -> None:
        with pytest.raises(InvalidValue) as error:
            Lead.open("l1", "web", **self.known() | wrong)

        assert error.value.path.startswith(path)

    def known(self) -> dict[str, Any]:
        return {"at": NOW, "person": "Ada"}

    def test_duplicates_are_found_among_leads(self) -> None:
        name = PersonName(given="Ada", family="Lovelace")
        leads = [Lead.open(f"l{number}", "web", person=name, contact_points=[EMAIL], at=NOW).state for number in (1, 2)]
        found = pairs([leads[0].record], [leads[1].record], MatchPolicy.people())

        assert [(pair.a, pair.b) for pair in found.links] == [("lead/l1", "lead/l2")]

    def test_a_company_has_a_record_of_its_own(self) -> None:
        person, company = lead(company="Engines Ltd").records

        assert (person.ref, company.ref) == ("lead/l1", "lead/l1:company")
        assert (company.kind, str(company.name)) == ("organization", "Engines Ltd")
        assert lead().records == (lead().record,)


ALLOWED = {
    "assign": ("new", "working", "qualified", "nurturing"),
    "work": ("new", "working"),
    "qualify": ("new", "working", "qualified", "nurturing"),
    "disqualify": ("new", "working", "qualified", "nurturing", "disqualified"),
    "recycle": ("new", "working", "qualified"),
    "reopen": ("disqualified", "nurturing", "working"),
    "link": ("new", "working", "qualified", "nurturing", "disqualified"),
    "add_point": ("new", "working", "qualified", "nurturing", "disqualified"),
    "correct": ("new", "working", "qualified", "nurturing", "disqualified"),
    "tag": ("new", "working", "qualified", "nurturing", "disqualified", "converted"),
    "set_level": ("new", "working", "qualified", "nurturing", "disqualified", "converted"),
    "advance_at_least": ("new", "working", "qualified", "nurturing", "disqualified", "converted"),
    "touch": ("new", "working", "qualified", "nurturing", "disqualified", "converted", "merged"),
    "opt_out": ("new", "working", "qualified", "nurturing", "disqualified", "converted", "merged"),
}
STATUSES = ("new", "working", "qualified", "nurturing", "disqualified", "converted", "merged")
CODES = {"converted": "already_converted", "disqualified": "disqualified", "merged": "merged"}
GIVEN: dict[str, tuple[tuple[Any, ...], dict[str, Any]]] = {
    "assign": (("kim",), {}),
    "qualify": (("sql",), {"by": "eve"}),
    "disqualify": (("other",), {}),
    "link": (("note", "n1"), {}),
    "add_point": ((PHONE,), {}),
    "correct": ((), {"title": "cto"}),
    "tag": (("hot",), {}),
    "set_level": (("evangelist",), {"reason": "as it is"}),
    "advance_at_least": (("evangelist",), {}),
    "touch": (("spring",), {}),
    "opt_out": (("email", "marketing"), {}),
}


def given(state: Lead, command: str) -> Change[Lead]:
    args, named = GIVEN.get(command, ((), {}))
    change: Change[Lead] = getattr(state, command)(*args, at=NOW, **named)
    return change


class TestStatuses:
    @pytest.mark.parametrize("status", STATUSES)
    @pytest.mark.parametrize("command", ALLOWED)
    def test_each_command_has_its_statuses(self, command: str, status: str) -> None:
        state = in_status(status)
        if status in ALLOWED[command]:
            assert given(state, command).state.version >= state.version
            return
        with pytest.raises(Rejected) as refusal:
            given(state, command)

        assert (refusal.value.command, refusal.value.reason) == (command, CODES.get(status, "not_allowed"))
        assert refusal.value.details["status"] == status

    def test_a_refusal_tells_what_is_allowed(self) -> None:
        with pytest.raises(Rejected) as refusal:
            in_status("qualified").work(at=NOW)

        assert refusal.value.details["allowed"] == ("new", "working")

    def test_of_a_merged_one_it_tells_who_goes_on(self) -> None:
        with pytest.raises(Rejected) as refusal:
            in_status("merged").tag("hot", at=NOW)

        assert refusal.value.details["into"] == "l0"

    @pytest.mark.parametrize(
        ("status", "command", "args", "named"),
        [
            ("working", "work", (), {}),
            ("working", "reopen", (), {}),
            ("qualified", "qualify", ("sql",), {"by": "kim"}),
            ("disqualified", "disqualify", ("spam",), {}),
            ("new", "assign", (None,), {}),
            ("new", "untag", ("hot",), {}),
            ("new", "unlink", ("note", "n1"), {}),
            ("new", "remove_point", (PHONE,), {}),
            ("new", "add_point", (EMAIL,), {}),
            ("new", "correct", (), {"person": "Ada Lovelace"}),
            ("new", "set_level", ("lead",), {"reason": "as it is"}),
            ("new", "advance_at_least", ("subscriber",), {}),
        ],
    )
    def test_what_changes_nothing_gives_no_event(
        self, status: str, command: str, args: tuple[Any, ...], named: dict[str, Any]
    ) -> None:
        state = in_status(status)

        assert getattr(state, command)(*args, at=NOW, **named) == Change(state, ())

    def test_nothing_happens_before_the_last_event(self) -> None:
        with pytest.raises(Rejected, match="out_of_order"):
            lead().work(at=NOW - timedelta(1))

    def test_closed_is_what_nobody_works_on(self) -> None:
        assert [status for status in STATUSES if in_status(status).is_closed] == ["disqualified", "converted", "merged"]


class TestLevels:
    def test_qualifying_goes_forward_and_may_go_on(self) -> None:
        found = lead().qualify("mql", by="eve", at=NOW).state.qualify("sql", by="kim", at=NOW).state

        assert (found.level, found.furthest_level, found.status) == ("sql", "sql", "qualified")

    def test_it_never_goes_back(self) -> None:
        with pytest.raises(Rejected) as refusal:
            lead(level="sql").qualify("mql", by="eve", at=NOW)

        assert refusal.value.reason == "level_backward"
        assert refusal.value.details["allowed"] == ("sql", "opportunity", "customer", "evangelist")

    def test_going_back_needs_a_reason_and_keeps_the_furthest(self) -> None:
        found = lead(level="sql").set_level("mql", reason="too early", at=NOW).state

        assert (found.level, found.furthest_level) == ("mql", "sql")
        with pytest.raises(Rejected, match="reason_required"):
            found.set_level("lead", reason="", at=NOW)

    def test_who_has_left_is_not_a_customer_for_ever(self) -> None:
        gone = lead(level="customer").set_level("churned", reason="left", at=NOW).state

        assert (gone.level, gone.place, gone.furthest_level) == ("churned", None, "customer")
        assert gone.advance_at_least("customer", at=NOW).events == ()
        assert gone.advance_at_least("evangelist", at=NOW).state.level == "evangelist"
        assert gone.qualify("mql", by="eve", at=NOW).state.level == "mql"

    def test_levels_are_data(self) -> None:
        policy = LeadPolicy(lifecycle=Lifecycle(["cold", "hot"], former=()))
        found = lead(policy=policy)

        assert found.level == "cold"
        assert found.qualify("hot", by="eve", at=NOW, policy=policy).state.level == "hot"
        assert lead(policy=LeadPolicy(level="mql")).level == "mql"
        with pytest.raises(InvalidValue, match="one of cold, hot"):
            found.qualify("sql", by="eve", at=NOW, policy=policy)
        with pytest.raises(InvalidValue, match=r"LeadPolicy\.level"):
            LeadPolicy(level="hot")


class TestDisqualifying:
    POLICY = LeadPolicy(reasons=["spam", LostReason("other", note=True)])

    @pytest.mark.parametrize(
        ("given_", "code"),
        [
            ({"reason": ""}, "reason_required"),
            ({"reason": "price"}, "unknown_reason"),
            ({"reason": "other"}, "note_required"),
        ],
        ids=["none", "unknown", "without-note"],
    )
    def test_a_reason_is_one_of_the_list(self, given_: dict[str, str], code: str) -> None:
        with pytest.raises(Rejected) as refusal:
            lead().disqualify(**given_, at=NOW, policy=self.POLICY)

        assert refusal.value.reason == code

    def test_the_list_is_told(self) -> None:
        with pytest.raises(Rejected) as refusal:
            lead().disqualify("price", at=NOW, policy=self.POLICY)

        assert refusal.value.details["allowed"] == ("spam", "other")

    def test_a_note_says_more_and_reopening_forgets_it(self) -> None:
        found = lead().disqualify("other", note="moved", at=NOW, policy=self.POLICY).state

        assert (found.reason, found.note) == ("other", "moved")
        assert found.disqualify("spam", at=NOW).state.reason == "spam"
        again = found.reopen(at=NOW).state
        assert (again.status, again.reason, again.note) == ("working", None, None)

    def test_a_policy_is_one(self) -> None:
        with pytest.raises(InvalidValue, match=r"LeadPolicy\.reasons"):
            LeadPolicy(reasons=["spam", "spam"])
        with pytest.raises(InvalidValue, match=r"LeadPolicy\.reasons"):
            LeadPolicy(reasons=[7])  # type: ignore[list-item]
        with pytest.raises(InvalidValue, match=r"disqualify\.policy"):
            lead().disqualify("spam", at=NOW, policy=None)  # type: ignore[arg-type]


class TestRecycling:
    def test_it_is_counted_and_due_at_the_instant_itself(self) -> None:
        found = lead().recycle(until=LATER, reason="budget", at=NOW).state

        assert (found.status, found.recycles, found.due_at, found.reason) == ("nurturing", 1, LATER, "budget")
        assert [found.is_due(at) for at in (LATER - timedelta(seconds=1), LATER)] == [False, True]
        assert found.reopen(at=LATER).state.recycle(at=LATER).state.recycles == 2

    def test_without_an_instant_nobody_waits_for_it(self) -> None:
        assert not lead().recycle(at=NOW).state.is_due(LATER)
        assert not lead().is_due(LATER)

    def test_until_is_later(self) -> None:
        with pytest.raises(InvalidValue, match=r"recycle\.until"):
            lead().recycle(until=NOW, at=NOW)


class TestNeverRefused:
    def test_what_becomes_known_late_keeps_its_instant(self) -> None:
        found = lead().work(at=LATER).state.touch("fair", at=NOW - timedelta(1)).state

        assert found.changed_at == LATER
        assert [touch.at for touch in found.touches] == [NOW - timedelta(1)]

    def test_touches_stand_in_the_order_of_time(self) -> None:
        found = lead(campaign="spring").touch("fair", at=NOW - timedelta(1)).state

        assert [touch.campaign for touch in found.touches] == ["fair", "spring"]
        assert found.campaign == "spring"
        assert found.touch("fair", at=NOW - timedelta(1)).events == ()

    def test_the_same_no_twice_is_one(self) -> None:
        found = lead().opt_out("email", "marketing", topic="shoes", point=EMAIL, at=NOW).state

        assert [str(no) for no in found.opt_outs] == ["email, marketing (shoes, Ada@Example.com): withdrawn"]
        assert found.opt_out("email", "marketing", topic="shoes", point=EMAIL, at=NOW).events == ()
        assert found.opt_out("email", "marketing", at=NOW).events

    def test_a_no_must_be_one(self) -> None:
        with pytest.raises(InvalidValue, match=r"OptOut\.status"):
            lead().opt_out("email", "marketing", status="granted", at=NOW)
        with pytest.raises(InvalidValue, match=r"OptOut\.topic"):
            OptOut("email", "*", NOW, topic="shoes")


class TestCorrecting:
    def test_what_is_not_named_stays(self) -> None:
        found = lead(company="Engines", title="cto", facts={"budget": 1, "seats": 2}, amount=Money(5, "USD"))
        found = found.correct(company="Engines Ltd", facts={"seats": 3}, at=LATER).state

        assert (found.company, found.title, found.amount) == ("Engines Ltd", "cto", Money(5, "USD"))
        assert dict(found.record.values) == {"budget": 1, "company": "Engines Ltd", "seats": 3, "title": "cto"}
        assert found.record.time("company") == LATER
        assert found.record.time("title") == NOW

    def test_what_is_cleared_is_not_known(self) -> None:
        found = lead(company="Engines", language="en", amount=Money(5, "USD"), facts={"budget": 1})
        found = found.correct(clear=["person", "language", "amount", "budget"], at=NOW).state

        assert (found.person, found.language, found.amount) == (None, None, None)
        assert "custom.budget" not in found.facts()

    def test_equal_leads_have_equal_facts_whatever_zone_their_instants_are_in(self) -> None:
        night = datetime(2026, 8, 23, 22, tzinfo=UTC)
        here = Lead.open("l1", "web", person="Ada", at=night).state
        there = Lead.open("l1", "web", person="Ada", at=night.astimezone(timezone(timedelta(hours=7)))).state

        assert here == there
        assert here.facts() == there.facts()

    def test_a_name_and_an_amount_may_change(self) -> None:
        found = lead().correct(person=PersonName("Ada King"), language="fr", amount=Money(7, "EUR"), at=NOW).state

        assert (str(found.person), found.language, found.amount) == ("Ada King", "fr", Money(7, "EUR"))

    @pytest.mark.parametrize(
        "wrong",
        [
            {"clear": ["person"]},
            {"clear": ["title"], "title": "cto"},
            {"clear": [1]},
            {"amount": 5},
            {"facts": {"amount": 1}},
        ],
        ids=["nothing-left", "both", "no-name", "no-money", "shadow"],
    )
    def test_others_are_refused(self, wrong: dict[str, Any]) -> None:
        with pytest.raises(InvalidValue, match="correct"):
            lead().correct(at=NOW, **wrong)

    def test_points_are_added_changed_and_removed(self) -> None:
        primary = attrs.evolve(EMAIL, primary=True)
        other = ContactPoint("email", "ada@engines.example", primary=True)
        found = lead(contact_points=[PHONE]).add_point(primary, at=NOW).state.add_point(other, at=NOW).state

        assert [(str(point), point.primary) for point in found.points] == [
            ("+442079460000", False),
            ("Ada@Example.com", False),
            ("ada@engines.example", True),
        ]
        assert found.remove_point(PHONE, at=NOW).state.points == found.points[1:]
        with pytest.raises(InvalidValue, match=r"add_point\.point"):
            found.add_point("ada@example.com", at=NOW)  # type: ignore[arg-type]

    def test_tags_and_links_come_and_go(self) -> None:
        found = lead(tags=["b"]).tag("c", "a", at=NOW).state.untag("b", at=NOW).state
        found = found.link("note", "n1", at=NOW).state.link("call", "n1", at=NOW).state

        assert found.tags == ("a", "c")
        assert [str(link) for link in found.unlink("note", "n1", at=NOW).state.links] == ["call/n1"]
        assert found.link("note", "n1", at=NOW).events == ()


class TestFacts:
    def test_rules_ask_by_plain_names(self) -> None:
        address = ContactPoint("postal", PostalAddress(city="Umeå", country="SE"))
        found = lead(contact_points=[EMAIL, PHONE, address], amount=Money("9.50", "USD"), facts={"budget": 900})
        wanted = (field("country") == "SE") & (field("custom.budget") > 500) & (field("email_domain") == "example.com")

        assert compile_rule(wanted)(found.facts())
        assert {name for name, _ in Lead.fact_schema.facts} == set(lead().facts())
        assert (found.facts()["amount"], found.facts()["currency"]) == (Decimal("9.50"), "USD")
        assert (found.facts()["phone"], found.facts()["city"]) == ("+442079460000", "Umeå")

    def test_an_address_that_cannot_be_read_has_no_domain(self) -> None:
        found = lead(contact_points=[ContactPoint("email", "at home")])

        assert (found.facts()["email"], found.facts()["email_domain"]) == ("at home", None)

    def test_a_merged_one_counts_for_nothing(self) -> None:
        found = {name: value for name, value in in_status("merged").facts().items() if value is not None}

        assert found == {"id": "l1", "source": "web", "status": "merged", "merged_into": "l0"}

    def test_closed_leads_are_given_to_nobody(self) -> None:
        policy = AssignmentPolicy([AssignmentRule("all", pool=Pool("desk", ["ana"]))])
        run = assign_all([in_status(status) for status in STATUSES], policy, [Assignee("ana")], at=NOW)

        assert [(status, each.reason) for status, each in zip(STATUSES, run.assignments, strict=True)] == [
            (status, "closed" if status in {"disqualified", "converted", "merged"} else "assigned")
            for status in STATUSES
        ]

    def test_it_is_closed_from_its_last_closing_until_it_is_taken_up(self) -> None:
        gone = lead().disqualify("spam", at=NOW).state.disqualify("too small", at=LATER).state
        back = gone.reopen(at=LATER).state

        assert (gone.facts()["closed_at"], back.facts()["closed_at"]) == (LATER, None)
        assert (in_status("converted").closed_at, in_status("nurturing").closed_at) == (NOW, None)

    def test_it_shows_itself_without_harm(self) -> None:
        found = (
            lead(person="<b>", tags=["<i>"], facts={"budget": 1}, campaign="spring").link("note", "n1", at=NOW).state
        )
        shown = found.opt_out("email", "marketing", at=NOW).state._repr_html_()

        assert "&lt;b&gt;" in shown
        assert "<b>" not in shown
        assert "custom.budget" in shown


class TestHistory:
    def test_a_view_is_what_was_known(self) -> None:
        found = lead().work(at=LATER).state

        assert found.as_of(NOW) == lead()
        assert found.as_of(LATER) is found
        assert found.as_of(NOW - timedelta(1)) is None

    def test_events_follow_each_other(self) -> None:
        first = lead()

        assert Lead.evolve(None, first.history[0]) == first
        change = first.work(at=LATER)

        assert Lead.evolve(first, change.events[0]) == change.state
        with pytest.raises(Conflict):
            Lead.evolve(change.state, change.events[0])
        with pytest.raises(Conflict):
            Lead.evolve(None, change.events[0])
        with pytest.raises(InvalidValue, match=r"Lead\.evolve\.event"):
            Lead.evolve(first, attrs.evolve(change.events[0], at=NOW - timedelta(1)))
        with pytest.raises(InvalidValue, match=r"Lead\.evolve\.event"):
            Lead.evolve(first, "work")  # type: ignore[arg-type]

    def test_a_history_is_of_one_lead_from_its_opening(self) -> None:
        opened, worked = lead().work(at=LATER).state.history
        assert isinstance(opened, LeadOpened)
        wrong: list[tuple[Any, ...]] = [
            (),
            (worked,),
            (opened, attrs.evolve(worked, source="l2")),
            (opened, attrs.evolve(worked, version=3)),
            (opened, attrs.evolve(worked, at=NOW - timedelta(1))),
            (opened, attrs.evolve(opened, version=2)),
            (opened, LeadEvent(source="l1", version=2, at=NOW)),
            ("opened",),
        ]
        for history in wrong:
            with pytest.raises(InvalidValue, match="Lead"):
                Lead(history)

    def test_an_opening_is_of_its_own_record(self) -> None:
        [opened] = lead().history

        with pytest.raises(InvalidValue, match=r"LeadOpened\.record"):
            attrs.evolve(opened, source="l2")
