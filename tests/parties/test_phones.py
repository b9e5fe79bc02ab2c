"""Phone numbers, beyond the published cases."""

from __future__ import annotations

from typing import Any

import pytest

from relex.errors import InvalidValue
from relex.parties import COUNTRIES, DIALING, Phone, phone


@pytest.mark.parametrize(
    ("text", "region", "e164"),
    [
        ("0044 20 7946 0958", "DE", "+442079460958"),
        ("0011 44 20 7946 0958", "AU", "+442079460958"),
        ("010 44 20 7946 0958", "JP", "+442079460958"),
        ("011 44 20 7946 0958", "US", "+442079460958"),
        ("002 81 3 1234 5678", "TW", "+81312345678"),
        ("010-1234-5678", "KR", "+821012345678"),
        ("650-253-0000", "CA", "+16502530000"),
        ("1 650 253 0000", "US", "+16502530000"),
        ("+1 1 650 253 0000", None, "+16502530000"),
        ("+39 06 698 82381", None, "+390669882381"),
        ("91 123 45 67", "ES", "+34911234567"),
        ("+225 07 12 34 56 78", None, "+2250712345678"),
        ("+7 495 123-45-67", None, "+74951234567"),
        ("０９０ー１２３４ー５６７８", "JP", "+819012345678"),
        ("(call) 020 7946 0958", "GB", "+442079460958"),
        ("+1-800-FLOWERS", None, "+18003569377"),
        ("\u202a+46 70 123 45 67\u202c", None, "+46701234567"),
        ("+46 (0)70 123 45 67;isub=1", None, "+46701234567"),
        ("+298 211234", None, "+298211234"),
    ],
)
def test_numbers(text: str, region: str | None, e164: str) -> None:
    assert e164 == phone(text, region).e164


@pytest.mark.parametrize(
    ("text", "extension"),
    [
        ("650 253 0000 ext. 12", "12"),
        ("650 253 0000, Extension: 12", "12"),
        ("650 253 0000 #12", "12"),
        ("650 253 0000 X12", "12"),
        ("650 253 0000（内線12）", "12"),
        ("650 253 0000", None),
    ],
)
def test_extensions_are_no_part_of_the_number(text: str, extension: str | None) -> None:
    assert Phone(e164="+16502530000", extension=extension) == phone(text, "US")


@pytest.mark.parametrize(
    ("text", "region", "reason"),
    [
        ("", "JP", "not-a-phone"),
        ("+", None, "not-a-phone"),
        ("+81", None, "not-a-phone"),
        ("0", "JP", "not-a-phone"),
        ("+0 123 456 789", None, "not-a-phone"),
        ("000 0000 0000", "JP", "not-a-phone"),
        ("+1 111 1111 1111 1", None, "not-a-phone"),
        ("+81 3 1234 5678 +81 3 1234 5679", None, "not-a-phone"),
        ("03-1234-5678 自宅", "JP", "not-a-phone"),
        ("03-1234-5678 home", "JP", "not-a-phone"),
        ("1" * 16, "JP", "too-long"),
        ("1" * 100, None, "no-region"),
        ("070-123 45 67", "SE", "no-region"),
        ("253-0000", "US", "too-short"),
        ("+1 253-0000", None, "too-short"),
        ("123456", "JP", "too-short"),
        ("x12", "US", "not-a-phone"),
    ],
)
def test_what_gives_no_number(text: str, region: str | None, reason: str) -> None:
    found = phone(text, region)

    assert (None, reason) == (found.e164, found.reason)


def test_a_short_number_with_its_country_is_kept_and_called_short() -> None:
    assert Phone(e164="+61131114", reason="too-short") == phone("+61 13 11 14")


@pytest.mark.parametrize("region", ["us", "XX", "", 1, []], ids=repr)
def test_another_region_is_refused(region: Any) -> None:
    with pytest.raises(InvalidValue, match=r"phone.region: expected an ISO 3166 country code"):
        phone("03-1234-5678", region)


def test_the_parts_of_a_number() -> None:
    found = phone("+886 2 1234 5678 x9")

    assert (found.calling_code, found.national) == ("886", "212345678")
    assert str(found) == "+886212345678 ext. 9"


def test_no_number_has_no_parts() -> None:
    found = phone("?")

    assert (found.calling_code, found.national) == (None, None)
    assert str(found) == "not-a-phone"


@pytest.mark.parametrize("parts", [{"validity": "maybe"}, {"reason": "odd"}], ids=str)
def test_a_phone_has_known_words_only(parts: dict[str, str]) -> None:
    with pytest.raises(InvalidValue, match=r"expected one of"):
        Phone(e164="+1", **parts)


def test_a_reader_is_asked_with_text_and_region() -> None:
    class Reader:
        def read(self, text: str, region: str | None, /) -> Phone:
            return Phone(e164=f"+{text}{region}")

    assert phone("1", "JP", reader=Reader()) == Phone(e164="+1JP")


def test_every_region_is_a_country() -> None:
    assert DIALING.keys() <= COUNTRIES
    assert len(COUNTRIES) == 249
