"""Responses that must be acted on: a signal for each, once, with what a follow-up needs.

Theory of operation
===================

A signal is named by what it is about and not by when it was found: by the rule and the submission. So the same
responses give the same ids, whatever their order and however often they come; a later revision of the submission or a
later version of the rule has the same id too, and is left out where the id was seen. Nothing is kept here: the caller
keeps the ids (of the cases that were opened, for instance) and gives them back.

A rule that speaks once for each contact names its signals by the rule and the contact instead, and looks at the oldest
response first, so that the answer does not depend on the order of arrival.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

import attrs

from relex import _checks
from relex._instants import moment, moment_or_none
from relex.codec import tagged
from relex.errors import InvalidValue
from relex.feedback._loop_rules import GIVEN, LoopRule, loop_rules
from relex.feedback._metric import Metric
from relex.feedback._responses import Answer, Response, latest_responses
from relex.rules import compile_rule

if TYPE_CHECKING:
    from collections.abc import Iterable

    from relex.rules import Predicate

__all__ = ["Signal", "signals"]

_TEXT_OR_NONE = _checks.optional(_checks.text)
_FACTS = _checks.Check("a mapping from ids of customers to their facts", lambda value: isinstance(value, Mapping))


@tagged("feedback.Signal")
@attrs.frozen(kw_only=True, weakref_slot=False)
class Signal:
    """A response that must be acted on; made by `signals`. A follow-up is a case that was opened from it.

    Attributes:
        id: The same whenever the same rule meets the same submission; of a rule that speaks once for each contact, the
            same for all responses of the contact.
        rule: Name of the rule.
        rule_version: Of the rule.
        response: Id of the response, with its revision.
        survey: Id of the survey.
        at: When the response was given.
        account: Id of the organization that was answered for.
        contact: Id of the customer who answered.
        priority: As the rule says.
        due: By when somebody should act; None where the rule has no target.
        score: What was answered; None without a score.
        band: What the metric calls it.
        about: Id of what was asked about, such as a case or a purchase.
        touchpoint: Which experience was asked about.

    .. versionadded:: 0.1.0
    """

    id: str = attrs.field(validator=_checks.text)
    rule: str = attrs.field(validator=_checks.text)
    rule_version: int = attrs.field(default=1, validator=_checks.whole(least=1))
    response: str = attrs.field(validator=_checks.text)
    survey: str = attrs.field(validator=_checks.text)
    at: datetime = attrs.field(validator=_checks.instant, eq=moment)
    account: str | None = attrs.field(default=None, validator=_TEXT_OR_NONE)
    contact: str | None = attrs.field(default=None, validator=_TEXT_OR_NONE)
    priority: str | None = attrs.field(default=None, validator=_TEXT_OR_NONE)
    due: datetime | None = attrs.field(default=None, validator=_checks.optional(_checks.instant), eq=moment_or_none)
    score: int | None = attrs.field(default=None, validator=_checks.optional(_checks.whole()))
    band: str | None = attrs.field(default=None, validator=_TEXT_OR_NONE)
    about: str | None = attrs.field(default=None, validator=_TEXT_OR_NONE)
    touchpoint: str | None = attrs.field(default=None, validator=_TEXT_OR_NONE)

    @property
    def source(self) -> str:
        """What a case is opened for: the id."""
        return self.id

    @property
    def customer(self) -> str | None:
        """Whose case it is: the organization, or the person where there is none."""
        return self.account or self.contact

    @property
    def subject(self) -> str:
        """For people: the rule, and the score with its band."""
        band = f" ({self.band})" if self.band is not None and self.band != self.rule else ""
        return self.rule if self.score is None else f"{self.rule}: {self.score}{band}"

    def facts(self) -> dict[str, Any]:
        """What rules may ask about, such as who gets the follow-up.

        .. versionadded:: 0.1.0
        """
        return {
            "kind": "signal",
            "id": self.id,
            "at": self.at,
            "customer": self.customer,
            "account": self.account,
            "contact": self.contact,
            "survey.id": self.survey,
            "response.id": self.response,
            "response.about": self.about,
            "response.touchpoint": self.touchpoint,
            "signal.rule": self.rule,
            "signal.priority": self.priority,
            "signal.due": self.due,
            "score": self.score,
            "band": self.band,
        }

    def __str__(self) -> str:
        due = f", due {self.due.isoformat()}" if self.due is not None else ""
        return f"{self.id}: {self.subject} by {self.contact or self.account or 'somebody'}{due}"


@attrs.frozen
class _Listening:
    """Where a response says what the rules ask."""

    metric: Metric | None
    question: str | None
    comment: str | None
    follow_up: str | None
    reason: str | None
    facts: Mapping[str, Mapping[str, Any]]

    @property
    def unknown(self) -> frozenset[str]:
        """The facts that no question was named for."""
        asked = {
            "score": self.metric,
            "band": self.metric and self.metric.bands,
            "comment.present": self.comment,
            "follow_up.requested": self.follow_up,
            "reason": self.reason,
        }
        return frozenset([name for name, told in asked.items() if not told])

    def score(self, response: Response) -> int | None:
        """The score that was given.

        Raises:
            InvalidValue: For one that is not on the scale.
        """
        score = _value(response, self.question)
        if score is not None:
            self.metric.scale.require(f"{response.id}.{self.question}", score)  # type: ignore[union-attr]  # both or none
        return score  # type: ignore[no-any-return]  # the scale holds it

    def heard(self, response: Response, score: int | None) -> dict[str, Any]:
        """Everything that rules may ask about a response."""
        return {
            **response.facts(),
            **self.facts.get(response.account or "", {}),
            **self.facts.get(response.contact or "", {}),
            "score": score,
            "band": self.metric.band(score) if self.metric is not None and score is not None else None,
            "comment.present": None if self.comment is None else _is_told(_value(response, self.comment)),
            "follow_up.requested": _wish(response, self.follow_up),
            "reason": _value(response, self.reason),
        }


def signals(  # noqa: PLR0913 - each fact that rules may ask has its question
    responses: Iterable[Response],
    rules: Iterable[LoopRule],
    seen: Iterable[Signal | str] = (),
    *,
    metric: Metric | None = None,
    question: str | None = None,
    comment: str | None = None,
    follow_up: str | None = None,
    reason: str | None = None,
    facts: Mapping[str, Mapping[str, Any]] | None = None,
) -> tuple[Signal, ...]:
    """What must be acted on: one signal for each rule and submission, the oldest response first.

    Only the latest revision of a submission is looked at, and what is excluded never is. A response that is partial
    counts; a rule may ask for `response.submitted`. What was given as `seen` is not given again, whatever was revised
    since in the response or in the rule; nor is a response judged again of which every rule has spoken.

    Args:
        responses: In any order, any of them twice.
        rules: No two of one name; a later version takes the place of the one before.
        seen: Signals that were given out, or their ids.
        metric: What bands and checks the score.
        question: Id of the question that has it.
        comment: Id of the question whose answer in words is `comment.present`.
        follow_up: Id of the question, answered by yes or no, whether somebody may get in touch: `follow_up.requested`.
        reason: Id of the question whose code, or codes, are `reason`.
        facts: What else is known of accounts and contacts, by their ids; each name begins with `account.` or
            `contact.`. Where both say the same name, the contact is right.

    Raises:
        InvalidValue: For two rules of one name, a rule about a fact that no question was named for, a metric without
            a question, a score off the scale, a wish that is neither True nor False, or another name of a fact.
        Conflict: For one revision of one submission with two contents.

    Example:
        >>> from datetime import UTC, timedelta
        >>> from relex.rules import field
        >>> at = datetime(2026, 5, 4, 9, tzinfo=UTC)
        >>> given = [("s1", "ann", 3), ("s2", "bob", 9)]
        >>> responses = [
        ...     Response(submission=id, survey="nps", at=at, contact=who, answers=(Answer("q1", score),))
        ...     for id, who, score in given
        ... ]
        >>> rule = LoopRule("detractor", field("band") == "detractor", target=timedelta(hours=48))
        >>> found = signals(responses, [rule], metric=Metric.nps(), question="q1")
        >>> print(*found)
        detractor:s1: detractor: 3 by ann, due 2026-05-06T09:00:00+00:00
        >>> signals(responses, [rule], seen=found, metric=Metric.nps(), question="q1")
        ()

    .. versionadded:: 0.1.0
    """
    told = _Listening(metric, question, comment, follow_up, reason, _given(facts))
    _require_questions(told)
    known = loop_rules("signals.rules", rules)
    for place, rule in enumerate(known):
        _require_told(f"signals.rules[{place}]", rule, told.unknown)
    tests = [(rule, compile_rule(rule.when)) for rule in known]
    gone, found = _ids(seen), []
    for response in sorted(latest_responses(responses), key=lambda each: (moment(each.at), each.id)):
        asked = [] if response.excluded is not None else _open(tests, response, gone)
        if not asked:
            continue
        score = told.score(response)
        heard = told.heard(response, score)
        for id_, rule, test in asked:
            if test(heard, response.at) is True:
                gone.add(id_)
                found.append(_signal(id_, rule, response, score, heard["band"]))
    return tuple(found)


def _open(
    tests: Iterable[tuple[LoopRule, Predicate]], response: Response, gone: set[str]
) -> list[tuple[str, LoopRule, Predicate]]:
    """The rules that have not spoken of a response yet, with what their signals would be called."""
    submission = response.id.rpartition(":")[0]
    named = [(_id(rule, response, submission), rule, test) for rule, test in tests if rule.is_active(response.at)]
    return [each for each in named if each[0] not in gone]


def _given(facts: object) -> Mapping[str, Mapping[str, Any]]:
    path = "signals.facts"
    if facts is None:
        return {}
    _FACTS.require(path, facts)
    for customer, named in facts.items():  # type: ignore[attr-defined]
        _FACTS.require(f"{path}[{customer}]", named)
        for name in named:
            if not isinstance(name, str) or not name.startswith(GIVEN):
                raise InvalidValue(f"{path}[{customer}]", name, "a name that begins with account. or contact.")
    return facts  # type: ignore[return-value]


def _require_questions(told: _Listening) -> None:
    _checks.optional(_checks.a(Metric)).require("signals.metric", told.metric)
    for name in ("question", "comment", "follow_up", "reason"):
        _TEXT_OR_NONE.require(f"signals.{name}", getattr(told, name))
    if (told.metric is None) is not (told.question is None):
        raise InvalidValue("signals.question", told.question, "a question together with its metric, or neither")


def _require_told(path: str, rule: LoopRule, unknown: frozenset[str]) -> None:
    """Raise for a rule that could never be True because nobody said where to look."""
    for name in sorted(unknown):
        if name in rule.when.names:
            raise InvalidValue(path, rule, f"no rule about {name}, or the question (and metric) that tells it")


def _ids(seen: Iterable[Signal | str]) -> set[str]:
    found = [each.id if isinstance(each, Signal) else each for each in _checks.items("signals.seen", seen)]
    for place, each in enumerate(found):
        _checks.text.require(f"signals.seen[{place}]", each)
    return set(found)


def _id(rule: LoopRule, response: Response, submission: str) -> str:
    """The rule and the submission; or the rule, nothing, and the contact."""
    name = _plain(rule.name)
    if rule.once_per == "contact" and response.contact is not None:
        return f"{name}::{_plain(response.contact)}"
    return f"{name}:{submission}"


def _plain(part: str) -> str:
    return part.replace("%", "%25").replace(":", "%3A")


def _signal(id_: str, rule: LoopRule, response: Response, score: int | None, band: str | None) -> Signal:
    return Signal(
        id=id_,
        rule=rule.name,
        rule_version=rule.version,
        response=response.id,
        survey=response.survey,
        at=response.at,
        account=response.account,
        contact=response.contact,
        priority=rule.priority,
        due=rule.due(response.at),
        score=score,
        band=band,
        about=response.about,
        touchpoint=response.touchpoint,
    )


def _answer(response: Response, question: str | None) -> Answer | None:
    """The answer to a question, where there is a value that counts."""
    found = None if question is None else response.answer(question)
    return found if found is not None and found.status == "scored" else None


def _value(response: Response, question: str | None) -> Any:
    found = _answer(response, question)
    return None if found is None else found.value


def _is_told(value: object) -> bool:
    return isinstance(value, str) and value.strip() != ""


def _wish(response: Response, question: str | None) -> bool | None:
    found = _value(response, question)
    if found is not None:
        _checks.flag.require(f"{response.id}.{question}", found)
    return found  # type: ignore[no-any-return]  # checked
