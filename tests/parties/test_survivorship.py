"""Survivorship: policies, groups, origins, and what many-valued fields become."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from relex.calendars import Period
from relex.errors import InvalidValue
from relex.parties import (
    AGREE,
    EARLIEST,
    LARGEST,
    LATEST,
    MOST_COMPLETE,
    MOST_FREQUENT,
    SMALLEST,
    TOTAL,
    UNION,
    ContactPoint,
    Identifier,
    Lifecycle,
    PersonName,
    Policy,
    PostalAddress,
    Record,
    Relationship,
    Stated,
    Survivorship,
    golden,
)

DAY = datetime(2026, 5, 1, tzinfo=UTC)
ADDRESS = {"address": ("street", "city")}


def said(source: str, days: int, **values: Any) -> Record:
    return Record(source, "1", DAY + timedelta(days=days), values=values)


def chosen(policy: Policy, *records: Record) -> Any:
    return golden(records, Survivorship(policy)).get("x")


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        (LATEST, "c"),
        (EARLIEST, "a"),
        (Policy.sources("two", "one"), "b"),
        (Policy.sources("nine"), "c"),
        (Policy.ranked("nine/1", "two/1"), "b"),
        (Policy.master("one/1"), "a"),
        (Policy.master("nine/1"), "c"),
        (Policy.master("nine/1", fill=False), None),
        (UNION, ("a", "b", "c")),
        (AGREE, None),
        (SMALLEST, "a"),
        (LARGEST, "c"),
        (MOST_FREQUENT, "c"),
    ],
    ids=str,
)
def test_each_policy_chooses_among_three(policy: Policy, expected: object) -> None:
    assert expected == chosen(policy, said("two", 1, x="b"), said("one", 0, x="a"), said("three", 2, x="c"))


@pytest.mark.parametrize("policy", [LATEST, EARLIEST, MOST_FREQUENT], ids=str)
def test_of_two_of_one_instant_the_smaller_source_wins(policy: Policy) -> None:
    assert chosen(policy, said("b", 0, x="of b"), said("a", 0, x="of a")) == "of a"


def test_only_the_newest_statement_of_a_party_counts() -> None:
    assert chosen(UNION, said("a", 0, x="old"), said("a", 1, x="new")) == ("new",)


def test_two_statements_of_one_instant_always_give_the_same_one() -> None:
    one, other = said("a", 0, x="one"), said("a", 0, x="other")

    assert chosen(LATEST, one, other) == chosen(LATEST, other, one)


def test_a_newer_clearing_wins_over_a_value_and_a_newer_value_over_a_clearing() -> None:
    old, new = said("a", 0, x="old"), said("c", 2, x="new")
    cleared = Record("b", "1", DAY + timedelta(days=1), cleared=["x"])
    profile = golden([old, cleared])

    assert (profile["x"], profile.cleared, "x" in profile) == (None, ("x",), True)
    assert profile.attributes == ()
    assert chosen(LATEST, old, cleared, new) == "new"
    assert golden([cleared], Survivorship(EARLIEST)).values == {}


def test_a_value_has_its_own_time() -> None:
    late = Record("a", "1", DAY, values={"x": "late"}, times={"x": DAY + timedelta(days=9)})

    assert chosen(LATEST, late, said("b", 1, x="early")) == "late"


def test_spellings_count_as_one_value_and_the_newest_shows() -> None:
    records = said("a", 0, x="Łoś"), said("b", 1, x="LOS"), said("c", 2, x="elk")

    assert chosen(MOST_FREQUENT, *records) == "LOS"
    assert chosen(AGREE, *records[:2]) == "LOS"
    assert golden(records, Survivorship(AGREE)).conflicts == ("x",)


@pytest.mark.parametrize(
    ("values", "smallest", "largest"),
    [
        ([3, Decimal("2.5"), "1"], Decimal("2.5"), 3),
        ([date(2026, 1, 1), "none", date(2025, 1, 1)], date(2025, 1, 1), date(2026, 1, 1)),
        ([date(2024, 1, 1), DAY], DAY, DAY),
        ([True, "a"], "a", True),
    ],
)
def test_the_smallest_and_the_largest_are_of_one_kind(values: list[Any], smallest: object, largest: object) -> None:
    records = [said(str(place), place, x=value) for place, value in enumerate(values)]

    assert (smallest, largest) == (chosen(SMALLEST, *records), chosen(LARGEST, *records))


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([1, 2, "many"], 3),
        ([1, Decimal("0.10")], Decimal("1.10")),
        ([Decimal(10) ** 50, Decimal("1e-50")], Decimal("1" + "0" * 50 + "." + "0" * 49 + "1")),
    ],
)
def test_a_total_is_exact(values: list[Any], expected: Any) -> None:
    assert expected == chosen(TOTAL, *[said(str(place), 0, x=value) for place, value in enumerate(values)])


def test_a_name_is_always_one_value() -> None:
    records = [Record(source, "1", DAY, name=PersonName(source), values={"x": 1}) for source in ("a", "b")]
    profile = golden(records, Survivorship(TOTAL))

    assert (profile["name"], profile["x"]) == (PersonName("a"), 2)


def test_a_total_of_texts_is_none_with_a_reason() -> None:
    profile = golden([said("a", 0, x="many")], Survivorship(TOTAL))

    assert (profile["x"], profile.origins["x"].reason) == (None, "no-number")


@pytest.mark.parametrize(
    ("stages", "expected"),
    [(["lead", "customer"], "customer"), (["churned", "lead"], "lead"), (["churned", "x"], "churned"), (["x"], None)],
)
def test_the_furthest_stage_is_one_of_the_lifecycle(stages: list[str], expected: str | None) -> None:
    records = [said(str(place), 0, x=stage) for place, stage in enumerate(stages)]

    assert expected == chosen(Policy.furthest(Lifecycle()), *records)


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        (None, ("Box 12", "Umeå")),
        (LATEST, ("Storgatan 1", None)),
        (EARLIEST, ("Box 12", "Umeå")),
        (Policy.master("nine/1", fill=False), (None, None)),
    ],
)
def test_a_group_comes_from_one_record(policy: Policy | None, expected: tuple[str | None, str | None]) -> None:
    records = [said("a", 0, st="Box 12", ct="Umeå"), said("b", 1, st="Storgatan 1")]
    rules = Survivorship(fields={} if policy is None else {"address": policy}, groups={"address": ("st", "ct")})
    profile = golden(records, rules)

    assert expected == (profile.get("st"), profile.get("ct"))


def test_a_field_that_the_chosen_record_leaves_out_says_so() -> None:
    rules = Survivorship(fields={"g": LATEST}, groups={"g": ["one", "two"]})
    profile = golden([said("a", 0, one="x", two="y"), said("b", 1, one="z")], rules)

    assert (profile["one"], profile["two"], profile.origins["two"].reason) == ("z", None, "group")
    assert [statement.value for statement in profile.origins["two"].lost] == ["y"]


def test_a_record_and_a_field_outside_a_group_change_nothing_in_it() -> None:
    rules = Survivorship(groups={"g": ["one", "two"]})
    profile = golden([said("a", 0, one="x"), said("b", 1, other="y")], rules)

    assert profile.values == {"one": "x", "other": "y"}


def test_spellings_of_one_value_are_of_one_type() -> None:
    assert chosen(MOST_FREQUENT, said("a", 2, x=1), said("b", 1, x=True), said("c", 0, x=True)) is True


def test_an_origin_tells_who_won_and_who_lost() -> None:
    origin = golden([said("a", 0, x="old"), said("b", 1, x="new")]).origins["x"]

    assert (origin.record, origin.policy) == ("b/1@2026-05-02T00:00:00+00:00", "latest")
    assert origin.at == DAY + timedelta(days=1)
    assert origin.lost == (Stated("old", "a/1@2026-05-01T00:00:00+00:00", DAY),)


def test_what_is_made_of_several_has_no_single_record() -> None:
    origin = golden([said("a", 0, x=1), said("b", 1, x=2)], Survivorship(TOTAL)).origins["x"]

    assert (origin.record, origin.at) == (None, DAY + timedelta(days=1))


@pytest.mark.parametrize(
    "make",
    [
        lambda: Policy("newest"),
        lambda: Policy("master"),
        lambda: Policy("master", of=["a/1", "b/1"]),
        lambda: Policy("sources"),
        lambda: Policy("sources", of="crm"),
        lambda: Policy("latest", of=["crm"]),
        lambda: Policy("furthest"),
        lambda: Policy("latest", lifecycle=Lifecycle()),
        lambda: Policy("earliest", clears=False),
        lambda: Policy("ranked", of=["a/1"], fill=False),
        lambda: Survivorship("latest"),  # type: ignore[arg-type]
        lambda: Survivorship(MOST_COMPLETE),
        lambda: Survivorship(fields={"x": MOST_COMPLETE}),
        lambda: Survivorship(fields={"x": "latest"}),  # type: ignore[dict-item]
        lambda: Survivorship(fields={"name": UNION}),
        lambda: Survivorship(fields=["x"]),  # type: ignore[list-item]
        lambda: Survivorship(fields=[("x", LATEST), ("x", LATEST)]),
        lambda: Survivorship(fields={"address": UNION}, groups=ADDRESS),
        lambda: Survivorship(fields={"city": LATEST}, groups=ADDRESS),
        lambda: Survivorship(groups={"one": ["x"], "two": ["x"]}),
        lambda: Survivorship(groups={"one": []}),
        lambda: Survivorship(groups={"one": "x"}),
        lambda: Survivorship(groups={"one": [7]}),  # type: ignore[list-item]
        lambda: golden(["crm/7"]),  # type: ignore[list-item]
        lambda: golden([], "latest"),  # type: ignore[arg-type]
    ],
)
def test_what_does_not_fit_is_refused(make: Any) -> None:
    with pytest.raises(InvalidValue):
        make()


@pytest.mark.parametrize(
    ("policy", "words"),
    [
        (LATEST, "latest"),
        (Policy.latest(clears=False), "latest without clearings"),
        (Policy.master("crm/7", fill=False), "master crm/7 without filling"),
    ],
)
def test_a_policy_says_what_it_does(policy: Policy, words: str) -> None:
    assert words == str(policy)


@pytest.mark.parametrize(
    ("name", "expected"), [("x", SMALLEST), ("tags", UNION), ("address", MOST_COMPLETE), ("y", EARLIEST)]
)
def test_a_field_has_one_policy(name: str, expected: Policy) -> None:
    assert expected == Survivorship(EARLIEST, {"x": SMALLEST}, ADDRESS).policy(name)


def points(source: str, days: int, *found: ContactPoint, **more: Any) -> Record:
    return Record(source, "1", DAY + timedelta(days=days), points=found, **more)


def test_two_statements_about_one_point_become_one_and_lose_nothing() -> None:
    old = ContactPoint("email", "ADA@example.com", purposes=["a"], verified_at=DAY, state="bounced", shared=True)
    new = ContactPoint("email", "ada@example.com", purposes=["b"])
    [point] = golden([points("a", 0, old), points("b", 1, new)])["points"]

    assert (point.value, point.purposes, point.verified_at) == ("ada@example.com", ("a", "b"), DAY)
    assert (point.state, point.shared) == ("bounced", True)


def test_the_point_that_was_last_called_primary_is_it() -> None:
    one = ContactPoint("email", "a@example.com", primary=True)
    other = ContactPoint("email", "b@example.com", primary=True)
    found = golden([points("a", 0, one), points("b", 1, other)])["points"]
    kept = golden([points("a", 0, one), points("b", 1, other)], first=["a/1"])["points"]

    assert [point.primary for point in found] == [False, True]
    assert [point.primary for point in kept] == [True, False]


def test_points_without_a_key_are_one_when_the_text_is() -> None:
    odd = ContactPoint("phone", "ask")

    assert golden([points("a", 0, odd), points("b", 1, odd)])["points"] == (odd,)


def test_extensions_tell_two_points_of_one_number_apart() -> None:
    one, two = (ContactPoint("phone", "+46701234567", extension=digits) for digits in ("1", "2"))

    assert golden([points("a", 0, one), points("b", 1, two)])["points"] == (one, two)


def test_a_newer_tie_displaces_an_older_one_of_the_same_kind_and_time() -> None:
    acme, beta = Relationship("parent", "acme"), Relationship("parent", "beta", valid=Period(DAY))
    records = [
        Record("a", "1", DAY, relationships=[acme]),
        Record("b", "1", DAY + timedelta(days=1), relationships=[beta]),
    ]

    assert golden(records)["relationships"] == (beta,)


def test_identifiers_and_tags_are_united() -> None:
    card, app = Identifier("card", "1"), Identifier("app", "2")
    one = Record("b", "1", DAY, identifiers=[app], tags=["x"])
    other = Record("a", "1", DAY, identifiers=[card, app], tags=["y"])
    profile = golden([one, other])

    assert set(profile["identifiers"]) == {card, app}
    assert set(profile["tags"]) == {"x", "y"}


def test_points_follow_another_policy_when_they_are_named() -> None:
    one, other = ContactPoint("email", "a@example.com"), ContactPoint("email", "b@example.com")
    records = [points("a", 0, one), points("b", 1, other)]

    assert golden(records, Survivorship(fields={"points": LATEST}))["points"] == (other,)


def test_a_picture_shows_each_value_its_source_and_the_losers() -> None:
    name = Record("a", "1", DAY, name=PersonName("Ada <King>"), values={"x": "old"})
    cleared = Record("b", "1", DAY + timedelta(days=1), cleared=["x"])
    profile = golden([name, cleared, said("c", 0, visits=0)])

    assert str(profile).splitlines() == [
        "name: Ada <King> [a/1@2026-05-01T00:00:00+00:00]",
        "visits: 0 [c/1@2026-05-01T00:00:00+00:00]",
        "x: none, cleared [b/1@2026-05-02T00:00:00+00:00] over old (a/1@2026-05-01T00:00:00+00:00)",
    ]
    assert "<td>Ada &lt;King&gt;</td>" in profile._repr_html_()


def test_a_conflict_has_no_source() -> None:
    profile = golden([said("a", 0, x="one"), said("b", 0, x="two")], Survivorship(AGREE))

    assert str(profile).startswith("x: none, conflict [none] over one")


def test_who_said_the_same_did_not_lose() -> None:
    profile = golden([said("a", 0, x="one"), said("b", 1, x="one")])

    assert str(profile) == "x: one [b/1@2026-05-02T00:00:00+00:00]"


def test_a_clearing_that_lost_shows_as_one() -> None:
    cleared = Record("a", "1", DAY, cleared=["x"])

    assert "over cleared (a/1" in str(golden([cleared, said("b", 1, x="new")]))


def test_a_picture_is_read_by_field() -> None:
    profile = golden([said("a", 0, x="one")])

    assert (profile["x"], profile.get("y"), profile.get("y", 3)) == ("one", None, 3)
    with pytest.raises(KeyError):
        profile["y"]


class TestOneStatementOfMany:
    """Where one statement of many values is chosen, it is judged as if it were united with nothing."""

    def test_one_point_of_a_kind_is_primary(self) -> None:
        one, two = (ContactPoint("email", f"{name}@example.com", primary=True) for name in "ab")
        for rules in (Survivorship(fields={"points": LATEST}), Survivorship(groups={"all": ["points"]})):
            found = golden([points("crm", 1, one, two)], rules).get("points")

            assert [point.primary for point in found] == [True, False]

    def test_there_is_one_parent_at_a_time(self) -> None:
        ties = (Relationship("parent", "acme"), Relationship("parent", "casa"))
        record = Record("crm", "1", DAY, relationships=ties)
        found = golden([record], Survivorship(fields={"relationships": EARLIEST})).get("relationships")

        assert len(found) == 1


class TestClearingsOfAGroup:
    OLD = points("crm", 1, ContactPoint("postal", PostalAddress(street="Storgatan 1", city="Umea")))
    RULES = Survivorship(fields={"address": LATEST}, groups=ADDRESS)

    def test_a_newer_clearing_of_the_whole_wins(self) -> None:
        profile = golden([self.OLD, Record("shop", "1", DAY + timedelta(2), cleared=["street", "city"])], self.RULES)

        assert (dict(profile.values)["street"], profile.cleared) == (None, ("city", "street"))

    def test_a_newer_value_wins_over_it(self) -> None:
        profile = golden([self.OLD, Record("shop", "1", DAY, cleared=["street", "city"])], self.RULES)

        assert profile["street"] == "Storgatan 1"

    def test_what_is_not_cleared_beside_it_is_of_another_record(self) -> None:
        profile = golden([self.OLD, Record("shop", "1", DAY + timedelta(2), cleared=["street"])], self.RULES)

        assert [profile.origins[field].reason for field in ("street", "city")] == ["cleared", "group"]

    @pytest.mark.parametrize("policy", [MOST_COMPLETE, EARLIEST, Policy.latest(clears=False)])
    def test_the_other_policies_do_not_look_at_clearings(self, policy: Policy) -> None:
        rules = Survivorship(fields={"address": policy}, groups=ADDRESS)
        record = Record("shop", "1", DAY + timedelta(2), cleared=["street", "city"])

        assert golden([self.OLD, record], rules)["city"] == "Umea"


class TestPurposes:
    ANY = ContactPoint("email", "ada@example.com")
    BILLING = ContactPoint("email", "ada@example.com", purposes=["billing"])

    @pytest.mark.parametrize("days", [0, 2])
    def test_a_point_for_any_purpose_stays_so_beside_another_source(self, days: int) -> None:
        found = golden([points("crm", 1, self.ANY), points("shop", days, self.BILLING)])["points"]

        assert [point.purposes for point in found] == [()]

    def test_the_last_word_of_the_company_narrows_them(self) -> None:
        found = golden([points("crm", 1, self.ANY), points("direct", 2, self.BILLING)])["points"]

        assert [point.purposes for point in found] == [("billing",)]


def test_what_comes_first_is_a_list_of_records() -> None:
    with pytest.raises(InvalidValue, match=r"golden\.first"):
        golden([], first=None)  # type: ignore[arg-type]


def test_a_ranked_list_may_be_long() -> None:
    refs = [f"crm/{place}" for place in range(3_000)]
    records = [Record("crm", str(place), DAY, values={"x": place}) for place in range(3_000)]

    assert golden(records, Survivorship(Policy.ranked(*reversed(refs))))["x"] == 2_999
