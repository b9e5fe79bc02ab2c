"""The contract of a store that answers every rule, also those that need more than a look at a column."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from relex.customers import Customer
from relex.loyalty import Account
from relex.money import Money
from relex.parties import OrganizationName
from relex.purchases import Purchase, Return
from relex.rules import FALSE, TRUE, AtLeast, all_lines, any_line, count_lines, evaluate, field, sum_lines
from relex.testing._adapted import Adapted, Awaited
from relex.testing._samples import (
    AT,
    BERLIN,
    FIRST_HALF_PAST_TWO,
    SECOND_HALF_PAST_TWO,
    account,
    detailed,
    opened,
    sale,
    visited,
)
from relex.testing._trying import ids

if TYPE_CHECKING:
    from relex.changes import Change, Entry
    from relex.rules import Rule

__all__ = ["AsyncRuleContract", "RuleContract"]

DAY = timedelta(days=1)
owner, tags, created = field("customer.owner"), field("customer.tags"), field("customer.created_on")
stage, kind = field("customer.stage"), field("customer.kind")


def customers() -> list[Change[Customer]]:
    """Customers of whom some facts are unknown, and some have texts that are easily mistaken for others."""
    return [
        opened("c01", owner="eve", tags=["new", "vip"], stage="lead"),
        opened("c02", owner="Eve", tags=["VIP"], at=AT - 30 * DAY),
        opened("c03", tags=["vip"], stage="customer", at=AT - 31 * DAY),
        opened("c04", owner="e%", at=AT + DAY),
        opened("c05", owner="e_e", tags=["new"], at=AT.astimezone(BERLIN)),
        opened("c06", owner="stra\N{LATIN SMALL LETTER SHARP S}e", tags=["v", "ip"]),
        opened("c07", owner="STRASSE", stage="lead", at=datetime(1999, 12, 31, tzinfo=UTC)),
        Customer.open("c08", OrganizationName("Casa Ltd"), at=AT, owner="\N{SLIGHTLY SMILING FACE}"),
        detailed("c09"),
    ]


def sales() -> list[Entry]:
    """Purchases with amounts and instants that are easily put in a wrong order."""
    return [
        sale("p01", price="4.50", channel="web"),
        sale("p02", price="10.00", at=AT - 30 * DAY),
        sale("p03", price="9.99", at=AT.astimezone(BERLIN), channel="shop"),
        sale("p04", price="1000000000000000.01", customer=None),
        sale("p05", price="1000000000000000.02", at=FIRST_HALF_PAST_TWO, channel="web"),
        sale("p06", price="0.00", at=SECOND_HALF_PAST_TWO),
        sale("p07", price="4.5", at=AT + timedelta(microseconds=1), store="s1"),
    ]


RULES: dict[str, Rule] = {
    "all": TRUE,
    "none": FALSE,
    "is": owner == "eve",
    "is not": owner != "eve",
    "less": owner < "e_e",
    "at most": owner <= "e_e",
    "more": owner > "STRASSE",
    "at least": owner >= "\N{SLIGHTLY SMILING FACE}",
    "is in": owner.is_in("eve", "e%", "nobody"),
    "between": owner.between("Eve", "eve"),
    "starts with": owner.starts_with("e"),
    "starts with %": owner.starts_with("e%"),
    "starts with _": owner.starts_with("_"),
    "ignoring case": owner.equals_ignoring_case("EVE"),
    "ignoring case of an sz": owner.equals_ignoring_case("strasse"),
    "missing": owner.is_missing(),
    "not missing": ~owner.is_missing(),
    "contains": tags.contains("vip"),
    "contains any": tags.contains_any("new", "VIP"),
    "contains all": tags.contains_all("new", "vip"),
    "no tags": tags == (),
    "tags": tags == ("new", "vip"),
    "day is": created == AT.date(),
    "day before": created < date(2026, 4, 4),
    "day within": created.within(days=30),
    "day more than before": created.before(days=30),
    "day ahead": created.within_next(days=1),
    "day to come": created.after(),
    "and": (owner == "eve") & (stage == "lead"),
    "or": (owner == "eve") | (stage == "lead"),
    "not": ~(owner == "eve"),
    "not and": ~((owner == "eve") & (stage == "lead")),
    "two of three": AtLeast(2, owner == "eve", stage == "lead", kind == "person"),
    "an attribute": field("custom.limit") == Decimal("1200.5"),
    "an attribute of another kind": field("custom.limit") == "1200.5",
    "an attribute that is unknown": field("custom.region").is_missing(),
    "an attribute of an instant": field("custom.seen") < AT,
    "a flag": field("custom.vip") == True,  # noqa: E712 - a rule, not a comparison
    "a large number": field("custom.size") > 2**64,
}
"""Rules about customers."""

OF_ENTRIES: dict[str, Rule] = {
    "number": field("total") > 9,
    "number of another scale": field("total") == Decimal("9.000"),
    "number is in": field("total").is_in(9, 20, Decimal("0.0")),
    "number between": field("net").between(Decimal("9.00"), Decimal("19.98")),
    "large numbers": field("total") > Decimal("2000000000000000.02"),
    "instant is": field("at") == AT.astimezone(BERLIN),
    "instant after": field("at") > AT,
    "instant in a repeated hour": field("at") > FIRST_HALF_PAST_TWO,
    "instant within": field("at").within(days=30),
    "instant more than before": field("at").before(days=29, hours=23),
    "instant ahead": field("at").within_next(minutes=1),
    "subject": field("customer") == "c1",
    "nobody": field("customer").is_missing(),
    "unknown": ~(field("channel") == "web"),
    "any line": any_line(field("line.net") > 10),
    "all lines": all_lines(field("line.product") == "latte"),
    "count of lines": count_lines(field("line.product") == "latte") >= 1,
    "sum of lines": sum_lines("line.quantity") == 2,
    "line and entry": any_line(field("line.net") > 10) & (field("channel") == "web"),
}
"""Rules about purchases."""


class RuleContract(Adapted):
    """What is asked of a store that answers every rule, and refuses none with `NotSupported`.

    Give a fixture `store`, as for `StoreContract`.

    .. versionadded:: 0.1.0
    """

    @pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
    def test_every_rule_finds_what_it_is_true_of(self, adapter: Any, rule: Rule) -> None:
        """`find` gives those of whose facts `evaluate` answers True: not False, and not unknown."""
        adapter.save(*customers())
        expected = [change.state for change in customers() if evaluate(rule, change.state.facts(), as_of=AT).answer]

        assert list(adapter.repository(Customer).find(rule, as_of=AT)) == expected

    @pytest.mark.parametrize("rule", OF_ENTRIES.values(), ids=OF_ENTRIES)
    def test_every_rule_reads_what_it_is_true_of(self, adapter: Any, rule: Rule) -> None:
        """`read` gives those of whose facts `evaluate` answers True."""
        adapter.save(entries=sales())
        expected = {entry.id for entry in sales() if evaluate(rule, entry.facts(), as_of=AT).answer}

        assert set(ids(adapter.log(Purchase).read(rule, as_of=AT))) == expected

    @pytest.mark.parametrize("as_of", [None, AT.date(), (AT + DAY).astimezone(BERLIN)], ids=["none", "date", "berlin"])
    def test_a_rule_about_passed_time_is_asked_as_of_an_instant(self, adapter: Any, as_of: Any) -> None:
        """Without `as_of` such a rule is unknown; a date serves for facts that are dates."""
        rule = created.within(days=30)
        adapter.save(*customers())
        expected = [change.state for change in customers() if evaluate(rule, change.state.facts(), as_of=as_of).answer]

        assert list(adapter.repository(Customer).find(rule, as_of=as_of)) == expected

    def test_any_rule_has_pages(self, adapter: Any) -> None:
        """The limit counts those that the rule is True of."""
        rule = ~owner.is_missing() & ~owner.starts_with("e")
        adapter.save(*customers())

        assert ids(adapter.repository(Customer).find(rule, after="c02", limit=2)) == ["c06", "c07"]

    def test_a_fact_that_no_schema_lists_is_asked_for(self, adapter: Any) -> None:
        """A fact that nobody declared is unknown, and a balance of points is a fact like others."""
        rich = account("a1").then(lambda it: visited(it, "v1"))
        adapter.save(rich, account("a2"))
        balances = [name for name in rich.state.facts() if name.startswith("account.balance.")]

        assert ids(adapter.repository(Account).find(field(balances[0]) >= 10)) == ["a1"]
        assert ids(adapter.repository(Account).find(field("account.nothing") == "x")) == []

    def test_entries_of_every_class_answer_rules(self, adapter: Any) -> None:
        """Returns have other facts than purchases."""
        back = Return("r1", purchase="p1", at=AT, lines={1: 1}, value=Money("4.50", "USD"))
        adapter.save(entries=[back, Return("r2", purchase="p1", at=AT, lines={1: 1})])

        assert ids(adapter.log(Return).read(field("value") <= Decimal("4.5"))) == ["r1"]


class AsyncRuleContract(Awaited, RuleContract):
    """What is asked of an async store that answers every rule: the same tests, awaited.

    Give a fixture `store`, as for `AsyncStoreContract`.

    .. versionadded:: 0.1.0
    """
