"""Worked cases of the section on matching."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any, ClassVar

import attrs
import pytest

from relex.matching import (
    Comparison,
    Key,
    MatchPolicy,
    MatchWeight,
    MatchWeights,
    Pair,
    Part,
    acronym,
    compare,
    estimate,
    initial,
    jaro,
    jaro_winkler,
    keys_of,
    levenshtein,
    levenshtein_distance,
    nickname,
    osa_distance,
    probability,
    soundex,
    text_ratio,
    token_sort,
    u_from_values,
)
from relex.parties import ContactPoint, Identifier, OrganizationName, PersonName, PostalAddress, Record
from relex.rules import field
from relex.scoring import ScoreCard, ScoreRule

AT = datetime(2024, 1, 5, tzinfo=UTC)


def person(key: str, given: str | None, family: str | None, *points: ContactPoint, **more: Any) -> Record:
    name = PersonName(given=given, family=family) if given or family else None
    return Record("crm", key, AT, name=name, points=points, **more)


def email(value: str, *, shared: bool = False) -> ContactPoint:
    return ContactPoint("email", value, shared=shared)


def phone(value: str) -> ContactPoint:
    return ContactPoint("phone", value, region="US")


def places(score: Decimal | None, digits: str = "0.0001") -> str:
    assert score is not None
    return str(score.quantize(Decimal(digits)))


class TestSimilarity:
    """Jaro, Jaro-Winkler, Levenshtein and OSA, on which two libraries agree."""

    @pytest.mark.parametrize(
        ("a", "b", "expected"),
        [
            ("MARTHA", "MARHTA", ("0.9444", "0.9611", 2, 1)),
            ("DWAYNE", "DUANE", ("0.8222", "0.8400", 2, 2)),
            ("DIXON", "DICKSONX", ("0.7667", "0.8133", 4, 4)),
            ("SHACKLEFORD", "SHACKELFORD", ("0.9697", "0.9818", 2, 1)),
        ],
    )
    def test_four_measures(self, a: str, b: str, expected: Any) -> None:
        found = places(jaro(a, b)), places(jaro_winkler(a, b)), levenshtein_distance(a, b), osa_distance(a, b)

        assert expected == found

    @pytest.mark.parametrize(
        ("a", "b", "expected"),
        [
            ("DUNNINGHAM", "CUNNIGHAM", ("0.8963", "0.8963")),
            ("JONES", "JOHNSON", ("0.7905", "0.8324")),
            ("TANYA", "TONYA", ("0.8667", "0.8800")),
            ("JON", "JOHN", ("0.9167", "0.9333")),
            ("山田太郎", "山田大郎", ("0.8333", "0.8667")),
        ],
    )
    def test_jaro_and_jaro_winkler(self, a: str, b: str, expected: Any) -> None:
        assert expected == (places(jaro(a, b)), places(jaro_winkler(a, b)))

    @pytest.mark.parametrize(
        ("a", "b", "expected"),
        [
            ("fuzzy wuzzy was a bear", "wuzzy fuzzy was a bear", ("0.909091", "1.000000")),
            ("Smith John", "John Smith", ("0.500000", "1.000000")),
        ],
    )
    def test_words_in_another_order(self, a: str, b: str, expected: Any) -> None:
        """rapidfuzz's `ratio` and `token_sort_ratio`, over 100."""
        assert expected == (str(text_ratio(a, b)), str(token_sort(a, b)))

    def test_salesforces_methods(self) -> None:
        """Salesforce, "Matching algorithms used with matching methods"."""
        found = (
            levenshtein("vp sales", "vp of sales"),
            acronym("AMD", "Advanced Micro Devices"),
            initial("J", "Jonathan"),
        )

        assert (Decimal("0.727273"), 1, 1) == found

    @pytest.mark.parametrize(
        ("name", "code"),
        [("Robert", "R163"), ("Rupert", "R163"), ("Ashcraft", "A261"), ("Tymczak", "T522"), ("Pfister", "P236")],
    )
    def test_soundex(self, name: str, code: str) -> None:
        """The classic examples of the National Archives."""
        assert code == soundex(name)

    @pytest.mark.parametrize(
        ("a", "b", "score"),
        [
            ("jon", "jonathan", 1),
            ("sam", "samuel", 1),
            ("dan", "daniel", 1),
            ("raj", "rajesh", 0),
            ("jay", "jayson", 0),
            ("sal", "salima", 0),
        ],
    )
    def test_nicknames(self, a: str, b: str, score: int) -> None:
        """Salesforce help 000389625: a score cannot stand in for the table."""
        table = [("jon", "jonathan"), ("sam", "samuel"), ("dan", "daniel")]

        assert score == fact(Comparison("given", method=nickname(table)), person("a", a, "x"), person("b", b, "x"))
        assert places(jaro_winkler(a, b)) == ("0.8542" if a == "jon" else "0.8833")


