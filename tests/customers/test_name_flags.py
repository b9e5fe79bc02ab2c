"""What is odd about names, at the edges of the rules."""

from __future__ import annotations

import pytest

from relex.customers import QualityPolicy, name_flags
from relex.customers._name_flags import is_no_name
from relex.errors import InvalidValue
from relex.parties import OrganizationName, PersonName


def codes(name: str | PersonName | OrganizationName, policy: QualityPolicy | None = None) -> list[str]:
    return [flag.code for flag in name_flags(name, policy or QualityPolicy())]


class TestListed:
    @pytest.mark.parametrize(
        "name",
        [
            "mickey mouse",
            "Mouse, Mickey",
            "ＭＩＣＫＥＹ　Mouse",
            PersonName(given="Mouse", family="Mickey"),
            PersonName("M.", given="Mickey", family="Mouse"),
        ],
        ids=str,
    )
    def test_a_fake_name_in_any_spelling_and_order(self, name: str | PersonName) -> None:
        assert "fake-name" in codes(name)

    def test_a_name_with_a_middle_part(self) -> None:
        assert codes(PersonName(given="John", middle="Q.", family="Public")) == ["sample-name"]

    def test_a_whole_name_that_says_it_although_the_parts_do_not(self) -> None:
        assert codes(PersonName("James Bond", given="Jim", family="Bond")) == ["fake-name"]

    def test_lists_are_of_the_policy(self) -> None:
        policy = QualityPolicy(fake_names=["Darth Maul"], sample_names=[])

        assert (codes("darth maul", policy), codes("John Doe", policy)) == (["fake-name"], [])


class TestParts:
    @pytest.mark.parametrize("name", ["Li Na", "Malcolm X", "Xx Berg", "John Smith III", "Anna -"], ids=str)
    def test_short_words_of_a_whole_name_are_names(self, name: str) -> None:
        assert codes(name) == []

    @pytest.mark.parametrize("name", ["x", "x xx", "N/A", "no name", "Test Berg", "不明"], ids=str)
    def test_placeholders(self, name: str) -> None:
        assert "placeholder" in codes(name)

    def test_a_part_that_says_nothing(self) -> None:
        assert codes(PersonName(given="na", family="Berg")) == ["placeholder"]

    @pytest.mark.parametrize(
        ("name", "is_odd"),
        [("Bbb Berg", True), ("Bb Berg", False), ("Annnna Berg", True), ("Annna Berg", False), ("B111 C", False)],
        ids=str,
    )
    def test_repeated_characters(self, name: str, is_odd: bool) -> None:
        assert ("repeated-characters" in codes(name)) is is_odd

    @pytest.mark.parametrize(
        ("name", "is_odd"),
        [("Lkjhg", True), ("asdf", True), ("Trew", True), ("Asdfa", False), ("Qwert", True), ("Ölkj", False)],
        ids=str,
    )
    def test_keyboard_runs(self, name: str, is_odd: bool) -> None:
        assert ("keyboard-run" in codes(name)) is is_odd

    def test_equal_names_in_other_spellings(self) -> None:
        assert codes(PersonName(given="Łukasz", family="lukasz")) == ["same-given-family"]

    @pytest.mark.parametrize("name", [PersonName(given="-", family="--"), PersonName(given="Ada"), "Ada"], ids=str)
    def test_nothing_equals_nothing(self, name: str | PersonName) -> None:
        assert "same-given-family" not in codes(name)


class TestWhole:
    @pytest.mark.parametrize(
        ("name", "code"),
        [
            ("Anna 2", "digit-in-name"),
            ("Anna ②", "digit-in-name"),
            ("ＨＴＴＰ://x", "url-in-name"),
            ("www.anna", "url-in-name"),
            ("ABCD", "all-caps"),
            ("ÅÄÖÜ berg", None),
            ("ABC", None),
            ("山田花", None),
        ],
        ids=str,
    )
    def test_signs(self, name: str, code: str | None) -> None:
        assert codes(name) == ([] if code is None else [code])

    def test_capitals_are_counted_once(self) -> None:
        assert codes(PersonName("LI NG", given="LI", family="N")) == []

    def test_invisible_signs_are_named(self) -> None:
        assert name_flags("An\u202ena \u200bBerg\x00")[0].detail == "U+0000, U+200B, U+202E"

    def test_joiners_are_no_invisible_signs(self) -> None:
        assert codes("علی\u200cرضا") == []


class TestOrganizations:
    @pytest.mark.parametrize("name", ["3M", "SONY", "AAA Towing", "Wert GmbH", "Berg Berg"], ids=str)
    def test_what_is_not_odd(self, name: str) -> None:
        assert codes(OrganizationName(name)) == []

    @pytest.mark.parametrize(
        ("name", "code"),
        [
            ("AAAA Towing", "repeated-characters"),
            ("Asdfg Ltd", "keyboard-run"),
            ("n/a", "placeholder"),
            ("Test Test", "fake-name"),
            ("https://x.org", "url-in-name"),
        ],
        ids=str,
    )
    def test_what_is_odd(self, name: str, code: str) -> None:
        assert code in codes(OrganizationName(name))


class TestAllowed:
    def test_a_part_is_allowed_for_itself(self) -> None:
        policy = QualityPolicy(allow=["Null"])

        assert codes(PersonName(given="Null", family="Qwerty"), policy) == ["keyboard-run"]

    def test_a_name_without_a_key_is_allowed_as_written(self) -> None:
        assert codes("---", QualityPolicy(allow=["---"])) == []


class TestNoName:
    @pytest.mark.parametrize("name", ["", "n/a", "no name", "x x", PersonName(given="none")], ids=str)
    def test_it_says_nothing(self, name: str | PersonName) -> None:
        assert is_no_name(name, QualityPolicy())

    @pytest.mark.parametrize("name", ["Anna", "x Berg", PersonName(given="none", family="Berg")], ids=str)
    def test_it_says_something(self, name: str | PersonName) -> None:
        assert not is_no_name(name, QualityPolicy())

    def test_what_is_allowed_says_something(self) -> None:
        assert not is_no_name("Null", QualityPolicy(allow=["null"]))


class TestArguments:
    def test_another_type_is_refused(self) -> None:
        with pytest.raises(InvalidValue, match=r"name_flags\.name"):
            name_flags(7)  # type: ignore[arg-type]

    def test_another_policy_is_refused(self) -> None:
        with pytest.raises(InvalidValue, match=r"name_flags\.policy"):
            name_flags("Ada", "strict")  # type: ignore[arg-type]

    def test_a_megabyte_is_looked_at_in_no_time(self) -> None:
        assert codes("がぎ" * 500_000) == []
