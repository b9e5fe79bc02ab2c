"""Worked cases of the quality section: names, e-mail, phones, freshness, score, completeness."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest

from relex.customers import (
    Assessment,
    QualityPolicy,
    assess,
    email_flags,
    freshness,
    half_life,
    name_flags,
    phone_flags,
)
from relex.parties import ContactPoint, PersonName, Record

DAY = datetime(2026, 5, 1, 9, tzinfo=UTC)
MONTHLY = str(1 - Decimal("0.979") ** 12)  # 2.1 % a month is 22.5 % a year
ALLOWING = QualityPolicy(allow=["Sirhan Sirhan", "Ulrike Wert"])


def split(given: str, family: str) -> PersonName:
    return PersonName(given=given, family=family, order="given-first")


NAMES = [
    ("Mickey", "Mouse", ["fake-name"]),
    ("Test", "User", ["fake-name", "placeholder"]),
    ("John", "Doe", ["sample-name"]),
    ("太郎", "山田", ["sample-name"]),
    ("asdf", "asdf", ["keyboard-run", "placeholder", "same-given-family"]),
    ("Aaaaa", "Bbb", ["repeated-characters"]),
    ("Qwerty", "Uiop", ["keyboard-run"]),
    ("Ulrike", "Wert", ["keyboard-run"]),
    ("Sirhan", "Sirhan", ["same-given-family"]),
    ("ANNA", "BERG", ["all-caps"]),
    ("Anna", "Power", []),
    ("Li", "Ng", []),
    ("Bob", "O’Brien", []),
]
WRITTEN = [("山田 太郎" if family == "山田" else f"{given} {family}", codes) for given, family, codes in NAMES]

EMAILS = [
    ("user@mailinator.com", ["disposable-domain"]),
    ("x@sub.mailinator.com", ["disposable-domain"]),
    ("me@duck.com", ["privacy-relay"]),
    ("john@gmial.com", ["typo-domain"]),
    ("info@acme.com", ["role-address"]),
    ("john..doe@docomo.ne.jp", ["legacy-local-part"]),
    ("test@example.test", ["reserved-domain"]),
    ("a b@x.org", ["not-an-email"]),
]

PHONES = [
    ("000-000-0000", "US", ["repeated-digits"]),
    ("123-456-7890", "US", ["sequential-digits"]),
    ("212-555-0100", "US", ["fictional-number"]),
    ("07700 900123", "GB", ["fictional-number"]),
    ("+44 (0)20 7946 0958", None, ["fictional-number"]),
]


class TestNames:
    """Source: derived from the rules of the section; the names are those of its cases."""

    @pytest.mark.parametrize(("given", "family", "codes"), NAMES, ids=str)
    def test_in_parts(self, given: str, family: str, codes: list[str]) -> None:
        assert codes == [flag.code for flag in name_flags(split(given, family))]

    @pytest.mark.parametrize(("written", "codes"), WRITTEN, ids=str)
    def test_as_one_text(self, written: str, codes: list[str]) -> None:
        assert codes == [flag.code for flag in name_flags(written)]

    def test_both_parts_are_named(self) -> None:
        assert name_flags("Aaaaa Bbb")[0].detail == "'Aaaaa', 'Bbb'"

    @pytest.mark.parametrize("name", ["Sirhan Sirhan", "ULRIKE WERT", split("Ulrike", "Wert")], ids=str)
    def test_names_that_are_allowed(self, name: str | PersonName) -> None:
        assert name_flags(name, ALLOWING) == ()


class TestEmail:
    """Source: derived from the rules of the section."""

    @pytest.mark.parametrize(("text", "codes"), EMAILS, ids=str)
    def test_flags(self, text: str, codes: list[str]) -> None:
        assert codes == [flag.code for flag in email_flags(text)]

    def test_the_suggestion(self) -> None:
        assert email_flags("john@gmial.com")[0].suggestion == "john@gmail.com"


class TestPhone:
    """Source: derived from the rules; ranges of NANPA, Ofcom and ACMA."""

    @pytest.mark.parametrize(("text", "region", "codes"), PHONES, ids=str)
    def test_flags(self, text: str, region: str | None, codes: list[str]) -> None:
        assert codes == [flag.code for flag in phone_flags(text, region)]


class TestFreshness:
    """Source: 2^(-d/h), computed by hand; the half-lives follow from the yearly losses of the section."""

    @pytest.mark.parametrize(
        ("days", "life", "value"), [(365, 365, "0.5"), (730, 365, "0.25"), (90, 180, "0.707107")], ids=str
    )
    def test_value(self, days: int, life: int, value: str) -> None:
        assert Decimal(value) == freshness(days, life)

    @pytest.mark.parametrize(
        ("loss", "days"), [("0.20", 1135), ("0.175", 1316), ("0.10", 2403), (MONTHLY, 994)], ids=str
    )
    def test_half_lives(self, loss: str, days: int) -> None:
        assert days == half_life(Decimal(loss))


def found(name: PersonName, *points: ContactPoint, title: datetime = DAY) -> Assessment:
    record = Record(
        "crm", "1", DAY, name=name, points=points, values={"job_title": "Buyer"}, times={"job_title": title}
    )
    return assess(record, as_of=DAY)


class TestScore:
    """Source: derived from the points of the section."""

    def test_a_fake_customer(self) -> None:
        points = [ContactPoint("email", "user@mailinator.com"), ContactPoint("phone", "212-555-0100", region="US")]
        score = found(PersonName("Mickey Mouse"), *points).score

        assert (score.total, score.band) == (0, "poor")
        assert Fraction(-10) == score.limited[0].before

    def test_a_good_customer(self) -> None:
        old = DAY - timedelta(days=1136)
        result = found(PersonName("Anna Berg"), ContactPoint("email", "info@acme.com"), title=old)

        assert result.codes == ("role-address", "stale")
        assert (result.score.total, result.score.band) == (85, "good")


class TestCompleteness:
    """Source: derived; weights name 3, e-mail 3, phone 2, address 2."""

    def test_only_name_and_email(self) -> None:
        share = found(PersonName("Anna Berg"), ContactPoint("email", "anna@acme.com")).completeness

        assert (6, 10, Fraction(6, 10)) == (share.numerator, share.denominator, share.value)
