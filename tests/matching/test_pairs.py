"""Finding pairs: keys, blocks, vetoes, weights, cards, and how pairs show themselves."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

import attrs
import pytest
from benchmarks.crowd import crowd

from relex.errors import InvalidValue
from relex.matching import (
    Circle,
    Comparison,
    Key,
    MatchPolicy,
    MatchWeight,
    MatchWeights,
    Pair,
    SkippedBlock,
    _filter as filters,
    compare,
    fit,
    match,
    pairs,
)
from relex.parties import ContactPoint, Identifier, PersonName, Record
from relex.rules import AtLeast, Rule, field
from relex.scoring import ScoreCard, ScoreGroup, ScoreRule

AT = datetime(2026, 5, 4, tzinfo=UTC)
PEOPLE = MatchPolicy.people()
SAME = MatchWeight("given", m=["0.9", "0.1"], u=["0.01", "0.99"])
OTHER = MatchWeight("family", m=["0.9", "0.1"], u=["0.01", "0.99"])
TWO = MatchPolicy(
    "two",
    comparisons=[Comparison("given"), Comparison("family")],
    keys=[Key("family")],
    weights=MatchWeights("0.5", [SAME, OTHER]),
    review_at=5,
)


def person(key: str, given: str | None = "Anna", family: str | None = "Berg", **more: Any) -> Record:
    return Record("crm", key, more.pop("at", AT), name=PersonName(given=given, family=family), **more)


def mail(*addresses: str) -> list[ContactPoint]:
    return [ContactPoint("email", address) for address in addresses]


class TestBlocks:
    def test_a_key_that_too_many_share_is_skipped_and_reported(self) -> None:
        found = pairs([person(str(n)) for n in range(5)], attrs.evolve(TWO, max_block=4))

        assert (found.pairs, found.skipped) == ((), (SkippedBlock("family", "berg", 5),))
        assert str(found.skipped[0]) == "family 'berg': 5 records"
        assert str(found) == "5 records, 0 pairs compared: 0 links, 0 to review, 1 blocks skipped"

    def test_each_pair_once_however_many_keys(self) -> None:
        policy = attrs.evolve(TWO, keys=[Key("family"), Key("given"), Key("email")])
        found = pairs([person("a", points=mail("a@x.org", "b@x.org")), person("b", points=mail("b@x.org"))], policy)

        assert found.candidates == 1
        assert found.pairs[0].keys == ("family", "given", "email")

    def test_two_sets(self) -> None:
        left, right = [person("l1"), person("l2")], [person("r1"), person("r2", family="Stone")]
        found = pairs(left, right, TWO)

        assert [(pair.a, pair.b) for pair in found] == [("crm/l1", "crm/r1"), ("crm/l2", "crm/r1")]
        assert len(found) == 2

    def test_statements_of_one_party_make_no_pair(self) -> None:
        later = datetime(2026, 6, 1, tzinfo=UTC)
        records = [person("a"), person("a", "Anne", at=later), person("b")]
        found = pairs(records, TWO)

        assert [(pair.a, pair.b, pair.decision) for pair in found] == [("crm/a", "crm/b", "link")]

    def test_the_surest_statement_stands_for_a_party(self) -> None:
        later = datetime(2026, 6, 1, tzinfo=UTC)
        policy = attrs.evolve(TWO, review_at=-9)
        records = [person("a", "Anne"), person("a", at=later), person("b"), person("b", "Eve", at=later)]

        assert [(pair.a, pair.b, pair.decision) for pair in pairs(records, policy)] == [("crm/a", "crm/b", "link")]

    def test_many_candidates(self) -> None:
        """So many that they are compared by lists."""
        records = [person(f"{n:02}", "Anna" if n % 5 else "Eve" if n else None) for n in range(40)]
        every = pairs(records, TWO, apart=True)
        found = pairs(records, TWO)

        assert tuple(pair for pair in every if pair.decision != "apart") == found.pairs
        assert every.candidates == found.candidates == 780

    def test_progress(self) -> None:
        told: list[tuple[int, int]] = []
        pairs([person("a"), person("b")], TWO, progress=lambda done, size: told.append((done, size)))
        pairs([person("a"), person("b")], TWO, apart=True)

        assert told == [(0, 2)]

    def test_memory_is_bounded(self, monkeypatch: pytest.MonkeyPatch) -> None:
        records = [person(str(n), "Anna" if n % 2 else "Ann") for n in range(6)]
        usual = pairs(records, TWO)
        monkeypatch.setattr(filters, "_REMEMBERED", -1)

        assert usual == pairs(records, TWO)


class TestVetoes:
    @pytest.mark.parametrize(
        ("mine", "theirs", "decision"),
        [(["1"], ["2"], "apart"), (["1"], ["1"], "link"), (["1", "2"], ["2"], "link"), (["-"], ["2"], "link")],
    )
    def test_unique_identifiers(self, mine: list[str], theirs: list[str], decision: str) -> None:
        policy = attrs.evolve(TWO, unique=("tax-number",))
        a, b = (
            person(key, identifiers=[Identifier("tax-number", value) for value in values])
            for key, values in (("a", mine), ("b", theirs))
        )

        assert decision == compare(a, b, policy).decision

    def test_another_kind(self) -> None:
        a, b = (
            person("a", identifiers=[Identifier("shop", "1")]),
            person("b", identifiers=[Identifier("tax-number", "2")]),
        )

        assert compare(a, b, attrs.evolve(TWO, unique=("tax-number",))).decision == "link"


class TestWeights:
    def test_rare_values_say_more(self) -> None:
        policy = attrs.evolve(TWO, comparisons=[Comparison("given"), Comparison("family", frequency=True)])
        records = [person(str(n), "X") for n in range(8)] + [person("r1", "X", "Rar"), person("r2", "X", "Rar")]
        found = {(pair.a, pair.b): dict(pair.bits)["family"] for pair in pairs(records, policy)}

        assert found["crm/r1", "crm/r2"] - found["crm/0", "crm/1"] == Decimal(2)

    def test_without_frequencies_all_agreement_counts_alike(self) -> None:
        policy = attrs.evolve(TWO, comparisons=[Comparison("given"), Comparison("family", frequency=True)])
        known = {"family": {"berg": Fraction(1, 1000)}}
        found = [compare(person("a"), person("b"), policy, known=each).weight for each in (None, known)]

        assert [Decimal("12.983706"), Decimal("16.305634")] == found

    def test_rare_values_of_several(self) -> None:
        comparison = Comparison("email", frequency=True)
        weights = MatchWeights("0.5", [MatchWeight("email", m=["0.9", "0.1"], u=["0.01", "0.99"])])
        policy = MatchPolicy("mail", comparisons=[comparison], keys=[Key("email")], weights=weights)
        records = [person("a", points=mail("a@x.org", "b@x.org")), person("b", points=mail("a@x.org", "c@x.org"))]

        assert [pair.weight for pair in pairs(records, policy, apart=True)] == [Decimal("-0.152003")]

    def test_a_circle_takes_off_what_it_brought(self) -> None:
        circle = Circle("home", "0.01", [MatchWeight("family", m=["0.9", "0.1"], u=["0.01", "0.99"])])
        policy = attrs.evolve(TWO, weights=MatchWeights("0.5", [SAME, OTHER], circles=[circle]))
        bits = [dict(compare(person("a"), person("b", family=name), policy).bits) for name in ("Berg", "Stone", None)]

        assert [round(each["circles"], 2) for each in bits] == [Decimal("-0.92"), Decimal("0.01"), Decimal("0.00")]
        assert pairs([person("a"), person("b")], policy).links

    def test_nothing_decides(self) -> None:
        pair = compare(person("a"), person("b"), attrs.evolve(TWO, weights=None))

        assert (pair.decision, pair.reason, pair.verdict) == ("apart", "nothing", None)


CARDS = [
    ScoreCard([ScoreRule("g", field("given") == 1, 6), ScoreRule("f", field("family") == 1, 1)]),
    ScoreCard([ScoreRule("g", field("given") < 1, -9), ScoreRule("f", field("family") == 1, Fraction(20, 3))]),
    ScoreCard([ScoreRule("g", field("given") == 1, 9)], cap=8),
    ScoreCard([ScoreRule("g", field("given") == 1, 9, group="x")], groups=[ScoreGroup("x")]),
]
RULES = [
    field("given") == 1,
    ~(field("given") == 0),
    (field("given") == 1) | (field("family") == 1),
    AtLeast(2, field("given") == 1, field("family") == 1),
    field("given").between(Decimal("0.5"), 1),
    field("given").is_in(0, 1),
    field("given").is_missing(),
    ~((field("given") == 1) & (field("family") == 1)),
    field("given") > 7,
]


@pytest.mark.parametrize("policy", [
    *[attrs.evolve(TWO, weights=card) for card in CARDS],
    *[attrs.evolve(TWO, weights=None, rule=rule) for rule in RULES],
    *[attrs.evolve(TWO, weights=None, rule=RULES[3], review=rule) for rule in RULES],
])  # fmt: skip
def test_the_filter_drops_nothing_that_counts(policy: MatchPolicy) -> None:
    fuzzy = attrs.evolve(policy, comparisons=[Comparison("given", method="osa"), Comparison("family")])
    names = ("Anna", "Ana", "Anne", None, "Eve")
    records = [person(str(place), given, "Berg") for place, given in enumerate(names * 2)]
    every = pairs(records, fuzzy, apart=True)

    assert tuple(pair for pair in every if pair.decision != "apart") == pairs(records, fuzzy).pairs


class TestShowing:
    def test_a_pair(self) -> None:
        text = str(pairs([person("a"), person("b")], TWO).pairs[0])

        assert text == (
            "crm/a and crm/b: link (weights, 12.98 bits, probability 0.999877, keys in common: family)\n"
            "  prior                    +0.00\n"
            "  given        1.0000     +6.49\n"
            "  family       1.0000     +6.49"
        ).replace("                    +", "                   +")

    def test_a_pair_by_a_rule(self) -> None:
        text = str(compare(person("a", points=mail("a@x.org")), person("b", points=mail("a@x.org")), PEOPLE))

        assert text.startswith(
            "crm/a and crm/b: link (rule, keys in common: email; names)\n  email        1.0000\n  phone         blank"
        )

    def test_html(self) -> None:
        html = compare(person("<a>", points=mail("a@x.org")), person("b", points=mail("a@x.org")), PEOPLE)._repr_html_()

        assert "crm/&lt;a&gt;" in html
        assert "<td>blank</td>" in html
        assert "<pre>" in html

    def test_html_of_bits(self) -> None:
        html = compare(person("a"), person("b", "Eve"), TWO)._repr_html_()

        assert "<tr><th>given</th><td>0.0000</td><td>-3.31</td></tr>" in html
        assert "<tr><th>prior</th><td></td><td>+0.00</td></tr>" in html

    def test_html_of_all(self) -> None:
        found = pairs([person("a"), person("b"), person("c", None)], attrs.evolve(TWO, review_at=0))

        assert "<td>crm/a</td><td>crm/b</td><td>link</td><td>12.98</td><td>weights</td>" in found._repr_html_()
        assert [pair.decision for pair in found.review] == ["review", "review"]
        assert (
            "<td></td>"
            in pairs([person("a"), person("b")], attrs.evolve(TWO, weights=None, rule=RULES[0]))._repr_html_()
        )


class TestPair:
    def test_the_lesser_comes_first(self) -> None:
        assert (Pair("b", "a", weight=1).a, Pair("b", "a").probability) == ("a", None)

    def test_with_itself(self) -> None:
        with pytest.raises(InvalidValue, match=r"Pair\.b"):
            Pair("a", "a")


class TestMistakes:
    @pytest.mark.parametrize("records", ["text", 7, [7], person("a")])
    def test_no_records(self, records: Any) -> None:
        with pytest.raises(InvalidValue, match=r"pairs\.records"):
            pairs(records, TWO)

    def test_no_policy(self) -> None:
        with pytest.raises(InvalidValue, match=r"pairs\.policy"):
            pairs([], [], None)
        with pytest.raises(InvalidValue, match=r"match\.policy"):
            match([], [], None)

    def test_one_party(self) -> None:
        with pytest.raises(InvalidValue, match=r"compare\.b"):
            compare(person("a"), person("a"), TWO)

    def test_nothing_to_learn_from(self) -> None:
        with pytest.raises(InvalidValue, match="records of which some share a key"):
            fit([person("a"), person("b", "Eve", "Stone")], PEOPLE)


class TestFit:
    NAMES = (("Anna", "Berg"), ("Ana", "Berg"), ("Li", "Wei"), ("Omar", "Haddad"), ("Eve", "Stone"), ("Eve", "Stone"))

    def people(self) -> list[Record]:
        return [person(str(n), *name, born=f"1980-01-{10 + n // 2}") for n, name in enumerate(self.NAMES)]

    def test_within(self) -> None:
        found, judged = match(self.people(), PEOPLE)

        assert [(pair.a, pair.b) for pair in judged.links] == [("crm/0", "crm/1"), ("crm/4", "crm/5")]
        assert str(found).splitlines()[1].startswith("  born: +")
        assert "<th>born</th><td>1</td>" in found._repr_html_()

    def test_across(self) -> None:
        people = self.people()
        found, judged = match(people[::2], people[1::2], PEOPLE)

        assert [(pair.a, pair.b) for pair in judged.links] == [("crm/0", "crm/1"), ("crm/4", "crm/5")]
        assert found.policy == fit(people[::2], people[1::2], PEOPLE).policy

    def test_a_sample_of_many(self) -> None:
        twins = [
            *self.people(),
            person("6", "Yuki", "Sato", born="1980-01-20"),
            person("7", "Yuki", "Sato", born="1980"),
        ]
        found = fit(twins, PEOPLE, most_pairs=1)

        assert (fit(twins, PEOPLE).pairs, found.pairs, found.policy.rule) == (3, 1, None)

    def test_without_names_that_cross(self) -> None:
        policy = attrs.evolve(PEOPLE, transposable=(), circles=())

        assert fit(self.people(), policy).policy.weights is not None

    def test_a_policy_without_weights_shows_its_estimate(self) -> None:
        found = fit(self.people(), PEOPLE)
        bare = attrs.evolve(found, policy=PEOPLE)

        assert str(bare) == str(found.estimate)
        assert "<caption>" in bare._repr_html_()


class TestCrowds:
    """Synthetic customers, of whom three in ten share a home and a family name with another."""

    def test_people_of_one_household_are_not_linked(self) -> None:
        found, judged = match(crowd(3000), PEOPLE)
        owners = [{ref.split("/")[1].split("-")[0] for ref in (pair.a, pair.b)} for pair in judged.links]

        assert isinstance(found.policy.weights, MatchWeights)
        assert "household" in {circle.name for circle in found.policy.weights.circles}
        assert len(owners) > 300
        assert sum(len(each) == 1 for each in owners) >= 0.99 * len(owners)


def test_rules_are_data() -> None:
    assert isinstance(PEOPLE.rule, Rule)
