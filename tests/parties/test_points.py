"""Contact points: their keys, and which of them comes first."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from relex.adapters.contacts import EmailAddresses, PhoneNumbers
from relex.calendars import Period
from relex.errors import InvalidValue
from relex.parties import ContactPoint, PostalAddress, point_key, primary_point

DAY = datetime(2026, 5, 4, tzinfo=UTC)
HOME = PostalAddress(street="Storgatan 1", city="Umeå", postal_code="903 26", country="SE")


@pytest.mark.parametrize(
    ("point", "key"),
    [
        (ContactPoint("email", "Ada <Ada@X.org>"), "ada@x.org"),
        (ContactPoint("email", "nobody"), None),
        (ContactPoint("phone", "03-1234-5678", region="JP"), "+81312345678"),
        (ContactPoint("phone", "03-1234-5678"), None),
        (ContactPoint("postal", HOME), "storgatan 1 903 26 umea se"),
        (ContactPoint("postal", PostalAddress(full="Storgatan 1, Umeå")), "storgatan 1 umea"),
        (ContactPoint("social", " @Ada "), "@ada"),
        (ContactPoint("messaging", "\u200b"), None),
        (ContactPoint("push", "ABC"), "abc"),
        (ContactPoint("push", "ABC", key="ABC"), "ABC"),
    ],
    ids=repr,
)
def test_keys(point: ContactPoint, key: str | None) -> None:
    """A stated key stays, so that a stored point reads back as it was."""
    assert key == point.key


@pytest.mark.parametrize(
    ("kind", "value"),
    [("email", HOME), ("phone", HOME), ("social", 1), ("email", None)],
    ids=["home", "house", "1", "None"],
)
def test_a_key_of_the_wrong_type_is_refused(kind: str, value: Any) -> None:
    with pytest.raises(InvalidValue, match="expected a str"):
        point_key(kind, value)


def test_the_key_of_another_kind_is_refused() -> None:
    with pytest.raises(InvalidValue, match=r"point_key.kind: expected one of email, messaging, phone"):
        point_key("fax", "1")


class TestWhatAPointIs:
    @pytest.mark.parametrize(
        ("kind", "value", "more", "path"),
        [
            ("fax", "1", {}, "ContactPoint.kind"),
            ("phone", HOME, {}, "ContactPoint.value"),
            ("postal", "Storgatan 1", {}, "ContactPoint.value"),
            ("email", "", {}, "ContactPoint.value"),
            ("email", 7, {}, "ContactPoint.value"),
            ("phone", "03-1234-5678", {"region": "jp"}, "ContactPoint.region"),
            ("phone", 7, {}, "ContactPoint.value"),
            ("phone", "1", {"state": "odd"}, "ContactPoint.state"),
        ],
    )
    def test_what_is_none_is_refused(self, kind: Any, value: Any, more: Any, path: str) -> None:
        with pytest.raises(InvalidValue, match=path):
            ContactPoint(kind, value, **more)

    def test_it_is_in_use_from_an_instant(self) -> None:
        with pytest.raises(InvalidValue, match=r"ContactPoint.valid: expected a Period of instants"):
            ContactPoint("email", "ada@x.org", valid=Period(date(2026, 5, 1)))

    @pytest.mark.parametrize("country", ["se", "XX", "UK", "SWE"])
    def test_a_country_is_one_of_the_list(self, country: str) -> None:
        with pytest.raises(InvalidValue, match=r"PostalAddress.country: expected an ISO 3166 country code"):
            PostalAddress(city="Umeå", country=country)

    def test_an_address_has_a_part(self) -> None:
        with pytest.raises(InvalidValue, match="at least one part"):
            PostalAddress()

    def test_a_point_shows_what_was_typed(self) -> None:
        assert str(ContactPoint("email", " Ada@X.org")) == " Ada@X.org"
        assert str(ContactPoint("postal", HOME)) == "Storgatan 1, 903 26 Umeå, SE"
        assert str(PostalAddress(country="SE")) == "SE"


class TestExtensions:
    POINT = ContactPoint("phone", "650 253 0000 x12", region="US")

    def test_an_extension_is_read_and_no_part_of_the_key(self) -> None:
        assert (self.POINT.key, self.POINT.extension) == ("+16502530000", "12")

    def test_it_tells_two_points_apart(self) -> None:
        assert self.POINT.field == "points.phone:+16502530000 ext 12"
        assert ContactPoint("phone", "?").field == "points.phone??"

    def test_a_stated_extension_stays(self) -> None:
        assert ContactPoint("phone", "650 253 0000", region="US", extension="7").extension == "7"


class TestReaders:
    def test_a_reader_of_phones_gives_the_key_and_the_extension(self) -> None:
        point = ContactPoint("phone", "070-123 45 67 ext 3", region="SE", shared=True)
        found = point.read_by(phones=PhoneNumbers(), emails=EmailAddresses())

        assert (found.key, found.extension, found.shared) == ("+46701234567", "3", True)
        assert found.value == point.value

    def test_a_reader_of_addresses_gives_the_key(self) -> None:
        assert ContactPoint("email", "a@-x.org").read_by(emails=EmailAddresses()).key is None
        assert ContactPoint("email", "A@x.org").read_by(emails=EmailAddresses()).key == "a@x.org"

    @pytest.mark.parametrize("kind", ["email", "phone", "social"])
    def test_without_a_reader_of_the_kind_nothing_changes(self, kind: str) -> None:
        point = ContactPoint(kind, "070-123 45 67", region="SE")
        readers: dict[str, Any] = {"email": {"phones": PhoneNumbers()}, "phone": {"emails": EmailAddresses()}}

        assert point.read_by(**readers.get(kind, {})) is point


class TestPrimary:
    WORK = ContactPoint("email", "ada@work.example", purposes=["billing"])
    HOME = ContactPoint("email", "ada@home.example", primary=True)
    OLD = ContactPoint("email", "ada@old.example", primary=True, valid=Period(datetime(2020, 1, 1, tzinfo=UTC), DAY))

    def test_the_flagged_one_comes_first(self) -> None:
        assert primary_point([self.WORK, self.HOME], "email").point == self.HOME

    def test_a_flag_counts_while_the_point_is_in_use(self) -> None:
        assert primary_point([self.OLD, self.WORK], "email", as_of=DAY).point == self.WORK

    def test_two_flags_are_ambiguous(self) -> None:
        assert primary_point([self.OLD, self.HOME], "email").reason == "ambiguous"

    def test_a_purpose_leaves_out_points_for_others(self) -> None:
        assert primary_point([self.WORK], "email", "marketing").reason == "none"
        assert primary_point([self.WORK], "email", "billing").point == self.WORK
        assert primary_point([self.HOME], "email", "billing").point == self.HOME

    def test_another_kind_is_none(self) -> None:
        found = primary_point([self.HOME], "phone")

        assert (found.point, found.reason, str(found)) == (None, "none", "none")

    @pytest.mark.parametrize(
        "arguments",
        [([], "fax"), ("ab", "email"), ([1], "email")],
        ids=["kind", "points", "point"],
    )
    def test_wrong_arguments_are_refused(self, arguments: tuple[Any, ...]) -> None:
        with pytest.raises(InvalidValue, match="primary_point"):
            primary_point(*arguments)

    def test_a_naive_instant_is_refused(self) -> None:
        with pytest.raises(InvalidValue, match=r"primary_point.as_of"):
            primary_point([], "email", as_of=datetime(2026, 1, 1))  # noqa: DTZ001 - the point of the test
