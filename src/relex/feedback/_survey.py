"""A survey as data: its questions, when it runs, and what becomes of what comes back."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, TypedDict

import attrs

from relex import _checks, _html
from relex._instants import is_before, moment_or_none
from relex.codec import tagged
from relex.errors import InvalidValue, NotFound
from relex.feedback._completeness import completeness
from relex.feedback._contact_rules import ContactRule, Wait
from relex.feedback._drop_off import DropOff, drop_off
from relex.feedback._normalizing import NormalizedResponse, RefusedField, Typed, typed_answers
from relex.feedback._paths import SurveyPath, explained, facts_of, quickly, rule_problems, shown_ids
from relex.feedback._questions import Question
from relex.feedback._responses import PROGRAMS, Answer, Response
from relex.rules import describe

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import timedelta
    from typing import Unpack

__all__ = ["Survey"]

_WORDS = _checks.each(_checks.text)
_INSTANT_OR_NONE = _checks.optional(_checks.instant)
_RESPONSE = _checks.a(Response)
_ON_ERROR = _checks.one_of("raise", "set_aside")
_PARTIALS = _checks.one_of("count", "complete_only")
_LATE = _checks.one_of("count", "set_aside")


class _Known(TypedDict, total=False):
    """What may be said of a response beside its answers."""

    submitted: bool
    revision: int
    took: timedelta | None
    source: str | None
    contact: str | None
    account: str | None
    role: str | None
    channel: str | None
    language: str | None
    invitation: str | None
    touchpoint: str | None
    touched_at: datetime | None
    stage: str | None
    wave: str | None
    about: str | None
    excluded: str | None
    tags: Iterable[str]


def _questions(values: Iterable[Question]) -> tuple[Question, ...]:
    return _checks.items("Survey.questions", values)


def _languages(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_checks.items("Survey.languages", values)))


def _contact_rules(values: Iterable[ContactRule | Wait]) -> tuple[ContactRule | Wait, ...]:
    return _checks.items("Survey.contact_rules", values)


@tagged("feedback.Survey")
@attrs.frozen(weakref_slot=False)
class Survey:
    """Questions in order, with the rules that show them; a definition that is checked when it is made.

    A question keeps its id from version to version; a changed wording or scale is a new version.

    Attributes:
        id: Of the survey.
        questions: In the order in which they are asked.
        version: Raise it with each change.
        program: `relational` (asked of the relation as a whole) or `transactional` (asked after one experience).
        opens: From when on it takes responses; None for always.
        closes: What comes after this instant is late; None for never.
        languages: In which it is asked; none if nobody says.
        contact_rules: Its own, which replace those of the same name in the policy.

    Raises:
        InvalidValue: With every problem at once: two questions of one id, a rule that asks for an answer that is not
            given before it or in a way that does not suit it, a jump that does not go forward, a text in a language
            that is not listed. Then for an end that is not after the start.

    Example:
        >>> from relex.feedback import Metric, Question, Survey
        >>> from relex.rules import field
        >>> survey = Survey(
        ...     "pulse",
        ...     [
        ...         Question("q1", "scale", metric=Metric.nps(), required=True),
        ...         Question("q2", "text", when=field("answer.q1") <= 6),
        ...         Question("q3", "text", when=field("answer.q1") >= 9),
        ...     ],
        ... )
        >>> print(survey.path({"q1": 9}))
        q1 > q3 (next: q3)

    .. versionadded:: 0.1.0
    """

    id: str = attrs.field(validator=_checks.text)
    questions: tuple[Question, ...] = attrs.field(converter=_questions, validator=_checks.each(_checks.a(Question)))
    version: int = attrs.field(default=1, kw_only=True, validator=_checks.whole(least=1))
    program: str = attrs.field(default="relational", kw_only=True, validator=_checks.one_of(*PROGRAMS))
    opens: datetime | None = attrs.field(default=None, kw_only=True, validator=_INSTANT_OR_NONE, eq=moment_or_none)
    closes: datetime | None = attrs.field(default=None, kw_only=True, validator=_INSTANT_OR_NONE, eq=moment_or_none)
    languages: tuple[str, ...] = attrs.field(default=(), kw_only=True, converter=_languages, validator=_WORDS)
    contact_rules: tuple[ContactRule | Wait, ...] = attrs.field(
        default=(),
        kw_only=True,
        converter=_contact_rules,
        validator=[_checks.each(_checks.a(ContactRule, Wait)), _checks.unique("name")],
    )

    def __attrs_post_init__(self) -> None:
        """Check everything at once."""
        problems = [*_twice(self.questions), *rule_problems(self.questions), *_unspoken(self)]
        if problems:
            told = "; ".join(map(str, problems))
            raise InvalidValue("Survey", tuple(problems), f"questions without mistakes ({told})")
        if self.opens is not None and self.closes is not None and not is_before(self.opens, self.closes):
            raise InvalidValue("Survey.closes", self.closes, f"an instant after {self.opens.isoformat()}")

    def question(self, question: str) -> Question:
        """The question with an id.

        Raises:
            NotFound: If there is none.

        .. versionadded:: 0.1.0
        """
        for found in self.questions:
            if found.id == question:
                return found
        raise NotFound("question", question)

    def path(self, answers: Mapping[str, object] | Response, facts: Mapping[str, object] | None = None) -> SurveyPath:
        """Which questions are shown after the answers so far, why, and which comes next.

        A question is shown when its rule is True; unknown hides it. Rules see the answers to shown questions before it
        as `answer.<id>`, and the facts.

        Args:
            answers: Answers by question, None for one that was left empty; or a response.
            facts: Of the invitation, by name; a response adds its own.

        Raises:
            InvalidValue: For an answer to a question that there is not.

        .. versionadded:: 0.1.0
        """
        return explained(self.questions, answers, facts)

    def normalize(
        self,
        raw: Mapping[str, object],
        *,
        submission: str,
        at: datetime,
        on_error: str = "raise",
        dismissed: Iterable[str] = (),
        facts: Mapping[str, object] | None = None,
        **known: Unpack[_Known],
    ) -> NormalizedResponse:
        """A response out of what a form, an export or a webhook holds.

        Texts are folded to NFKC and stripped. A numeral is a number (" 9 " and the full-width "９" are 9), the label of
        a choice in the language of the response its code; without a language, labels of all languages are known. What
        is empty is unscored. What was given to a question that is not on the path is kept as not_shown, `off_path`. In
        a submitted response every other shown question that has no answer is unscored.

        Args:
            raw: What was given, by question id.
            submission: As of `Response`.
            at: As of `Response`.
            on_error: `raise`, or `set_aside`: an unknown field or a bad value comes back beside the response, and its
                answer is `invalid`.
            dismissed: Ids of questions that were closed without an answer.
            facts: Of the invitation, for the rules.
            **known: Whatever else is known of the response, by the names of its fields.

        Raises:
            InvalidValue: For a naive instant; under `raise` for the first field that cannot be taken in.

        Example:
            >>> from datetime import UTC, datetime
            >>> from relex.feedback import Metric, Question
            >>> survey = Survey("pulse", [Question("q1", "scale", metric=Metric.nps()), Question("q2", "text")])
            >>> at = datetime(2026, 5, 1, tzinfo=UTC)
            >>> raw = {"q1": " ９ ", "q2": "", "agent": "Mozilla"}
            >>> response, aside = survey.normalize(raw, submission="s1", at=at, on_error="set_aside")
            >>> [(answer.question, answer.value, answer.status) for answer in response.answers]
            [('q1', 9, 'scored'), ('q2', None, 'unscored')]
            >>> aside
            (RefusedField(field='agent', value='Mozilla', reason='unknown_field'),)

        .. versionadded:: 0.1.0
        """
        _ON_ERROR.require("normalize.on_error", on_error)
        draft = Response(
            submission=submission,
            survey=self.id,
            version=self.version,
            program=self.program,
            at=at,
            **known,
        )
        raises = on_error == "raise"
        draft, strange = self._spoken(draft, raises=raises)
        typed = typed_answers(self.questions, raw, dismissed, draft.language, raises=raises)
        answers = self._placed(draft, typed, facts)
        return NormalizedResponse(attrs.evolve(draft, answers=answers), (*strange, *typed.aside))

    def _spoken(self, draft: Response, *, raises: bool) -> tuple[Response, tuple[RefusedField, ...]]:
        if draft.language is None or not self.languages or draft.language in self.languages:
            return draft, ()
        if raises:
            raise InvalidValue("normalize.language", draft.language, f"one of {', '.join(self.languages)}")
        return attrs.evolve(draft, language=None), (RefusedField("language", draft.language, "unknown_language"),)

    def _placed(self, draft: Response, typed: Typed, facts: Mapping[str, object] | None) -> tuple[Answer, ...]:
        """The answers in the order of the questions, each with its status on the path."""
        values = {name: answer.value for name, answer in typed.answers.items() if answer.value is not None}
        shown = shown_ids(self.questions, values, facts_of(draft, facts), quickly())
        found = []
        for question in self.questions:
            answer = typed.answers.get(question.id)
            if question.id in shown:
                found.append(answer or (Answer(question.id) if draft.submitted else None))
            elif answer is not None and answer.status != "unscored":
                found.append(attrs.evolve(answer, status="not_shown", reason="off_path"))
        return tuple([answer for answer in found if answer is not None])

    def completeness(self, response: Response, facts: Mapping[str, object] | None = None) -> str:
        """How much of it there is.

        A rule that asks for facts which nobody gave hides its question, unless the response says that it was shown.

        Args:
            response: A response to this version of the survey.
            facts: Of the invitation, for the rules.

        Returns:
            `complete`: submitted, and every required question that was shown is answered; `partial`: at least one
            answer; `started`: none.

        Raises:
            InvalidValue: For a response to another survey or version.

        .. versionadded:: 0.1.0
        """
        self._require_own("completeness.response", response)
        return completeness(self.questions, response, facts_of(response, facts), quickly())

    def is_late(self, response: Response) -> bool:
        """Whether it came after the survey closed; at that instant it is in time.

        .. versionadded:: 0.1.0
        """
        self._require_own("is_late.response", response)
        return self.closes is not None and is_before(self.closes, response.at)

    def counted(
        self, responses: Iterable[Response], *, partials: str = "count", late: str = "count"
    ) -> tuple[Response, ...]:
        """The responses, of which those that shall not count are excluded, so that the parts of a reading add up.

        Args:
            responses: To this version of the survey; give `latest_responses(...)` where revisions may be among them.
            partials: `count`: the scores of a response that is not complete count; `complete_only`: it is excluded as
                `partial` or `started`.
            late: `count`, or `set_aside`: what came after the survey closed is excluded as `late`.

        Returns:
            All of them, in the same order.

        Raises:
            InvalidValue: For a response to another survey or version, or another policy.

        .. versionadded:: 0.1.0
        """
        _PARTIALS.require("counted.partials", partials)
        _LATE.require("counted.late", late)
        judge, found = quickly(), []
        for place, response in enumerate(_checks.items("counted.responses", responses)):
            self._require_own(f"counted.responses[{place}]", response)
            reason = None
            if late == "set_aside" and self.is_late(response):
                reason = "late"
            elif partials == "complete_only":
                reason = completeness(self.questions, response, facts_of(response, None), judge)
            is_out = reason not in {None, "complete"} and response.excluded is None
            found.append(attrs.evolve(response, excluded=reason) if is_out else response)
        return tuple(found)

    def drop_off(self, responses: Iterable[Response], *, displays: int | None = None) -> DropOff:
        """Where people stop, and how long those take who do not.

        Args:
            responses: To this version of the survey; give `latest_responses(...)` where revisions may be among them.
            displays: How often the survey was shown, if that is known.

        Raises:
            InvalidValue: For a response to another survey or version, or fewer displays than responses.

        .. versionadded:: 0.1.0
        """
        found = _checks.items("drop_off.responses", responses)
        for place, response in enumerate(found):
            self._require_own(f"drop_off.responses[{place}]", response)
        return drop_off(self.questions, found, displays)

    def facts(self) -> dict[str, Any]:
        """What rules may ask about, by stable names.

        .. versionadded:: 0.1.0
        """
        return {
            "survey.id": self.id,
            "survey.version": self.version,
            "survey.program": self.program,
            "survey.languages": self.languages,
            "survey.opens": self.opens,
            "survey.closes": self.closes,
        }

    def _require_own(self, path: str, response: Response) -> None:
        _RESPONSE.require(path, response)
        if (response.survey, response.version) != (self.id, self.version):
            expected = f"a response to version {self.version} of {self.id}"
            raise InvalidValue(path, f"{response.survey} {response.version}", expected)

    def __str__(self) -> str:
        return f"{self.id} {self.version} ({len(self.questions)} questions, {self.program})"

    def _repr_html_(self) -> str:
        titles = ("question", "kind", "required", "shown when", "jumps")
        rows = [_row(question) for question in self.questions]
        return _html.table(str(self), titles, rows)


def _row(question: Question) -> tuple[object, ...]:
    jumps = [f"to {jump.to} if {describe(jump.when)}" for jump in question.skip_to]
    when = "always" if question.when is None else describe(question.when)
    return question.words(), question.kind, "yes" if question.required else "no", when, "; ".join(jumps)


def _twice(questions: tuple[Question, ...]) -> Iterator[InvalidValue]:
    seen: set[str] = set()
    for place, question in enumerate(questions):
        if question.id in seen:
            yield InvalidValue(f"questions[{place}].id", question.id, f"no second question {question.id}")
        seen.add(question.id)


def _unspoken(survey: Survey) -> Iterator[InvalidValue]:
    """Texts in languages in which the survey is not asked."""
    for question in survey.questions if survey.languages else ():
        for language in question.languages:
            if language not in survey.languages:
                told = f"texts in {', '.join(survey.languages)}"
                yield InvalidValue(f"questions[{question.id}]", language, told)
