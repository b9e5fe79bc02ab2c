"""From answers to keys: what has a score, and what has none and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from relex import _checks
from relex.errors import InvalidValue
from relex.feedback._responses import Response

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from relex.feedback._questions import Question
    from relex.feedback._scale import Scale

__all__ = ["COUNTING", "STATUSES", "Key", "answer_keys", "keys_of", "parts_of"]

STATUSES = ("scored", "unscored", "dismissed", "not_shown", "excluded", "invalid")
"""What an answer may be; every answer is one of them."""

COUNTING = {"scored": ("scored",), "responded": ("scored", "unscored", "dismissed")}
"""The statuses that count, by denominator."""

_PLAIN = {int, type(None)}
_TOLD = {int, type(None), str}
_WORDS = frozenset(STATUSES)
_QUESTION = _checks.Check("the id of a question, or a question", _checks.text.passes)

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


def answer_keys(scale: Scale, responses: Iterable[Response], question: str | Question, *, invalid: str) -> list[Any]:
    """What the answers to one question come to, one key for each response."""
    asked = _asked(scale, question)
    keys: list[Any] = []
    for response in _responses(responses):
        key: object = "not_shown"
        for answer in response.answers:
            if answer.question == asked:
                key = answer.status if answer.status != "scored" else _score(answer.value)
                break
        keys.append("excluded" if response.excluded is not None else None if key == "unscored" else key)
    return _checked(scale, keys, invalid)


def _asked(scale: Scale, question: object) -> str:
    """The id of the question, which must be on the scale where it says on which."""
    name = getattr(question, "id", question)
    _QUESTION.require("read.question", name)
    if not isinstance(question, str) and getattr(question, "scale", None) != scale:
        raise InvalidValue("read.question", name, f"a question on the scale {scale}")
    return str(name)


def _responses(values: object) -> tuple[Response, ...]:
    found = _checks.items("read.responses", values)
    for place, value in enumerate(found):
        if not isinstance(value, Response):
            raise InvalidValue(f"read.responses[{place}]", value, "a Response")
    return found


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
                told = key[0] if isinstance(key, tuple) and len(key) == 1 else key
                raise InvalidValue(f"read.responses[{place}]", told, f"a score of the scale {scale}")
            keys[place] = "invalid"
    return keys


def parts_of(counts: Mapping[Any, int]) -> tuple[tuple[str, int], ...]:
    """How many answers have each status; they add up to all."""
    parts: dict[str, int] = dict.fromkeys(STATUSES, 0)
    for key, count in counts.items():
        parts[key if isinstance(key, str) else "unscored" if key is None else "scored"] += count
    return tuple(parts.items())
