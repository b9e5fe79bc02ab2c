"""From answers to counts: what has a score, what has none and why, and what each score weighs."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from math import fsum, isfinite
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from relex import _checks
from relex.errors import InvalidValue

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from relex.feedback._responses import Response
    from relex.feedback._scale import Scale

__all__ = ["STATUSES", "Key", "Weighed", "answer_keys", "keys_of", "parts_of", "weighed"]

STATUSES = ("scored", "unscored", "dismissed", "not_shown", "excluded", "invalid")
"""What an answer may be; every answer is one of them."""

_NUMBERS = {int, Fraction, Decimal, float}
_PLAIN = {int, type(None)}
_TOLD = {int, type(None), str}
_WORDS = frozenset(STATUSES)


class Weighed(NamedTuple):
    """The sum of some weights, and of their squares; and whether both are exact."""

    w: Fraction
    ww: Fraction
    exact: bool


Key: TypeAlias = "int | str | None"
"""What an answer comes to: its score, None where it was left empty, or its status where that is another one."""


def keys_of(scale: Scale, scores: Iterable[object], *, invalid: str, path: str) -> list[Any]:
    """What plain scores come to."""
    found = list(_checks.items(path, scores))
    if set(map(type, found)) <= _PLAIN and set(found) - {None} <= frozenset(scale.scores):
        return found
    for place, score in enumerate(found):
        if score is not None and not scale.holds(score):
            if invalid == "raise":
                raise InvalidValue(f"{path}[{place}]", score, f"a score of the scale {scale}, or None")
            found[place] = "invalid"
    return found


def answer_keys(scale: Scale, responses: Iterable[Response], question: str, *, invalid: str) -> list[Any]:
    """What the answers to one question come to, one key for each response."""
    _checks.text.require("read.question", question)
    keys: list[Any] = []
    for response in responses:
        key: object = "not_shown"
        for answer in response.answers:
            if answer.question == question:
                key = answer.status if answer.status != "scored" else _score(answer.value)
                break
        keys.append("excluded" if response.excluded is not None else None if key == "unscored" else key)
    return _checked(scale, keys, invalid)


def _score(value: object) -> object:
    """A value as a key: a text is none of the words that say a status."""
    return (value,) if type(value) is str else value


def _checked(scale: Scale, keys: list[Any], invalid: str) -> list[Any]:
    allowed = frozenset(scale.scores)
    if set(map(type, keys)) <= _TOLD and {key for key in set(keys) if type(key) is int} <= allowed:
        return keys
    for place, key in enumerate(keys):
        if key is not None and key not in _WORDS and not scale.holds(key):
            if invalid == "raise":
                raise InvalidValue(f"read.responses[{place}]", key, f"a score of the scale {scale}")
            keys[place] = "invalid"
    return keys


def parts_of(counts: Mapping[Any, int]) -> tuple[tuple[str, int], ...]:
    """How many answers have each status; they add up to all."""
    parts: dict[str, int] = dict.fromkeys(STATUSES, 0)
    for key, count in counts.items():
        parts[key if isinstance(key, str) else "unscored" if key is None else "scored"] += count
    return tuple(parts.items())


def weighed(weights: Sequence[Any], path: str) -> Weighed:
    """The sums of weights that are above 0; in floats as soon as one of them is a float."""
    for weight in weights:
        _require_weight(weight, path)
    if any(type(weight) is float for weight in weights):
        told = [float(weight) for weight in weights]
        return Weighed(Fraction(fsum(told)), Fraction(fsum([weight * weight for weight in told])), exact=False)
    exact = [Fraction(weight) for weight in weights]
    return Weighed(sum(exact, Fraction(0)), sum([weight * weight for weight in exact], Fraction(0)), exact=True)


def _require_weight(weight: object, path: str) -> None:
    """Raise unless this is a number above 0."""
    is_number = type(weight) in _NUMBERS and (not isinstance(weight, (float, Decimal)) or isfinite(weight))
    if not is_number or weight <= 0:  # type: ignore[operator]  # it is a number
        raise InvalidValue(path, weight, "an int, Decimal, Fraction or float above 0")
