"""Assessments: what is looked at, what is filled, what is old, and how it is shown."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from relex.calendars import Period
from relex.customers import Assessment, Attribute, AttributeSchema, Customer, QualityPolicy, assess
from relex.errors import InvalidValue
from relex.parties import ContactPoint, OrganizationName, PersonName, Phone, PostalAddress, Record, golden
from relex.rules import field
from relex.scoring import ScoreCard, ScoreRule

DAY = datetime(2026, 5, 1, 9, tzinfo=UTC)
LONG_AGO = DAY - timedelta(days=5000)
HOME = PostalAddress(street="Storgatan 1", city="Umeå", postal_code="903 26", country="SE")


class Anywhere:
    """Reads every number as one."""

    def read(self, text: str, region: str | None, /) -> Phone:
        return Phone(e164="+46701234567")


def record(**parts: Any) -> Record:
    return Record("crm", "1", parts.pop("at", DAY), **parts)


def codes(subject: object, policy: QualityPolicy | None = None) -> tuple[str, ...]:
    return assess(subject, policy or QualityPolicy(), as_of=DAY).codes


def ages(found: Assessment) -> dict[str, int | None]:
    return {each.field: each.days for each in found.freshness}


def with_points(*points: ContactPoint) -> Record:
    return record(points=points)


class TestSubjects:
    def test_a_customer(self) -> None:
        ada, _ = Customer.open("c1", PersonName("Mickey Mouse"), at=DAY)
        ada, _ = ada.add_point(ContactPoint("email", "info@acme.com"), at=DAY)

        assert codes(ada) == ("fake-name", "role-address")

    def test_a_profile(self) -> None:
        assert codes(golden([record(name=PersonName("John Doe"))])) == ("sample-name",)

    def test_a_customer_with_a_source(self) -> None:
        ada, _ = Customer.open("c1", PersonName("Ada Berg"), at=DAY)
        ada, _ = ada.take(record(points=[ContactPoint("email", "ada@gmial.com")], at=LONG_AGO), at=DAY)

        assert codes(ada) == ("stale", "typo-domain")

    def test_attributes_of_a_customer_age(self) -> None:
        schema = AttributeSchema([Attribute("job_title", str)])
        ada, _ = Customer.open("c1", PersonName("Ada Berg"), at=LONG_AGO)
        ada, _ = ada.set({"job_title": "Buyer"}, schema, at=DAY - timedelta(days=1))

        assert ages(assess(ada, as_of=DAY)) == {"job_title": 1, "name": 5000}

    def test_nothing_at_all(self) -> None:
        found = assess(record(), as_of=DAY)

        assert (found.flags, found.freshness, found.score.total, found.completeness.value) == ((), (), 100, 0)

    @pytest.mark.parametrize("subject", [None, "Ada", object()], ids=["none", "text", "object"])
    def test_others_are_refused(self, subject: object) -> None:
        with pytest.raises(InvalidValue, match=r"assess\.subject"):
            assess(subject, as_of=DAY)

    def test_a_naive_instant_is_refused(self) -> None:
        with pytest.raises(InvalidValue, match=r"assess\.as_of"):
            assess(record(), as_of=datetime(2026, 5, 1))  # noqa: DTZ001 - what is refused


class TestValues:
    @pytest.mark.parametrize(
        ("value", "code"),
        [
            (PostalAddress(city="Umeå 903 26"), "digits-in-place"),
            (PostalAddress(region="a@x.org"), "email-in-place"),
            (PostalAddress(street="n/a"), "placeholder"),
            (PostalAddress(full="unknown"), "placeholder"),
            (PostalAddress(postal_code="-"), "placeholder"),
        ],
        ids=str,
    )
    def test_addresses(self, value: PostalAddress, code: str) -> None:
        assert codes(with_points(ContactPoint("postal", value))) == (code,)

    def test_points_of_other_kinds(self) -> None:
        found = assess(with_points(ContactPoint("social", "none")), as_of=DAY)

        assert [(flag.field, flag.code) for flag in found.flags] == [("social", "placeholder")]

    def test_points_that_are_not_in_use_are_not_looked_at(self) -> None:
        over = Period(LONG_AGO, DAY)

        assert codes(with_points(ContactPoint("email", "x", valid=over))) == ()

    def test_every_point_in_use_is_looked_at(self) -> None:
        found = assess(
            with_points(ContactPoint("email", "a@yopmail.com"), ContactPoint("email", "b@mailinator.com")), as_of=DAY
        )

        assert [flag.detail for flag in found.flags] == ["'mailinator.com'", "'yopmail.com'"]

    def test_a_phone_is_read_in_its_region(self) -> None:
        points = [ContactPoint("phone", "212-555-0100", region="US"), ContactPoint("phone", "070-123 45 67")]

        assert codes(with_points(*points)) == ("fictional-number", "no-region")

    def test_another_reader_of_phones(self) -> None:
        found = assess(with_points(ContactPoint("phone", "070-123 45 67")), as_of=DAY, phones=Anywhere())

        assert found.flags == ()

    @pytest.mark.parametrize(("born", "code"), [(date(1800, 1, 1), "implausible-age"), ("soon", "not-a-date")], ids=str)
    def test_a_date_of_birth(self, born: date | str, code: str) -> None:
        assert codes(record(born=born)) == (code,)

    def test_free_texts_that_the_policy_names(self) -> None:
        found = assess(record(values={"job_title": "n/a", "size": "none", "title": 7}), as_of=DAY)

        assert [flag.field for flag in found.flags] == ["job_title"]

    def test_an_organization(self) -> None:
        assert codes(record(kind="organization", name=OrganizationName("N/A"))) == ("placeholder",)


class TestCompleteness:
    @staticmethod
    def filled(policy: QualityPolicy, subject: Record) -> tuple[tuple[str, Any], ...]:
        return assess(subject, policy, as_of=DAY).completeness.parts

    def test_what_is_filled(self) -> None:
        policy = QualityPolicy(required={"name": 1, "address": 2, "vip": 3, "size": 4, "born": 5, "note": 6})
        subject = record(
            name=PersonName("Ada"),
            points=[ContactPoint("postal", HOME)],
            values={"vip": False, "size": 0, "note": "tbd"},
            born="1990",
        )

        assert self.filled(policy, subject) == (
            ("address", 2),
            ("born", 5),
            ("name", 1),
            ("note", 0),
            ("size", 4),
            ("vip", 3),
        )

    def test_placeholders_do_not_fill(self) -> None:
        policy = QualityPolicy(required={"name": 1, "email": 2, "address": 3})
        points = [ContactPoint("email", "none"), ContactPoint("postal", PostalAddress(full="n/a"))]

        assert self.filled(policy, record(name=PersonName("x"), points=points)) == (
            ("address", 0),
            ("email", 0),
            ("name", 0),
        )

    def test_weights_are_exact(self) -> None:
        policy = QualityPolicy(required={"name": Fraction(1, 3), "email": Decimal("0.5")})
        share = assess(record(name=PersonName("Ada")), policy, as_of=DAY).completeness

        assert (share.value, share.numerator, share.denominator) == (Fraction(2, 5), Fraction(1, 3), Fraction(5, 6))

    def test_nothing_is_required(self) -> None:
        share = assess(record(), QualityPolicy(required=()), as_of=DAY).completeness

        assert (share.value, share.reason) == (None, "zero_denominator")


class TestFreshness:
    def test_verification_counts_before_the_time_of_the_record(self) -> None:
        seen = DAY - timedelta(days=3)
        points = [ContactPoint("email", "a@x.org"), ContactPoint("email", "b@x.org", primary=True, verified_at=seen)]
        found = assess(record(points=points, at=LONG_AGO), as_of=DAY)

        assert (ages(found), found.codes) == ({"email": 3}, ())

    def test_an_address_is_as_fresh_as_its_newest_part(self) -> None:
        times = {"street": LONG_AGO, "city": DAY - timedelta(days=2), "postal": LONG_AGO, "country": LONG_AGO}
        found = assess(record(points=[ContactPoint("postal", HOME)], times=times), as_of=DAY)

        assert ages(found) == {"address": 2}

    def test_other_points_are_as_fresh_as_the_points(self) -> None:
        found = assess(record(points=[ContactPoint("push", "t1")], times={"points": LONG_AGO}), as_of=DAY)

        assert ages(found) == {"push": 5000}

    def test_a_point_of_an_unsaid_time(self) -> None:
        profile = golden([record(points=[ContactPoint("push", "t1")])])
        bare = type(profile)(profile.values, {})

        assert ages(assess(bare, as_of=DAY)) == {"push": None}

    def test_stale_flags_say_how_old(self) -> None:
        found = assess(record(name=PersonName("Ada Berg"), at=LONG_AGO), as_of=DAY)

        assert str(found.flags[0]) == "note name stale: updated 5000 days ago, half-life 994"

    def test_a_birthday_does_not_age(self) -> None:
        assert ages(assess(record(born="1990-01-01", at=LONG_AGO), as_of=DAY)) == {}


class TestScore:
    def test_stale_fields_cost_at_most_thirty(self) -> None:
        values = {f"field{number}": "x" for number in range(5)}

        assert assess(record(values=values, at=LONG_AGO), as_of=DAY).score.total == 70

    def test_each_placeholder_costs(self) -> None:
        subject = with_points(ContactPoint("postal", PostalAddress(street="n/a", city="tbd")))

        assert assess(subject, as_of=DAY).score.total == 60

    def test_other_codes_cost_once(self) -> None:
        subject = with_points(ContactPoint("email", "a@yopmail.com"), ContactPoint("email", "b@yopmail.com"))

        assert assess(subject, as_of=DAY).score.total == 70

    def test_the_card_is_of_the_policy(self) -> None:
        worst = ScoreRule("worst", field("flag.severity") == "fault", Decimal("-0.5"), on="events", repeat="each")
        found = assess(record(name=PersonName("n/a")), QualityPolicy(card=ScoreCard([worst])), as_of=DAY)

        assert found.facts()["quality.score"] == Decimal("-0.5")

    def test_a_score_that_is_no_decimal_is_rounded_for_rules(self) -> None:
        policy = QualityPolicy(card=ScoreCard(start=Fraction(1, 3)))

        assert assess(record(), policy, as_of=DAY).facts()["quality.score"] == Decimal("0.333333")

    def test_no_score_is_no_fact(self) -> None:
        policy = QualityPolicy(card=ScoreCard(combine="weighted_mean"))

        assert assess(record(), policy, as_of=DAY).facts()["quality.score"] is None


class TestShowing:
    @pytest.fixture
    def found(self) -> Assessment:
        points = [ContactPoint("email", "<b>@gmial.com"), ContactPoint("email", "info@x.org")]
        return assess(record(name=PersonName("Test User"), points=points), as_of=DAY)

    def test_the_worst_first(self, found: Assessment) -> None:
        severities = [flag.severity for flag in found.flags]

        assert severities == sorted(severities, key=["fault", "doubt", "note"].index)

    def test_flags_of_a_field(self, found: Assessment) -> None:
        assert [flag.code for flag in found.of("name")] == ["fake-name", "placeholder"]

    def test_facts(self, found: Assessment) -> None:
        assert found.facts() == {"quality.flags": found.codes, "quality.score": 0}
        assert Assessment.fact_schema.check(field("quality.flags").contains("fake-name")) is None

    def test_text(self, found: Assessment) -> None:
        assert str(found).startswith("0.00 (poor); 60 percent complete\nfault email not-an-email: ")

    def test_html_is_escaped_and_shows_severities(self, found: Assessment) -> None:
        page = found._repr_html_()

        assert "<b>" not in page
        assert '<tr style="color:#b00"><th>fault</th>' in page