def fact(comparison: Comparison, a: Record, b: Record) -> Decimal | None:
    policy = MatchPolicy("one fact", comparisons=[comparison], keys=())
    return dict(compare(a, b, policy).scores)[comparison.name]


class TestBlanks:
    """Salesforce, "Match blank fields", and the default of this library."""

    PAIRS = ((None, None), ("Ann", None), ("Ann", "Ann"), ("Ann", "Bob"))

    @pytest.mark.parametrize(("blank", "expected"), [("unknown", [None, None, 1, 0]), ("both-match", [1, 0, 1, 0])])
    def test_blank_table(self, blank: str, expected: Any) -> None:
        comparison = Comparison("given", method="exact", blank=blank)
        found = [fact(comparison, person("a", a, "Berg"), person("b", b, "Berg")) for a, b in self.PAIRS]

        assert expected == found


class TestKeys:
    """Salesforce, "Standard contact matching rule" and its match keys."""

    RECORD = Record(
        "crm",
        "1",
        AT,
        name=PersonName(given="Marc", family="Benioff"),
        points=[
            ContactPoint("email", "john_doe@us.ibm.com"),
            ContactPoint("phone", "415-555-1234", region="US"),
            ContactPoint("postal", PostalAddress(street="123 Maple Avenue", postal_code="10001")),
        ],
        values={"company": "salesforce.com"},
    )
    CODES: ClassVar = {"benioff": "PNF", "doe": "T"}

    @pytest.mark.parametrize(
        ("parts", "expected"),
        [
            ([Part("email_core")], "johndoe@ibm.com"),
            (
                [Part("given", first=1), Part("family", encode="double-metaphone"), Part("company", first=5)],
                "mpnfsales",
            ),
            ([Part("street", words=2)], "123maple"),
            ([Part("phone", drop_lead="1", drop_last=4)], "415555"),
        ],
    )
    def test_keys(self, parts: list[Part], expected: Any) -> None:
        found = keys_of(self.RECORD, Key("key", parts), {"double-metaphone": self.CODES.get})

        assert (expected,) == found

    def test_name_and_postal_code(self) -> None:
        record = attrs.evolve(self.RECORD, name=PersonName(given="John", family="Doe"))
        parts = [Part("given", first=1), Part("family", encode="double-metaphone"), Part("postal", first=3)]
        key = Key("key", parts)

        assert keys_of(record, key, {"double-metaphone": self.CODES.get}) == ("jt100",)


