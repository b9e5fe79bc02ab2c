"""The tables: what columns and indexes there are, and which declarations are refused."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs
import pytest
from sqlalchemy import MetaData, inspect

from relex import Account, Customer, InvalidValue, Purchase
from relex.adapters.sqlalchemy import Tables
from relex.codec import tagged
from relex.rules import FactSchema

if TYPE_CHECKING:
    from sqlalchemy import Engine


@tagged("tests.AuditNote")
@attrs.frozen
class AuditNote:
    """An entry of an application's own."""

    id: str
    at: Any = None
    subject: str | None = None

    def facts(self) -> dict[str, Any]:
        return {}


def test_every_class_of_relex_has_a_table() -> None:
    assert sorted(Tables().metadata.tables) == [
        "relex_account",
        "relex_activity",
        "relex_budget",
        "relex_cancelled",
        "relex_case",
        "relex_claim",
        "relex_consent",
        "relex_contact_attempt",
        "relex_customer",
        "relex_disposition",
        "relex_event",
        "relex_forecast_adjustment",
        "relex_interaction",
        "relex_invitation",
        "relex_lead",
        "relex_membership",
        "relex_not_same_as",
        "relex_opportunity",
        "relex_outcome",
        "relex_purchase",
        "relex_quota",
        "relex_quote",
        "relex_record",
        "relex_referral",
        "relex_response",
        "relex_retracted",
        "relex_retraction",
        "relex_return",
        "relex_same_as",
        "relex_sent",
        "relex_suppression",
        "relex_territory_membership",
        "relex_voucher",
    ]


def test_only_the_classes_that_are_named_have_one() -> None:
    assert sorted(Tables(Customer, Purchase, prefix="crm_").metadata.tables) == [
        "crm_customer",
        "crm_event",
        "crm_purchase",
    ]


def test_an_aggregate_has_columns_for_its_facts() -> None:
    assert [column.name for column in Tables(Account).of(Account).table.columns] == [
        "id",
        "version",
        "body",
        "fact_account_customer",
        "fact_account_id",
        "fact_account_members",
        "fact_account_opened_at",
        "fact_account_program",
        "fact_account_purchases",
        "fact_account_status",
        "fact_account_tier",
    ]


def test_an_entry_has_columns_for_the_facts_that_are_asked_for() -> None:
    names = [column.name for column in Tables(Purchase).of(Purchase).table.columns]
    more = [
        column.name
        for column in Tables(Purchase, facts={Purchase: FactSchema({"net": int})}).of(Purchase).table.columns
    ]

    assert names == ["id", "subject", "at", "body"]
    assert more == [*names, "fact_net"]


def test_facts_that_are_given_take_the_place_of_the_usual_ones() -> None:
    tables = Tables(Customer, facts={Customer: FactSchema({"customer.owner": str})})

    assert [name for name, _, _ in tables.of(Customer).facts] == ["customer.owner"]


def test_facts_of_a_class_that_is_not_named_are_a_mistake() -> None:
    with pytest.raises(InvalidValue, match=r"Tables.facts"):
        Tables(Customer, facts={Purchase: FactSchema()})


def test_without_classes_those_of_the_facts_are_added() -> None:
    tables = Tables(facts={AuditNote: FactSchema({"level": int})})

    assert tables.of(AuditNote).table.name == "relex_audit_note"
    assert "relex_customer" in tables.metadata.tables


def test_a_class_of_ones_own_needs_a_stored_form() -> None:
    class Plain:
        facts: Any = None

    with pytest.raises(InvalidValue, match="a class that has a stored form"):
        Tables(Plain)


@pytest.mark.parametrize("kind", [int, "Customer", None], ids=str)
def test_only_aggregates_and_entries_have_tables(kind: Any) -> None:
    with pytest.raises(InvalidValue, match="a class of aggregates or of entries"):
        Tables(kind)


def test_two_sets_of_tables_share_a_metadata_under_two_prefixes() -> None:
    metadata = MetaData()
    Tables(Customer, metadata=metadata, prefix="a_")
    Tables(Customer, metadata=metadata, prefix="b_")

    assert sorted(metadata.tables) == ["a_customer", "a_event", "b_customer", "b_event"]


def test_a_name_that_is_taken_is_refused() -> None:
    metadata = MetaData()
    Tables(Customer, metadata=metadata)

    with pytest.raises(InvalidValue, match="relex_customer is free"):
        Tables(Customer, metadata=metadata)


@pytest.mark.parametrize("prefix", ["x;", "drop table", 'a"b', "a.b", None, "é-"])
def test_a_prefix_is_made_of_letters(prefix: Any) -> None:
    with pytest.raises(InvalidValue, match=r"Tables.prefix"):
        Tables(Customer, prefix=prefix)


def test_names_fit_into_a_database() -> None:
    with pytest.raises(InvalidValue, match="at most 55 characters"):
        Tables(Customer, facts={Customer: FactSchema({"custom." + "x" * 60: str})})
    with pytest.raises(InvalidValue, match="at most 55 characters"):
        Tables(Customer, prefix="x" * 60)


def test_two_facts_of_one_column_are_refused() -> None:
    with pytest.raises(InvalidValue, match="whose column is not that of"):
        Tables(Customer, facts={Customer: FactSchema({"custom.size": int, "custom_size": int})})


def test_facts_are_a_schema() -> None:
    with pytest.raises(InvalidValue, match=r"Tables.facts\[Customer\]"):
        Tables(Customer, facts={Customer: {"customer.owner": str}})  # type: ignore[dict-item]


def test_each_fact_has_an_index_in_the_order_of_the_ids(engine: Engine) -> None:
    tables = Tables(Customer, Purchase)
    tables.metadata.create_all(engine)
    found = {tuple(index["column_names"]) for index in inspect(engine).get_indexes("relex_customer")}
    entries = {tuple(index["column_names"]) for index in inspect(engine).get_indexes("relex_purchase")}

    assert ("fact_customer_owner", "id") in found
    assert ("fact_customer_tags",) in found
    assert entries == {("subject", "at", "id"), ("at", "id")}


def test_aggregates_and_entries_are_asked_for_apart() -> None:
    tables = Tables(Customer, Purchase)

    with pytest.raises(InvalidValue, match="a class of entries"):
        tables.entries(Customer)
    with pytest.raises(InvalidValue, match="a class of aggregates"):
        tables.states(Purchase)
