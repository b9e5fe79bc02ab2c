"""Groups out of pairs, assertions and identifiers."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import attrs
import pytest

from relex.errors import Conflict, InvalidValue, NotFound
from relex.matching import (
    IdentifierRule,
    IdentityRules,
    MatchPolicy,
    NotSameAs,
    Pair,
    Resolution,
    Retracted,
    SameAs,
    resolve,
)
from relex.parties import ContactPoint, Identifier, PersonName, Record

DAY = datetime(2026, 5, 1, 9, tzinfo=UTC)
PEOPLE = MatchPolicy.people()


def day(number: int) -> datetime:
    return DAY + timedelta(days=number)


def record(key: str, *identifiers: str, at: datetime = DAY, **more: Any) -> Record:
    """A record of source s with identifiers such as `user_id u1`."""
    return Record("s", key, at, identifiers=[Identifier(*each.split()) for each in identifiers], **more)


def records(keys: str) -> list[Record]:
    return [record(key) for key in keys]


def person(key: str, name: str, email: str, at: datetime = DAY) -> Record:
    given, _, family = name.partition(" ")
    return record(key, at=at, name=PersonName(given=given, family=family), points=[ContactPoint("email", email)])


def pair(refs: str, weight: Any = None, decision: str = "link") -> Pair:
    return Pair(f"s/{refs[0]}", f"s/{refs[1]}", decision, weight=weight)


def same(refs: str, on: int = 1, **more: Any) -> SameAs:
    return SameAs(f"same-{refs}", f"s/{refs[0]}", f"s/{refs[1]}", by="eve", at=day(on), **more)


def apart(refs: str, on: int = 1, **more: Any) -> NotSameAs:
    return NotSameAs(f"apart-{refs}", f"s/{refs[0]}", f"s/{refs[1]}", by="eve", at=day(on), **more)


def shown(found: Resolution) -> str:
    return " ".join("".join(ref.removeprefix("s/") for ref in group) for group in found.groups)


def pairs_of(found: Any) -> list[str]:
    return [f"{each.a}{each.b}".replace("s/", "") for each in found]


class TestGroups:
    def test_a_record_without_links_is_a_group(self) -> None:
        assert shown(resolve(records("BA"), pairs=())) == "A B"

    def test_no_records_make_no_groups(self) -> None:
        assert resolve((), PEOPLE).groups == ()

    def test_statements_of_one_ref_are_one_record(self) -> None:
        found = resolve([record("A"), record("A", at=day(1)), record("A")], pairs=())

        assert (found.groups, found.records) == ((("s/A",),), (record("A", at=day(1)),))

    def test_only_the_newest_statement_of_a_ref_counts(self) -> None:
        given = [person("A", "Anna Berg", "a@x.org"), person("B", "Anna Berg", "a@x.org")]
        later = person("B", "Anna Berg", "b@x.org", day(1))

        assert shown(resolve(given, PEOPLE)) == "AB"
        assert shown(resolve([*given, later], PEOPLE)) == "A B"

    def test_one_statement_with_two_contents_is_a_conflict(self) -> None:
        with pytest.raises(Conflict):
            resolve([record("A"), record("A", "x 1"), record("A", at=day(1))], pairs=())

    def test_the_group_of_a_record(self) -> None:
        assert resolve(records("ABC"), pairs=[pair("AC")]).group("s/C") == ("s/A", "s/C")

    def test_an_unknown_record_has_no_group(self) -> None:
        with pytest.raises(NotFound):
            resolve(records("A"), pairs=()).group("s/B")


class TestOrder:
    def test_links_without_a_weight_come_before_weighed_ones(self) -> None:
        found = resolve(records("ABC"), pairs=[pair("AB", 99), pair("BC")], assertions=[apart("AC")])

        assert shown(found) == "A BC"

    def test_the_stronger_link_is_taken(self) -> None:
        found = resolve(records("ABC"), pairs=[pair("AB", 7), pair("BC", Decimal("7.1"))], assertions=[apart("AC")])

        assert shown(found) == "A BC"

    def test_ties_are_broken_by_the_refs(self) -> None:
        found = resolve(records("ABC"), pairs=[pair("BC", 7), pair("AB", 7)], assertions=[apart("AC")])

        assert shown(found) == "AB C"

    def test_an_assertion_comes_before_the_strongest_link(self) -> None:
        found = resolve(records("ABC"), pairs=[pair("AB", 99)], assertions=[same("BC"), apart("AC")])

        assert shown(found) == "A BC"

    def test_of_two_pairs_with_the_same_refs_the_surest_counts(self) -> None:
        given = [pair("AB", 5, "review"), pair("AB", 3), pair("AB", 4), pair("AB", 9, "apart")]

        assert resolve(records("AB"), pairs=given).links == (pair("AB", 4),)
        assert resolve(records("AB"), pairs=reversed(given)).links == (pair("AB", 4),)

    def test_links_are_kept_also_within_a_group(self) -> None:
        found = resolve(records("ABC"), pairs=[pair("AC", 7), pair("AB", 9), pair("BC", 8)])

        assert pairs_of(found.links) == ["AB", "BC", "AC"]


class TestAssertions:
    def test_what_was_said_last_of_a_pair_holds(self) -> None:
        found = resolve(records("AB"), pairs=[pair("AB")], assertions=[same("AB", 1), apart("AB", 2)])

        assert shown(found) == "A B"

    def test_a_retraction_lets_the_link_hold(self) -> None:
        taken_back = Retracted("r", "apart-AB", by="eve", at=day(2))

        assert shown(resolve(records("AB"), pairs=[pair("AB")], assertions=[apart("AB"), taken_back])) == "AB"

    def test_as_of_looks_at_what_had_been_said_and_stated(self) -> None:
        given = {
            "records": [record("A"), record("B", at=day(2))],
            "pairs": [pair("AB")],
            "assertions": [apart("AB", 4)],
        }
        groups = [shown(resolve(as_of=day(number), **given)) for number in (0, 3, 4)]  # type: ignore[arg-type]

        assert groups == ["A", "AB", "A B"]

    def test_unknown_records_and_retractions_of_nothing_are_listed(self) -> None:
        given = [same("AZ"), apart("YA"), Retracted("r1", "nothing", by="eve", at=DAY), same("AB")]
        found = resolve(records("AB"), pairs=(), assertions=[*given, Retracted("r2", "same-AZ", by="eve", at=DAY)])

        assert found.anomalies == (
            ("apart-YA", "unknown-record"), ("r1", "unknown-assertion"), ("same-AZ", "unknown-record")
        )  # fmt: skip

    def test_anomalies_of_the_future_are_not_listed(self) -> None:
        assert resolve(records("A"), pairs=(), assertions=[same("AZ", 3)], as_of=day(2)).anomalies == ()

    def test_cannot_links_go_along_when_groups_join(self) -> None:
        given = [pair("AB", 9), pair("CD", 8), pair("BC", 7), pair("AE", 6), pair("DE", 5)]
        found = resolve(records("ABCDE"), pairs=given, assertions=[apart("AD"), apart("BD"), apart("CE")])

        assert (shown(found), pairs_of(each.pair for each in found.refused)) == ("ABE CD", ["BC", "DE"])

    def test_the_standing_assertions_are_told(self) -> None:
        assert resolve(records("ABC"), pairs=(), assertions=[same("BC"), apart("AC")]).assertions == (
            apart("AC"), same("BC")
        )  # fmt: skip


class TestIdentifiers:
    def test_two_user_ids_are_one_too_many(self) -> None:
        found = resolve([record("A", "user_id u1"), record("B", "user_id u2")], pairs=[pair("AB", 9)])

        refusal = found.refused[0]
        assert (refusal.reason, refusal.kind, refusal.limit, refusal.values) == ("limit", "user_id", 1, ("u1", "u2"))

    def test_a_limit_counts_the_whole_group(self) -> None:
        given = [record(key, f"device d{key}") for key in "ABCDEF"]
        links = [pair(f"A{key}", 9 - number) for number, key in enumerate("BCDEF")]

        assert shown(resolve(given, pairs=links)) == "ABCDE F"

    def test_blocked_values_do_not_count(self) -> None:
        given = [record("A", "user_id null", "user_id u1"), record("B", "user_id anonymous", "user_id u1")]

        assert shown(resolve(given, pairs=[pair("AB", 9)])) == "AB"

    def test_only_what_was_seen_lately_counts(self) -> None:
        rules = IdentityRules([IdentifierRule("device", limit=1, within=timedelta(days=9))])
        given = [record("A", "device d1"), record("B", "device d2", at=day(5))]
        groups = [shown(resolve(given, pairs=[pair("AB")], as_of=day(number), identity=rules)) for number in (8, 9)]

        assert groups == ["A B", "AB"]

    def test_without_an_instant_windows_end_with_the_newest_record(self) -> None:
        rules = IdentityRules([IdentifierRule("device", limit=1, within=timedelta(days=9))])
        given = [record("A", "device d1"), record("B", "device d2", at=day(5)), record("C", at=day(9))]

        assert shown(resolve(given, pairs=[pair("AB")], identity=rules)) == "AB C"

    def test_identifiers_may_have_a_time_of_their_own(self) -> None:
        rules = IdentityRules([IdentifierRule("device", limit=1, within=timedelta(days=3))])
        old = record("A", "device d1", at=day(5), times={"identifiers": DAY})
        given = [old, record("B", "device d2", at=day(5))]

        assert shown(resolve(given, pairs=[pair("AB")], identity=rules)) == "AB"

    def test_the_unique_kinds_of_the_policy_count(self) -> None:
        given = [record("A", "tax-number 1-2"), record("B"), record("C", "tax-number 13"), record("D", "tax-number 12")]
        found = resolve(given, PEOPLE, pairs=[pair("AB", 9), pair("BC", 8), pair("AD", 7)])

        assert (shown(found), found.refused[0].reason, found.refused[0].values) == ("ABD C", "unique", ("12", "13"))

    def test_must_links_obey_too(self) -> None:
        given = [record("A", "user_id u1"), record("B", "user_id u2")]

        assert shown(resolve(given, pairs=(), assertions=[same("AB")])) == "A B"

    def test_what_one_record_has_too_often_does_not_keep_others_away(self) -> None:
        given = [record("A", "user_id u1", "user_id u2"), record("B", "user_id u1"), record("C", "device d")]

        assert shown(resolve(given, pairs=[pair("AB"), pair("AC")])) == "ABC"


class TestReview:
    def test_the_queue_is_strongest_first(self) -> None:
        given = [pair("AB", 1, "review"), pair("CD", 3, "review"), pair("AD", 3, "review"), pair("BC", None, "review")]

        assert pairs_of(resolve(records("ABCD"), pairs=given).review) == ["BC", "AD", "CD", "AB"]

    def test_what_people_decided_is_left_out(self) -> None:
        given = [pair("AB", 1, "review"), pair("CD", 3, "review"), pair("AD", 3, "review")]
        found = resolve(records("ABCD"), pairs=given, assertions=[same("AB"), apart("CD")])

        assert pairs_of(found.review) == ["AD"]

    def test_what_was_said_of_two_records_is_decided_of_their_groups(self) -> None:
        given = [pair("AB", 9), pair("CD", 9), pair("BC", 3, "review"), pair("BE", 2, "review")]
        found = resolve(records("ABCDE"), pairs=given, assertions=[apart("AD")])

        assert (pairs_of(found.review), pairs_of(found.at(10).review)) == (["BE"], ["AB", "CD", "BC", "BE"])

    def test_what_ended_in_one_group_is_left_out(self) -> None:
        given = [pair("AB", 9), pair("BC", 8), pair("AC", 3, "review")]

        assert resolve(records("ABC"), pairs=given).review == ()

    def test_pairs_apart_are_no_links(self) -> None:
        found = resolve(records("AB"), pairs=[pair("AB", 9, "apart")])

        assert (shown(found), found.review) == ("A B", ())


class TestPairs:
    def test_a_policy_finds_them(self) -> None:
        given = [
            person("A", "Anna Berg", "a@x.org"),
            person("B", "ANNA BERG", "A@X.org"),
            person("C", "Erik Berg", "a@x.org"),
        ]
        found = resolve(given, PEOPLE)

        assert (shown(found), pairs_of(found.review)) == ("AB C", ["AC", "BC"])

    def test_blocks_that_were_skipped_are_told(self) -> None:
        given = [person(key, f"{key} Berg", "info@x.org") for key in "ABCD"]
        found = resolve(given, attrs.evolve(PEOPLE, max_block=3))

        assert found.skipped_blocks != ()

    def test_another_engines_triples_are_links_without_a_policy(self) -> None:
        assert shown(resolve(records("AB"), pairs=[("s/B", "s/A", Decimal("-3.5"))])) == "AB"

    def test_the_policy_decides_what_is_not_decided(self) -> None:
        given = [("s/A", "s/B", 7), ("s/C", "s/D", Decimal("6.9")), ("s/E", "s/F", 0), ("s/E", "s/G", Decimal("-0.1"))]
        found = resolve(records("ABCDEFG"), PEOPLE, pairs=given)

        assert (shown(found), pairs_of(found.review)) == ("AB C D E F G", ["CD", "EF"])

    def test_anything_with_refs_and_a_weight_is_a_pair(self) -> None:
        @attrs.frozen
        class Scored:
            a: str
            b: str
            weight: int
            decision: str = "review"

        found = resolve(records("AB"), pairs=[Scored("s/A", "s/B", 12)])

        assert found.review == (pair("AB", 12, "review"),)

    @pytest.mark.parametrize(
        "wrong",
        [
            ("s/A", "s/Z", 1),
            ("s/A", "s/B"),
            "AB",
            ("s/A", "s/B", 1.5),
            ("s/A", "s/B", None),
            ("s/A", "s/B", True),
            ("s/A", "s/A", 1),
            pair("AZ", 1),
            pair("AB", Fraction(1, 3)),
        ],
        ids=["unknown", "two", "text", "float", "no-weight", "bool", "itself", "unknown-pair", "fraction"],
    )
    def test_wrong_pairs_are_refused(self, wrong: Any) -> None:
        with pytest.raises(InvalidValue):
            resolve(records("AB"), pairs=[wrong])

    @pytest.mark.parametrize(
        ("wrong", "path"),
        [
            ({"policy": None, "pairs": None}, "policy"),
            ({"policy": "people"}, "policy"),
            ({"records": ["s/A"]}, "records"),
            ({"records": "s/A"}, "records"),
            ({"assertions": ["s/A"]}, "assertions"),
            ({"as_of": datetime(2026, 5, 1)}, "as_of"),  # noqa: DTZ001 - what is refused
            ({"identity": [IdentifierRule("a")]}, "identity"),
            ({"pairs": 5}, "pairs"),
        ],
        ids=["nothing", "policy", "record", "text", "assertion", "naive", "rules", "pairs"],
    )
    def test_wrong_arguments_are_refused(self, wrong: dict[str, Any], path: str) -> None:
        with pytest.raises(InvalidValue, match=rf"resolve\.{path}"):
            resolve(**({"records": records("AB"), "pairs": ()} | wrong))


class TestAt:
    GIVEN = (pair("AB", 9), pair("BC", 7), pair("CD", 5), pair("AD", 4), pair("EF"), pair("DE", 2, "review"))

    def test_groups_fall_apart_at_a_stricter_threshold(self) -> None:
        found = resolve(records("ABCDEF"), pairs=self.GIVEN)

        assert [shown(found.at(threshold)) for threshold in (5, 6, 8, 10)] == [
            "ABCD EF", "ABC D EF", "AB C D EF", "A B C D EF"
        ]  # fmt: skip

    def test_links_below_are_for_review(self) -> None:
        found = resolve(records("ABCDEF"), pairs=self.GIVEN)

        assert pairs_of(found.at(8).review) == ["BC", "CD", "AD", "DE"]

    def test_it_is_the_run_at_that_threshold(self) -> None:
        scored = [(each.a, each.b, each.weight) for each in self.GIVEN if each.weight is not None]
        said = [apart("AC"), same("DF")]
        loose = resolve(records("ABCDEF"), attrs.evolve(PEOPLE, link_at=0), said, scored)
        strict = resolve(records("ABCDEF"), attrs.evolve(PEOPLE, link_at=5), said, scored)
        cut = loose.at(5)

        assert (cut.groups, pairs_of(cut.links), pairs_of(cut.review)) == (
            strict.groups, pairs_of(strict.links), pairs_of(strict.review)
        )  # fmt: skip
        assert [str(each) for each in cut.refused] == [str(each) for each in strict.refused]

    @pytest.mark.parametrize("threshold", [1.5, "7", None])
    def test_a_threshold_that_is_not_exact_is_refused(self, threshold: Any) -> None:
        with pytest.raises(InvalidValue, match=r"Resolution\.at\.threshold"):
            resolve((), pairs=()).at(threshold)


class TestWhy:
    def test_the_fewest_links_lead_from_one_to_the_other(self) -> None:
        given = [pair("AB", 9), pair("BC", 9), pair("CD", 9), pair("AC", 7), pair("BD", 8)]  # either way is 2 links
        why = resolve(records("ABCD"), pairs=given).why("s/D", "s/A")

        assert (why.together, pairs_of(why.path)) == (True, ["BD", "AB"])

    def test_in_words(self) -> None:
        found = resolve(records("ABC"), pairs=[pair("AB", 9)], assertions=[same("BC")])

        assert str(found.why("s/A", "s/C")) == (
            "s/A and s/C are together\n  s/A = s/B (weight 9, given)\n  s/B = s/C (same-as:same-BC)"
        )

    def test_a_record_is_together_with_itself(self) -> None:
        assert resolve(records("A"), pairs=()).why("s/A", "s/A").path == ()

    def test_why_two_are_apart(self) -> None:
        given = [pair("AB", 9), pair("BC", 7), pair("AC", 3, "review"), pair("CD", 8), pair("DE", 1, "review")]
        said = apart("AC", reason="father and son")
        refused = resolve(records("ABCDE"), pairs=[*given, pair("AD", 2)], assertions=[said]).why("s/B", "s/D")

        assert str(refused) == (
            "s/B and s/D are apart\n"
            "  s/B = s/C (weight 7, given) is refused, since eve said on 2026-05-02 that s/A and s/C are not the same: "
            "father and son\n"
            "  s/A = s/D (weight 2, given) is refused, since eve said on 2026-05-02 that s/A and s/C are not the same: "
            "father and son"
        )

    def test_what_is_still_to_be_decided(self) -> None:
        found = resolve(records("AB"), pairs=[pair("AB", 3, "review")])

        assert str(found.why("s/A", "s/B")) == (
            "s/A and s/B are apart\n  s/A = s/B (weight 3, given) is still to be decided"
        )

    def test_too_many_identifiers_in_words(self) -> None:
        found = resolve([record("A", "user_id u1"), record("B", "user_id u2")], pairs=[pair("AB", 9)])

        assert (
            str(found.refused[0])
            == "s/A = s/B (weight 9, given) is refused, since one party may have 1 user_id and not u1, u2"
        )

    def test_nothing_links_them(self) -> None:
        assert str(resolve(records("AB"), pairs=()).why("s/A", "s/B")) == (
            "s/A and s/B are apart, and nothing links them"
        )

    def test_an_unknown_record_is_not_found(self) -> None:
        with pytest.raises(NotFound):
            resolve(records("A"), pairs=()).why("s/A", "s/Z")


class TestShown:
    def test_in_one_line(self) -> None:
        found = resolve(records("ABCD"), pairs=[pair("AB", 9), pair("CD", 1, "review")])

        assert str(found) == "4 records in 3 groups: 1 links, 0 refused, 1 to review, 0 blocks skipped"
        assert repr(found) == f"<Resolution: {found}>"

    def test_the_queue_as_a_table(self) -> None:
        given = [
            person("A", "<Anna> Berg", "a@x.org"),
            Record("s", "B", DAY, name=PersonName("Bo Berg"), values={"born": 1}, identifiers=[Identifier("tax", "7")]),
        ]
        page = resolve(given, pairs=[pair("AB", 3, "review")])._repr_html_()

        assert "Berg, &lt;Anna&gt;" in page
        assert "tax 7" in page
        assert "<script" not in page

    def test_fields_that_differ_are_marked(self) -> None:
        phones = [ContactPoint("phone", number) for number in ("+46 70 123 45 67", "+46701234567", "+46709999999")]
        given = [person("A", "Anna Berg", "a@x.org"), person("B", "ANNA BERG", "b@x.org")]
        given = [
            attrs.evolve(each, points=[*each.points, *some])
            for each, some in zip(given, (phones[:1], phones[1:]), strict=True)
        ]
        page = resolve(given, pairs=[pair("AB", 3, "review")])._repr_html_()

        assert page.count("background") == 2

    def test_scores_and_bits_are_shown(self) -> None:
        scored = Pair(
            "s/A",
            "s/B",
            "review",
            scores=(("given", Decimal("0.9611")), ("email", Decimal("1.000000")), ("born", None)),
            bits=(("given", Decimal("4.5")),),
        )
        page = resolve(records("AB"), pairs=[scored])._repr_html_()

        assert "given; given 0.9611 (+4.50); email 1" in page

    def test_a_long_queue_is_cut(self) -> None:
        given = [record(f"k{number:02}", name=PersonName("x" * 500)) for number in range(60)]
        page = resolve(given, pairs=[Pair("s/k00", each.ref, "review") for each in given[1:]])._repr_html_()

        assert "the first 50" in page
        assert page.count("<tr>") == 2 + 100
        assert "x" * 200 not in page

    def test_without_a_queue_there_is_only_the_summary(self) -> None:
        assert resolve(records("AB"), pairs=())._repr_html_().count("<tr>") == 0