class TestWeights:
    """Fellegi and Sunter's weights, in bits."""

    def test_published_total(self) -> None:
        """splink's guide to the model: the terms are rounded, so they add up to 9.47 and not to the 9.48 given."""
        terms = [Decimal(term) for term in ("-6.67", "4.74", "6.49", "-1.97", "-1.12", "8.00")]

        assert Decimal("9.47") == sum(terms)
        assert places(probability(Decimal("9.48")), "0.000001") == "0.998602"

    @pytest.mark.parametrize(("bits", "expected"), [(0, "0.500000"), (2, "0.800000"), (3, "0.888889")])
    def test_probabilities(self, bits: Any, expected: Any) -> None:
        assert expected == places(probability(bits), "0.000001")

    def test_four_comparisons(self) -> None:
        """Computed by hand."""
        weights = MatchWeights(
            "0.001",
            [
                MatchWeight("family", m=["0.95", "0.05"], u=["0.01", "0.99"]),
                MatchWeight("given", m=["0.9", "0.1"], u=["0.02", "0.98"]),
                MatchWeight("born", m=["0.98", "0.02"], u=["0.0003", "0.9997"]),
                MatchWeight("email", m=["0.9", "0.1"], u=["0.001", "0.999"]),
            ],
        )
        names = ("family", "given", "born", "email")
        policy = MatchPolicy("hand", comparisons=map(Comparison, names), keys=(), weights=weights)
        born = date(1980, 5, 4)
        pair = compare(person("a", "Ann", "Berg", born=born), person("b", "Eve", "Berg", born=born), policy)

        assert [places(bits) for _, bits in pair.bits] == ["-9.9643", "6.5699", "-3.2928", "11.6736", "0.0000"]
        assert (places(Decimal(pair.weight or 0)), places(pair.probability, "0.000001")) == ("4.9863", "0.969417")
        assert pair.decision == "review"

    @pytest.mark.parametrize(("frequency", "bits"), [("0.02", "5.5699"), ("0.0001", "13.2137")])
    def test_frequency(self, frequency: str, bits: Any) -> None:
        """Computed by hand."""
        assert bits == places(MatchWeight("family", m=["0.95", "0.05"], u=["0.01", "0.99"]).rare(Decimal(frequency)))

    def test_u_of_values(self) -> None:
        assert Fraction(8, 30) == u_from_values("aaabbc")


class TestEstimation:
    """Counts that are exactly those of a model."""

    COUNTS: ClassVar = {
        (0, 0, 0): 12320,
        (0, 0, 1): 3680,
        (0, 1, 0): 3380,
        (0, 1, 1): 6620,
        (1, 0, 0): 2080,
        (1, 0, 1): 13920,
        (1, 1, 0): 3220,
        (1, 1, 1): 54780,
    }

    def test_the_model_comes_back(self) -> None:
        found = estimate(self.COUNTS)

        assert pytest.approx(0.2, abs=1e-4) == found.share
        assert pytest.approx([0.9, 0.8, 0.85], abs=1e-4) == [m[0] for m in found.m]
        assert pytest.approx([0.1, 0.2, 0.05], abs=1e-4) == [u[0] for u in found.u]
        assert found.converged

    @pytest.mark.parametrize(
        ("pattern", "bits"), [((0, 0, 0), "7.2574"), ((0, 0, 1), "0.5070"), ((1, 1, 1), "-9.8329")]
    )
    def test_weights_of_patterns(self, pattern: tuple[int, ...], bits: Any) -> None:
        parts = [
            MatchWeight("a", m=["0.9", "0.1"], u=["0.1", "0.9"]),
            MatchWeight("b", m=["0.8", "0.2"], u=["0.2", "0.8"]),
            MatchWeight("c", m=["0.85", "0.15"], u=["0.05", "0.95"]),
        ]
        weights = MatchWeights("0.2", parts)
        total = weights.prior_bits + sum(part.bits[level] for part, level in zip(parts, pattern, strict=True))

        assert bits == places(total)


def judged(a: Record, b: Record, nicknames: tuple[tuple[str, ...], ...] = ()) -> Pair:
    return compare(a, b, MatchPolicy.people(nicknames))


