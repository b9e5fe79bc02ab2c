"""Keys and normalization: names, organizations, addresses, e-mail and phones of several scripts, and first points.

Sources: NFKC of the Unicode Character Database; phonenumbers 9.0.43 and email-validator 2.4.0 for the columns of
numbers and addresses; the test names of cleanco 2.3; the table of legal forms in kana of Keiyo Bank; RFC 4647. The
keys were computed by hand from the rules.
"""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from relex.adapters.contacts import EmailAddresses, PhoneNumbers
from relex.calendars import Period
from relex.parties import (
    ContactPoint,
    Phone,
    Preferences,
    address_key,
    email_key,
    fold,
    mailbox_key,
    name_key,
    organization,
    organization_key,
    phone,
    primary_point,
)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("㈱ＡＢＣ", "(株)abc"),
        ("㍿", "株式会社"),
        ("か\u3099", "が"),
        ("ﾔﾏﾀﾞ ﾀﾛｳ", "ヤマダ タロウ"),
        ("〜", "~"),
        ("～", "~"),
        ("Łoś", "los"),
        ("İstanbul", "istanbul"),
    ],
)
def test_folding(text: str, folded: str) -> None:
    assert folded == fold(text)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("か\u3099", "ガ"),
        ("ﾔﾏﾀﾞ ﾀﾛｳ", "ヤマダタロウ"),
        ("髙橋", "高橋"),
        ("𠮷田", "吉田"),
        ("山 田・太郎", "山田太郎"),
        ("ふぁーすと", "ファースト"),
        ("ﾌｧｰｽﾄ", "ファースト"),
        ("1ー2ー3", "1ー2ー3"),
        ("O’Brien", "obrien"),
        ("O'Brien", "obrien"),
    ],
)
def test_keys_of_names(text: str, key: str) -> None:
    assert key == name_key(text)


@pytest.mark.parametrize("text", ["１\u2212２\u2212３", "1ー2ー3"])
def test_keys_of_addresses_have_one_hyphen(text: str) -> None:
    assert address_key(text) == "1-2-3"


@pytest.mark.parametrize(
    ("text", "core", "form", "position"),
    [
        ("Hello World, ltd.", "hello world", "ltd", "end"),
        ("Łoś spółka z o.o", "los", "spolka z oo", "end"),
        ("Müller GmbH & Co. KG", "muller", "gmbh & co kg", "end"),
        ("Oy Hello World Ab", "hello world", "oy ab", "end"),
        ("Samsung Electronics Co., Ltd.", "samsung electronics", "co ltd", "end"),
        ("Company Co", "company", "co", "end"),
        ("The Limited", "the limited", None, None),
        ("株式会社日立製作所", "日立製作所", "株式会社", "front"),
        ("アシスト株式会社", "アシスト", "株式会社", "end"),
        ("株式会社アシスト", "アシスト", "株式会社", "front"),
        ("有限会社アシスト", "アシスト", "有限会社", "front"),
        ("阿里巴巴(中国)有限公司", "阿里巴巴(中国)", "有限公司", "end"),
        ("カ)ケイヨウギンコウ", "ケイヨウギンコウ", "株式会社", "front"),
        ("ケイヨウギンコウ(カ", "ケイヨウギンコウ", "株式会社", "end"),
        ("ｹｲﾖｳｷﾞﾝｺｳ(ｶ", "ケイヨウギンコウ", "株式会社", "end"),
    ],
)
def test_legal_forms(text: str, core: str, form: str | None, position: str | None) -> None:
    name = organization(text)

    assert name is not None
    assert (text, core, form, position) == (name.full, name.core, name.legal_form, name.form_position)


def test_the_key_of_an_organization_is_the_name_key_of_its_core() -> None:
    assert organization_key("阿里巴巴(中国)有限公司") == "阿里巴巴中国"


PHONES = [
    ("０９０－１２３４－５６７８", "JP", "+819012345678", None),
    ("+81 090-1234-5678", None, "+819012345678", None),
    ("+81 (0)90-1234-5678", None, "+819012345678", None),
    ("０３（１２３４）５６７８", "JP", "+81312345678", None),
    ("00 81 3 1234 5678", "DE", "+81312345678", None),
    ("650 253 0000 x123", "US", "+16502530000", "123"),
    ("1-800-FLOWERS", "US", "+18003569377", None),
    ("06 698 82381", "IT", "+390669882381", None),
    ("tel:+1-418-656-9254;ext=102", None, "+14186569254", "102"),
    ("+44 (0)20 7946 0958", None, "+442079460958", None),
]


@pytest.mark.parametrize(("text", "region", "e164", "extension"), PHONES)
def test_phones(text: str, region: str | None, e164: str, extension: str | None) -> None:
    assert Phone(e164=e164, extension=extension) == phone(text, region)


@pytest.mark.parametrize(("text", "region", "e164", "extension"), PHONES)
def test_phones_through_the_library(text: str, region: str | None, e164: str, extension: str | None) -> None:
    """All of them are valid."""
    expected = Phone(e164=e164, extension=extension, validity="valid")

    assert expected == phone(text, region, reader=PhoneNumbers())


@pytest.mark.parametrize("reader", [None, PhoneNumbers()], ids=["core", "library"])
@pytest.mark.parametrize(
    ("text", "region", "reason"), [("090-1234-5678", None, "no-region"), ("不明", "JP", "not-a-phone")]
)
def test_what_is_no_phone(text: str, region: str | None, reason: str, reader: PhoneNumbers | None) -> None:
    assert Phone(reason=reason) == phone(text, region, reader=reader)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("John.Doe+tag@GMAIL.com", "john.doe+tag@gmail.com"),
        ("ｊｏｈｎ＠example.com", "john@example.com"),
        ("john@ｅｘａｍｐｌｅ．com", "john@example.com"),
        ("Name <me@x.org>", "me@x.org"),
        ("user@xn--fiqq24b10vi0d.tw", "user@臺網中心.tw"),
    ],
)
def test_keys_of_addresses(text: str, key: str) -> None:
    assert key == email_key(text)
    assert key == EmailAddresses().key(text)


def test_the_mailbox_behind_an_address() -> None:
    assert mailbox_key("John.Doe+tag@GMAIL.com") == "johndoe@gmail.com"


def test_the_best_language_that_is_there() -> None:
    wanted = Preferences(languages=["zh-Hant-TW", "en"])

    assert wanted.language_for(["en", "zh-Hant", "ja"]) == "zh-Hant"


class TestPrimary:
    """Two valid e-mails, none flagged; then one of them expires."""

    END = datetime(2026, 6, 1, tzinfo=UTC)
    OLD = ContactPoint("email", "ada@old.example", valid=Period(datetime(2020, 1, 1, tzinfo=UTC), END))
    NEW = ContactPoint("email", "ada@new.example")

    def test_two_are_ambiguous(self) -> None:
        found = primary_point([self.OLD, self.NEW], "email", as_of=datetime(2026, 5, 31, tzinfo=UTC))

        assert (found.point, found.reason) == (None, "ambiguous")

    def test_the_one_that_is_left_is_primary(self) -> None:
        found = primary_point([self.OLD, self.NEW], "email", as_of=self.END)

        assert (found.point, found.reason) == (self.NEW, None)
