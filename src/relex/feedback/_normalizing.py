"""From what a form, an export or a webhook holds to typed answers, and nothing dropped in silence."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

from relex import _checks
from relex.errors import InvalidValue
from relex.feedback._questions import ANY_LANGUAGE, BOOLEANS, Choice, Question, folded, same_text
from relex.feedback._responses import Answer

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from relex.feedback._responses import Response

__all__ = ["NormalizedResponse", "RefusedField", "Typed", "typed_answers"]

_WHOLE = re.compile(r"[+-]?\d{1,60}")
_DECIMAL = re.compile(r"[+-]?\d{1,40}\.\d{1,19}")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_MINUS = str.maketrans("\u2212", "-")
_YES_NO = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
_CODES: dict[str, bool] = dict(zip(BOOLEANS, (True, False), strict=True))


class RefusedField(NamedTuple):
    """What could not be taken in.

    Attributes:
        field: The name of the field, such as the id of a question.
        value: What was given.
        reason: `unknown_field`, `unknown_language`, `wrong_type`, `not_a_number`, `not_exact`, `off_scale`,
            `unknown_choice`, `ambiguous_choice`, `not_a_date` or `dismissed` (both dismissed and answered).

    .. versionadded:: 0.1.0
    """

    field: str
    value: Any
    reason: str


class NormalizedResponse(NamedTuple):
    """A response with typed answers, and beside it what could not be taken in; made by `Survey.normalize`.

    Attributes:
        response: The response.
        aside: What was set aside, in the order given.

    .. versionadded:: 0.1.0
    """

    response: Response
    aside: tuple[RefusedField, ...]


class Typed(NamedTuple):
    """The answers by question, those that are empty among them, and what was set aside."""

    answers: dict[str, Answer]
    aside: tuple[RefusedField, ...]


class _Refused(Exception):
    """A value that is no answer to its question."""

    def __init__(self, reason: str, expected: str) -> None:
        super().__init__(reason, expected)
        self.reason = reason
        self.expected = expected


def typed_answers(
    questions: Sequence[Question], raw: object, dismissed: object, language: str | None, *, raises: bool
) -> Typed:
    """Each field as the answer to its question.

    Raises:
        InvalidValue: Where something cannot be taken in and `raises` says so.
    """
    fields = _fields(raw)
    closed = _checks.items("normalize.dismissed", dismissed)
    known = {question.id: question for question in questions}
    answers: dict[str, Answer] = {}
    aside: list[RefusedField] = []
    for name, value in [*fields.items(), *((name, None) for name in closed if name not in fields)]:
        try:
            answers[name] = _answer(known, name, value, language, is_closed=name in closed)
        except _Refused as refused:
            if raises:
                raise InvalidValue(f"normalize.raw[{name!r}]", value, refused.expected) from None
            aside.append(RefusedField(name, value, refused.reason))
            if name in known:
                answers[name] = Answer(name, status="invalid", reason=refused.reason)
    return Typed(answers, tuple(aside))


def _fields(raw: object) -> Mapping[str, Any]:
    if not isinstance(raw, Mapping) or not all(map(_checks.text.passes, raw)):
        raise InvalidValue("normalize.raw", raw, "a mapping from question ids to what was given")
    return raw


def _answer(
    known: Mapping[str, Question], name: str, value: object, language: str | None, *, is_closed: bool
) -> Answer:
    question = known.get(name)
    if question is None:
        raise _Refused("unknown_field", f"one of {', '.join(known)}")
    found = _typed(question, value, language)
    if not is_closed:
        return Answer(name, found, is_code=question.kind == "choice" and found is not None)
    if found is not None:
        raise _Refused("dismissed", "no answer to a question that was dismissed")
    return Answer(name, status="dismissed")


def _typed(question: Question, value: object, language: str | None) -> Any:
    """The value as its question has it; None where nothing was given."""
    return None if _is_empty(value) else _READERS[question.kind](question, value, language)


def _is_empty(value: object) -> bool:
    return value is None or (isinstance(value, str) and not folded(value))


def _text(_question: Question, value: object, _language: str | None) -> str:
    if not isinstance(value, str):
        raise _Refused("wrong_type", "a text")
    return folded(value)


def _number(_question: Question, value: object, _language: str | None) -> int | Decimal:
    found = _numeral(value) if isinstance(value, str) else value
    if isinstance(found, float):
        raise _Refused("not_exact", "an int, a Decimal, or the text of a number (a float is never exact)")
    if not isinstance(found, (int, Decimal)) or not _checks.exact.passes(found):
        raise _Refused("not_a_number", "an int, a Decimal, or the text of a number")
    return found


def _numeral(text: str) -> int | Decimal | None:
    plain = folded(text).translate(_MINUS)
    if _WHOLE.fullmatch(plain):
        return int(plain)
    return Decimal(plain) if _DECIMAL.fullmatch(plain) else None


def _score(question: Question, value: object, _language: str | None) -> int:
    found = _numeral(value) if isinstance(value, str) else value
    if not isinstance(found, (int, float, Decimal)) or isinstance(found, bool):
        raise _Refused("not_a_number", f"a score of the scale {question.scale}")
    score = int(found) if isinstance(found, Decimal) and _checks.exact.passes(found) and found == int(found) else found
    if question.scale is None or not question.scale.holds(score):
        raise _Refused("off_scale", f"a score of the scale {question.scale}")
    return int(score)


def _choice(question: Question, value: object, language: str | None) -> str:
    """The code: by the code as it stands, by its plain form, or by a label, whichever tells one choice first."""
    if not isinstance(value, str):
        raise _Refused("wrong_type", "the code or the label of a choice")
    text, found = folded(value), set[str]()
    for matches in (
        [each.code for each in question.choices if each.code == value],
        [each.code for each in question.choices if folded(each.code) == text],
        [each.code for each in question.choices if same_text(text) in _said(each, language)],
    ):
        found |= set(matches)
        if len(matches) == 1:
            return matches[0]
    if found:
        raise _Refused("ambiguous_choice", f"a text that does not stand for each of {', '.join(sorted(found))}")
    told = ", ".join([each.label(language) for each in question.choices])
    raise _Refused("unknown_choice", f"one of {told}")


def _said(choice: Choice, language: str | None) -> set[str]:
    """The texts that stand for a choice in a language; in every language where none is said."""
    return {same_text(choice.code)} | {
        same_text(text) for spoken, text in choice.labels if language is None or spoken in {language, ANY_LANGUAGE}
    }


def _choices(question: Question, value: object, language: str | None) -> tuple[str, ...] | None:
    """The codes in the order of the question, each once; one text is one choice."""
    if isinstance(value, Mapping) or not isinstance(value, (str, Iterable)):
        raise _Refused("wrong_type", "the codes or labels of choices")
    texts = (value,) if isinstance(value, str) else tuple(value)
    found = {_choice(question, text, language) for text in texts if not _is_empty(text)}
    return tuple([choice.code for choice in question.choices if choice.code in found]) or None


def _boolean(question: Question, value: object, language: str | None) -> bool:
    if isinstance(value, bool):
        return value
    if isinstance(value, str):
        if question.choices and same_text(value) not in _YES_NO:
            return _CODES[_choice(question, value, language)]
        if same_text(value) in _YES_NO:
            return _YES_NO[same_text(value)]
    raise _Refused("wrong_type", "True or False, or one of the texts true, yes, 1, false, no, 0")


def _date(_question: Question, value: object, _language: str | None) -> date:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    text = folded(value) if isinstance(value, str) else ""
    try:
        return date.fromisoformat(text if _DATE.fullmatch(text) else "")
    except ValueError:
        raise _Refused("not_a_date", "a date, or its text such as 2026-05-01") from None


_READERS: dict[str, Callable[[Question, Any, str | None], Any]] = {
    "scale": _score,
    "choice": _choice,
    "choices": _choices,
    "number": _number,
    "text": _text,
    "boolean": _boolean,
    "date": _date,
}
