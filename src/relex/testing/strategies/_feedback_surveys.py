"""Surveys with rules and jumps, and what comes back from them."""

from __future__ import annotations

from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING, Any

import attrs
from hypothesis import strategies as st

from relex import _checks
from relex.feedback import Answer, Choice, ContactRule, Jump, Mean, Metric, Question, Response, Scale, Survey, Wait
from relex.feedback._questions import KINDS
from relex.rules import TRUE, FactSchema
from relex.testing.strategies._basics import days, decimals, either, ids, instants, named, texts, words
from relex.testing.strategies._rules import rules

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from hypothesis.strategies import SearchStrategy

    from relex.rules import Rule

__all__ = ["STORED", "answers", "choices", "jumps", "questions", "responses", "surveys"]

_TEXT = _checks.text
_IDS = ("q1", "q2", "q3", "größe", "茶")
_LANGUAGES = ("de", "en", "und")
_TARGETS = st.sampled_from((*_IDS, "end"))
_METRICS = st.sampled_from((Metric.nps(), Metric.csat(), Metric.ces(1), Metric("stars", Scale(1, 5), Mean())))
_SCALES = st.sampled_from((Scale(0, 1), Scale(1, 4), Scale(0, 100, 25)))
_LABELS = st.dictionaries(st.sampled_from(_LANGUAGES), texts(), max_size=2)
_CODES = st.lists(words(), min_size=1, max_size=3, unique=True)
_SPANS = st.none() | st.timedeltas(timedelta(0), timedelta(hours=2))
_PROGRAM = st.sampled_from(("relational", "transactional"))
_CONTACT_RULES = st.lists(
    st.sampled_from((ContactRule("cooldown", within=timedelta(days=7)), Wait("settled", "opened", timedelta(days=30)))),
    max_size=2,
    unique=True,
)


def choices(*, code: str | SearchStrategy[str] | None = None) -> SearchStrategy[Choice]:
    """What may be chosen, with labels in some languages; shrinks to a code without a label.

    Args:
        code: The code, or what codes are drawn from.

    Raises:
        InvalidValue: For an empty code.

    .. versionadded:: 0.1.0
    """
    return st.builds(Choice, either("choices.code", code, _TEXT, words()), _LABELS)


def jumps() -> SearchStrategy[Jump]:
    """Single jumps; a survey has those that fit it. Shrinks to one that is always made.

    .. versionadded:: 0.1.0
    """
    return st.builds(Jump, _TARGETS, st.just(TRUE) | _rules_about("q1", "scale"))


def questions(
    *,
    id: str | SearchStrategy[str] | None = None,  # noqa: A002 - the field's name everywhere in relex
    kind: str | None = None,
) -> SearchStrategy[Question]:
    """Single questions of every kind, without rules and jumps, which surveys give them.

    Args:
        id: Of the question, or what ids are drawn from.
        kind: One kind, such as `choice`; None draws any.

    Raises:
        InvalidValue: For an empty id, or another kind.

    .. versionadded:: 0.1.0
    """
    _checks.optional(_checks.one_of(*KINDS)).require("questions.kind", kind)
    own = either("questions.id", id, _TEXT, st.sampled_from(_IDS))
    kinds = st.sampled_from(list(KINDS)) if kind is None else st.just(kind)
    return kinds.flatmap(lambda each: st.builds(_question, own, st.just(each), _WITH[each], _LABELS, st.booleans()))


_WITH: dict[str, SearchStrategy[dict[str, Any]]] = {
    **{kind: st.just({}) for kind in KINDS},
    "scale": _METRICS.map(lambda metric: {"metric": metric}) | _SCALES.map(lambda scale: {"scale": scale}),
    "choice": _CODES.map(lambda codes: {"choices": codes}),
    "choices": _CODES.map(
        lambda codes: {"choices": [Choice(code, {"de": f"({place}) {code}"}) for place, code in enumerate(codes)]}
    ),
}


def _question(id: str, kind: str, more: dict[str, Any], wording: dict[str, str], required: bool) -> Question:  # noqa: A002 - as above
    return Question(id, kind, wording=wording, required=required, **more)


@cache
def _rules_about(question: str, kind: str) -> SearchStrategy[Rule]:
    return rules(FactSchema({f"answer.{question}": KINDS[kind]}), children=False)


def surveys(*, id: str | SearchStrategy[str] | None = None) -> SearchStrategy[Survey]:  # noqa: A002 - as above
    """Up to four questions; later ones may have rules about the answers to earlier ones, and jumps go forward.

    Shrinks to a survey without a question.

    Args:
        id: Of the survey, or what ids are drawn from.

    Raises:
        InvalidValue: For an empty id.

    .. versionadded:: 0.1.0
    """
    own = either("surveys.id", id, _TEXT, words())
    return named("surveys", lambda: st.builds(_survey, own, _asked(), _MORE, _LIFE))


