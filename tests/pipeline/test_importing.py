"""Deals from the rows of an export: what is read, what is refused and why, what is set aside."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

import pytest

from relex.errors import InvalidValue
from relex.money import Money
from relex.pipeline import Imported, NextStep, Opportunity, Pipeline, Split, Stage
from relex.purchases import Line
from relex.rules import Requirement, field

SALES = Pipeline(
    "sales",
    [
        Stage("new", 1, probability=10, name="New"),
        Stage(
            "demo",
            2,
            probability=30,
            requires=[Requirement("who", ~field("customer").is_missing(), "Name the customer")],
        ),
        Stage("offer", 3, probability=60, requires=[Requirement("pain", field("pain") == "yes", "Ask what hurts")]),
        Stage("won", 8, kind="won"),
        Stage("lost", 9, kind="lost"),
    ],
    lost_reasons=["price", "timing"],
)
VIENNA = ZoneInfo("Europe/Vienna")


def at(month: int, day: int) -> datetime:
    return datetime(2026, month, day, tzinfo=UTC)


def row(**more: Any) -> dict[str, Any]:
    found = {"id": "d1", "stage": "new", "opened_at": "2026-01-05", "amount": "1000", **more}
    return {name: value for name, value in found.items() if value is not ...}


def read(*rows: Any, **more: Any) -> Imported:
    return Opportunity.from_rows(rows, more.pop("pipeline", SALES), **{"currency": "USD", "tz": UTC, **more})


def one(*rows: Any, **more: Any) -> Opportunity:
    found = read(*rows, **more)

    assert not found.refused, found.refused[0]
    return found.opportunities[0]


def told(found: Imported) -> list[tuple[int, list[tuple[str | None, str]]]]:
    return [(each.number, [(problem.field, problem.reason) for problem in each.problems]) for each in found.refused]


class TestOneRow:
    def test_an_open_deal_begins_in_its_stage(self) -> None:
        deal = one(row(stage="demo", customer="c1"))

        assert (deal.stage, deal.opened_at, deal.stage_entered_at, deal.amount) == (
            "demo",
            at(1, 5),
            at(1, 5),
            Money(1000, "USD"),
        )

    def test_or_comes_into_it_when_the_row_says(self) -> None:
        deal = one(row(stage="demo", customer="c1", stage_entered_at="2026-02-01"))

        assert [(event.to, event.at) for event in deal.history] == [("new", at(1, 5)), ("demo", at(2, 1))]  # type: ignore[attr-defined]

    def test_a_won_deal_was_won_when_it_was_closed(self) -> None:
        deal = one(row(stage="won", closed_at="2026-03-01", customer="c1", probability="100"), pipeline=plain())

        assert (deal.kind, deal.opened_at, deal.closed_at, deal.won_from) == ("won", at(1, 5), at(3, 1), "new")

    def test_a_lost_deal_knows_why_and_from_where(self) -> None:
        deal = one(
            row(
                stage="lost",
                closed_at="2026-03-01",
                open_stage="demo",
                customer="c1",
                reason="price",
                note="too much",
                competitor="Acme",
                probability="0",
            )
        )

        assert (deal.lost_from, deal.lost_reason, deal.close_note, deal.competitor) == (
            "demo",
            "price",
            "too much",
            "Acme",
        )

    def test_the_stage_before_is_an_open_one(self) -> None:
        found = read(row(stage="won", open_stage="won", closed_at="2026-03-01", customer="c1"), pipeline=plain())

        assert told(found) == [(1, [("open_stage", "invalid_value")])]
        assert found.refused[0].problems[0].expected == "one of new, demo, offer"

    def test_no_stage_is_entered_before_the_deal_began(self) -> None:
        found = read(row(stage="demo", customer="c1", stage_entered_at="2025-12-01"))

        assert told(found) == [(1, [("stage_entered_at", "out_of_order")])]

    def test_it_began_where_the_moves_lead_to_its_stage(self) -> None:
        stages, given = plain().stages, row(stage="offer", stage_entered_at="2026-02-01")
        adjacent = Pipeline("sales", stages, moves="adjacent")
        mapped = Pipeline("sales", stages, moves={"new": ["demo"], "demo": ["offer"], "offer": ["won", "lost"]})

        assert [one(given, pipeline=each).history[0].to for each in (adjacent, mapped)] == ["demo", "demo"]  # type: ignore[attr-defined]
        assert one(row(stage="won", closed_at="2026-03-01"), pipeline=mapped).won_from == "offer"

    def test_no_move_leads_to_its_stage(self) -> None:
        moves = {"new": ["offer"], "demo": ["offer"], "offer": ["won", "lost"]}
        pipeline = Pipeline("sales", plain().stages, moves=moves)

        assert one(row(stage="demo"), pipeline=pipeline).stage == "demo"
        found = read(row(stage="demo", stage_entered_at="2026-02-01"), pipeline=pipeline)
        assert told(found) == [(1, [("stage", "move_not_allowed")])]

    def test_everything_that_a_row_may_state(self) -> None:
        deal = one(
            row(
                name="Berg",
                currency="EUR",
                expected_close="2026-06-30",
                customer="c1",
                owner="ann",
                territory="north",
                campaign="spring",
                contact="p1",
                product="mug",
                quantity="2",
                unit_price="450.00",
                probability="35",
                category="commit",
                next_step="call",
                next_step_due="2026-02-01",
                tags="new; large,,",
                splits="ann 60; bob 40",
            )
        )

        assert (deal.name, deal.amount, deal.expected_close, deal.customer, deal.owner) == (
            "Berg",
            Money(1000, "EUR"),
            date(2026, 6, 30),
            "c1",
            "ann",
        )
        assert (deal.territory, deal.campaign, deal.contact, deal.tags) == ("north", "spring", "p1", ("large", "new"))
        assert deal.splits == (Split("ann", 60), Split("bob", 40))
        assert (deal.lines, deal.amount_source) == ((Line(1, "mug", 2, unit_price="450.00"),), "hand")
        assert (deal.probability(), deal.category(), deal.next_step) == (
            35,
            "commit",
            NextStep("call", date(2026, 2, 1)),
        )

    def test_what_the_stage_says_anyway_is_nobodys_word(self) -> None:
        deal = one(row(probability="10", category="pipeline"))

        assert (deal.probability_override, deal.category_override, deal.version) == (None, None, 1)

    def test_a_product_without_a_price_costs_the_amount(self) -> None:
        assert one(row(product="mug")).lines == (Line(1, "mug", 1, gross="1000"),)

    def test_a_product_gives_the_amount_where_none_is_stated(self) -> None:
        deal = one(row(amount=..., product="mug", quantity=3, unit_price=5))

        assert (deal.amount, deal.amount_source) == (Money(15, "USD"), "lines")

    def test_blank_cells_state_nothing(self) -> None:
        deal = one(row(amount="", owner="  ", customer=None))

        assert (deal.amount, deal.owner, deal.customer) == (None, None, None)

    def test_values_are_read_like_texts(self) -> None:
        deal = one(row(amount=Decimal("12.5"), opened_at=at(1, 5), expected_close=at(6, 30), tags=["new"]))

        assert (deal.amount, deal.opened_at, deal.expected_close, deal.tags) == (
            Money("12.5", "USD"),
            at(1, 5),
            date(2026, 6, 30),
            ("new",),
        )


class TestTime:
    @pytest.mark.parametrize(
        ("cell", "instant"),
        [
            ("2026-07-01", datetime(2026, 7, 1, tzinfo=VIENNA)),
            ("2026-07-01T09:30:00", datetime(2026, 7, 1, 9, 30, tzinfo=VIENNA)),
            ("2026-07-01T09:30:00Z", datetime(2026, 7, 1, 9, 30, tzinfo=UTC)),
            ("2026-03-29 02:30", datetime(2026, 3, 29, 1, tzinfo=UTC)),
        ],
        ids=["date", "local", "zone", "skipped"],
    )
    def test_a_date_is_one_of_the_zone(self, cell: str, instant: datetime) -> None:
        assert one(row(opened_at=cell), tz=VIENNA).opened_at == instant

    @pytest.mark.parametrize(
        ("cell", "day"),
        [("2026-06-30T22:30:00Z", date(2026, 7, 1)), ("2026-06-30T22:30:00", date(2026, 6, 30))],
        ids=["instant", "local"],
    )
    def test_an_instant_gives_the_day_in_the_zone(self, cell: str, day: date) -> None:
        assert one(row(expected_close=cell), tz=VIENNA).expected_close == day

    def test_without_a_zone_only_instants_are_read(self) -> None:
        found = read(
            row(opened_at="2026-01-05T00:00:00+01:00", expected_close="2026-06-30T22:30:00Z"),
            row(id="d2"),
            row(id="d3", opened_at="2026-01-05T09:00"),
            tz=None,
        )

        assert [deal.expected_close for deal in found.opportunities] == [date(2026, 6, 30)]
        assert told(found) == [(2, [("opened_at", "invalid_value")]), (3, [("opened_at", "invalid_value")])]


class TestColumns:
    def test_they_are_named_by_field(self) -> None:
        given = {"Nr": 7, "Phase": "New", "Since": "2026-01-05", "id": "x"}
        columns = {"id": "Nr", "stage": "Phase", "opened_at": "Since"}

        assert told(read(given, columns=columns)) == [(1, [("id", "invalid_value")])]
        assert one({**given, "Nr": " 7 "}, columns=columns).id == "7"

    def test_a_stage_goes_by_its_id_or_its_name_or_an_alias(self) -> None:
        aliases = {"stage": {"Erstkontakt": "new"}}

        assert [one(row(stage=cell), aliases=aliases).stage for cell in ("new", "New", "Erstkontakt")] == ["new"] * 3

    def test_an_alias_may_say_nothing(self) -> None:
        assert one(row(customer="n/a"), aliases={"customer": {"n/a": None}}, known={"customer": []}).customer is None

    def test_facts_of_the_application_are_read_for_the_gates(self) -> None:
        deal = row(stage="offer", customer="c1", Schmerz=" yes ")

        assert one(deal, facts={"pain": "Schmerz"}).stage == "offer"

    @pytest.mark.parametrize("name", ["columns", "aliases", "known"])
    @pytest.mark.parametrize("given", [{"sum": {}}, 5], ids=["typo", "number"])
    def test_a_field_that_there_is_not_is_refused(self, name: str, given: Any) -> None:
        with pytest.raises(InvalidValue, match=f"from_rows.{name}"):
            read(row(), **{name: given})

    @pytest.mark.parametrize(("name", "given"), [("pipeline", "sales"), ("currency", "usd"), ("tz", "UTC")])
    def test_a_wrong_argument_is_refused(self, name: str, given: Any) -> None:
        with pytest.raises(InvalidValue, match=f"from_rows.{name}"):
            read(row(), **{name: given})

    def test_rows_are_many(self) -> None:
        with pytest.raises(InvalidValue, match=r"from_rows\.rows"):
            Opportunity.from_rows(5, SALES)  # type: ignore[arg-type]


class TestRefusals:
    @pytest.mark.parametrize(
        ("more", "problems"),
        [
            ({"id": ...}, [("id", "missing")]),
            ({"stage": ...}, [("stage", "missing")]),
            ({"stage": "demmo"}, [("stage", "unknown_stage")]),
            ({"opened_at": ...}, [("opened_at", "missing")]),
            ({"opened_at": "05.01.2026"}, [("opened_at", "invalid_value")]),
            ({"opened_at": 20260105}, [("opened_at", "invalid_value")]),
            ({"amount": "1,000.00"}, [("amount", "invalid_value")]),
            ({"amount": 0.5}, [("amount", "invalid_value")]),
            ({"amount": "1/3"}, [("amount", "invalid_value")]),
            ({"currency": "$"}, [("currency", "invalid_value")]),
            ({"amount": "1" * 59 + "E9"}, [("amount", "invalid_value")]),
            ({"expected_close": "soon"}, [("expected_close", "invalid_value")]),
            ({"owner": 5}, [("owner", "invalid_value")]),
            ({"tags": 5}, [("tags", "invalid_value")]),
            ({"tags": [5]}, [("tags", "invalid_value")]),
            ({"splits": "ann 60"}, [("splits", "invalid_value")]),
            ({"splits": "ann"}, [("splits", "invalid_value")]),
            ({"splits": "ann much"}, [("splits", "invalid_value")]),
            ({"splits": [5]}, [("splits", "invalid_value")]),
            ({"probability": "101"}, [("probability", "invalid_value")]),
            ({"category": "closed"}, [("category", "invalid_value")]),
            ({"stage": "won"}, [("closed_at", "missing")]),
            ({"product": "mug", "amount": ...}, [("unit_price", "missing")]),
            ({"product": "mug", "quantity": "-1"}, [("quantity", "invalid_value")]),
            ({"stage": "lost", "closed_at": "2026-02-01"}, [("reason", "reason_required")]),
            ({"stage": "lost", "closed_at": "2026-02-01", "reason": "mood"}, [("reason", "unknown_reason")]),
            ({"stage": "lost", "closed_at": "2025-02-01", "reason": "price"}, [("closed_at", "out_of_order")]),
            ({"stage": "demo"}, [(None, "gate_unmet")]),
            (
                {"id": ..., "amount": "x", "stage": "y"},
                [("id", "missing"), ("stage", "unknown_stage"), ("amount", "invalid_value")],
            ),
        ],
        ids=lambda given: "-".join(given) if isinstance(given, dict) else "",
    )
    def test_each_has_its_reason(self, more: dict[str, Any], problems: list[tuple[str | None, str]]) -> None:
        found = read(row(**more))

        assert told(found) == [(1, problems)]
        assert (found.opportunities, found.refused[0].row) == ((), row(**more))

    def test_an_amount_needs_a_currency(self) -> None:
        assert told(read(row(), currency=None)) == [(1, [("currency", "invalid_value")])]

    @pytest.mark.parametrize("given", [5, None, "d1", ["d1"]], ids=["int", "none", "text", "list"])
    def test_a_row_is_a_mapping(self, given: Any) -> None:
        found = read(given, row())

        assert (told(found), len(found.changes)) == ([(1, [(None, "invalid_value")])], 1)

    def test_a_gate_tells_everything_that_is_missing(self) -> None:
        found = read(row(stage="offer"))

        assert [unmet.name for unmet in found.refused[0].problems[0].unmet] == ["who", "pain"]
        assert str(found.refused[0]) == (
            "row 1: gate_unmet (Name the customer (missing: customer); Ask what hurts (missing: pain))"
        )

    def test_it_is_the_answer_that_a_form_gets(self) -> None:
        deal = Opportunity.open("d1", SALES, at=at(1, 5)).state
        found = read(row(stage="offer", stage_entered_at="2026-02-01"))

        assert found.refused[0].problems[0].unmet == SALES.check(deal, "offer", as_of=at(2, 1)).unmet

    def test_the_reason_says_what_would_have_been_accepted(self) -> None:
        found = read(row(stage="lost", closed_at="2026-02-01", reason="mood"), row(id="d2", amount="1,5"))

        assert [str(each) for each in found.refused] == [
            "row 1: reason: unknown_reason (expected one of price, timing, got 'mood')",
            "row 2: amount: invalid_value (expected a number in plain digits such as 1250.50, got '1,5')",
        ]

    def test_a_move_that_is_not_allowed(self) -> None:
        steps = Pipeline("sales", plain().stages, moves="adjacent")
        found = read(row(at="2026-01-05"), row(at="2026-02-01", stage="offer"), pipeline=steps)

        assert told(found) == [(1, [("id", "other_row")]), (2, [("stage", "move_not_allowed")])]


class TestSettingAside:
    KNOWN: ClassVar = {"customer": {"c1"}, "product": {"mug"}}

    def test_a_stage_that_does_not_ask_takes_the_deal_without_it(self) -> None:
        found = read(row(customer="Berg", product="mugg"), known=self.KNOWN)

        assert (found.opportunities[0].customer, found.opportunities[0].lines) == (None, ())
        assert [(each.row, each.field, each.value) for each in found.set_aside] == [
            (1, "customer", "Berg"),
            (1, "product", "mugg"),
        ]

    def test_a_stage_that_asks_refuses_the_row(self) -> None:
        found = read(row(stage="demo", customer="Berg"), known=self.KNOWN)

        assert (told(found), found.set_aside) == ([(1, [(None, "gate_unmet")])], ())

    def test_an_alias_finds_it(self) -> None:
        aliases = {"customer": {"Berg": "c1"}, "product": {"mugg": "mug"}}
        deal = one(row(stage="demo", customer="Berg", product="mugg"), known=self.KNOWN, aliases=aliases)

        assert (deal.customer, deal.lines[0].product) == ("c1", "mug")


class TestHistories:
    def test_later_rows_give_the_events_between(self) -> None:
        deal = one(
            row(at="2026-01-05", owner="ann", customer="c1"),
            row(at="2026-01-20", stage="demo", amount="1500", owner="bob", customer="c1", tags="hot", contact="p1"),
            row(at="2026-02-10", stage="won", closed_at="2026-02-09", amount="1200"),
            pipeline=plain(),
        )

        assert [(type(event).__name__, event.at.date().isoformat()) for event in deal.history] == [
            ("OpportunityOpened", "2026-01-05"),
            ("AmountChanged", "2026-01-20"),
            ("OpportunityOwnerChanged", "2026-01-20"),
            ("ContactsChanged", "2026-01-20"),
            ("OpportunityTagsChanged", "2026-01-20"),
            ("OpportunityStageChanged", "2026-01-20"),
            ("AmountChanged", "2026-02-09"),
            ("OpportunityWon", "2026-02-09"),
        ]

    def test_a_first_row_that_is_true_later_than_the_opening(self) -> None:
        deal = one(row(opened_at="2026-01-05", at="2026-01-20", stage="demo", customer="c1"))

        assert [(event.to, event.at) for event in deal.history] == [("new", at(1, 5)), ("demo", at(1, 20))]  # type: ignore[attr-defined]

    def test_a_deal_may_go_on(self) -> None:
        deal = one(
            row(at="2026-01-05"),
            row(at="2026-02-01", stage="lost", reason="price"),
            row(at="2026-03-01", stage="new", expected_close="2026-06-30", name="Again"),
        )

        assert (deal.kind, deal.expected_close, deal.name) == ("open", date(2026, 6, 30), "Again")

    def test_every_edit(self) -> None:
        deal = one(
            row(at="2026-01-05", probability="35", product="mug"),
            row(at="2026-02-01", territory="north", campaign="spring", stage=..., probability="10", product="mug"),
            row(at="2026-02-01", territory="north"),
            row(at="2026-02-02", stage="demo", stage_entered_at="2026-02-03", customer=..., product="cup"),
            pipeline=plain(),
        )

        assert (deal.territory, deal.campaign, deal.probability_override, deal.stage) == (
            "north",
            "spring",
            None,
            "demo",
        )
        assert (deal.lines[0].product, deal.stage_entered_at) == ("cup", at(2, 3))

    def test_a_row_that_says_the_same_again_changes_nothing(self) -> None:
        assert one(row(), row()).version == 1

    def test_two_rows_that_do_not_say_when(self) -> None:
        assert told(read(row(), row(amount="5"))) == [(1, [("id", "other_row")]), (2, [("at", "duplicate_id")])]

    def test_rows_come_in_the_order_of_time(self) -> None:
        found = read(row(at="2026-02-01", opened_at=...), row(at="2026-01-01", amount="5"))

        assert told(found) == [(1, [("id", "other_row")]), (2, [("at", "out_of_order")])]

    def test_also_where_the_first_row_says_when_the_deal_began(self) -> None:
        rows = (row(at="2026-05-09"), row(at="2026-05-05", amount="5"), row(at="2026-05-10", amount="6"))

        assert told(read(*rows)) == [
            (1, [("id", "other_row")]),
            (2, [("at", "out_of_order")]),
            (3, [("id", "other_row")]),
        ]

    def test_one_row_that_is_refused_refuses_the_deal(self) -> None:
        found = read(row(at="2026-01-05"), row(at="2026-02-01", amount="?"), row(at="2026-03-01"), row(id="d2"))

        assert told(found) == [
            (1, [("id", "other_row")]),
            (2, [("amount", "invalid_value")]),
            (3, [("id", "other_row")]),
        ]
        assert [deal.id for deal in found.opportunities] == ["d2"]

    @pytest.mark.parametrize(
        ("more", "reason"),
        [
            ({"customer": "c2"}, ("customer", "invalid_value")),
            ({"currency": "EUR"}, ("currency", "other_currency")),
        ],
        ids=["customer", "currency"],
    )
    def test_what_a_deal_keeps(self, more: dict[str, Any], reason: tuple[str, str]) -> None:
        found = read(row(at="2026-01-05", customer="c1"), row(at="2026-02-01", **more))

        assert told(found)[1] == (2, [reason])

    def test_the_first_row_that_names_the_customer_tells_it_for_all(self) -> None:
        deal = one(row(at="2026-01-05"), row(at="2026-02-01", customer="c1"), row(at="2026-03-01", stage="demo"))

        assert (deal.customer, deal.history[0].customer) == ("c1", "c1")  # type: ignore[attr-defined]

    def test_a_deal_that_is_over_keeps_its_amount(self) -> None:
        found = read(
            row(at="2026-01-05"),
            row(at="2026-02-01", stage="lost", reason="price"),
            row(at="2026-03-01", stage="lost", amount="5"),
        )

        assert told(found)[2] == (3, [(None, "closed")])


class TestSeeing:
    def test_it_counts(self) -> None:
        found = read(row(), row(id="d2", stage="demo"), row(id="d3", amount="x"), row(id="d4", stage="demo"))

        assert str(found) == "4 rows: 1 deals, 3 rows refused, 0 values set aside"
        assert found.reasons == (("gate_unmet", 2), ("invalid_value", 1))
        assert [change.expected for change in found.changes] == [0]

    def test_it_shows_what_was_refused_and_set_aside(self) -> None:
        text = read(row(customer="<b>"), row(id="d2", amount="<i>"), known={"customer": {"c1"}})._repr_html_()

        assert "&lt;i&gt;" in text
        assert "&lt;b&gt;" in text
        assert "and " not in text

    def test_it_says_how_many_more(self) -> None:
        assert "and 5 more" in read(*[row(id=f"d{number}", amount="x") for number in range(25)])._repr_html_()


def plain() -> Pipeline:
    """The same stages without gates."""
    return Pipeline(
        "sales", [Stage(each.id, each.order, kind=each.kind, probability=each.probability) for each in SALES.stages]
    )


class TestItemsOfACell:
    KNOWN: ClassVar = {"tags": ["new", "vip"], "owner": {"ann", "bob"}}
    ALIASES: ClassVar = {"tags": {"VIP": "vip", "-": None}, "owner": {"A": "ann", "B": "ann", "nobody": None}}

    @pytest.mark.parametrize("cell", ["vip, new", ["vip", "new"]], ids=["text", "list"])
    def test_known_tags_are_taken(self, cell: Any) -> None:
        found = read(row(tags=cell), known=self.KNOWN)

        assert (found.opportunities[0].tags, found.set_aside) == (("new", "vip"), ())

    def test_unknown_tags_alone_are_set_aside(self) -> None:
        found = read(row(tags="vip, old"), row(id="d2", tags="old"), known=self.KNOWN)

        assert [each.tags for each in found.opportunities] == [("vip",), ()]
        assert [(each.row, each.field, each.value) for each in found.set_aside] == [
            (1, "tags", "old"),
            (2, "tags", "old"),
        ]

    def test_each_tag_goes_by_its_alias(self) -> None:
        assert one(row(tags="VIP; -; vip"), aliases=self.ALIASES).tags == ("vip",)

    def test_an_alias_has_no_alias(self) -> None:
        assert one(row(tags="a"), aliases={"tags": {"a": "b", "b": "c"}}).tags == ("b",)

    def test_a_tag_is_text(self) -> None:
        assert told(read(row(tags=[["vip"]]), known=self.KNOWN)) == [(1, [("tags", "invalid_value")])]

    def test_shares_of_somebody_unknown_are_set_aside(self) -> None:
        found = read(row(splits="ann 60; zed 40"), known=self.KNOWN)

        assert (found.opportunities[0].splits, [each.value for each in found.set_aside]) == ((), ["zed"])

    @pytest.mark.parametrize("cell", ["A 60; bob 40", [Split("A", 60), Split("bob", 40)]], ids=["text", "list"])
    def test_owners_of_shares_go_by_their_aliases(self, cell: Any) -> None:
        deal = one(row(splits=cell), known=self.KNOWN, aliases=self.ALIASES)

        assert deal.splits == (Split("ann", 60), Split("bob", 40))

    @pytest.mark.parametrize("cell", ["A 60; B 40", "nobody 100"])
    def test_shares_that_aliases_spoil_are_refused(self, cell: str) -> None:
        assert told(read(row(splits=cell), aliases=self.ALIASES)) == [(1, [("splits", "invalid_value")])]
