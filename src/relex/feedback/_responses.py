"""What came back: one immutable entry for each revision of a submission."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar

import attrs

from relex import _checks
from relex._instants import moment, moment_or_none
from relex.codec import tagged
from relex.errors import Conflict, InvalidValue
from relex.rules import FactSchema

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["PROGRAMS", "Answer", "Response", "latest_responses"]

ANSWERS = ("scored", "unscored", "dismissed", "not_shown", "invalid")
"""What one answer may be; only a whole response is excluded."""

PROGRAMS = ("relational", "transactional")
"""Asked of the relation as a whole, now and then; or of one experience, after it."""

_TEXT_OR_NONE = _checks.optional(_checks.text)
_CODES = _checks.each(_checks.text)


def _is_value(value: object) -> bool:
    if value is None or isinstance(value, (bool, date)):
        return not isinstance(value, datetime)
    if isinstance(value, (int, Decimal)):
        return _checks.exact.passes(value)
    return _checks.text.passes(value) or (_CODES.passes(value) and value != ())


def _exactly(value: object) -> tuple[type, object]:
    """True is not 1."""
    return value.__class__, value


@tagged("feedback.Answer")
@attrs.frozen(weakref_slot=False)
class Answer:
    """The answer to one question.

    Attributes:
        question: Its id.
        value: The score, number, text, codes, date, or True or False; None exactly where nothing was answered.
        status: `scored` for a value; `unscored` where the question was shown and left empty; `dismissed` where it was
            closed; `not_shown` where a rule hid it or the path did not come by: such a value is kept and never counts;
            `invalid` where what was given could not be taken in.
        reason: Why, such as `off_path`.
        is_code: Whether a str is the code of a choice; one that is not was written by the person, and `redacted` takes
            it away.

    Raises:
        InvalidValue: For a value of another type (a float is never exact), or one that does not go with the status.

    Example:
        >>> Answer("q1", 9).status, Answer("q2").status
        ('scored', 'unscored')

    .. versionadded:: 0.1.0
    """

    question: str = attrs.field(validator=_checks.text)
    value: int | Decimal | str | bool | date | tuple[str, ...] | None = attrs.field(
        default=None,
        validator=_checks.Check("an int, Decimal, non-empty str, bool, date, tuple of codes, or None", _is_value),
        eq=_exactly,
    )
    status: str = attrs.field(
        default=attrs.Factory(lambda self: "unscored" if self.value is None else "scored", takes_self=True),
        kw_only=True,
        validator=_checks.one_of(*ANSWERS),
    )
    reason: str | None = attrs.field(default=None, kw_only=True, validator=_TEXT_OR_NONE)
    is_code: bool = attrs.field(default=False, kw_only=True, validator=_checks.flag)

    def __attrs_post_init__(self) -> None:
        """Check that the status and the value go together."""
        if self.is_code and not isinstance(self.value, str):
            raise InvalidValue("Answer.is_code", self.is_code, "False, for what is no str")
        if (self.status == "scored") is not (self.value is not None) and self.status != "not_shown":
            expected = "a value" if self.status == "scored" else f"None, of what is {self.status}"
            raise InvalidValue("Answer.value", self.value, expected)


def _answers(values: Iterable[Answer]) -> tuple[Answer, ...]:
    return _checks.items("Response.answers", values)


def _links(values: Iterable[str]) -> tuple[str, ...]:
    found = _checks.items("Response.tags", values)
    _CODES.require("Response.tags", found)
    return tuple(sorted(set(found)))


@tagged("feedback.Response")
@attrs.frozen(kw_only=True, weakref_slot=False)
class Response:
    """What somebody answered: an entry, immutable and idempotent by id.

    A submission that grows, or is corrected, comes in again as a higher revision: a new entry, and the old one stays.
    `latest_responses` gives the one that counts.

    Attributes:
        submission: Id of the submission in the system that it came from.
        survey: Id of the survey.
        version: Of the survey.
        at: When this revision was handed in, or last touched where it was not.
        submitted: Whether it was handed in; one that was not is partial, or only started.
        program: `relational` or `transactional`, as the survey was; None where nobody said.
        took: How long it took to answer, where that is known.
        revision: 1, 2, ...; the highest one of a submission counts.
        answers: One for each question.
        source: The system that it came from, where there are several.
        contact: Id of the customer who answered; None is anonymous.
        account: Id of the organization that they answered for.
        role: What they are there, such as `decision maker`.
        channel: Such as `email`.
        language: Such as `de`.
        invitation: Id of the invitation that was answered.
        touchpoint: What they were asked about, such as `delivery`.
        touched_at: When that was.
        stage: Of the customer's journey.
        wave: Of a survey that is repeated, such as `2026-Q1`.
        about: Id of what it is about, such as a case or a purchase.
        excluded: Why it counts in no reading; None lets it count.
        tags: Sorted words.
        fact_schema: The facts of every response.

    Raises:
        InvalidValue: For two answers to one question, a wrong type or a naive datetime.

    Example:
        >>> from datetime import UTC, datetime
        >>> at = datetime(2026, 5, 1, tzinfo=UTC)
        >>> response = Response(submission="s1", survey="nps", at=at, answers=(Answer("q1", 9),), contact="c1")
        >>> response.id, response.answer("q1").value, response.answer("q2")
        ('s1:1', 9, None)

    .. versionadded:: 0.1.0
    """

    submission: str = attrs.field(validator=_checks.text)
    survey: str = attrs.field(validator=_checks.text)
    version: int = attrs.field(default=1, validator=_checks.whole(least=1))
    at: datetime = attrs.field(validator=_checks.instant, eq=moment)
    submitted: bool = attrs.field(default=True, validator=_checks.flag)
    program: str | None = attrs.field(default=None, validator=_checks.optional(_checks.one_of(*PROGRAMS)))
    took: timedelta | None = attrs.field(default=None, validator=_checks.optional(_checks.elapsed))
    revision: int = attrs.field(default=1, validator=_checks.whole(least=1))
    answers: tuple[Answer, ...] = attrs.field(
        default=(),
        converter=_answers,
        validator=[_checks.each(_checks.a(Answer)), _checks.unique("question")],
    )
    source: str | None = attrs.field(default=None, validator=_TEXT_OR_NONE)
    contact: str | None = attrs.field(default=None, validator=_TEXT_OR_NONE)
    account: str | None = attrs.field(default=None, validator=_TEXT_OR_NONE)
    role: str | None = attrs.field(default=None, validator=_TEXT_OR_NONE)
    channel: str | None = attrs.field(default=None, validator=_TEXT_OR_NONE)
    language: str | None = attrs.field(default=None, validator=_TEXT_OR_NONE)
    invitation: str | None = attrs.field(default=None, validator=_TEXT_OR_NONE)
    touchpoint: str | None = attrs.field(default=None, validator=_TEXT_OR_NONE)
    touched_at: datetime | None = attrs.field(
        default=None, validator=_checks.optional(_checks.instant), eq=moment_or_none
    )
    stage: str | None = attrs.field(default=None, validator=_TEXT_OR_NONE)
    wave: str | None = attrs.field(default=None, validator=_TEXT_OR_NONE)
    about: str | None = attrs.field(default=None, validator=_TEXT_OR_NONE)
    excluded: str | None = attrs.field(default=None, validator=_TEXT_OR_NONE)
    tags: tuple[str, ...] = attrs.field(default=(), converter=_links)

    fact_schema: ClassVar[FactSchema] = FactSchema(
        {
            "account": str,
            "at": datetime,
            "contact": str,
            "customer": str,
            "id": str,
            "kind": str,
            "response.about": str,
            "response.channel": str,
            "response.excluded": str,
            "response.invitation": str,
            "response.language": str,
            "response.revision": int,
            "response.role": str,
            "response.source": str,
            "response.stage": str,
            "response.submission": str,
            "response.submitted": bool,
            "response.tags": tuple,
            "response.touchpoint": str,
            "response.touched_at": datetime,
            "response.wave": str,
            "survey.id": str,
            "survey.program": str,
            "survey.version": int,
        },
        open=("answer.",),
    )

    @property
    def id(self) -> str:
        """Of this revision: source, submission and revision in one text."""
        parts = [part.replace("%", "%25").replace(":", "%3A") for part in (self.source, self.submission) if part]
        return ":".join([*parts, str(self.revision)])

    @property
    def subject(self) -> str | None:
        """Who answered, or whom they answered for."""
        return self.contact or self.account

    def answer(self, question: str) -> Answer | None:
        """The answer to a question; None where the response says nothing of it.

        .. versionadded:: 0.1.0
        """
        for answer in self.answers:
            if answer.question == question:
                return answer
        return None

    def redacted(self) -> Response:
        """The same response without the person: no contact, account, invitation, what it is about, or written texts.

        Scores, codes of choices, dates and tags stay, and a text that was given stays one that was given (`redacted`),
        so every count stays the same.

        .. versionadded:: 0.1.0
        """
        answers = tuple([_without_text(answer) for answer in self.answers])
        return attrs.evolve(self, answers=answers, contact=None, account=None, invitation=None, about=None)

    def facts(self) -> dict[str, Any]:
        """What rules may ask about, by stable names; `answer.<question>` is the value of an answer that was shown.

        .. versionadded:: 0.1.0
        """
        return {
            "kind": "response",
            "id": self.id,
            "at": self.at,
            "customer": self.subject,
            "contact": self.contact,
            "account": self.account,
            "survey.id": self.survey,
            "survey.program": self.program,
            "survey.version": self.version,
            "response.about": self.about,
            "response.channel": self.channel,
            "response.excluded": self.excluded,
            "response.invitation": self.invitation,
            "response.language": self.language,
            "response.revision": self.revision,
            "response.role": self.role,
            "response.source": self.source,
            "response.stage": self.stage,
            "response.submission": self.submission,
            "response.submitted": self.submitted,
            "response.tags": self.tags,
            "response.touchpoint": self.touchpoint,
            "response.touched_at": self.touched_at,
            "response.wave": self.wave,
            **{f"answer.{answer.question}": answer.value for answer in self.answers if answer.status != "not_shown"},
        }

    def __str__(self) -> str:
        told = ", ".join([f"{answer.question} {answer.value}" for answer in self.answers if answer.value is not None])
        return f"{self.id} to {self.survey}: {told or 'nothing'}"


_RESPONSE = _checks.a(Response)


def _without_text(answer: Answer) -> Answer:
    is_text = isinstance(answer.value, str) and not answer.is_code
    return attrs.evolve(answer, value="redacted") if is_text else answer


def latest_responses(responses: Iterable[Response]) -> tuple[Response, ...]:
    """The highest revision of each submission, in the order in which the submissions first came.

    What comes twice, or in another order, changes nothing but that order.

    Raises:
        Conflict: For one revision of one submission with two contents.

    Example:
        >>> from datetime import UTC, datetime
        >>> at = datetime(2026, 5, 1, tzinfo=UTC)
        >>> one = Response(submission="s1", survey="nps", at=at, answers=(Answer("q1", 3),))
        >>> two = Response(submission="s1", survey="nps", at=at, answers=(Answer("q1", 9),), revision=2)
        >>> [response.answer("q1").value for response in latest_responses([two, one, two])]
        [9]

    .. versionadded:: 0.1.0
    """
    found: dict[tuple[str | None, str], Response] = {}
    seen: dict[str, Response] = {}
    for place, response in enumerate(_checks.items("latest_responses.responses", responses)):
        _RESPONSE.require(f"latest_responses.responses[{place}]", response)
        known = seen.setdefault(response.id, response)
        if known is not response and known != response:
            raise Conflict(response.id, known, response)
        key = (response.source, response.submission)
        if key not in found or found[key].revision < response.revision:
            found[key] = response
    return tuple(found.values())
