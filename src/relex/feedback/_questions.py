"""What is asked: one question, the answers it takes, and when it is shown."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, TypeAlias

import attrs

from relex import _checks
from relex.codec import tagged
from relex.errors import InvalidValue
from relex.feedback._metric import Metric
from relex.feedback._scale import Scale
from relex.rules import TRUE, Kind, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["ANY_LANGUAGE", "BOOLEANS", "END", "KINDS", "Choice", "Jump", "Labels", "Question", "folded", "same_text"]

KINDS: dict[str, Kind] = {
    "scale": Kind.NUMBER,
    "choice": Kind.TEXT,
    "choices": Kind.TEXTS,
    "number": Kind.NUMBER,
    "text": Kind.TEXT,
    "boolean": Kind.FLAG,
    "date": Kind.DAY,
}
"""The kinds of questions, and the kind of fact that an answer is."""

END = "end"
"""Where a jump goes that ends the survey."""

ANY_LANGUAGE = "und"
"""The language of a label that says none; the code that BCP 47 has for it."""

BOOLEANS = ("true", "false")
"""The codes of the two answers to a boolean question, whose labels may be given."""

_ASKED_WITH = {"choice": "choices", "choices": "choices", "scale": "scale"}

Labels: TypeAlias = str | Mapping[str, str] | Iterable[tuple[str, str]]
"""A text, or a text for each language."""


def folded(text: str) -> str:
    """A text in its plain form: NFKC, without spaces around it."""
    return unicodedata.normalize("NFKC", text).strip()


def same_text(text: str) -> str:
    """What labels are compared by: the plain form, in whatever case."""
    return folded(folded(text).casefold())


def _labels(path: str, given: object) -> tuple[tuple[str, str], ...]:
    if isinstance(given, str):
        given = {ANY_LANGUAGE: given}
    pairs = tuple(given.items()) if isinstance(given, Mapping) else _checks.items(path, given)
    for pair in pairs:
        if not (isinstance(pair, tuple) and len(pair) == 2 and all(map(_checks.text.passes, pair))):  # noqa: PLR2004 - a pair
            raise InvalidValue(path, pair, "a text, or a language with its text")
    if len(dict(pairs)) < len(pairs):
        raise InvalidValue(path, given, "each language once")
    return tuple(sorted(pairs))


def _choice_labels(given: Labels) -> tuple[tuple[str, str], ...]:
    return _labels("Choice.labels", given)


def _wording(given: Labels) -> tuple[tuple[str, str], ...]:
    return _labels("Question.wording", given)


def _choices(values: Iterable[Choice | str]) -> tuple[Choice, ...]:
    found = _checks.items("Question.choices", values)
    return tuple([Choice(value) if isinstance(value, str) else value for value in found])


def _jumps(values: Iterable[Jump]) -> tuple[Jump, ...]:
    return _checks.items("Question.skip_to", values)


@tagged("feedback.Choice")
@attrs.frozen(weakref_slot=False)
class Choice:
    """One of the answers that may be chosen.

    Attributes:
        code: What is kept, the same in every language and wording.
        labels: What people read, as sorted pairs of a language and a text; give a text, or a mapping by language.

    Raises:
        InvalidValue: For an empty code or label, or a language given twice.

    Example:
        >>> late = Choice("late", {"en": "Too late", "de": "Zu spät"})
        >>> late.label("de"), late.label("fr")
        ('Zu spät', 'late')

    .. versionadded:: 0.1.0
    """

    code: str = attrs.field(validator=_checks.text)
    labels: tuple[tuple[str, str], ...] = attrs.field(default=(), converter=_choice_labels)

    def label(self, language: str | None = None) -> str:
        """What people read in a language; else the label without a language, else the code.

        .. versionadded:: 0.1.0
        """
        known = dict(self.labels)
        return known.get(language or ANY_LANGUAGE) or known.get(ANY_LANGUAGE) or self.code

    def __str__(self) -> str:
        return self.code


@tagged("feedback.Jump")
@attrs.frozen(weakref_slot=False)
class Jump:
    """Where to go on after a question was answered; only ever forward.

    Attributes:
        to: Id of a later question, or `end`.
        when: The jump is made if this is True of the answers up to here, and the facts of the invitation.

    Raises:
        InvalidValue: For an empty id, or what is no rule.

    .. versionadded:: 0.1.0
    """

    to: str = attrs.field(validator=_checks.text)
    when: Rule = attrs.field(default=TRUE, validator=_checks.a(Rule))

    def __str__(self) -> str:
        return f"to {self.to}"


@tagged("feedback.Question")
@attrs.frozen(weakref_slot=False)
class Question:
    """One question of a survey; each row of a grid is a question of its own.

    Attributes:
        id: Of the question, the same in every version of the survey; rules ask about its answer as `answer.<id>`.
        kind: `scale` (a score), `choice` (one code), `choices` (several codes), `number`, `text`, `boolean` or `date`.
        wording: What people read, as sorted pairs of a language and a text; give a text, or a mapping by language.
        metric: What is read over the scores; it brings its scale.
        scale: The scores that may be given, of a question without a metric.
        choices: What may be chosen, in the order shown; give codes, or `Choice`s with labels. A boolean question may
            have labels for the codes `true` and `false`.
        required: Whether a complete response must answer it, where it is shown.
        when: Shown if this is True of the answers before it and the facts of the invitation; None shows it always.
        skip_to: Jumps, judged in order once it is answered; the first one whose rule is True is made.

    Raises:
        InvalidValue: For another kind, a scale question without a scale or whose scale is not that of its metric,
            choices that are missing or have no place, two equal codes, or labels that two choices share.

    Example:
        >>> from relex.rules import field
        >>> why = Question("why", "text", wording={"en": "Why?", "de": "Warum?"}, when=field("answer.nps") <= 6)
        >>> Question("nps", "scale", metric=Metric.nps(), required=True).scale
        Scale(low=0, high=10, step=1)

    .. versionadded:: 0.1.0
    """

    id: str = attrs.field(validator=_checks.text)
    kind: str = attrs.field(validator=_checks.one_of(*KINDS))
    wording: tuple[tuple[str, str], ...] = attrs.field(default=(), kw_only=True, converter=_wording)
    metric: Metric | None = attrs.field(default=None, kw_only=True, validator=_checks.optional(_checks.a(Metric)))
    scale: Scale | None = attrs.field(
        default=attrs.Factory(lambda self: getattr(self.metric, "scale", None), takes_self=True),
        kw_only=True,
        validator=_checks.optional(_checks.a(Scale)),
    )
    choices: tuple[Choice, ...] = attrs.field(
        default=(),
        kw_only=True,
        converter=_choices,
        validator=[_checks.each(_checks.a(Choice)), _checks.unique("code")],
    )
    required: bool = attrs.field(default=False, kw_only=True, validator=_checks.flag)
    when: Rule | None = attrs.field(default=None, kw_only=True, validator=_checks.optional(_checks.a(Rule)))
    skip_to: tuple[Jump, ...] = attrs.field(
        default=(), kw_only=True, converter=_jumps, validator=_checks.each(_checks.a(Jump))
    )

    def __attrs_post_init__(self) -> None:
        """Check that the kind has what it needs, and nothing else."""
        if self.id == END:
            raise InvalidValue("Question.id", self.id, f"another id, since a jump to {END!r} ends the survey")
        for name in ("scale", "choices"):
            _require_place(self, name)
        if self.metric is not None and self.metric.scale != self.scale:
            raise InvalidValue("Question.scale", self.scale, f"the scale of its metric, {self.metric.scale}")
        if self.kind == "boolean" and {choice.code for choice in self.choices} - set(BOOLEANS):
            raise InvalidValue("Question.choices", self.choices, "labels of true and false, for a boolean question")
        _require_distinct(self)

    def choice(self, code: str) -> Choice | None:
        """The choice with a code; None where there is none.

        .. versionadded:: 0.1.0
        """
        return next((choice for choice in self.choices if choice.code == code), None)

    def words(self, language: str | None = None) -> str:
        """What people read in a language; else the wording without a language, else the id.

        .. versionadded:: 0.1.0
        """
        return Choice(self.id, self.wording).label(language)

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages in which it, or one of its choices, has a text; sorted."""
        pairs = [*self.wording, *(pair for choice in self.choices for pair in choice.labels)]
        return tuple(sorted({language for language, _ in pairs} - {ANY_LANGUAGE}))

    def __str__(self) -> str:
        return self.id