class TestPeople:
    """The rules for people."""

    def test_same_name_and_email(self) -> None:
        pair = judged(
            person("a", "Anna", "Berg", email("anna@x.org")), person("b", "ANNA", "BERG", email("Anna@X.org"))
        )

        assert (pair.decision, pair.reason) == ("link", "rule")

    def test_names_that_changed_places(self) -> None:
        pair = judged(
            person("a", "George", "Michael", email("g@x.org")), person("b", "Michael", "George", email("g@x.org"))
        )

        assert pair.decision == "link"

    def test_short_name_and_phone(self) -> None:
        pair = judged(
            person("a", "Raj", "Patel", phone("650 253 0000")), person("b", "Rajesh", "Patel", phone("6502530000"))
        )

        assert (pair.decision, places(dict(pair.scores)["given"])) == ("link", "0.8833")

    def test_short_name_by_table_only(self) -> None:
        policy = MatchPolicy.people()
        given = Comparison("given", method=nickname([("jon", "jonathan")]))
        strict = attrs.evolve(
            policy, comparisons=[given if each.name == "given" else each for each in policy.comparisons]
        )
        a = person("a", "Raj", "Patel", phone("650 253 0000"))
        b = person("b", "Rajesh", "Patel", phone("6502530000"))

        assert compare(a, b, strict).decision == "review"

    def test_one_mailbox_of_two(self) -> None:
        a, b = person("a", "Anna", "Berg", email("berg@x.org")), person("b", "Erik", "Berg", email("berg@x.org"))

        assert judged(a, b).decision == "review"

    def test_a_shared_mailbox_says_nothing(self) -> None:
        a = person("a", "Anna", "Berg", email("berg@x.org", shared=True))
        b = person("b", "Erik", "Berg", email("berg@x.org", shared=True))

        assert judged(a, b).decision == "apart"

    def test_names_alone(self) -> None:
        pair = judged(person("a", "Anna", "Berg"), person("b", "Anna", "Berg"))

        assert pair.decision == "apart"
        assert pair.verdict is not None
        assert pair.verdict.answer is None


class TestOrganizations:
    """The rules for organizations."""

    def organization(self, key: str, name: str, *points: ContactPoint, number: str | None = None) -> Record:
        ids = [Identifier("lei", number)] if number else []
        return Record("crm", key, AT, kind="organization", name=OrganizationName(name), points=points, identifiers=ids)

    def decided(self, a: Record, b: Record) -> str:
        return compare(a, b, MatchPolicy.organizations()).decision

    def test_same_number(self) -> None:
        number = "213800KUD8LAJWSQ9D15"

        assert (
            self.decided(
                self.organization("a", "Acme", number=number), self.organization("b", "Apex", number=number.lower())
            )
            == "link"
        )

    def test_other_number(self) -> None:
        a = self.organization("a", "Acme", email("x@acme.com"), number="1")
        b = self.organization("b", "Acme", email("y@acme.com"), number="2")
        pair = compare(a, b, MatchPolicy.organizations())

        assert (pair.decision, pair.reason) == ("apart", "veto:lei")

    def test_name_and_domain(self) -> None:
        a = self.organization("a", "Acme Inc.", email("x@acme.com"))

        assert self.decided(a, self.organization("b", "ACME Corp", email("y@mail.acme.com"))) == "link"

    def test_name_and_a_domain_of_everybody(self) -> None:
        a = self.organization("a", "Acme", email("x@gmail.com"))

        assert self.decided(a, self.organization("b", "Acme", email("y@gmail.com"))) == "review"


def test_a_card_of_points_is_the_same_machine() -> None:
    """One point for each agreement, and a link at four."""
    names = ("given", "family", "born", "city", "street")
    card = ScoreCard([ScoreRule(name, field(name) == 1, 1) for name in names])
    policy = MatchPolicy("points", comparisons=map(Comparison, names), keys=(), weights=card, link_at=4, review_at=3)
    home = ContactPoint("postal", PostalAddress(street="Storgatan 1", city="Umeå"))
    a, b = (person(key, "Ann", "Berg", home, born=born) for key, born in (("a", "1980"), ("b", "1981")))

    pair = compare(a, b, policy)

    assert (pair.decision, pair.weight) == ("link", 4)
    assert list(pair.bits) == [("given", 1), ("family", 1), ("city", 1), ("street", 1)]
