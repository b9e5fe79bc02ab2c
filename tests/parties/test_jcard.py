"""jCards: a published card, round trips, and cards that are none."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

from relex.errors import InvalidValue
from relex.parties import (
    ContactPoint,
    OrganizationName,
    PersonName,
    PostalAddress,
    Preferences,
    Record,
    from_jcard,
    to_jcard,
)

DAY = datetime(2026, 5, 1, tzinfo=UTC)


def line(name: str, *values: Any, **params: Any) -> list[Any]:
    return [name, {key.replace("_", "-"): value for key, value in params.items()}, "text", *values]


def read(*lines: list[Any], key: str | None = "7") -> tuple[Record, tuple[str, ...]]:
    return from_jcard(["vcard", list(lines)], source="book", at=DAY, key=key)


def record(*lines: list[Any]) -> Record:
    return read(*lines)[0]


class TestWriting:
    def test_a_person_with_everything_comes_back(self) -> None:
        ada = Record(
            "book",
            "7",
            DAY,
            name=PersonName(
                "山田太郎",
                given="太郎",
                family="山田",
                middle="B.",
                prefix="Dr.",
                suffix="Jr., M.Sc.",
                given_phonetic="タロウ",
                family_phonetic="ヤマダ",
            ),
            points=[
                ContactPoint("postal", PostalAddress(street="Storgatan 1", city="Umeå", region="AC", country="SE")),
                ContactPoint("email", "ada@example.com", purposes=["home", "work"], primary=True),
                ContactPoint("messaging", "xmpp:ada@example.com"),
                ContactPoint("social", "@ada", purposes=["work"]),
                ContactPoint("phone", "+49-30-1234567", extension="9"),
                ContactPoint("phone", "call me"),
            ],
            tags=["vip", "press"],
            born=date(1990, 2, 28),
            preferences=Preferences(languages=["ja", "en"]),
            values={"organization": "Initech"},
        )

        assert (ada, ()) == from_jcard(to_jcard(ada), source="book", at=DAY)

    def test_an_organization_comes_back(self) -> None:
        nord = Record("book", "8", DAY, kind="organization", name=OrganizationName("ノルド", phonetic="のるど"))

        assert (nord, ()) == from_jcard(to_jcard(nord), source="book", at=DAY)

    def test_a_number_that_cannot_be_dialed_as_typed_is_told_by_its_key(self) -> None:
        ada = Record("a", "1", DAY, name=PersonName("Ada"), points=[ContactPoint("phone", "03-1234-5678", region="JP")])

        assert ["tel", {}, "uri", "tel:+81312345678"] in to_jcard(ada)[1]

    def test_a_number_that_nobody_can_read_stays_text(self) -> None:
        ada = Record("a", "1", DAY, name=PersonName("Ada"), points=[ContactPoint("phone", "no phone")])

        assert ["tel", {}, "text", "no phone"] in to_jcard(ada)[1]

    def test_an_address_that_was_never_parted_is_a_label(self) -> None:
        ada = Record(
            "a", "1", DAY, name=PersonName("Ada"), points=[ContactPoint("postal", PostalAddress(full="Main 1\nUmeå"))]
        )

        assert line("adr", ["", "", "", "", "", "", ""], label="Main 1\nUmeå") in to_jcard(ada)[1]
        assert (ada, ()) == from_jcard(to_jcard(ada), source="a", at=DAY)

    def test_what_a_card_has_no_place_for_stays_behind(self) -> None:
        ada = Record("a", "1", DAY, name=PersonName("Ada"), points=[ContactPoint("push", "token")], values={"x": 1})

        assert [each[0] for each in to_jcard(ada)[1]] == ["version", "kind", "uid", "fn"]

    def test_anything_with_a_name_has_a_card(self) -> None:
        class Somebody:
            name = PersonName(given="Ada", family="Berg", order="given-first")
            id = "c1"

        assert [["uid", {}, "text", "c1"], ["fn", {}, "text", "Ada Berg"], line("n", ["Berg", "Ada", "", "", ""])] == (
            to_jcard(Somebody())[1][2:]
        )

    def test_a_name_is_enough(self) -> None:
        class Somebody:
            name = PersonName("Ada")

        assert to_jcard(Somebody())[1][2:] == [["fn", {}, "text", "Ada"]]

    @pytest.mark.parametrize("party", [None, 3, Record("a", "1", DAY)], ids=["None", "int", "nameless"])
    def test_nobody_has_none(self, party: Any) -> None:
        with pytest.raises(InvalidValue, match=r"to_jcard\.party: expected a party with a name"):
            to_jcard(party)


class TestReading:
    def test_the_uid_is_the_key_unless_one_is_given(self) -> None:
        assert read(line("uid", "u1"), key=None)[0].key == "u1"
        assert read(line("uid", "u1"), key="k1")[0].key == "k1"

    def test_without_either_there_is_no_record(self) -> None:
        with pytest.raises(InvalidValue, match=r"jcard\.uid"):
            read(line("fn", "Ada"), key=None)

    def test_a_card_without_a_name_has_none(self) -> None:
        assert record(line("n", ["", "", "", "Dr.", ""])).name is None

    @pytest.mark.parametrize(
        ("lines", "name"),
        [
            ([line("fn", "Nord AB"), line("org", ["Nord", "Sales"])], "Nord AB"),
            ([line("org", ["Nord", "Sales"])], "Nord"),
            ([], None),
        ],
        ids=["fn", "org", "none"],
    )
    def test_an_organization_is_named_by_fn_or_org(self, lines: list[list[Any]], name: str | None) -> None:
        found = record(line("kind", "org"), *lines).name

        assert name == (None if found is None else str(found))

    @pytest.mark.parametrize(
        ("text", "born"),
        [
            ("--0203", "--02-03"),
            ("--02-03", "--02-03"),
            ("1990-02-28", date(1990, 2, 28)),
            ("circa 1800", "circa 1800"),
            ("--٠٢٠٣", "--٠٢٠٣"),
        ],
    )
    def test_a_birthday_is_a_date_or_what_was_written(self, text: str, born: date | str) -> None:
        assert born == record(line("bday", text)).born

    def test_languages_come_by_preference(self) -> None:
        found = record(line("lang", "sv"), line("lang", "en", pref="2"), line("lang", "fr", pref="1")).preferences

        assert found == Preferences(languages=["fr", "en", "sv"])

    def test_a_reading_may_be_a_list_or_have_commas(self) -> None:
        one = record(line("n", ["山田", "太郎", "", "", ""], sort_as=["ヤマダ", "タロウ"]))
        other = record(line("n", ["山田", "太郎", "", "", ""], sort_as="ヤマダ,タロウ"))

        assert one.name == other.name
        assert isinstance(one.name, PersonName)
        assert one.name.family_phonetic == "ヤマダ"

    def test_of_each_kind_the_first_of_the_most_preferred_is_primary(self) -> None:
        found = record(
            line("email", "a@example.com", pref="2"),
            line("email", "b@example.com", pref="1"),
            line("email", "c@example.com", pref="1"),
            line("tel", "+4930123456", pref="x"),
        )

        assert [point.primary for point in found.points] == [False, True, False, False]

    @pytest.mark.parametrize(
        ("given", "value"),
        [
            (line("email", "mailto:ada@example.com"), "ada@example.com"),
            (line("email", "no address"), "no address"),
            (line("tel", "call me"), "call me"),
            (line("tel", "tel:+4930123456;phone-context=x"), "+4930123456"),
            (line("impp", "xmpp:ada"), "xmpp:ada"),
            (
                line("adr", ["", "", "Main 1", "", "", "", "Sweden"]),
                PostalAddress(street="Main 1", full="Main 1, Sweden"),
            ),
            (line("adr", ["", "", "", "", "", "", ""], label="Main 1\nUmeå"), PostalAddress(full="Main 1\nUmeå")),
            (line("adr", ["PO 3", "c/o Bo", "Main 1"]), PostalAddress(street="Main 1, c/o Bo, PO 3")),
        ],
    )
    def test_a_point_is_stored_as_it_is(self, given: list[Any], value: Any) -> None:
        (point,) = record(given).points

        assert value == point.value

    def test_what_is_not_used_or_says_nothing_is_told(self) -> None:
        blank = [line("email", " "), line("tel", "tel:"), line("adr", ["", ""]), line("n", ["", ["", ""]])]
        found, unused = read(*blank, line("GENDER", "F"), line("categories", "", "vip"), line("geo", 3.5))

        assert (found.tags, found.points) == (("vip",), ())
        assert unused == ("adr", "email", "gender", "geo", "n")

    def test_numbers_and_flags_are_texts(self) -> None:
        assert record(line("categories", 3, True)).tags == ("3", "True")

    @pytest.mark.parametrize(
        ("card", "path"),
        [
            (None, "jcard"),
            ({}, "jcard"),
            (["vcard"], "jcard"),
            (["VCARD", []], "jcard"),
            (["vcard", {}], "jcard"),
            (["vcard", [["fn", {}, "text", "a"]] * 1001], "jcard"),
            (["vcard", [3]], "jcard[1][0]"),
            (["vcard", [["fn", {}, "text"]]], "jcard[1][0]"),
            (["vcard", [[3, {}, "text", "a"]]], "jcard[1][0][0]"),
            (["vcard", [["fn", [], "text", "a"]]], "jcard[1][0][1]"),
            (["vcard", [["fn", {3: "a"}, "text", "a"]]], "jcard[1][0][1]"),
            (["vcard", [["tel", {"pref": 1}, "text", "a"]]], "jcard[1][0][1].pref"),
            (["vcard", [["fn", {}, "text", None]]], "jcard[1][0][3]"),
            (["vcard", [["fn", {}, "text", 10**5000]]], "jcard[1][0][3]"),
            (["vcard", [["fn", {}, "text", "a" * 10_001]]], "jcard[1][0][3]"),
            (["vcard", [["fn", {}, "text", "\ud800"]]], "jcard[1][0][3]"),
            (["vcard", [["n", {}, "text", [[["deep"]]]]]], "jcard[1][0][3][0][0]"),
            (["vcard", [["kind", {}, "text", "group"]]], "jcard.kind"),
        ],
    )
    def test_what_is_no_card_is_named_by_its_path(self, card: Any, path: str) -> None:
        with pytest.raises(InvalidValue) as caught:
            from_jcard(card, source="book", at=DAY, key="7")

        assert path == caught.value.path


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=12,
)
NAMES = st.sampled_from(["adr", "bday", "categories", "email", "fn", "kind", "lang", "n", "org", "tel", "uid", "x"])
LINES = st.tuples(NAMES, st.dictionaries(st.sampled_from(["pref", "type", "sort-as", "label"]), JUNK, max_size=2))


def refused(lines: list[Any]) -> str:
    """The path at which the card is refused; the root where it is not."""
    try:
        from_jcard(["vcard", lines], source="book", at=DAY, key="7")
    except InvalidValue as error:
        return error.path
    return "jcard"


@settings(max_examples=100)
@given(st.lists(st.builds(lambda head, value: [*head, "text", value], LINES, JUNK) | JUNK, max_size=4))
def test_hostile_cards_are_read_or_refused_by_path(lines: list[Any]) -> None:
    assert refused(lines).startswith("jcard")
