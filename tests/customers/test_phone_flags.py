"""What is odd about phone numbers, at the edges of the rules."""

from __future__ import annotations

import pytest

from relex.customers import QualityPolicy, phone_flags
from relex.errors import InvalidValue
from relex.parties import Phone


class Swedish:
    """Reads national numbers as Swedish ones."""

    def read(self, text: str, region: str | None, /) -> Phone:
        return Phone(e164="+46701234567", validity="valid")


def codes(text: str, region: str | None = None, policy: QualityPolicy | None = None) -> list[str]:
    return [flag.code for flag in phone_flags(text, region, policy or QualityPolicy())]


@pytest.mark.parametrize(
    ("text", "region", "expected"),
    [
        ("03-3210-7654", "JP", []),
        ("555-0100", "US", ["too-short"]),
        ("03-3210-7654", None, ["no-region"]),
        ("call me", "US", ["not-a-phone"]),
        ("+81 3 3210 7654 3210 7654", None, ["too-long"]),
        ("n/a", None, ["not-a-phone", "placeholder"]),
        ("", None, ["not-a-phone"]),
    ],
    ids=str,
)
def test_what_cannot_be_read(text: str, region: str | None, expected: list[str]) -> None:
    assert codes(text, region) == expected


@pytest.mark.parametrize(
    "text", ["+12125550199", "+442079460000", "+441632960999", "+61255501234", "+61270109999", "+61491570159"]
)
def test_fictional_numbers(text: str) -> None:
    assert codes(text) == ["fictional-number"]


@pytest.mark.parametrize("text", ["+12125550200", "+11125550100", "+441632970000", "+61491570155", "+61455501234"])
def test_numbers_beside_the_fictional_ones(text: str) -> None:
    assert "fictional-number" not in codes(text)


@pytest.mark.parametrize(
    ("text", "region"),
    [("000-000-0000", None), ("000-0000-0000", "JP"), ("212 3333333", "US"), ("+81 90 7777 7777", None)],
)
def test_repeated_digits(text: str, region: str | None) -> None:
    assert "repeated-digits" in codes(text, region)


@pytest.mark.parametrize(("text", "region"), [("212 733 3333", "US"), ("7", None)])
def test_digits_that_are_not_repeated_enough(text: str, region: str | None) -> None:
    assert "repeated-digits" not in codes(text, region)


@pytest.mark.parametrize(("text", "region"), [("12345678", None), ("0123456789", "FR"), ("+49 9876543210", None)])
def test_sequential_digits(text: str, region: str | None) -> None:
    assert "sequential-digits" in codes(text, region)


@pytest.mark.parametrize("allow", ["212-555-0100", "+12125550100"])
def test_a_number_is_allowed(allow: str) -> None:
    assert codes("212-555-0100", "US", QualityPolicy(allow=[allow])) == []


def test_ranges_are_of_the_policy() -> None:
    policy = QualityPolicy(fictional_numbers=[])

    assert codes("212-555-0100", "US", policy) == []


def test_another_reader() -> None:
    assert phone_flags("070-123 45 67", "SE", reader=Swedish()) == ()


def test_the_field_may_have_another_name() -> None:
    assert phone_flags("x y", field="mobile")[0].field == "mobile"


@pytest.mark.parametrize(
    ("text", "region", "policy"),
    [(7, None, QualityPolicy()), ("7", "USA", QualityPolicy()), ("7", None, "strict")],
    ids=str,
)
def test_other_arguments_are_refused(text: object, region: str | None, policy: object) -> None:
    with pytest.raises(InvalidValue, match="phone"):
        phone_flags(text, region, policy)  # type: ignore[arg-type]
