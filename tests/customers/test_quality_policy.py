"""Policies of quality: what they take, in which form they keep it, how they are stored."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from relex.codec import decode, encode
from relex.customers import QUALITY_CODES, QualityPolicy
from relex.errors import InvalidValue
from relex.scoring import ScoreCard


def test_texts_are_kept_as_the_keys_that_values_are_compared_by() -> None:
    policy = QualityPolicy(fake_names=["Mickey Mouse", "mickey-mouse"], placeholders=["K.A.", "k.a."])

    assert (policy.fake_names, policy.placeholders) == (("mickeymouse",), ("k.a.",))


def test_what_has_no_key_is_kept_as_it_is() -> None:
    policy = QualityPolicy(fake_names=["---"], placeholders=["\u200b"])

    assert (policy.fake_names, policy.placeholders) == (("---",), ("\u200b",))


def test_sets_are_sorted_and_known_domains_keep_their_order() -> None:
    policy = QualityPolicy(relay_domains=["B.org", "a.org"], known_domains=["b.org", "a.org", "B.org"])

    assert (policy.relay_domains, policy.known_domains) == (("a.org", "b.org"), ("b.org", "a.org"))


def test_the_half_life_of_a_field() -> None:
    policy = QualityPolicy(half_lives={"email": 100}, half_life=50, ageless=["born"])

    assert [policy.life_of(field) for field in ("email", "name", "born")] == [100, 50, None]


def test_nothing_is_allowed_by_default() -> None:
    assert not QualityPolicy().allows("Ada", None, "")


def test_nothing_invisible_is_allowed_by_chance() -> None:
    assert not QualityPolicy(allow=["\u200b"]).allows("\u200c")


def test_no_range_matches_no_number() -> None:
    assert not QualityPolicy(fictional_numbers=[]).is_fictional("")


def test_every_code_of_the_card_is_a_code_of_flags() -> None:
    rules = {rule.name for rule in QualityPolicy().card.rules}

    assert rules <= set(QUALITY_CODES)


def test_the_default_is_read_back_equal() -> None:
    assert decode(encode(QualityPolicy()), QualityPolicy) == QualityPolicy()


@pytest.mark.parametrize(
    "arguments",
    [
        {"allow": "Ada"},
        {"fake_names": [7]},
        {"placeholders": [""]},
        {"known_domains": None},
        {"half_life": 0},
        {"half_lives": {"email": Decimal(3)}},
        {"half_lives": [("email", 3), ("email", 4)]},
        {"half_lives": [("email",)]},
        {"half_lives": 3},
        {"required": {"": 1}},
        {"required": {"name": -1}},
        {"required": {"name": 0.5}},
        {"likeness": 2},
        {"card": None},
    ],
    ids=str,
)
def test_other_values_are_refused(arguments: dict[str, Any]) -> None:
    with pytest.raises(InvalidValue, match="QualityPolicy"):
        QualityPolicy(**arguments)


def test_weights_may_be_exact_fractions() -> None:
    policy = QualityPolicy(required={"name": Fraction(1, 3), "city": Decimal("0.5")}, card=ScoreCard())

    assert policy.required == (("city", Decimal("0.5")), ("name", Fraction(1, 3)))
