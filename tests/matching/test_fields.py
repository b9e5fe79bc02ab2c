"""What records are compared by."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from relex.errors import InvalidValue
from relex.matching import Key, Part, _fields as fields, _reading as reading, comparable, keys_of
from relex.parties import ContactPoint, Identifier, OrganizationName, PersonName, PostalAddress, Record

AT = datetime(2026, 5, 4, tzinfo=UTC)
HOME = ContactPoint(
    "postal", PostalAddress(street="12 Main St.", city="San José", region="CA", postal_code="95 112", country="US")
)


def person(**more: Any) -> Record:
    return Record("crm", "1", AT, **more)


ADA = person(
    name=PersonName(given="Ada", middle="King", family="O’Brien", given_phonetic="アダ", trade_name="Ada Ltd"),
    points=[
        ContactPoint("email", "Ada_B@mail.acme.co.uk"),
        ContactPoint("email", "ada@gmail.com"),
        ContactPoint("phone", "650 253 0000", region="US", extension="12"),
        HOME,
    ],
    identifiers=[Identifier("national-id", "12-34 A"), Identifier("tax-number", "99"), Identifier("shop", "7")],
    born=date(1980, 5, 4),
    values={"company": "Acme Inc.", "tastes": ("tea", "jazz"), "floor": 3},
)


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        ("given", "ada"),
        ("family", "obrien"),
        ("either_name", ("ada", "obrien")),
        ("middle", "king"),
        ("given_phonetic", "アダ"),
        ("family_phonetic", None),
        ("trade_name", "ada"),
        ("name", "ada king obrien"),
        ("born", "19800504"),
        ("email", ("ada@gmail.com", "ada_b@mail.acme.co.uk")),
        ("email_local", ("ada", "ada_b")),
        ("email_domain", ("acme.co.uk", "gmail.com")),
        ("email_core", ("ada@gmail.com", "adab@acme.co.uk")),
        ("company_domain", "acme.co.uk"),
        ("phone", "16502530000x12"),
        ("street", "12 main st"),
        ("house", "12"),
        ("city", "sanjose"),
        ("region", "ca"),
        ("postal", "95112"),
        ("country", "us"),
        ("identity", "1234a"),
        ("tax_number", "99"),
        ("company_number", "99"),
        ("identifier.shop", "7"),
        ("company", "acme"),
        ("tastes", ("jazz", "tea")),
        ("floor", "3"),
        ("unknown", None),
    ],
)
def test_fields(field: str, expected: object) -> None:
    assert expected == comparable(ADA, field)


def test_address_as_one_text() -> None:
    assert str(comparable(ADA, "address")).startswith("12 main st")


@pytest.mark.parametrize(
    ("name", "expected"),
    [(None, None), (PersonName("Kim  Jong-un"), "kim jongun"), (PersonName(family="Li"), "li")],
)
def test_whole_names(name: PersonName | None, expected: str | None) -> None:
    assert expected == comparable(person(name=name), "name")


def test_name_of_an_organization() -> None:
    record = person(kind="organization", name=OrganizationName("Müller GmbH & Co. KG"))

    assert comparable(record, "name") == "muller"
    assert comparable(record, "either_name") is None


@pytest.mark.parametrize(("born", "expected"), [("unknown", None), ("１９８０年５月", "19805"), (None, None)])
def test_a_day_of_birth_that_is_no_day(born: str | None, expected: str | None) -> None:
    assert expected == comparable(person(born=born), "born")


def test_what_cannot_be_read_is_no_key() -> None:
    record = person(points=[ContactPoint("email", "nobody"), ContactPoint("phone", "650 253 0000")])

    assert (comparable(record, "email"), comparable(record, "phone")) == (None, None)


def test_a_shared_point_is_nobodys() -> None:
    record = person(points=[ContactPoint("email", "info@x.org", shared=True)])

    assert comparable(record, "email") is None


@pytest.mark.parametrize("name", ["\u200b\u2060", "\u202e\u0007", "---"])
def test_signs_that_nobody_sees_are_blank(name: str) -> None:
    assert comparable(person(name=PersonName(given=name)), "given") is None


def test_another_key() -> None:
    assert (comparable(ADA, "street", "digits"), comparable(ADA, "family", "text")) == ("12", "O’Brien")


def test_unknown_key() -> None:
    with pytest.raises(InvalidValue, match=r"Comparison\.key: expected one of address"):
        comparable(ADA, "given", "metaphone")


class TestKeys:
    def test_blank_part(self) -> None:
        assert keys_of(person(), Key("names", ["given", "family"])) == ()

    def test_several_values(self) -> None:
        assert keys_of(ADA, Key("k", [Part("either_name", first=1), Part("email_domain", last=2)])) == (
            "aom",
            "auk",
            "oom",
            "ouk",
        )

    def test_several_that_become_one_or_none(self) -> None:
        twins = person(name=PersonName(given="Ann", family="Anders"))

        assert keys_of(twins, Key("k", [Part("either_name", first=2)])) == ("an",)
        assert keys_of(twins, Key("k", [Part("either_name", drop_last=20)])) == ()

    def test_unknown_encoder(self) -> None:
        with pytest.raises(InvalidValue, match=r"Part\.encode: expected one of nysiis, soundex"):
            keys_of(ADA, Key("k", [Part("given", encode="metaphone")]), {"nysiis": str})

    def test_an_encoder_that_knows_nothing(self) -> None:
        assert keys_of(person(name=PersonName(given="太郎")), Key("k", [Part("given", encode="soundex")])) == ()


def test_memory_of_keys_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fields, "_REMEMBERED", 1)
    monkeypatch.setattr(reading, "_REMEMBERED", 1)
    key = Key("k", [Part("either_name", first=2)])

    assert [comparable(ADA, "either_name"), keys_of(ADA, key)] == [("ada", "obrien"), ("ad", "ob")]
