"""Quotes: from draft to accepted or declined, in revisions."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from relex.calendars import Months
from relex.changes import Event
from relex.codec import decode, encode
from relex.errors import Conflict, CurrencyMismatch, InvalidValue, Rejected
from relex.money import Money
from relex.pipeline import (
    Approval,
    ApprovalPolicy,
    ApprovalRule,
    Opportunity,
    Pipeline,
    PriceTerm,
    Quote,
    QuoteAccepted,
    QuoteApproved,
    QuoteDeclined,
    QuoteEvent,
    QuoteLine,
    QuoteOpened,
    QuoteRevised,
    QuoteRounding,
    QuoteSent,
    QuoteSuperseded,
    QuoteWithdrawn,
    Stage,
)
from relex.purchases import Discount
from relex.rules import TRUE

AT = datetime(2026, 5, 4, 9, tzinfo=UTC)
LATER = AT + timedelta(days=1)
LAST_DAY = date(2026, 5, 31)
LINE = QuoteLine(1, "seat", 4, list_price=50, tax_rate="0.2")
TOKYO = ZoneInfo("Asia/Tokyo")


def quote(**more: Any) -> Quote:
    return Quote.open("q1", **({"currency": "USD", "lines": [LINE], "at": AT} | more)).state


def sent(**more: Any) -> Quote:
    return quote(**more).send(at=AT).state


def usd(amount: Any) -> Money:
    return Money(amount, "USD")


def reason_of(command: Any, *args: Any, **more: Any) -> str:
    with pytest.raises(Rejected) as refused:
        command(*args, **more)
    return refused.value.reason


class TestOpening:
    def test_it_begins_as_a_draft(self) -> None:
        change = Quote.open("q1", currency="USD", at=AT, opportunity="o1", customer="c1", owner="eve", name="Seats")
        state = change.state

        assert (
            state.version,
            state.revision,
            state.status,
            state.opened_at,
            state.changed_at,
        ) == (1, 1, "draft", AT, AT)
        assert (state.opportunity, state.customer, state.owner, state.name) == ("o1", "c1", "eve", "Seats")
        assert change.events == state.history
        assert change.expected == 0

    @pytest.mark.parametrize(
        "given",
        [
            {"currency": "XAU"},
            {"currency": "dollars"},
            {"at": datetime(2026, 5, 4)},  # noqa: DTZ001 - refused
            {"lines": [LINE, LINE]},
            {"lines": "LINE"},
            {"lines": ["seat"]},
            {"discounts": [Discount(per_unit=1)]},
            {"discounts": [Discount(percent=1)] * 21},
            {"discounts": [Discount(amount=201)]},
            {"rounding": "line"},
            {"valid_until": AT},
            {"owner": ""},
        ],
        ids=[
            "no-minor-units",
            "no-currency",
            "naive",
            "one-number-twice",
            "text",
            "no-lines",
            "per-unit",
            "too-many",
            "too-large",
            "rounding",
            "instant",
            "owner",
        ],
    )
    def test_what_makes_no_quote_is_refused(self, given: dict[str, Any]) -> None:
        with pytest.raises(InvalidValue):
            quote(**given)


class TestChanging:
    @pytest.mark.parametrize(
        ("command", "value", "field"),
        [
            ("set_lines", (QuoteLine(1, "desk", 1, list_price=5),), "lines"),
            ("set_discounts", (Discount(percent=5),), "discounts"),
            ("set_rounding", QuoteRounding(point="total"), "rounding"),
            ("set_validity", LAST_DAY, "valid_until"),
        ],
    )
    def test_a_draft_offers_something_else(self, command: str, value: Any, field: str) -> None:
        change = getattr(quote(), command)(value, at=LATER)

        assert value == getattr(change.state, field)
        assert (change.state.version, change.state.changed_at, len(change.events)) == (2, LATER, 1)
        assert getattr(change.state, command)(value, at=LATER).events == ()

    @pytest.mark.parametrize("closing", ["sent", "accept", "decline"])
    def test_what_was_sent_is_frozen(self, closing: str) -> None:
        frozen = sent() if closing == "sent" else getattr(sent(), closing)(at=AT).state

        assert reason_of(frozen.set_lines, [], at=AT) == "frozen"
        assert reason_of(frozen.set_validity, LAST_DAY, at=AT) == "frozen"

    def test_nothing_happens_before_the_last_event(self) -> None:
        assert reason_of(quote().set_lines, [], at=AT - timedelta(seconds=1)) == "out_of_order"

    def test_a_discount_that_no_longer_fits_is_refused(self) -> None:
        with pytest.raises(InvalidValue, match=r"Quote\.discounts"):
            quote(discounts=[Discount(amount=200)]).set_lines([QuoteLine(1, "p", 1, list_price=5)], at=AT)


class TestSending:
    def test_it_is_sent_once(self) -> None:
        change = quote().send(at=LATER)

        assert (change.state.status, change.state.sent_at) == ("sent", LATER)
        assert change.state.send(at=LATER).events == ()

    def test_nothing_cannot_be_sent_and_what_is_closed_neither(self) -> None:
        assert reason_of(quote(lines=[]).send, at=AT) == "no_lines"
        assert reason_of(sent().decline(at=AT).state.send, at=AT) == "frozen"


class TestClosing:
    def test_accepting_tells_what_the_deal_takes(self) -> None:
        change = sent(opportunity="o1").accept(at=LATER)
        (event,) = change.events

        assert (change.state.status, change.state.closed_at) == ("accepted", LATER)
        assert (1, "o1", usd(200)) == (event.revision, event.opportunity, event.amount)  # type: ignore[attr-defined]

    @pytest.mark.parametrize(
        ("current", "amount_from", "expected"),
        [
            (None, "quote", 200),
            (500, "quote", 200),
            (None, "highest", 200),
            (100, "highest", 200),
            (500, "highest", 500),
            (500, "keep", 500),
            (None, "keep", None),
        ],
    )
    def test_the_amount_of_the_deal_by_each_policy(self, current: Any, amount_from: str, expected: Any) -> None:
        now = None if current is None else usd(current)
        wanted = None if expected is None else usd(expected)

        assert wanted == quote().amount_for(now, amount_from=amount_from)
        assert wanted == sent().accept(at=AT, current=now, amount_from=amount_from).events[0].amount  # type: ignore[attr-defined]

    def test_the_amount_of_the_deal_may_contain_tax(self) -> None:
        assert usd(240) == quote().amount_for(None, of="total")

    def test_the_amount_of_the_deal_is_in_the_same_currency(self) -> None:
        with pytest.raises(CurrencyMismatch):
            quote().amount_for(Money(1, "EUR"), amount_from="highest")
        for wrong in ({"amount_from": "lowest"}, {"of": "tax"}):
            with pytest.raises(InvalidValue):
                quote().amount_for(usd(1), **wrong)
        with pytest.raises(InvalidValue):
            quote().amount_for(1)  # type: ignore[arg-type]

    def test_the_deal_takes_the_amount_of_the_event(self) -> None:
        stages = [Stage("new", 1, probability=50), Stage("won", 2, kind="won"), Stage("lost", 3, kind="lost")]
        deal = Opportunity.open("o1", Pipeline("sales", stages), amount=usd(500), at=AT).state
        _, events = sent(opportunity="o1").accept(current=deal.amount, at=LATER)

        changed = deal.change_amount(events[0].amount, at=LATER).state  # type: ignore[attr-defined]

        assert usd(200) == changed.amount

    def test_declining_keeps_the_reason(self) -> None:
        change = sent().decline(at=LATER, reason="price")

        assert (change.state.status, change.state.closed_at) == ("declined", LATER)
        assert change.events[0].reason == "price"  # type: ignore[attr-defined]

    @pytest.mark.parametrize("command", ["accept", "decline"])
    def test_only_what_was_sent_is_answered_and_once(self, command: str) -> None:
        assert reason_of(getattr(quote(), command), at=AT) == "not_sent"
        assert reason_of(getattr(sent().accept(at=AT).state, command), at=AT) == "already_accepted"
        assert reason_of(getattr(sent().decline(at=AT).state, command), at=AT) == "declined"
        assert reason_of(getattr(sent().revise(at=AT).state, command), at=AT, revision=1) == "superseded"
        assert reason_of(getattr(sent(), command), at=AT, revision=2) == "unknown_revision"
        with pytest.raises(InvalidValue):
            getattr(sent(), command)(at=AT, revision=0)

    def test_a_date_passes_in_a_time_zone(self) -> None:
        offer = sent(valid_until=date(2026, 5, 4))
        evening = datetime(2026, 5, 4, 16, tzinfo=UTC)

        assert offer.accept(at=evening, tz=UTC).state.status == "accepted"
        assert reason_of(offer.accept, at=evening, tz=TOKYO) == "expired"
        with pytest.raises(InvalidValue, match=r"accept\.tz"):
            offer.accept(at=evening)

    def test_what_has_expired_can_still_be_declined(self) -> None:
        assert sent(valid_until=date(2026, 5, 1)).decline(at=AT).state.status == "declined"

    @pytest.mark.parametrize(
        ("way", "expired", "standing"),
        [
            ((), True, "expired"),
            (("send",), True, "expired"),
            (("send", "decline"), True, "declined"),
        ],
        ids=["draft", "sent", "declined"],
    )
    def test_expired_is_derived(self, way: tuple[str, ...], expired: bool, standing: str) -> None:
        offer = quote(valid_until=LAST_DAY)
        for command in way:
            offer = getattr(offer, command)(at=AT).state
        passed = datetime(2026, 6, 1, tzinfo=UTC)

        assert expired is offer.is_expired(as_of=passed, tz=UTC)
        assert standing == offer.standing(as_of=passed, tz=UTC)
        assert offer.status == offer.standing(as_of=AT, tz=UTC)

    def test_what_was_accepted_never_expires(self) -> None:
        done = sent(valid_until=LAST_DAY).accept(at=AT, tz=UTC).state

        assert not done.is_expired(as_of=datetime(2027, 1, 1, tzinfo=UTC), tz=UTC)
        assert done.standing(as_of=datetime(2027, 1, 1, tzinfo=UTC), tz=UTC) == "accepted"

    def test_without_a_last_date_nothing_expires(self) -> None:
        assert not quote().is_expired(as_of=datetime(2999, 1, 1, tzinfo=UTC), tz=UTC)


class TestRevising:
    def test_a_new_revision_is_a_draft_of_the_same_content(self) -> None:
        old = sent(valid_until=LAST_DAY)

        new = old.revise(at=LATER).state

        assert (new.revision, new.status, new.sent_at, new.closed_at) == (2, "draft", None, None)
        assert (old.lines, old.valid_until) == (new.lines, new.valid_until)

    def test_what_was_declined_can_be_revised_and_what_was_accepted_not(self) -> None:
        assert sent().decline(at=AT).then(lambda it: it.revise(at=AT)).state.revision == 2
        assert reason_of(sent().accept(at=AT).state.revise, at=AT) == "already_accepted"

    def test_every_revision_stays_as_it_was(self) -> None:
        first = sent()
        second = first.revise(at=AT).then(lambda it: it.set_lines([], at=AT)).state
        third = second.revise(at=LATER).state

        found = [third.at_revision(number) for number in (1, 2, 3)]
        assert third is found[2]
        assert [each.lines for each in found] == [first.lines, second.lines, third.lines]
        assert [each.history[:-1] for each in found[:2]] == [first.history, second.history]
        assert [each.status for each in found] == ["superseded", "superseded", "draft"]
        for wrong in (0, 4, "1"):
            with pytest.raises(InvalidValue):
                third.at_revision(wrong)  # type: ignore[arg-type]

    def test_what_is_superseded_stays_so_when_it_is_stored(self) -> None:
        old = sent().revise(at=AT).state.at_revision(1)

        for back in (decode(encode(old), Quote), Quote(old.history)):
            assert (back, back.status) == (old, "superseded")
            assert reason_of(back.accept, at=AT) == "superseded"

    def test_what_is_superseded_takes_no_command(self) -> None:
        old = sent(valid_until=LAST_DAY).revise(at=AT).state.at_revision(1)

        assert [reason_of(command, at=AT) for command in (old.accept, old.decline, old.revise)] == ["superseded"] * 3
        assert reason_of(old.send, at=AT) == "frozen"
        assert reason_of(old.set_lines, [], at=AT) == "frozen"
        assert old.standing(as_of=datetime(2027, 1, 1, tzinfo=UTC), tz=UTC) == "superseded"


class TestHistory:
    def test_it_is_all_that_is_stored(self) -> None:
        done = sent(valid_until=LAST_DAY).revise(at=LATER).state

        assert done == Quote(done.history)
        assert done.facts() == Quote(list(done.history)).facts()
        assert {"type", "v", "history"} == encode(done).keys()

    @pytest.mark.parametrize("history", [(), None, "sent", [1]], ids=["none", "no-list", "text", "no-events"])
    def test_without_events_there_is_no_quote(self, history: Any) -> None:
        with pytest.raises(InvalidValue):
            Quote(history)

    def test_a_history_that_cannot_have_been_is_refused(self) -> None:
        opened = quote().history[0]
        early = QuoteSent(source="q1", version=2, at=AT - timedelta(seconds=1))
        third = QuoteRevised(source="q1", version=2, at=AT, revision=3)

        for event in (early, third):
            with pytest.raises(InvalidValue):
                Quote((opened, event))
        with pytest.raises(Conflict):
            Quote((opened, QuoteSent(source="q1", version=4, at=AT)))

    @pytest.mark.parametrize(
        "event",
        [
            QuoteAccepted(source="q1", version=2, at=AT, revision=1),
            QuoteApproved(source="q1", version=2, at=AT, approval=Approval(rule="all", role="boss", by="bob")),
            QuoteWithdrawn(source="q1", version=2, at=AT, by="bob"),
        ],
        ids=lambda event: type(event).__name__,
    )
    def test_a_draft_is_not_answered(self, event: QuoteEvent) -> None:
        with pytest.raises(InvalidValue, match="no such event of a draft quote"):
            Quote.evolve(quote(), event)

    @pytest.mark.parametrize(
        "approval",
        [
            Approval(rule="other", role="boss", by="bob"),
            Approval(rule="all", role="clerk", by="bob"),
            Approval(rule="all", role="boss", by="eve"),
        ],
        ids=["rule", "role", "own"],
    )
    def test_only_what_is_needed_is_approved(self, approval: Approval) -> None:
        policy = ApprovalPolicy([ApprovalRule(name="all", when=TRUE, role="boss")])
        asked = quote().submit(policy, by="eve", at=AT).state

        with pytest.raises(InvalidValue, match=r"QuoteApproved\.approval"):
            Quote.evolve(asked, QuoteApproved(source="q1", version=3, at=AT, approval=approval))

    @pytest.mark.parametrize("kind", [QuoteAccepted, QuoteDeclined, QuoteSuperseded])
    def test_only_the_revision_that_is_there_is_answered(self, kind: Any) -> None:
        with pytest.raises(InvalidValue, match=rf"{kind.__name__}\.revision"):
            Quote.evolve(sent(), kind(source="q1", version=3, at=AT, revision=7))

    def test_it_is_known_as_of_any_instant(self) -> None:
        done = quote().send(at=LATER).state

        assert done.as_of(AT - timedelta(seconds=1)) is None
        assert quote() == done.as_of(AT)
        assert done == done.as_of(LATER)
        with pytest.raises(InvalidValue):
            done.as_of(datetime(2026, 5, 4))  # noqa: DTZ001 - refused

    @pytest.mark.parametrize("state", [None, "opened"])
    def test_only_the_next_event_of_a_quote_is_taken(self, state: str | None) -> None:
        before = None if state is None else quote()
        wrong: list[Any] = [
            QuoteOpened(source="q1", version=1, at=AT, currency="USD")
            if state
            else QuoteSent(source="q1", version=1, at=AT),
            Event(source="q1", version=2, at=AT),
            "sent",
        ]

        for event in wrong:
            with pytest.raises(InvalidValue, match=r"Quote\.evolve\.event"):
                Quote.evolve(before, event)

    def test_an_event_of_another_quote_or_another_version_is_a_conflict(self) -> None:
        for event in (QuoteSent(source="q2", version=2, at=AT), QuoteSent(source="q1", version=3, at=AT)):
            with pytest.raises(Conflict):
                Quote.evolve(quote(), event)
        with pytest.raises(Conflict):
            Quote.evolve(None, QuoteOpened(source="q1", version=2, at=AT, currency="USD"))

    def test_an_event_of_no_known_class_is_refused(self) -> None:
        with pytest.raises(InvalidValue, match="QuoteAccepted"):
            Quote.evolve(quote(), QuoteEvent(source="q1", version=2, at=AT))

    def test_a_revision_is_at_least_the_second(self) -> None:
        with pytest.raises(InvalidValue):
            QuoteRevised(source="q1", version=2, at=AT, revision=1)


class TestReading:
    def test_facts(self) -> None:
        lines = [
            QuoteLine(1, "seat", 4, list_price=50, discounts=[Discount(percent=20)], cost=20, tax_rate="0.2"),
            QuoteLine(2, "desk", 1, list_price=40, cost=10, term=PriceTerm(Months(12), length=Months(12))),
        ]
        facts = quote(lines=lines, valid_until=LAST_DAY, customer="c1").facts()

        assert facts.keys() == {name for name, _ in Quote.fact_schema.facts} | {"lines"}
        assert (Decimal(240), Decimal(200), Decimal(32), Decimal(232)) == tuple(
            facts[name] for name in ("list", "net", "tax", "total")
        )
        assert tuple(facts[name] for name in ("items", "term_months", "valid_until", "customer", "status")) == (
            2,
            12,
            LAST_DAY,
            "c1",
            "draft",
        )
        assert Decimal(55) == facts["margin_percent"]
        assert facts["lines"][0] == {
            "line.discount_percent": Decimal(20),
            "line.list": Decimal(200),
            "line.net": Decimal(160),
            "line.number": 1,
            "line.product": "seat",
            "line.quantity": 4,
        }

    def test_a_percentage_without_an_end_is_cut_after_twenty_places(self) -> None:
        thirds = [QuoteLine(1, "seat", 3, list_price=10, discounts=[Discount(amount=10)])]
        raised = [QuoteLine(1, "seat", 3, list_price=10, contract_price=20)]

        assert Decimal("33.33333333333333333333") == quote(lines=thirds).facts()["discount_percent"]
        assert Decimal(-100) == quote(lines=raised).facts()["discount_percent"]

    def test_what_cannot_be_computed_is_none(self) -> None:
        facts = quote(lines=[QuoteLine(1, "seat", 1, list_price=0, cost=1)]).facts()

        assert facts["discount_percent"] is None
        assert facts["margin_percent"] is None
        assert facts["lines"][0]["line.discount_percent"] is None
        assert quote().facts()["margin_percent"] is None

    def test_what_is_paid_once_has_a_term_of_no_months(self) -> None:
        assert quote().facts()["term_months"] == 0

    def test_it_says_where_it_stands(self) -> None:
        assert str(sent()) == "quote q1 revision 1, sent: 240.00 USD"
        assert usd(240) == sent().total

    def test_it_shows_itself_as_tables_with_the_steps_and_what_it_waits_for(self) -> None:
        rule = ApprovalRule(name="<always>", when=TRUE, role="manager")
        page = quote(valid_until=LAST_DAY).submit(ApprovalPolicy([rule]), by="eve", at=AT).state._repr_html_()

        assert "<script" not in page
        assert "&lt;always&gt;" in page
        for words in ("revision 1, submitted", "line discount", "240.00 USD", "valid until 2026-05-31", "waits for"):
            assert words in page

    def test_without_lines_it_shows_itself_too(self) -> None:
        assert "0.00 USD" in quote(lines=[])._repr_html_()

    def test_amounts_are_grouped_in_the_caption_too(self) -> None:
        dear = quote(lines=[QuoteLine(1, "seat", 2, list_price=2500)])

        assert ", total 5,000.00 USD</caption>" in dear._repr_html_()
