"""What is taken to be fake, doubtful or old, and what it costs: all of it data that a company may change."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from itertools import chain
from typing import Any

import attrs

from relex import _checks
from relex.codec import tagged
from relex.customers import _quality_lists as lists
from relex.errors import InvalidValue
from relex.parties import fold, name_key
from relex.rules import field
from relex.scoring import ScoreBand, ScoreCard, ScoreGroup, ScoreRule

__all__ = ["QualityPolicy", "chosen"]

_DAYS = _checks.whole(least=1)
_WEIGHT = _checks.number(least=0)
_RUN = 5


def _texts(path: str, values: object) -> tuple[str, ...]:
    found = _checks.items(path, values)
    _checks.each(_checks.text).require(path, found)
    return found


def _ordered(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text.casefold() for text in _texts("QualityPolicy", values)))


def _set(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(set(_texts("QualityPolicy", values))))


def _lower(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(_ordered(values)))


def _folded(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted({fold(text) or text for text in _texts("QualityPolicy", values)}))


def _keys(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted({name_key(text) or text for text in _texts("QualityPolicy", values)}))


def _pairs(path: str, given: object, check: _checks.Check) -> tuple[tuple[str, Any], ...]:
    pairs = tuple(given.items()) if isinstance(given, Mapping) else _checks.items(path, given)
    for pair in pairs:
        if not isinstance(pair, tuple) or len(pair) != 2 or not _checks.text.passes(pair[0]):  # noqa: PLR2004 - a pair
            raise InvalidValue(path, pair, "pairs of a field and its number")
        check.require(f"{path}[{pair[0]!r}]", pair[1])
    if len(dict(pairs)) != len(pairs):
        raise InvalidValue(path, pairs, "each field once")
    return tuple(sorted(pairs))


def _weights(given: Any) -> tuple[tuple[str, Any], ...]:
    return _pairs("QualityPolicy.required", given, _WEIGHT)


def _lives(given: Any) -> tuple[tuple[str, int], ...]:
    return _pairs("QualityPolicy.half_lives", given, _DAYS)


def _card() -> ScoreCard:
    """The points of the default policy: one rule for each code, and one for each flag of those that add up."""
    once = [ScoreRule(code, field("quality.flags").contains(code), points) for code, points in lists.POINTS]
    each = [
        ScoreRule(code, field("flag.code") == code, points, group=group, on="events", repeat="each")
        for code, points, group in (("placeholder", -20, None), ("stale", -10, "stale"))
    ]
    return ScoreCard(
        [*once, *each],
        groups=[ScoreGroup("stale", floor=-30)],
        start=100,
        floor=0,
        bands=[ScoreBand("poor"), ScoreBand("fair", 60), ScoreBand("good", 80)],
    )


@tagged("customers.QualityPolicy")
@attrs.frozen(kw_only=True, weakref_slot=False)
class QualityPolicy:
    """What an assessment flags, and what it takes off the score.

    A name or placeholder may be written in any way; what is kept is the key that values are compared by.

    Attributes:
        allow: Names, addresses, domains and other values that are real and are never flagged for what they say.
        fake_names: Keys of names that nobody has.
        sample_names: Keys of names that forms show as examples; somebody may have them.
        placeholders: What people type where they have nothing to say.
        keyboard_rows: Neighboring keys.
        reserved_domains: Domains that can belong to nobody; with all below them, as in each list of domains.
        disposable_domains: Of mailboxes that are thrown away.
        relay_domains: Of services that pass mail on to real customers.
        known_domains: Of many customers, in the order in which they are suggested for a misspelled one.
        role_names: What stands before the `@` of an address that is no person's.
        likeness: From which similarity to a known domain on another one is taken to be misspelled.
        fictional_numbers: E.164 numbers for films and books; `?` is any digit, `N` is 2 to 9.
        digit_runs: National numbers that somebody typed along the keys.
        half_lives: (field, days) pairs: after so many days half of the values have changed.
        half_life: In days, of every other field.
        ageless: Fields that do not age.
        required: (field, weight) pairs of what a complete customer has.
        card: What flags take off; it reads the fact `quality.flags`, and each flag as an event with the facts
            `flag.code`, `flag.field` and `flag.severity`.

    Raises:
        InvalidValue: For an empty or wrong item, a half-life that is no int above 0, or a negative weight.

    Example:
        >>> QualityPolicy(allow=["Sirhan Sirhan"]).disposable_domains[0]
        '10minutemail.com'

    .. versionadded:: 0.1.0
    """

    allow: tuple[str, ...] = attrs.field(default=(), converter=_set)
    fake_names: tuple[str, ...] = attrs.field(default=lists.FAKE_NAMES, converter=_keys)
    sample_names: tuple[str, ...] = attrs.field(default=lists.SAMPLE_NAMES, converter=_keys)
    placeholders: tuple[str, ...] = attrs.field(default=lists.PLACEHOLDERS, converter=_folded)
    keyboard_rows: tuple[str, ...] = attrs.field(default=lists.KEYBOARD_ROWS, converter=_ordered)
    reserved_domains: tuple[str, ...] = attrs.field(default=lists.RESERVED_DOMAINS, converter=_lower)
    disposable_domains: tuple[str, ...] = attrs.field(default=lists.DISPOSABLE_DOMAINS, converter=_lower)
    relay_domains: tuple[str, ...] = attrs.field(default=lists.RELAY_DOMAINS, converter=_lower)
    known_domains: tuple[str, ...] = attrs.field(default=lists.KNOWN_DOMAINS, converter=_ordered)
    role_names: tuple[str, ...] = attrs.field(default=lists.ROLE_NAMES, converter=_lower)
    likeness: Decimal | Fraction | int = attrs.field(default=Decimal("0.8"), validator=_checks.number(least=0, most=1))
    fictional_numbers: tuple[str, ...] = attrs.field(default=lists.FICTIONAL_NUMBERS, converter=_set)
    digit_runs: tuple[str, ...] = attrs.field(default=lists.DIGIT_RUNS, converter=_set)
    half_lives: tuple[tuple[str, int], ...] = attrs.field(default=lists.HALF_LIVES, converter=_lives)
    half_life: int = attrs.field(default=lists.HALF_LIFE, validator=_DAYS)
    ageless: tuple[str, ...] = attrs.field(default=lists.AGELESS, converter=_set)
    required: tuple[tuple[str, int | Decimal | Fraction], ...] = attrs.field(default=lists.REQUIRED, converter=_weights)
    card: ScoreCard = attrs.field(factory=_card, validator=_checks.a(ScoreCard))

    def life_of(self, name: str) -> int | None:
        """The half-life of a field in days; None for one that does not age.

        .. versionadded:: 0.1.0
        """
        return None if name in self.ageless else dict(self.half_lives).get(name, self.half_life)

    def allows(self, *texts: str | None) -> bool:
        """Whether one of the texts is on the list of what is never flagged, in whatever spelling.

        .. versionadded:: 0.1.0
        """
        if not self.allow:
            return False
        return any(text in self.allow or _short(text) in self._allowed for text in texts if text)

    def is_placeholder(self, text: str) -> bool:
        """Whether a text is what people type where they have nothing to say.

        .. versionadded:: 0.1.0
        """
        return _short(text) in self._placeholders

    def is_fictional(self, e164: str) -> bool:
        """Whether a number is set aside for films and books.

        .. versionadded:: 0.1.0
        """
        return self._fictional.fullmatch(e164) is not None

    @cached_property
    def _fictional(self) -> re.Pattern[str]:
        shapes = [re.escape(shape).replace(r"\?", "[0-9]").replace("N", "[2-9]") for shape in self.fictional_numbers]
        return re.compile("|".join(shapes) or "(?!)")

    @cached_property
    def _allowed(self) -> frozenset[str]:
        return frozenset(map(fold, self.allow)) - {""}

    @cached_property
    def allowed_names(self) -> frozenset[str | None]:
        """Keys of the names that are never flagged."""
        return frozenset(map(name_key, self.allow)) - {None}

    @cached_property
    def _placeholders(self) -> frozenset[str]:
        return frozenset(self.placeholders)

    @cached_property
    def known_letters(self) -> tuple[tuple[str, frozenset[str]], ...]:
        """The known domains in their order, with the letters of each."""
        return tuple([(domain, frozenset(domain)) for domain in self.known_domains])

    @cached_property
    def runs(self) -> tuple[str, ...]:
        """Five neighboring keys, forward and backward."""
        return tuple(chain.from_iterable(_windows(row, _RUN) for row in self.keyboard_rows))

    @cached_property
    def short_runs(self) -> frozenset[str]:
        """Four neighboring keys, forward and backward."""
        return frozenset(chain.from_iterable(_windows(row, _RUN - 1) for row in self.keyboard_rows))


_DEFAULT = QualityPolicy()
_POLICY = _checks.a(QualityPolicy)


def chosen(path: str, policy: QualityPolicy | None) -> QualityPolicy:
    """The policy given, or the default one for None."""
    if policy is None:
        return _DEFAULT
    _POLICY.require(path, policy)
    return policy


def _short(text: str) -> str:
    """The folded text, if it is short enough to be worth it."""
    return fold(text) if len(text) <= lists.LONGEST else ""


def _windows(row: str, length: int) -> list[str]:
    forward = [row[start : start + length] for start in range(len(row) - length + 1)]
    return forward + [window[::-1] for window in forward]
