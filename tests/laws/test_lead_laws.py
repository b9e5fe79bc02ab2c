"""Laws of leads and of merged deals: folds, levels, one conversion, no wider consent, merges that can be taken back."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import attrs
import pytest
from hypothesis import assume, given, settings, strategies as st

from relex.changes import replay
from relex.customers import Consent, ConsentPolicy, Customer, Purpose, may_contact
from relex.errors import Rejected
from relex.parties import ContactPoint, Lifecycle, PersonName
from relex.pipeline import (
    Lead,
    MovedLink,
    Opportunity,
    Pipeline,
    Stage,
    merge_leads,
    merge_opportunities,
    rank_leads,
    rank_opportunities,
    unmerge_leads,
    unmerge_opportunities,
)
from relex.testing import strategies

if TYPE_CHECKING:
    from relex.changes import Change

lean = settings(max_examples=40)
NOW = datetime(2026, 2, 10, 9, tzinfo=UTC)
LATER = datetime(9000, 1, 1, tzinfo=UTC)
WHYS: dict[str, Any] = {"by": "eve", "reason": "entered twice", "at": LATER}
EMAIL = ContactPoint("email", "ada@example.com")
LIFE = Lifecycle()
SALES = Pipeline(
    "sales",
    [
        Stage("new", 1, probability=10),
        Stage("demo", 2, probability=40),
        Stage("won", 8, kind="won"),
        Stage("lost", 9, kind="lost"),
    ],
)
ELSEWHERE = Pipeline(
    "other", [Stage("first", 1, probability=10), Stage("won", 8, kind="won"), Stage("lost", 9, kind="lost")]
)
MADE = {"history", "version", "changed_at"}

levels = st.none() | st.sampled_from((*LIFE.former, *LIFE.stages))
several = st.integers(2, 4)


def told(state: Any) -> dict[str, Any]:
    """All that a state says, but for how it came to be."""
    return {each.name: getattr(state, each.name) for each in attrs.fields(type(state)) if each.name not in MADE}


@st.composite
def few_leads(draw: st.DrawFn) -> list[Lead]:
    found = [draw(strategies.leads(id=f"l{number}", at=NOW, max_size=3)) for number in range(draw(several))]
    assume(all(lead.status not in {"merged", "converted"} for lead in found))
    return found


@st.composite
def few_deals(draw: st.DrawFn) -> list[Opportunity]:
    found = [
        draw(strategies.opportunities(id=f"o{number}", pipeline=draw(st.sampled_from((SALES, ELSEWHERE))), max_size=4))
        for number in range(draw(several))
    ]
    ranked = rank_opportunities(found, SALES)
    assume(all(deal.kind != "won" for deal in ranked[1:]))
    return found


class TestLevels:
    @given(levels, levels, levels)
    def test_moving_forward_is_associative_commutative_and_idempotent(self, a: Any, b: Any, c: Any) -> None:
        assert LIFE.forward(LIFE.forward(a, b), c) == LIFE.forward(a, LIFE.forward(b, c)) == LIFE.forward(c, b, a)
        assert LIFE.forward(a, a) == a

    @lean
    @given(strategies.leads(), st.sampled_from(LIFE.stages))
    def test_no_level_falls_by_following(self, lead: Lead, level: str) -> None:
        after = lead.advance_at_least(level, at=LATER).state

        assert LIFE.forward(lead.furthest_level, level) == after.furthest_level
        assert (after.place or 0) >= (lead.place or 0)
        assert after.advance_at_least(level, at=LATER).events == ()


class TestFolds:
    @lean
    @given(strategies.lead_changes())
    def test_the_events_give_the_lead(self, changes: tuple[Change[Lead], ...]) -> None:
        state = changes[-1].state
        events = tuple(event for change in changes for event in change.events)

        assert events == state.history
        assert told(Lead(state.history)) == told(state) == told(replay(Lead.evolve, events))

    @lean
    @given(strategies.lead_changes())
    def test_a_view_never_sees_what_comes_later(self, changes: tuple[Change[Lead], ...]) -> None:
        first, last = changes[0].state, changes[-1].state

        assert last.as_of(first.opened_at.astimezone(UTC) - timedelta(1)) is None
        for change in changes:
            view = last.as_of(change.state.changed_at)

            assert view is not None
            assert all(event.at <= change.state.changed_at for event in view.history)
            assert view == change.state or view.version > change.state.version


class TestConversions:
    def convert(self, lead: Lead, **more: Any) -> Any:
        new: dict[str, Any] = {"customer": "c1", "contact": "p1", "opportunity": "o1"} | more
        return lead.convert(SALES, purposes=["marketing", "service"], at=LATER, **new)

    def ready(self, lead: Lead) -> Lead:
        """The same lead, with a point and qualified."""
        assume(lead.status not in {"disqualified", "merged"})
        return (
            lead.add_point(EMAIL, at=LATER)
            .then(lambda it: it.set_level("lead", reason="a new round", at=LATER))
            .then(lambda it: it.qualify("sql", by="eve", at=LATER))
            .state
        )

    @lean
    @given(strategies.leads())
    def test_twice_never_gives_two_deals(self, lead: Lead) -> None:
        done = self.convert(self.ready(lead))

        with pytest.raises(Rejected, match="already_converted"):
            self.convert(done.lead.state, opportunity="o2")
        assert done.lead.state.opportunity == done.opportunity.state.id == "o1"

    @lean
    @given(strategies.leads(), st.booleans())
    def test_links_before_are_links_after(self, lead: Lead, has_deal: bool) -> None:
        done = self.convert(self.ready(lead), opportunity="o1" if has_deal else False)

        assert Counter(moved.link for moved in done.links) == Counter(lead.links)
        assert all(isinstance(moved, MovedLink) and moved.parent in {"o1", "p1"} for moved in done.links)

    @settings(max_examples=60)
    @given(
        strategies.leads(max_size=5),
        st.lists(
            st.tuples(
                st.sampled_from(("granted", "withdrawn", "denied")),
                st.sampled_from(("email", "phone", "*")),
                st.sampled_from(("marketing", "service")),
                st.integers(0, 3),
            ),
            max_size=4,
        ),
    )
    def test_no_contact_may_be_contacted_more_than_before(self, lead: Lead, said: list[Any]) -> None:
        policy = ConsentPolicy([Purpose("marketing"), Purpose("service")])
        points = [EMAIL, ContactPoint("phone", "+442079460000")]
        contact = Customer.open("p1", PersonName("Ada Lovelace"), at=NOW).state
        for point in points:
            contact = contact.add_point(point, at=NOW).state
        before = [
            Consent(f"e{place}", customer="p1", at=NOW + timedelta(hours), status=status, purpose=for_, channel=channel)
            for place, (status, channel, for_, hours) in enumerate(said)
        ]
        ready = self.ready(lead)
        done = self.convert(ready, contact=None, into_contact=contact)
        after = [*before, *[Consent(**draft.fields()) for draft in done.consents]]
        refused = {(no.channel, no.purpose) for no in ready.opt_outs if no.topic is None and no.point is None}

        for point in points:
            for purpose in ("marketing", "service"):
                answers = [
                    may_contact(contact, point, purpose, ledger=ledger, policy=policy, at=LATER).outcome
                    for ledger in (before, after)
                ]
                assert answers in (["allowed", "allowed"], ["allowed", "refused"], ["refused", "refused"])
                if refused.intersection({(kind, for_) for kind in (point.kind, "*") for for_ in (purpose, "*")}):
                    assert answers[1] == "refused"


class TestMergesOfLeads:
    @lean
    @given(few_leads(), st.data())
    def test_taken_back_in_parts_or_at_once_each_is_what_it_was(self, leads: list[Lead], data: st.DataObject) -> None:
        survivor, *others = [change.state for change in merge_leads(leads, **WHYS)]
        back = data.draw(st.permutations(others))
        cut = data.draw(st.integers(0, len(back)))
        for part in (back[:cut], back[cut:]):
            if part:
                survivor, *restored = [change.state for change in unmerge_leads(survivor, part, **WHYS)]
                others = [*[each for each in others if each.id not in {it.id for it in restored}], *restored]
        before = {lead.id: told(lead) for lead in leads}

        assert {each.id: told(each) for each in (survivor, *others)} == before

    @lean
    @given(few_leads(), st.data())
    def test_what_is_said_since_counts_as_if_there_had_been_no_merge(
        self, leads: list[Lead], data: st.DataObject
    ) -> None:
        best = rank_leads(leads)[0]
        said = data.draw(st.lists(self.words(leads), max_size=4))
        survivor, *others = [change.state for change in merge_leads(leads, **WHYS)]
        for command, given_, named in said:
            survivor = getattr(survivor, command)(*given_, at=LATER, **named).state
            best = getattr(best, command)(*given_, at=LATER, **named).state

        assert told(unmerge_leads(survivor, others, **WHYS)[0].state) == told(best)

    def words(self, leads: list[Lead]) -> st.SearchStrategy[Any]:
        """Commands, most of which repeat what one of the leads says."""
        every: list[tuple[str, tuple[Any, ...], dict[str, Any]]] = [("tag", ("new",), {})]
        every += [("tag", (tag,), {}) for lead in leads for tag in lead.tags]
        every += [("untag", (tag,), {}) for lead in leads for tag in lead.tags]
        every += [("add_point", (point,), {}) for lead in leads for point in lead.points]
        every += [("remove_point", (point,), {}) for lead in leads for point in lead.points]
        every += [("link", (link.kind, link.id), {}) for lead in leads for link in lead.links]
        every += [("correct", (), {"company": "Engines", "amount": lead.amount}) for lead in leads]
        every += [("opt_out", (no.channel, no.purpose), {}) for lead in leads for no in lead.opt_outs]
        every += [("touch", (touch.campaign,), {}) for lead in leads for touch in lead.touches]
        return st.sampled_from(every)

    @lean
    @given(few_leads())
    def test_the_order_does_not_matter_and_every_no_stays(self, leads: list[Lead]) -> None:
        survivor = merge_leads(leads, **WHYS)[0].state

        assert told(merge_leads(leads[::-1], **WHYS)[0].state) == told(survivor)
        assert set(survivor.opt_outs) == {no for lead in leads for no in lead.opt_outs}
        assert set(survivor.links) == {link for lead in leads for link in lead.links}
        assert {(touch.campaign, touch.at) for lead in leads for touch in lead.touches} == {
            (touch.campaign, touch.at) for touch in survivor.touches
        }


class TestMergesOfDeals:
    @lean
    @given(few_deals(), st.data())
    def test_taken_back_in_parts_or_at_once_each_is_what_it_was(
        self, deals: list[Opportunity], data: st.DataObject
    ) -> None:
        survivor, *others = [change.state for change in merge_opportunities(deals, SALES, **WHYS)]
        back = data.draw(st.permutations(others))
        cut = data.draw(st.integers(0, len(back)))
        for part in (back[:cut], back[cut:]):
            if part:
                survivor, *restored = [change.state for change in unmerge_opportunities(survivor, part, **WHYS)]
                others = [*[each for each in others if each.id not in {it.id for it in restored}], *restored]
        before = {deal.id: told(deal) for deal in deals}

        assert {each.id: told(each) for each in (survivor, *others)} == before
        assert told(Opportunity(survivor.history)) == told(survivor)

    @lean
    @given(few_deals())
    def test_an_open_survivor_is_in_the_pipeline_and_has_what_anybody_had(self, deals: list[Opportunity]) -> None:
        survivor = merge_opportunities(deals, SALES, **WHYS)[0].state
        people = {role.contact for deal in deals for role in deal.contacts}

        assert survivor.kind != "open" or survivor.stage in SALES.places
        assert {role.contact for role in survivor.contacts} == people
        assert sum(role.primary for role in survivor.contacts) == bool(people)
        assert (survivor.amount is None) == all(deal.amount is None for deal in deals)
        assert set(survivor.tags) == {tag for deal in deals for tag in deal.tags}