def _require_place(question: Question, name: str) -> None:
    """A scale and choices stand where the kind asks for them, and nowhere else."""
    given, is_needed = getattr(question, name), _ASKED_WITH.get(question.kind) == name
    if is_needed and not given:
        raise InvalidValue(f"Question.{name}", given, f"{name} for a {question.kind} question")
    if given and not is_needed and (question.kind, name) != ("boolean", "choices"):
        raise InvalidValue(f"Question.{name}", given, f"nothing for a {question.kind} question")


def _require_distinct(question: Question) -> None:
    """No label may stand for two choices in one language, nor be the code of another one."""
    seen: dict[tuple[str, str], str] = {}
    for choice, language, text in _said(question):
        other = seen.setdefault((language, same_text(text)), choice.code)
        if other != choice.code:
            raise InvalidValue("Question.choices", text, f"a label that is not that of {other} too")
    codes = {same_text(choice.code): choice.code for choice in question.choices}
    for (_, text), code in seen.items():
        if codes.get(text, code) != code:
            raise InvalidValue("Question.choices", text, f"a label of {code} that is not the code of another choice")


def _said(question: Question) -> Iterator[tuple[Choice, str, str]]:
    """Every choice with each of its labels; one without a language stands in all of them."""
    spoken = [*question.languages, ANY_LANGUAGE]
    for choice in question.choices:
        for language, text in choice.labels:
            yield from ((choice, each, text) for each in (spoken if language == ANY_LANGUAGE else (language,)))
