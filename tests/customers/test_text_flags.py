"""What is odd about texts, places and dates of birth, at the edges of the rules."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from relex.customers import Flag, QualityPolicy, born_flags, place_flags, text_flags
from relex.errors import InvalidValue

DAY = datetime(2026, 5, 1, 9, tzinfo=UTC)
ANY = QualityPolicy()


def codes(found: tuple[Flag, ...]) -> list[str]:
    return [flag.code for flag in found]


class TestFlag:
    def test_it_tells_itself(self) -> None:
        flag = Flag("email", "typo-domain", "doubt", "'gmial.com'", "a@gmail.com")

        assert str(flag) == "doubt email typo-domain: 'gmial.com'; perhaps a@gmail.com"

    @pytest.mark.parametrize(("code", "severity"), [("odd", "note"), ("stale", "bad")], ids=str)
    def test_other_codes_and_severities_are_refused(self, code: str, severity: str) -> None:
        with pytest.raises(InvalidValue, match="Flag"):
            Flag("email", code, severity, "")


class TestText:
    @pytest.mark.parametrize("text", ["N/A", " unknown ", "テスト", "ﾃｽﾄ", "--"], ids=str)
    def test_placeholders(self, text: str) -> None:
        assert codes(text_flags(text, field="street")) == ["placeholder"]

    def test_they_are_of_the_policy(self) -> None:
        policy = QualityPolicy(placeholders=["K.A."])

        assert (codes(text_flags("k.a.", policy, field="street")), text_flags("n/a", policy, field="street")) == (
            ["placeholder"],
            (),
        )

    def test_what_is_allowed(self) -> None:
        assert text_flags("Test", QualityPolicy(allow=["test"]), field="street") == ()

    def test_a_text_that_is_long_is_no_placeholder(self) -> None:
        assert text_flags("x" + " " * 2_000, field="street") == ()


class TestPlaces:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("Umeå", []),
            ("a@x.org", ["email-in-place"]),
            ("Umeå 903", ["digits-in-place"]),
            ("Lyon 12", []),
            ("Berlin/Bonn", ["two-in-one"]),
            ("Berlin \\ Bonn", ["two-in-one"]),
            ("Berlin、Bonn", []),
            ("Berlin，Bonn", ["two-in-one"]),
            ("Berlin – Bonn", ["two-in-one"]),
            ("Saint-Denis", []),
            ("n/a", ["placeholder"]),
            ("9000 a@b", ["digits-in-place", "email-in-place"]),
        ],
        ids=str,
    )
    def test_cities(self, text: str, expected: list[str]) -> None:
        assert codes(place_flags(text)) == expected

    def test_the_code_of_a_region(self) -> None:
        assert (place_flags("NA", field="region"), codes(place_flags("NA"))) == ((), ["placeholder"])

    def test_what_is_allowed(self) -> None:
        assert place_flags("Washington, D.C.", QualityPolicy(allow=["Washington, D.C."])) == ()


class TestBorn:
    @pytest.mark.parametrize(
        ("born", "expected"),
        [
            (date(2026, 5, 1), []),
            (date(2026, 5, 2), ["future-date"]),
            (date(1906, 5, 1), []),
            (date(1906, 4, 30), ["implausible-age"]),
            (date(9999, 12, 31), ["future-date"]),
            (date(1, 1, 1), ["implausible-age"]),
            ("1990-05-01", []),
            ("２０３０-05-01", ["future-date"]),
            ("1 May 1990", ["not-a-date"]),
            ("1990-02-30", ["not-a-date"]),
            ("unknown", ["placeholder"]),
            ("1990\u200b-13-01", ["invisible-characters", "not-a-date"]),
        ],
        ids=str,
    )
    def test_dates(self, born: date | str, expected: list[str]) -> None:
        assert codes(born_flags(born, as_of=DAY)) == expected

    def test_today_is_that_of_the_zone(self) -> None:
        late = datetime(2026, 5, 1, 23, tzinfo=timezone(timedelta(hours=-9)))

        assert codes(born_flags(date(2026, 5, 2), as_of=late)) == ["future-date"]

    def test_what_is_allowed(self) -> None:
        assert born_flags(date(1890, 1, 1), QualityPolicy(allow=["1890-01-01"]), as_of=DAY) == ()


@pytest.mark.parametrize(
    "call",
    [
        lambda: text_flags(7, field="city"),  # type: ignore[arg-type]
        lambda: place_flags("x", 7),  # type: ignore[arg-type]
        lambda: place_flags(b"x"),  # type: ignore[arg-type]
        lambda: born_flags(DAY, as_of=DAY),
        lambda: born_flags("x", as_of=datetime(2026, 5, 1)),  # noqa: DTZ001 - what is refused
        lambda: born_flags("x", 7, as_of=DAY),  # type: ignore[arg-type]
    ],
    ids=["text", "policy", "bytes", "instant", "naive", "born-policy"],
)
def test_other_types_are_refused(call: object) -> None:
    with pytest.raises(InvalidValue, match="_flags"):
        call()  # type: ignore[operator]
