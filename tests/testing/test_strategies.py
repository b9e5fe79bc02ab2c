"""What the strategies draw: every stored form, round trips, and arguments that are honoured or refused."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, Phase, find, given, settings, strategies as st
from registry_examples import load_all

from relex import errors
from relex.calendars import Months
from relex.changes import Change, replay
from relex.codec import dumps, loads
from relex.codec._registry import forms
from relex.customers import Customer, CustomerOpened, TagsChanged
from relex.errors import InvalidValue
from relex.insights import Membership, SegmentEntered, SegmentLeft
from relex.loyalty import (
    Account,
    Budget,
    BudgetDrawn,
    BudgetGivenBack,
    BudgetOpened,
    PointsEarned,
    Program,
    Referral,
    Voucher,
)
from relex.money import Money
from relex.parties import OrganizationName, PersonName
from relex.pipeline import Lead, LeadQualified, Quote, QuoteSent
from relex.rules import AnyChild, Between, Compare, FactSchema, Kind, Rule, SumOf
from relex.service import Case
from relex.testing import strategies
from relex.testing.strategies._basics import FIRST, LAST
from relex.testing.strategies._steps import Step

if TYPE_CHECKING:
    from collections.abc import Callable

    from relex.purchases import Purchase

load_all()

lean = settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])
AT = datetime(2026, 11, 23, 9, tzinfo=UTC)
FORMS = [form.cls for form in forms() if form.cls.__module__.startswith("relex.")]
VIENNA = ZoneInfo("Europe/Vienna")


def drawn(strategy: st.SearchStrategy[Any], count: int = 40) -> list[Any]:
    """What a strategy draws; the same every time."""
    found: list[Any] = []

    @settings(max_examples=count, phases=[Phase.generate], derandomize=True, database=None)
    @given(strategy)
    def collect(value: Any) -> None:
        found.append(value)

    collect()
    return found


class TestEveryStoredForm:
    @pytest.mark.parametrize("of", FORMS, ids=lambda of: f"{of.__module__.split('.')[1]}.{of.__name__}")
    def test_it_has_a_strategy_that_draws_it_and_is_read_back_equal(self, of: type) -> None:
        for value in drawn(strategies.values(of=of), 15):
            assert type(value) is of
            assert loads(dumps(value), of, zones=ZoneInfo) == value

    @lean
    @given(strategies.values())
    def test_any_value_is_of_a_class_with_a_stored_form(self, value: object) -> None:
        assert type(value) in FORMS

    @pytest.mark.parametrize("of", [int, "Purchase", [], 3, Rule])
    def test_another_class_is_refused(self, of: Any) -> None:
        with pytest.raises(InvalidValue, match=r"values\.of"):
            strategies.values(of=of)


class TestTexts:
    def test_they_are_awkward(self) -> None:
        found = "".join(drawn(strategies.texts(), 300))

        assert {"'", '"', ";", "\\", "%", "_", "😀", "\u202e", "\u0301", "ש"} <= set(found)
        assert not any("\ud800" <= sign <= "\udfff" or sign == "\0" for sign in found)

    def test_a_very_long_one_comes_once_in_a_while(self) -> None:
        assert len(find(strategies.texts(), lambda text: len(text) > 1000)) > 1000

    def test_nul_comes_only_when_asked_for(self) -> None:
        assert "\0" in find(strategies.texts(nul=True), lambda text: "\0" in text)

    @lean
    @given(strategies.texts(min_size=2, max_size=3), strategies.texts(min_size=5, max_size=5))
    def test_sizes_are_kept(self, short: str, five: str) -> None:
        assert 2 <= len(short) <= 3
        assert len(five) == 5

    @pytest.mark.parametrize("sizes", [{"min_size": -1}, {"min_size": 3, "max_size": 2}, {"max_size": "3"}])
    def test_wrong_sizes_are_refused(self, sizes: Any) -> None:
        with pytest.raises(InvalidValue):
            strategies.texts(**sizes)

    def test_they_shrink_to_something_plain(self) -> None:
        assert find(strategies.ids(), lambda _: True) == "a"
        assert find(strategies.texts(), lambda _: True) == "a"


class TestNumbers:
    def test_numbers_go_beyond_64_bits(self) -> None:
        assert find(strategies.numbers(), lambda number: abs(number) > 2**64)

    def test_decimals_come_in_every_writing(self) -> None:
        exponents = {value.as_tuple().exponent for value in drawn(strategies.decimals(), 100)}

        assert min(exponents) < -10
        assert max(exponents) > 0

    @lean
    @given(strategies.decimals(min_value=1, max_value=Decimal("2.5"), places=2))
    def test_decimals_keep_their_bounds(self, value: Decimal) -> None:
        assert 1 <= value <= Decimal("2.5")
        assert value.as_tuple().exponent == -2

    @lean
    @given(strategies.decimals(min_value=0, max_value=Decimal("1E-31")))
    def test_decimals_have_no_more_digits_than_a_number_may(self, value: Decimal) -> None:
        assert value.as_tuple().exponent >= -60  # type: ignore[operator]  # all of them are finite

    @pytest.mark.parametrize(
        "given_", [{"min_value": 2, "max_value": 1}, {"min_value": 1.5}, {"places": -1}, {"max_value": "3"}]
    )
    def test_wrong_bounds_are_refused(self, given_: Any) -> None:
        with pytest.raises(InvalidValue, match="decimals"):
            strategies.decimals(**given_)

    @lean
    @given(strategies.fractions(min_value=0, max_value=1))
    def test_fractions_keep_their_bounds(self, value: Any) -> None:
        assert 0 <= value <= 1


class TestTimes:
    def test_days_span_all_of_time(self) -> None:
        years = {day.year for day in drawn(strategies.days(), 100)}

        assert min(years) < 1000
        assert max(years) > 8000

    def test_days_keep_their_bounds(self) -> None:
        first, last = date(2031, 1, 1), date(2031, 1, 3)

        assert set(drawn(strategies.days(min_value=first, max_value=last))) == {
            first,
            last,
            date(2031, 1, 2),
        }

    @pytest.mark.parametrize("given_", [{"min_value": AT}, {"min_value": date(2, 1, 1), "max_value": date(1, 1, 1)}])
    def test_wrong_days_are_refused(self, given_: Any) -> None:
        with pytest.raises(InvalidValue, match="days"):
            strategies.days(**given_)

    @lean
    @given(strategies.instants())
    def test_instants_are_real_times_of_their_zone(self, at: datetime) -> None:
        shown = at.astimezone(UTC).astimezone(at.tzinfo)

        assert (shown.replace(tzinfo=None), shown.fold) == (at.replace(tzinfo=None), at.fold)
        assert FIRST <= at.astimezone(UTC) <= LAST

    def test_some_instants_are_in_an_hour_that_comes_twice(self) -> None:
        assert find(strategies.instants(), lambda at: at.fold == 1).fold == 1

    @lean
    @given(strategies.instants(min_value=AT, max_value=AT + timedelta(hours=1), zones=VIENNA))
    def test_instants_keep_their_bounds_and_their_zone(self, at: datetime) -> None:
        assert AT <= at <= AT + timedelta(hours=1)
        assert at.tzinfo is VIENNA

    @pytest.mark.parametrize(
        "given_",
        [{"min_value": date(2026, 1, 1)}, {"min_value": LAST, "max_value": FIRST}, {"zones": "UTC"}],
    )
    def test_wrong_instants_are_refused(self, given_: Any) -> None:
        with pytest.raises(InvalidValue, match="instants"):
            strategies.instants(**given_)


class TestArgumentsThatAreParts:
    @pytest.mark.parametrize(
        ("strategy", "seen"),
        [
            (lambda given_: strategies.purchases(customer=given_), lambda sale: sale.customer),
            (lambda given_: strategies.purchases(id=given_), lambda sale: sale.id),
            (lambda given_: strategies.returns(purchase=given_), lambda back: back.purchase),
            (lambda given_: strategies.returns(customer=given_), lambda back: back.customer),
            (lambda given_: strategies.claims(customer=given_), lambda claim: claim.customer),
            (lambda given_: strategies.claims(purchase=given_), lambda claim: claim.purchase),
            (lambda given_: strategies.retractions(claim=given_), lambda entry: entry.claim),
            (lambda given_: strategies.customers(id=given_), lambda customer: customer.id),
            (lambda given_: strategies.accounts(customer=given_), lambda account: account.customer),
            (lambda given_: strategies.memberships(segment=given_), lambda state: state.segment),
            (lambda given_: strategies.identifiers(kind=given_), lambda identifier: identifier.kind),
            (lambda given_: strategies.programs(id=given_), lambda program: program.id),
            (lambda given_: strategies.points(id=given_), lambda points: points.id),
            (lambda given_: strategies.tiers(id=given_), lambda tier: tier.id),
            (lambda given_: strategies.earning_rules(id=given_), lambda rule: rule.id),
            (lambda given_: strategies.escrows(on=given_), lambda escrow: escrow.on),
            (lambda given_: strategies.occasions(kind=given_), lambda occasion: occasion.kind),
            (lambda given_: strategies.credits(currency=given_), lambda lot: lot.currency),
            (lambda given_: strategies.segments(name=given_), lambda segment: segment.name),
            (lambda given_: strategies.measures(name=given_), lambda measure: measure.name),
            (lambda given_: strategies.score_bands(name=given_), lambda band: band.name),
            (lambda given_: strategies.outcomes(source=given_), lambda outcome: outcome.source),
            (lambda given_: strategies.forecast_adjustments(subject=given_), lambda entry: entry.subject),
            (lambda given_: strategies.forecast_adjustments(by=given_), lambda entry: entry.by),
            (lambda given_: strategies.quotas(subject=given_), lambda entry: entry.subject),
            (lambda given_: strategies.contact_attempts(id=given_), lambda attempt: attempt.id),
            (lambda given_: strategies.contact_attempts(customer=given_), lambda attempt: attempt.customer),
            (lambda given_: strategies.variables(name=given_), lambda variable: variable.name),
            (lambda given_: strategies.outcome_counts(group=given_), lambda counts: counts.group),
        ],
    )
    def test_a_value_is_always_that_value_and_a_strategy_is_drawn_from(
        self, strategy: Callable[[Any], st.SearchStrategy[Any]], seen: Callable[[Any], str]
    ) -> None:
        assert {seen(value) for value in drawn(strategy("it"), 5)} == {"it"}
        assert {seen(value) for value in drawn(strategy(st.sampled_from(["x", "y"])), 20)} == {"x", "y"}
        with pytest.raises(InvalidValue, match="or a strategy of such values"):
            strategy(b"it")

    @pytest.mark.parametrize(
        "strategy",
        [
            strategies.purchases,
            strategies.returns,
            strategies.claims,
            strategies.retractions,
            strategies.outcomes,
            strategies.customers,
            strategies.forecast_adjustments,
            strategies.quotas,
            strategies.contact_attempts,
        ],
    )
    def test_an_instant_is_that_instant(self, strategy: Callable[..., Any]) -> None:
        (one, *_) = drawn(strategy(at=AT), 1)

        assert (one.opened_at if isinstance(one, Customer) else one.at) == AT

    def test_money_keeps_its_currency_and_its_bounds(self) -> None:
        for value in drawn(strategies.moneys(currency="EUR", min_value=1, max_value=2, places=2)):
            assert Money(1, "EUR") <= value <= Money(2, "EUR")

    @pytest.mark.parametrize(
        "given_", [{"currency": "euro"}, {"min_value": 1.0}, {"min_value": 2, "max_value": 1}, {"places": "2"}]
    )
    def test_wrong_money_is_refused(self, given_: Any) -> None:
        with pytest.raises(InvalidValue, match="moneys"):
            strategies.moneys(**given_)

    def test_one_bound_is_enough(self) -> None:
        assert min(value.amount for value in drawn(strategies.moneys(min_value=0))) >= 0

    @lean
    @given(strategies.weights(), strategies.leftovers(), strategies.roundings(), strategies.moneys())
    def test_an_allocation_can_be_asked(self, weights: tuple[int, ...], leftover: Any, mode: Any, money: Money) -> None:
        whole = money.round(mode)

        try:
            assert sum((part.amount for part in whole.allocate(weights, leftover)), Decimal(0)) == whole.amount
        except errors.InvalidValue:
            assert not any(weights)


class TestPurchases:
    def test_lines_are_as_many_as_allowed(self) -> None:
        assert {len(sale.lines) for sale in drawn(strategies.purchases(max_lines=2))} == {1, 2}
        with pytest.raises(InvalidValue, match="max_lines"):
            strategies.purchases(max_lines=0)

    def test_some_are_anonymous(self) -> None:
        assert None in {sale.customer for sale in drawn(strategies.purchases())}

    @lean
    @given(strategies.purchases(), st.data())
    def test_what_is_returned_of_a_purchase_fits_it(self, sale: Purchase, data: st.DataObject) -> None:
        back = data.draw(strategies.returns(purchase=sale))

        assert (back.purchase, back.at, back.customer) == (sale.id, sale.at, sale.customer)
        assert sale.take_back(back.lines, id="again", at=sale.at).value == back.value

    def test_a_return_of_a_purchase_may_be_later(self) -> None:
        sale = drawn(strategies.purchases(at=AT), 1)[0]

        assert drawn(strategies.returns(purchase=sale, at=AT + timedelta(days=1)), 1)[0].at == AT + timedelta(days=1)

    def test_discounts_of_a_whole_purchase_have_no_units(self) -> None:
        assert all(each.per_unit is None for each in drawn(strategies.discounts(per_unit=False)))
        assert any(each.per_unit is not None for each in drawn(strategies.discounts()))


class TestRulesAndFacts:
    SCHEMA = FactSchema({"n": Decimal, "at": datetime}, children={"kids": FactSchema({"kid.age": int})})

    @lean
    @given(strategies.rules(SCHEMA), strategies.facts(SCHEMA))
    def test_rules_ask_what_the_schema_lists(self, rule: Rule, facts: dict[str, Any]) -> None:
        assert self.SCHEMA.problems(rule) == ()
        assert set(facts) <= {"n", "at", "kids"}

    @lean
    @given(st.data())
    def test_any_schema_will_do(self, data: st.DataObject) -> None:
        schema = data.draw(strategies.fact_schemas())
        rule = data.draw(strategies.rules(schema))

        assert schema.problems(rule) == ()

    def test_some_facts_are_missing_and_some_are_none(self) -> None:
        found = drawn(strategies.facts())

        assert any("total" not in facts for facts in found)
        assert any(facts.get("total", 0) is None for facts in found)

    def test_without_children_no_rule_asks_about_them(self) -> None:
        found = drawn(strategies.rules(children=False), 250)

        assert {rule.reach for rule in found} == {0}
        assert {type(rule).__name__ for rule in found} >= {"AllOf", "AnyOf", "AtLeast", "Not", "Compare", "IsIn"}

    def test_with_children_some_do(self) -> None:
        assert max(rule.reach for rule in drawn(strategies.rules(), 100)) > 0

    def test_schemas_without_children_have_none(self) -> None:
        assert not any(schema.children for schema in drawn(strategies.fact_schemas(children=False)))

    def test_the_outermost_node_can_be_chosen(self) -> None:
        assert {type(rule) for rule in drawn(strategies.rules(of=Between), 10)} == {Between}

    @pytest.mark.parametrize(
        ("of", "schema", "children"),
        [
            (Compare, FactSchema(), True),
            (AnyChild, None, False),
            (SumOf, FactSchema({"a": str}, children={"b": FactSchema()}), True),
            (int, None, True),
        ],
    )
    def test_a_node_that_cannot_be_asked_is_refused(self, of: Any, schema: FactSchema | None, children: bool) -> None:
        with pytest.raises(InvalidValue, match=r"rules\.of"):
            strategies.rules(schema, of=of, children=children)

    def test_an_empty_schema_has_only_rules_without_questions(self) -> None:
        assert {rule.names for rule in drawn(strategies.rules(FactSchema()))} == {frozenset()}

    def test_constants_are_of_their_kind(self) -> None:
        assert {type(value) for value in drawn(strategies.constants(kind=Kind.FLAG))} == {bool}
        assert len({type(value) for value in drawn(strategies.constants(), 100)}) >= 6
        with pytest.raises(InvalidValue, match=r"constants\.kind"):
            strategies.constants(kind="colour")


class TestHistories:
    @pytest.mark.parametrize(
        ("of", "changes"),
        [
            (Customer, strategies.customer_changes()),
            (Account, strategies.account_changes()),
            (Membership, strategies.membership_changes()),
            (Quote, strategies.quote_changes()),
            (Lead, strategies.lead_changes()),
            (Case, strategies.case_changes()),
            (Voucher, strategies.voucher_changes()),
            (Budget, strategies.budget_changes()),
            (Referral, strategies.referral_changes()),
        ],
    )
    def test_each_change_follows_the_one_before_and_replays(self, of: Any, changes: Any) -> None:
        for history in drawn(changes):
            events = [event for change in history for event in change.events]

            assert [change.expected for change in history] == [0, *[change.state.version for change in history[:-1]]]
            assert [event.version for event in events] == list(range(1, len(events) + 1))
            assert all(earlier.at <= later.at for earlier, later in pairwise(events))
            assert replay(of.evolve, events) == history[-1].state

    @pytest.mark.parametrize(
        "changes",
        [
            strategies.customer_changes,
            strategies.account_changes,
            strategies.membership_changes,
            strategies.quote_changes,
            strategies.lead_changes,
            strategies.case_changes,
            strategies.referral_changes,
        ],
    )
    def test_sizes_are_kept(self, changes: Any) -> None:
        assert {len(history) for history in drawn(changes(max_size=1), 5)} == {1}
        assert max(len(history) for history in drawn(changes(min_size=4, max_size=4))) > 1
        for sizes in ({"max_size": 0}, {"min_size": 0}, {"min_size": 3, "max_size": 2}):
            with pytest.raises(InvalidValue):
                changes(**sizes)

    def test_a_command_that_is_refused_changes_nothing(self) -> None:
        customer = drawn(strategies.customers(max_size=1), 1)[0]

        def refused(_: Customer) -> Change[Customer]:
            raise errors.Rejected("rename", "out_of_order")

        assert Step("rename", refused)(customer) == Change(customer, ())

    def test_a_command_shows_what_it_is_given(self) -> None:
        assert repr(Step("tag", lambda _: _, (["vip"],))) == "tag(['vip'])"

    def test_commands_are_values_that_any_state_takes(self) -> None:
        (command, *_) = drawn(strategies.customer_commands(), 1)

        for customer in drawn(strategies.customers(), 5):
            assert command(customer).state.id == customer.id

    def test_commands_reach_the_end_of_time_and_no_further(self) -> None:
        for history in drawn(strategies.customer_changes(at=LAST, min_size=6)):
            assert {change.state.changed_at for change in history} == {LAST}

    def test_commands_of_an_account_are_of_every_name(self) -> None:
        names = {command.name for command in drawn(strategies.account_commands(Program("p", currency="USD")), 400)}

        assert len(names) == 22

    def test_quotes_reach_every_status(self) -> None:
        histories = drawn(strategies.quote_changes(min_size=10, max_size=10), 60)
        statuses = {change.state.status for history in histories for change in history}

        assert {"draft", "submitted", "approved", "sent", "accepted", "declined"} == statuses

    def test_an_account_of_a_given_program(self) -> None:
        program = Program("beans", currency="USD")

        assert {account.program for account in drawn(strategies.accounts(program=program), 5)} == {"beans"}
        for wrong in (strategies.account_commands, lambda given_: strategies.accounts(program=given_)):
            with pytest.raises(InvalidValue, match="Program"):
                wrong("beans")

    def test_names_decide_the_kind_of_a_customer(self) -> None:
        name = OrganizationName("Casa")

        assert {each.kind for each in drawn(strategies.customers(name=name), 5)} == {"organization"}
        assert {type(each) for each in drawn(strategies.names())} == {PersonName, OrganizationName}

    @pytest.mark.parametrize(
        "events",
        [strategies.customer_events, strategies.account_events, strategies.quote_events, strategies.lead_events],
    )
    def test_events_of_any_class(self, events: Any) -> None:
        assert len({type(event) for event in drawn(events(), 100)}) > 5
        with pytest.raises(InvalidValue, match="kind"):
            events(SegmentEntered)

    def test_events_of_any_class_of_budgets_and_vouchers(self) -> None:
        assert {type(event) for event in drawn(strategies.budget_events(), 60)} == {
            BudgetDrawn,
            BudgetGivenBack,
            BudgetOpened,
        }
        assert len({type(event) for event in drawn(strategies.voucher_events(), 60)}) > 3

    def test_events_of_one_class(self) -> None:
        assert {type(event) for event in drawn(strategies.customer_events(TagsChanged), 5)} == {TagsChanged}
        assert {type(event) for event in drawn(strategies.account_events(PointsEarned), 5)} == {PointsEarned}
        assert {type(event) for event in drawn(strategies.quote_events(QuoteSent), 5)} == {QuoteSent}
        assert {type(event) for event in drawn(strategies.lead_events(LeadQualified), 5)} == {LeadQualified}
        assert {type(event) for event in drawn(strategies.membership_events())} == {SegmentEntered, SegmentLeft}
        with pytest.raises(InvalidValue, match="kind"):
            strategies.membership_events(CustomerOpened)


class TestCalendars:
    def test_durations_are_of_the_class_and_at_least_so_many(self) -> None:
        found = drawn(strategies.calendar_durations(of=Months, min_value=2))

        assert {type(each) for each in found} == {Months}
        assert min(each.n for each in found) >= 2
        with pytest.raises(InvalidValue):
            strategies.calendar_durations(of=timedelta)  # type: ignore[arg-type]

    @pytest.mark.parametrize("of", [date, datetime])
    def test_periods_are_of_the_class(self, of: type[date]) -> None:
        assert {type(period.start) for period in drawn(strategies.periods(of=of))} == {of}

    def test_periods_with_and_without_an_end(self) -> None:
        assert all(period.end is not None for period in drawn(strategies.periods(ended=True)))
        assert all(period.end is None for period in drawn(strategies.periods(ended=False)))
        assert any(period.is_empty for period in drawn(strategies.periods()))

    @lean
    @given(strategies.business_calendars(tz=VIENNA, near=date(2026, 3, 29)))
    def test_calendars_open_within_a_week(self, calendar: Any) -> None:
        assert calendar.tz is VIENNA
        assert calendar.opens(AT) - AT < timedelta(days=8)

    def test_a_calendar_near_the_end_of_time_is_refused(self) -> None:
        with pytest.raises(InvalidValue, match=r"business_calendars\.near"):
            strategies.business_calendars(near=date(9999, 12, 31))


class TestDefinitions:
    def test_parts_of_expiries_and_awards_can_be_left_out(self) -> None:
        assert "FirstOf" not in {type(each).__name__ for each in drawn(strategies.expiries(parts=False))}
        assert "Multiply" not in {type(each).__name__ for each in drawn(strategies.earning_awards(multiply=False))}
        assert "Multiply" in {type(each).__name__ for each in drawn(strategies.earning_awards())}

    def test_windows_of_tiers_and_how_long_they_last(self) -> None:
        assert len({type(each) for each in drawn(strategies.tier_windows())}) == 5
        assert len({type(each) for each in drawn(strategies.keeps())}) == 4
        assert len({type(each) for each in drawn(strategies.score_methods())}) == 3
        assert len({type(each) for each in drawn(strategies.decays())}) == 2

    def test_programs_are_of_a_currency(self) -> None:
        assert {program.currency for program in drawn(strategies.programs(currency="JPY"), 10)} == {"JPY"}

    def test_figures_with_and_without_a_value(self) -> None:
        assert all(figure.value is not None for figure in drawn(strategies.figures(known=True)))
        assert all(figure.reason for figure in drawn(strategies.figures(known=False)))

    @pytest.mark.parametrize("combine", ["sum", "weighted_mean"])
    def test_cards_of_a_kind(self, combine: str) -> None:
        for card in drawn(strategies.score_cards(combine=combine)):
            assert card.combine == combine
            assert card.score({}, as_of=AT).as_of == AT

    def test_rules_of_scores_on_facts(self) -> None:
        assert {rule.on for rule in drawn(strategies.score_rules(on="facts"))} == {"facts"}

    def test_segments_with_and_without_memory(self) -> None:
        assert all(segment.stay is None for segment in drawn(strategies.segments(stay=False)))
        assert all(segment.stay is not None for segment in drawn(strategies.segments(stay=True)))

    def test_requirements_and_segmentations_of_a_schema(self) -> None:
        schema = FactSchema({"n": int})

        assert all(each.rule.names <= {"n"} for each in drawn(strategies.requirements(schema), 10))
        assert all(each.segments[0].rule.names <= {"n"} for each in drawn(strategies.segmentations(schema), 10))


def test_strategies_are_shown_in_few_words() -> None:
    shown = [len(repr(make())) for make in (strategies.rules, strategies.facts, strategies.purchases)]

    assert max(shown) < 1_000


def test_the_contents_are_sorted_and_public() -> None:
    assert list(strategies.__all__) == sorted(strategies.__all__)
    assert all(callable(getattr(strategies, name)) for name in strategies.__all__)
