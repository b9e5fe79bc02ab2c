"""Preferences, and the language for a party."""

from __future__ import annotations

from datetime import UTC
from typing import Any

import pytest

from relex.calendars import BusinessCalendar, weekly
from relex.errors import InvalidValue
from relex.parties import Preferences


@pytest.mark.parametrize(
    ("languages", "available", "expected"),
    [
        (["zh-Hant-TW", "en"], ["en", "zh-Hant", "ja"], "zh-Hant"),
        (["zh-Hant-CN-x-private1-private2"], ["zh-Hant-CN-x-private1"], "zh-Hant-CN-x-private1"),
        (["zh-Hant-CN-x-private1-private2"], ["zh-Hant-CN-x"], None),
        (["zh-Hant-CN-x-private1-private2"], ["zh-Hant-CN", "zh"], "zh-Hant-CN"),
        (["EN-gb"], ["en-GB"], "en-GB"),
        (["en"], ["en-GB"], None),
        (["en"], ["EN", "en"], "EN"),
        (["fr", "de-AT"], ["de", "en"], "de"),
        (["x-klingon"], ["en"], None),
        ([], ["en"], None),
        (["en"], [], None),
        (["a-" * 100_000 + "b", "en"], ["en"], "en"),
    ],
    ids=lambda value: ascii(value)[:30],
)
def test_lookup(languages: list[str], available: list[str], expected: str | None) -> None:
    """Source: RFC 4647, section 3.4, whose example is the tag with private subtags."""
    assert expected == Preferences(languages=languages).language_for(available)


@pytest.mark.parametrize("available", ["en", None, [1], [""]], ids=repr)
def test_what_is_no_list_of_tags_is_refused(available: Any) -> None:
    with pytest.raises(InvalidValue, match=r"language_for.available"):
        Preferences(languages=["en"]).language_for(available)


def test_wishes_keep_their_order_without_repeats() -> None:
    assert Preferences(channels=["phone", "email", "phone"]).channels == ("phone", "email")


OFFICE = BusinessCalendar(weekly("mon-fri", "09:00", "17:00"), tz=UTC)


@pytest.mark.parametrize(
    ("preferences", "shown"),
    [
        (Preferences(), "none"),
        (Preferences(languages=["ja", "en"]), "ja, en"),
        (
            Preferences(channels=["email", "sms"], avoid=["phone"], hours=OFFICE),
            "by email, sms; not by phone; in hours",
        ),
    ],
)
def test_preferences_show_themselves(preferences: Preferences, shown: str) -> None:
    assert str(preferences) == shown
