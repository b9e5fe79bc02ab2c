"""Worked cases of survivorship, of the customer, and of merging: three records of Anna Berg."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from relex.calendars import Period
from relex.customers import Aliases, Customer, Lifecycle, merge, unmerge
from relex.parties import (
    EARLIEST,
    LATEST,
    MOST_FREQUENT,
    UNION,
    ContactPoint,
    PersonName,
    Policy,
    PostalAddress,
    Preferences,
    Profile,
    Record,
    Survivorship,
    golden,
)


def _points(email: str, phone: str | None, **address: str) -> list[ContactPoint]:
    phones = [] if phone is None else [ContactPoint("phone", phone)]
    return [ContactPoint("email", email), *phones, ContactPoint("postal", PostalAddress(**address))]


def _day(year: int, month: int, day: int) -> datetime:
    return datetime(year, month, day, tzinfo=UTC)


CRM = Record(
    "crm",
    "7",
    _day(2024, 1, 5),
    name=PersonName("Anna Berg"),
    points=_points(
        "anna@example.com", "+46701234567", street="Storgatan 1", city="Umeå", postal_code="903 26", country="SE"
    ),
    values={"title": "Buyer"},
)
SHOP = Record(
    "shop",
    "A9",
    _day(2024, 3, 1),
    name=PersonName("ANNA BERG"),
    points=_points("anna.berg@example.org", None, street="Storgatan 1", city="Umea", country="SE"),
    values={"title": ""},
    cleared=["phone"],
)
BILLING = Record(
    "billing",
    "33",
    _day(2024, 2, 10),
    name=PersonName("Anna Bergström"),
    points=_points(
        "anna@example.com", "+46709999999", street="Box 12", city="Umeå", postal_code="901 03", country="SE"
    ),
)
ADDRESS = ("street", "city", "postal", "country")
BLOCK = Survivorship(groups={"address": ADDRESS})


def shown(profile: Profile, field: str) -> tuple[str | None, str]:
    """The value, and the source that it comes from."""
    record = profile.origins[field].record
    value = profile[field]
    return None if value is None else str(value), "" if record is None else record.partition("/")[0]


class TestSurvivorship:
    """Source: derived from the rules, in the order of the table of section 6."""

    @pytest.mark.parametrize(
        ("policy", "name", "phone", "email"),
        [
            (LATEST, ("ANNA BERG", "shop"), (None, "shop"), ("anna.berg@example.org", "shop")),
            (
                Policy.latest(clears=False),
                ("ANNA BERG", "shop"),
                ("+46709999999", "billing"),
                ("anna.berg@example.org", "shop"),
            ),
            (EARLIEST, ("Anna Berg", "crm"), ("+46701234567", "crm"), ("anna@example.com", "crm")),
            (MOST_FREQUENT, ("ANNA BERG", "shop"), ("+46709999999", "billing"), ("anna@example.com", "billing")),
            (
                Policy.sources("billing", "crm"),
                ("Anna Bergström", "billing"),
                ("+46709999999", "billing"),
                ("anna@example.com", "billing"),
            ),
            (Policy.master("crm/7"), ("Anna Berg", "crm"), ("+46701234567", "crm"), ("anna@example.com", "crm")),
        ],
        ids=["latest", "latest-without-clears", "earliest", "most-frequent", "sources", "master"],
    )
    def test_each_policy_chooses_its_own(self, policy: Policy, name: object, phone: object, email: object) -> None:
        profile = golden([CRM, SHOP, BILLING], Survivorship(policy))

        assert (name, phone, email) == tuple(shown(profile, field) for field in ("name", "phone", "email"))
        assert shown(profile, "title") == ("Buyer", "crm")

    def test_a_cleared_phone_says_so(self) -> None:
        origin = golden([CRM, SHOP, BILLING]).origins["phone"]

        assert origin.reason == "cleared"
        assert [statement.value for statement in origin.lost] == ["+46709999999", "+46701234567"]

    def test_an_address_is_one_block_of_the_most_complete_record(self) -> None:
        profile = golden([CRM, SHOP, BILLING], BLOCK)

        assert [profile[field] for field in ADDRESS] == ["Box 12", "Umeå", "901 03", "SE"]

    @pytest.mark.parametrize("master", ["a/1", "b/2", "c/3"])
    def test_a_union_takes_the_oldest_record_first_whoever_is_the_master(self, master: str) -> None:
        """Source: Twenty, merge specification."""
        stated = [("a", "1", ("a", "b")), ("b", "2", ("b", "c")), ("c", "3", ("c", "d"))]
        records = [
            Record(source, key, _day(2024, 1, int(key)), values={"words": words}) for source, key, words in stated
        ]

        profile = golden(records, Survivorship(Policy.master(master), {"words": UNION}))

        assert profile["words"] == ("a", "b", "c", "d")

    def test_the_furthest_stage_survives(self) -> None:
        lead = Record("crm", "1", _day(2024, 2, 1), values={"stage": "lead"})
        customer = Record("shop", "2", _day(2024, 1, 1), values={"stage": "customer"})

        profile = golden([lead, customer], Survivorship(fields={"stage": Policy.furthest(Lifecycle())}))

        assert profile["stage"] == "customer"


class TestMerging:
    """Source: derived from the rules, section on merging."""

    @pytest.fixture
    def parts(self) -> list[Customer]:
        return [
            Customer.open(f"c{record.source}", record, at=_day(2024, 4, 1), survivorship=BLOCK).state
            for record in (CRM, SHOP, BILLING)
        ]

    def test_unmerging_one_of_three_leaves_the_picture_of_two(self, parts: list[Customer]) -> None:
        crm, shop, billing = parts
        two = merge(crm, shop, by="eve", reason="same", at=_day(2024, 5, 1)).survivor
        three = merge(two, billing, by="eve", reason="same", at=_day(2024, 5, 2))
        parted = unmerge(three.survivor, three.other, by="eve", reason="a sister", at=_day(2024, 5, 3))
        profile = parted.survivor.profile

        assert [str(profile[field]) for field in ("name", "email", *ADDRESS)] == [
            "ANNA BERG",
            "anna.berg@example.org",
            "Storgatan 1",
            "Umeå",
            "903 26",
            "SE",
        ]
        assert (profile["phone"], profile.origins["phone"].reason) == (None, "cleared")
        assert golden([CRM, SHOP], BLOCK) == profile
        assert golden([BILLING], BLOCK) == parted.other.profile

    def test_chains_resolve(self, parts: list[Customer]) -> None:
        a, b, c = parts
        first = merge(a, b, by="eve", reason="same", at=_day(2024, 5, 1))
        second = merge(c, first.survivor, by="eve", reason="same", at=_day(2024, 5, 2))
        aliases = Aliases([event for done in (first, second) for change in done.changes for event in change.events])

        assert aliases.current(b.id) == c.id
        assert unmerge(second.survivor, first.other, by="eve", reason="not", at=_day(2024, 5, 3)).other.records == (
            SHOP,
        )


class TestTheCustomer:
    """Source: derived from the rules, section on the customer; HubSpot for the stages; RFC 4647 for languages."""

    def test_two_emails_without_a_primary_one_are_ambiguous_until_one_expires(self) -> None:
        end = _day(2024, 6, 1)
        ada = Customer.open("c1", PersonName("Ada"), at=_day(2024, 1, 1)).state
        for point in (
            ContactPoint("email", "a@example.com", valid=Period(_day(2024, 1, 1), end)),
            ContactPoint("email", "b@example.com"),
        ):
            ada = ada.add_point(point, at=_day(2024, 1, 1)).state

        assert ada.primary("email", as_of=_day(2024, 5, 1)).reason == "ambiguous"
        assert str(ada.primary("email", as_of=end).point) == "b@example.com"

    def test_the_best_language_is_found_by_cutting_subtags(self) -> None:
        wishes = Preferences(languages=["zh-Hant-TW", "en"])
        ada = (
            Customer.open("c1", PersonName("Ada"), at=_day(2024, 1, 1)).state.prefer(wishes, at=_day(2024, 1, 1)).state
        )

        assert ada.preferences.language_for(["en", "zh-Hant", "ja"]) == "zh-Hant"