_MORE = st.fixed_dictionaries(
    {},
    optional={
        "version": st.integers(1, 3),
        "program": _PROGRAM,
        "languages": st.just(("de", "en")),
        "contact_rules": _CONTACT_RULES,
    },
)
_LIFE = st.lists(instants(), max_size=2, unique_by=lambda at: at.timestamp()).map(
    lambda found: sorted(found, key=lambda at: at.timestamp())
)


def _survey(id: str, asked: list[Question], more: dict[str, Any], life: list[datetime]) -> Survey:  # noqa: A002 - as above
    return Survey(id, asked, **{**more, **dict(zip(("opens", "closes"), life, strict=False))})


@st.composite
def _asked(draw: st.DrawFn) -> list[Question]:
    """Questions in order, each with rules about one of those before it."""
    names = draw(st.lists(st.sampled_from(_IDS), max_size=4, unique=True))
    found: list[Question] = []
    for place, name in enumerate(names):
        plain = draw(questions(id=name))
        when = draw(st.none() | _rules_about(found[-1].id, found[-1].kind)) if found else None
        later = st.sampled_from((*names[place + 1 :], "end"))
        about = st.just(TRUE) | _rules_about(name, plain.kind)
        skip_to = draw(st.lists(st.builds(Jump, later, about), max_size=1))
        found.append(attrs.evolve(plain, when=when, skip_to=skip_to))
    return found


def answers(*, question: str | SearchStrategy[str] | None = None) -> SearchStrategy[Answer]:
    """Answers of every kind and status; shrinks to an empty one.

    Args:
        question: Its id, or what such ids are drawn from.

    Raises:
        InvalidValue: For an empty id.

    .. versionadded:: 0.1.0
    """
    own = either("answers.question", question, _TEXT, st.sampled_from(_IDS))
    return st.builds(_answer, own, _VALUES, st.none() | texts())


_EMPTY = st.sampled_from(("unscored", "dismissed", "invalid", "not_shown")).map(lambda status: (None, status, False))
_CODE = words().map(lambda code: (code, "scored", True))
_GIVEN = st.tuples(
    st.one_of(st.integers(0, 10), decimals(), texts(), st.booleans(), days(), _CODES.map(tuple)),
    st.sampled_from(("scored", "not_shown")),
    st.just(False),
)
_VALUES: SearchStrategy[tuple[Any, str, bool]] = st.one_of(_EMPTY, _GIVEN, _CODE)


def _answer(question: str, drawn: tuple[Any, str, bool], reason: str | None) -> Answer:
    value, status, is_code = drawn
    return Answer(question, value, status=status, reason=reason, is_code=is_code)


def responses(
    *,
    submission: str | SearchStrategy[str] | None = None,
    contact: str | SearchStrategy[str] | None = None,
    at: datetime | SearchStrategy[datetime] | None = None,
) -> SearchStrategy[Response]:
    """What somebody answered, or did not; shrinks to a submission that says nothing.

    Args:
        submission: Id of the submission, or what such ids are drawn from.
        contact: Id of the customer, or what such ids are drawn from.
        at: The instant, or what instants are drawn from.

    Raises:
        InvalidValue: For an empty id, or a naive instant.

    .. versionadded:: 0.1.0
    """
    return st.builds(
        lambda submission, at, contact, more: Response(submission=submission, at=at, contact=contact, **more),
        either("responses.submission", submission, _TEXT, ids()),
        either("responses.at", at, _checks.instant, instants()),
        either("responses.contact", contact, _TEXT, st.none() | ids()),
        _REST,
    )


_WORD = st.none() | words()
_REST: SearchStrategy[dict[str, Any]] = st.fixed_dictionaries(
    {"survey": words()},
    optional={
        "version": st.integers(1, 3),
        "submitted": st.booleans(),
        "revision": st.integers(1, 3),
        "program": st.none() | _PROGRAM,
        "took": _SPANS,
        "answers": st.lists(answers(), max_size=3, unique_by=lambda answer: answer.question),
        "source": st.none() | ids(),
        "account": st.none() | ids(),
        **dict.fromkeys(("role", "channel", "language", "touchpoint", "stage", "wave", "excluded"), _WORD),
        "invitation": st.none() | ids(),
        "touched_at": st.none() | instants(),
        "about": st.none() | ids(),
        "tags": st.lists(words(), max_size=2),
    },
)

STORED: dict[type, Callable[[], SearchStrategy[Any]]] = {
    Answer: answers,
    Choice: choices,
    Jump: jumps,
    Question: questions,
    Response: responses,
    Survey: surveys,
}
"""The strategy of every stored form of surveys and responses."""
