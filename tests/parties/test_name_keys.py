"""Folding and the keys of names and addresses, beyond the published cases."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from relex.errors import InvalidValue
from relex.parties import (
    VARIANTS,
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

FUNCTIONS = [
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
]
LONG = 3_000


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda function: function.__name__)
@pytest.mark.parametrize("text", [None, 7, b"ada", ["ada"]], ids=repr)
def test_what_is_no_text_is_refused(function: Callable[[Any], object], text: object) -> None:
    with pytest.raises(InvalidValue, match=rf"{function.__name__.removeprefix('mailbox_')}.*expected a str"):
        function(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " \t\r\n",
        "\u3000",
        "\u200b\u200e\u202e\u2066\ufeff",
        "\x00\x1b",
        "\u3164\u115f",
        "\ud800",
        "\U000e0041\ufe0f",
    ],
    ids=ascii,
)
def test_what_nobody_sees_has_no_key(text: str) -> None:
    assert fold(text) == ""
    assert (name_key(text), address_key(text), postal_key(text), organization_key(text)) == (None,) * 4
    assert (email_key(text), mailbox_key(text), registered_domain(text)) == (None,) * 3


@pytest.mark.parametrize(
    "sign", ["\u200b", "\u200e", "\u202a", "\u202e", "\u2068", "\u00ad", "\ufe0f", "\x00", "\u034f"], ids=ascii
)
def test_an_unseen_sign_changes_no_key(sign: str) -> None:
    assert name_key("Ada") == name_key(f"A{sign}d{sign}a")
    assert name_key("葛城") == name_key(f"葛{sign}城")
    assert email_key("ada@x.org") == email_key(f"{sign}ada@x{sign}.org{sign}")
    assert phone("03-1234-5678", "JP") == phone(f"{sign}03-1234{sign}-5678", "JP")


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("ß ẞ ﬁ", "ss ss fi"),
        ("Ǿ Æ Œ Þ ð đ ı", "o ae oe th d d i"),
        ("й ё ά", "й ё ά"),
        ("a\u05b0\u0301", "a\u05b0"),
        ("α\u0345\u200b\u0301", "άι"),
        ("×\u0301", "×\u0301"),
        ("\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "-------"),
        ("  a\u3000\n b\x85", "a b"),
        ("斎 斉", "斎 斉"),
        ("\u0301", "\u0301"),
    ],
    ids=ascii,
)
def test_folding(text: str, folded: str) -> None:
    """A mark goes with a Latin letter only, whatever other mark stands between; α keeps its accent."""
    assert folded == fold(text)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("か゛", "ガ"),
        ("わ\u3099", "ヷ"),
        ("и˘", "й"),
        ("a¨", "a"),
        ("ᄀ ᅡ", "가"),
        ("ゝゞ", "ヽヾ"),
        ("Ⅻ ½ ²", "xii122"),
        ("हिन्दी", "हिन्दी"),
        ("斎藤", "斎藤"),
        ("_ada_", "ada"),
        ("🙂", None),
    ],
    ids=ascii,
)
def test_keys_of_names(text: str, key: str | None) -> None:
    """What signs had kept apart joins: か゛ is two signs that are typed for が."""
    assert key == name_key(text)


class TestVariants:
    def test_the_table_holds_one_character_for_one(self) -> None:
        assert all(len(old) == len(new) == 1 for old, new in VARIANTS.items())
        assert not VARIANTS.keys() & set(VARIANTS.values())

    def test_callers_add_their_own(self) -> None:
        assert name_key("冨田", variants={"冨": "富"}) == name_key("富田")
        assert address_key("冨山 1", variants={"冨": "富"}) == "富山 1"
        assert name_key("冨田") != name_key("富田")

    @pytest.mark.parametrize(
        "variants", [{"ab": "c"}, {"a": "bc"}, {"a": "b", "b": "c"}, {1: "a"}, {"a": None}], ids=repr
    )
    @pytest.mark.parametrize("function", [name_key, address_key], ids=lambda function: function.__name__)
    def test_what_is_no_pair_of_characters_is_refused(self, function: Callable[..., object], variants: Any) -> None:
        with pytest.raises(InvalidValue, match=r"variants: expected an old character"):
            function("ada", variants=variants)

    @pytest.mark.parametrize("function", [name_key, address_key])
    @pytest.mark.parametrize("variants", [0, -1, "ab", ["ab"], [("a", "b")]], ids=repr)
    def test_what_is_no_mapping_is_refused(self, function: Callable[..., object], variants: Any) -> None:
        with pytest.raises(InvalidValue, match=r"variants: expected a Mapping"):
            function("ada", variants=variants)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("5, Main St.", "5 main st"),
        ("東京都、千代田区。", "東京都 千代田区。"),
        ("ﾋﾞﾙ 1ー", "ビル 1ー"),
        ("ー1ー2", "ー1-2"),
        ("大濱2丁目", "大浜2丁目"),
        (".,", None),
    ],
)
def test_keys_of_address_lines(text: str, key: str | None) -> None:
    assert key == address_key(text)


@pytest.mark.parametrize(
    ("text", "key"), [("〒１００−０００１", "1000001"), ("SW1A 1AA", "sw1a1aa"), ("--", None), ("é1", "e1")]
)
def test_keys_of_postal_codes(text: str, key: str | None) -> None:
    assert key == postal_key(text)


@pytest.mark.parametrize(
    "text",
    [
        "e" + "\u0301\u0323" * LONG,
        "あ" + "\u3099-\u0323-" * LONG,
        "カ" + "ﾞ\u0323" * LONG,
        "\u0301\u200b\u0323\u200b" * LONG,
        "株" * LONG + "式会社" * LONG,
        "ltd " * LONG,
        "the " * LONG + "ltd " * LONG,
        "(カ" * LONG,
        "<" * LONG,
        "mailto:" * LONG,
        "a@" + "xn--a-9." * LONG,
        "x1" * LONG,
        "#" + "1" * LONG,
        "\u202e" * LONG,
    ],
    ids=lambda text: ascii(text[:8]),
)
def test_long_and_odd_text_takes_linear_time(text: str) -> None:
    """Each would take long, were anything quadratic."""
    for function in FUNCTIONS:
        function(text)
