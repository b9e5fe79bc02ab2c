"""Laws of keys: the key of a key is itself, forms of one text have one key, and no text raises."""

from __future__ import annotations

from typing import TYPE_CHECKING
from unicodedata import normalize

import pytest
from hypothesis import given, settings, strategies as st

from relex.parties import (
    DIALING,
    ContactPoint,
    address_key,
    email_key,
    fold,
    mailbox_key,
    name_key,
    organization,
    organization_key,
    phone,
    postal_key,
    registered_domain,
)

if TYPE_CHECKING:
    from collections.abc import Callable

lean = settings(max_examples=80)

KEYS = [address_key, email_key, fold, mailbox_key, name_key, organization_key, postal_key, registered_domain]
FOLDED = [address_key, fold, name_key, organization_key, postal_key]
WORDS = [
    "株式会社",
    "(株)",
    "有限会社",
    "式会社",
    "株",
    "社団法人",
    "公益社団法人",
    "カ)",
    "(カ",
    "(カ)",
    "npo法人",
    "ltd",
    "co",
    "inc",
    "gmbh",
    "the",
    "oy",
    "髙",
    "𠮷",
    "ー",
    "1",
    "２",
    "か゛",
    "ﾊﾟ",
    "わ\u3099",
    "é",
    "Ł",
    "ß",
    "İ",
    "ı",
    "й",
    "ᄀ",
    "ᅡ",
    "￦",
    "ﾡ",
    "ￃ",
    "a¨",
    "\u0301",
    "\u0323",
    "\u0345",
    "α",
    "ａ",
    "@",
    "<",
    ">",
    "mailto:",
    "xn--",
    "xn--strae-oqa",
    "gmail.com",
    "+",
    ".",
    ",",
    "-",
    "co.uk",
    "\u200b",
    "\u202e",
    "\ufe0f",
]
WIDE = {code: code + 0xFEE0 for code in range(0x21, 0x7F)} | {0x20: 0x3000}

texts = st.text() | st.lists(st.sampled_from([*WORDS, " "]), max_size=8).map("".join)


@pytest.mark.parametrize("key", KEYS, ids=lambda key: key.__name__)
@lean
@given(text=texts)
def test_the_key_of_a_key_is_itself(key: Callable[[str], str | None], text: str) -> None:
    found = key(text)

    assert found is None or found == key(found)


@pytest.mark.parametrize("key", KEYS, ids=lambda key: key.__name__)
@lean
@given(text=texts)
def test_canonical_forms_of_a_text_have_one_key(key: Callable[[str], str | None], text: str) -> None:
    assert key(text) == key(normalize("NFC", text)) == key(normalize("NFD", text))


@pytest.mark.parametrize("key", FOLDED, ids=lambda key: key.__name__)
@lean
@given(text=texts)
def test_width_does_not_matter(key: Callable[[str], str | None], text: str) -> None:
    assert key(text) == key(text.translate(WIDE))


@lean
@given(texts)
def test_a_key_is_no_blank(text: str) -> None:
    assert all(key(text) != "" for key in KEYS if key is not fold)
    assert fold(text) == fold(text).strip()


@lean
@given(texts, st.sampled_from("\u200b\u200c\u200e\u200f\u202a\u202e\u2066\u2069\u00ad\ufeff"), st.integers(0, 9))
def test_unseen_signs_do_not_matter(text: str, sign: str, place: int) -> None:
    spoiled = text[:place] + sign + text[place:]

    assert all(key(text) == key(spoiled) for key in KEYS)
    assert all(phone(text, region) == phone(spoiled, region) for region in ("JP", "US"))


@lean
@given(texts)
def test_an_organization_keeps_its_text(text: str) -> None:
    name = organization(text)

    assert name is None if not fold(text) else name is not None and name.full == text


NUMBERS = st.text("+0123456789 -()x#あ０ー", max_size=20) | texts


@lean
@given(NUMBERS, st.sampled_from([None, "SE", *sorted(DIALING)]))
def test_a_number_reads_back_as_itself(text: str, region: str | None) -> None:
    found = phone(text, region)

    assert (found.e164 is None) <= (found.reason is not None)
    if found.e164 is not None:
        assert found.e164 == phone(found.e164).e164
        assert found.e164 == f"+{found.calling_code}{found.national}"
        assert len(found.e164) <= 16


@lean
@given(st.sampled_from(["email", "phone", "social", "messaging", "push"]), texts.filter(bool))
def test_any_text_makes_a_point(kind: str, text: str) -> None:
    point = ContactPoint(kind, text, region="JP")

    assert point.value == text
    assert point.key != ""
