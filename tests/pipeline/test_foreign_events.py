"""Events of deals that come from elsewhere: what no command would have told is refused, and long histories are read."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from relex.errors import InvalidValue
from relex.money import Money
from relex.pipeline import (
    ActivityRecorded,
    AmountChanged,
    CategoryOverridden,
    CloseDateChanged,
    MergedOpportunity,
    OpportunitiesMerged,
    OpportunitiesUnmerged,
    Opportunity,
    OpportunityLost,
    OpportunityMergedInto,
    OpportunityOpened,
    OpportunityRenamed,
    OpportunityReopened,
    OpportunityRestored,
    OpportunityStageChanged,
    OpportunityTagsChanged,
    OpportunityWon,
    Pipeline,
    ProbabilityOverridden,
    Quote,
    QuoteLine,
    QuoteRevised,
    SnoozeChanged,
    Stage,
    merge_opportunities,
    unmerge_opportunities,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from relex.changes import Event

AT = datetime(2026, 5, 4, 9, tzinfo=UTC)
WHYS: dict[str, Any] = {"by": "eve", "reason": "entered twice"}
ENDS = [Stage("won", 8, kind="won"), Stage("lost", 9, kind="lost")]
SALES = Pipeline("sales", [Stage("a", 1, probability=10), Stage("b", 2, probability=50), *ENDS])
OTHER = Pipeline("other", [Stage("q", 1, probability=20), *ENDS])
ENTRIES: dict[str, Any] = {
    "a": {"to": "a", "probability": 10, "category": "pipeline"},
    "b": {"to": "b", "probability": 50, "category": "pipeline"},
    "won": {"to": "won", "probability": 100, "category": "closed"},
    "lost": {"to": "lost", "probability": 0, "category": "omitted", "reason": "price"},
}
BROUGHT = MergedOpportunity(opportunity="o2")


def opened(id_: str = "o1", pipeline: Pipeline = SALES, **known: Any) -> Opportunity:
    return Opportunity.open(id_, pipeline, at=AT, **known).state


def won() -> Opportunity:
    return opened().win(SALES, at=AT).state


def merged(*deals: Opportunity) -> list[Opportunity]:
    return [change.state for change in merge_opportunities(deals, SALES, at=AT, **WHYS)]


def after(deal: Opportunity, kind: Any, version: int | None = None, **parts: Any) -> Any:
    return kind(source=deal.id, version=version or deal.version + 1, at=AT, **parts)


def entry(deal: Opportunity, kind: Any, to: str, **parts: Any) -> Any:
    return after(deal, kind, **({"pipeline": "sales", "from_": deal.stage} | ENTRIES[to] | parts))


def swap(kind: Any, from_: object, to: object, **parts: Any) -> Callable[[Opportunity], Any]:
    return lambda deal: after(deal, kind, from_=from_, to=to, **parts)


def refused(deal: Opportunity, event: Event, match: str) -> None:
    """Neither `evolve` nor a stored history takes the event."""
    with pytest.raises(InvalidValue, match=match):
        Opportunity.evolve(deal, event)
    with pytest.raises(InvalidValue, match=match):
        Opportunity((*deal.history, event))


def restored(deal: Opportunity, merge: int) -> Any:
    return after(deal, OpportunityRestored, merge=merge, **WHYS)


def unmerged(deal: Opportunity, merge: int, *others: str, undoes: tuple[int, ...] = ()) -> Any:
    return after(deal, OpportunitiesUnmerged, merge=merge, others=others, undoes=undoes, **WHYS)


class TestEdits:
    @pytest.mark.parametrize(
        ("event", "match"),
        [
            (swap(OpportunityRenamed, "x", "y"), r"OpportunityRenamed\.from_"),
            (swap(OpportunityRenamed, None, None), r"OpportunityRenamed\.to: expected another value"),
            (swap(CloseDateChanged, date(2026, 5, 1), date(2026, 6, 1)), r"CloseDateChanged\.from_"),
            (swap(AmountChanged, Money(5, "USD"), Money(5, "EUR")), r"AmountChanged\.to: expected an amount in USD"),
            (swap(AmountChanged, Money(5, "USD"), Money(6, "USD"), amount_source=None), "amount_source"),
            (swap(AmountChanged, Money(5, "USD"), None), "amount_source"),
            (lambda deal: after(deal, OpportunityTagsChanged), "OpportunityTagsChanged"),
            (lambda deal: after(deal, OpportunityTagsChanged, added=("hot",)), "OpportunityTagsChanged"),
            (lambda deal: after(deal, OpportunityTagsChanged, removed=("cold",)), "OpportunityTagsChanged"),
        ],
    )
    def test_of_what_is_not_there(self, event: Callable[[Opportunity], Event], match: str) -> None:
        deal = opened(amount=Money(5, "USD"), tags=["hot"])

        refused(deal, event(deal), match)

    @pytest.mark.parametrize(
        "event",
        [
            swap(AmountChanged, None, Money(5, "USD")),
            swap(ProbabilityOverridden, None, 77),
            lambda deal: after(deal, ActivityRecorded),
            lambda deal: after(deal, OpportunityTagsChanged, added=("hot",)),
        ],
    )
    def test_of_a_deal_that_is_over(self, event: Callable[[Opportunity], Event]) -> None:
        deal = won()

        refused(deal, event(deal), "no edit, of a deal that is won")

    def test_the_same_date_of_a_rest_may_have_another_reason(self) -> None:
        until = date(2026, 6, 1)
        deal = opened().snooze(until, reason="fair", at=AT).state

        found = Opportunity.evolve(deal, after(deal, SnoozeChanged, from_=until, to=until, reason="budget"))
        assert found.snooze_reason == "budget"


class TestMoves:
    def test_from_where_the_deal_is(self) -> None:
        deal = opened()

        refused(deal, entry(deal, OpportunityStageChanged, "b", from_="c"), r"OpportunityStageChanged\.from_")
        refused(deal, entry(deal, OpportunityStageChanged, "a"), r"OpportunityStageChanged\.to: expected another stage")
        refused(deal, entry(deal, OpportunityWon, "won", pipeline="other"), r"OpportunityWon\.pipeline")

    def test_what_is_over_is_closed_once(self) -> None:
        deal = won()

        refused(deal, entry(deal, OpportunityWon, "won"), r"OpportunityWon\.kind: expected what may follow on won")
        refused(deal, entry(deal, OpportunityStageChanged, "a"), r"OpportunityStageChanged\.kind")
        refused(opened(), entry(opened(), OpportunityReopened, "b"), r"OpportunityReopened\.kind")

    def test_a_deal_that_begins_in_a_closing_stage_is_closed_there_at_once(self) -> None:
        deal, (first, second) = Opportunity.open("o1", SALES, stage="lost", reason="price", at=AT)
        begun = Opportunity.evolve(None, first)

        assert Opportunity.evolve(begun, second) == deal
        refused(begun, entry(begun, OpportunityReopened, "a"), "OpportunityLost, after such an opening")
        refused(begun, entry(begun, OpportunityLost, "lost"), r"OpportunityLost\.to")
        late = OpportunityLost(
            source="o1", version=2, at=AT + timedelta(days=1), pipeline="sales", from_=None, **ENTRIES["lost"]
        )
        refused(begun, late, r"OpportunityLost\.at")


class TestCategories:
    @pytest.mark.parametrize("category", ["closed", "omitted"])
    def test_those_of_deals_that_are_over_are_for_no_open_one(self, category: str) -> None:
        with pytest.raises(InvalidValue, match=r"CategoryOverridden\.to"):
            after(opened(), CategoryOverridden, from_=None, to=category)
        with pytest.raises(InvalidValue, match=r"OpportunityOpened\.category: expected .*, of what is open"):
            OpportunityOpened(
                source="o1", version=1, at=AT, pipeline="sales", to="a", probability=10, category=category
            )

    def test_tags_are_sorted_and_each_once(self) -> None:
        with pytest.raises(InvalidValue, match=r"OpportunityOpened\.tags: expected texts, sorted and each once"):
            OpportunityOpened(source="o1", version=1, at=AT, pipeline="sales", **ENTRIES["a"], tags=("b", "a", "b"))


class TestMerges:
    @pytest.mark.parametrize("others", [(), ("o1",), ("o2", "o2")])
    def test_other_deals_each_once(self, others: tuple[str, ...]) -> None:
        deal, brought = opened(), tuple([MergedOpportunity(opportunity=each) for each in others])

        refused(deal, after(deal, OpportunitiesMerged, others=brought, **WHYS), r"OpportunitiesMerged\.others")

    def test_a_deal_that_came_in_already(self) -> None:
        deal, _ = merged(opened(), opened("o2"))

        refused(deal, after(deal, OpportunitiesMerged, others=(BROUGHT,), **WHYS), r"OpportunitiesMerged\.others")

    def test_an_amount_that_is_from_nowhere(self) -> None:
        deal, brought = opened(), MergedOpportunity(opportunity="o2", amount=Money(5, "USD"))

        refused(deal, after(deal, OpportunitiesMerged, others=(brought,), **WHYS), "amount_source")

    def test_not_into_itself(self) -> None:
        deal = opened()

        refused(deal, after(deal, OpportunityMergedInto, survivor="o1", **WHYS), r"OpportunityMergedInto\.survivor")

    def test_a_merged_deal_has_no_events_but_the_one_that_restores_it(self) -> None:
        _, deal = merged(opened(), opened("o2"))

        refused(deal, after(deal, ActivityRecorded), "OpportunityRestored, of a deal that was merged into o1")


class TestUndoing:
    def test_a_move_that_no_merge_made(self) -> None:
        deal = opened().move_to("b", SALES, at=AT).state

        refused(deal, unmerged(deal, 1, "q", undoes=(2,)), r"OpportunitiesUnmerged\.others")

    def test_a_move_that_another_command_made(self) -> None:
        deal, _ = merged(opened(), opened("o2"))
        deal = deal.move_to("b", SALES, at=AT).state

        refused(deal, unmerged(deal, 2, "o2", undoes=(3,)), r"OpportunitiesUnmerged\.undoes")
        refused(deal, unmerged(deal, 2, "o2", undoes=(2,)), r"OpportunitiesUnmerged\.undoes")
        refused(deal, unmerged(deal, 3, "o2"), r"OpportunitiesUnmerged\.others")

    def test_a_move_that_is_still_to_come(self) -> None:
        deal, _ = merged(opened(), opened("o2"))

        refused(deal, unmerged(deal, 2, "o2", undoes=(3,)), r"OpportunitiesUnmerged\.undoes")

    def test_nobody_or_somebody_who_is_gone_already(self) -> None:
        deal, other = merged(opened(), opened("o2"))
        alone = unmerge_opportunities(deal, [other], at=AT, **WHYS)[0].state

        refused(deal, unmerged(deal, 2), r"OpportunitiesUnmerged\.others")
        refused(alone, unmerged(alone, 2, "o2"), r"OpportunitiesUnmerged\.others")

    def test_a_merge_into_another_that_is_still_to_come(self) -> None:
        deal = opened()

        refused(deal, restored(deal, 3), r"OpportunityRestored\.merge")

    def test_a_merge_that_made_its_move(self) -> None:
        deals = [opened("o1", OTHER), opened("o2", OTHER)]
        survivor, other = merged(*deals)

        for change in unmerge_opportunities(survivor, [other], at=AT, **WHYS):
            assert Opportunity(change.state.history) == change.state
        assert survivor.pipeline == "sales"

    def test_an_edit_behind_the_undoing_of_a_merge(self) -> None:
        lost = [opened(each).lose(SALES, reason="price", at=AT).state for each in ("o1", "o2")]
        survivor, other = merged(*lost)
        alone = unmerge_opportunities(survivor, [other], at=AT, **WHYS)[0].state

        refused(alone, after(alone, ActivityRecorded), "no edit")


class TestLongHistories:
    """Each took seconds when a step cost the length of the history, and takes some hundredths of one."""

    @staticmethod
    def taken(command: Callable[[], object]) -> float:
        begun = time.process_time()
        command()
        return time.process_time() - begun

    def test_of_a_deal(self) -> None:
        first = opened()
        acts = [ActivityRecorded(source="o1", version=2 + n, at=AT + timedelta(seconds=n)) for n in range(50_000)]
        deal = Opportunity((*first.history, *acts))

        assert deal.last_activity_at == acts[-1].at
        assert self.taken(lambda: Opportunity(deal.history)) < 2
        assert self.taken(lambda: deal.as_of(acts[-2].at)) < 2

    def test_that_undo_what_no_merge_did(self) -> None:
        first = opened()
        acts = [ActivityRecorded(source="o1", version=2 + n, at=AT) for n in range(3_000)]
        back = [OpportunityRestored(source="o1", version=3_002 + n, at=AT, merge=1, **WHYS) for n in range(3_000)]

        def read() -> None:
            with pytest.raises(InvalidValue, match=r"OpportunityRestored\.merge"):
                Opportunity((*first.history, *acts, *back))

        assert self.taken(read) < 2

    def test_that_undo_many_merges(self) -> None:
        events: list[Any] = list(opened().history)
        for n in range(2_000):
            head: dict[str, Any] = {"source": "o1", "at": AT, **WHYS}
            events.append(OpportunitiesMerged(version=2 + 3 * n, others=(BROUGHT,), **head))
            events.append(OpportunitiesUnmerged(version=3 + 3 * n, merge=2 + 3 * n, others=("o2",), **head))
            events.append(ActivityRecorded(source="o1", version=4 + 3 * n, at=AT))

        assert self.taken(lambda: Opportunity(events)) < 2

    def test_of_many_tags(self) -> None:
        tags = [OpportunityTagsChanged(source="o1", version=2 + n, at=AT, added=(f"t{n:04}",)) for n in range(8_000)]

        assert self.taken(lambda: Opportunity((*opened().history, *tags))) < 2

    def test_of_a_quote(self) -> None:
        quote = Quote.open("q1", currency="EUR", lines=[QuoteLine(1, "seat", 4, list_price=50)], at=AT).state
        events = [QuoteRevised(source="q1", version=2 + n, at=AT, revision=2 + n) for n in range(20_000)]
        quote = Quote((quote.history[0], *events))

        assert quote.revision == 20_001
        assert self.taken(lambda: Quote(quote.history)) < 2
