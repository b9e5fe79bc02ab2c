"""Which questions are shown, and why: one walk over the questions, in their order.

Theory of operation: the walk goes through the questions once, from the first to the last. A question that a jump passes
over is not looked at; one whose rule is not True (False, or unknown) is hidden. Of a question that is shown, the answer
becomes a fact, and then its jumps are judged. So a rule sees only answers that were given to shown questions before it,
and since a survey takes no rule that looks further and no jump that goes back, the walk ends, visits no question twice,
and an answer to a later question changes nothing of what was shown before it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeAlias

import attrs

from relex import _checks, _html
from relex.errors import InvalidValue
from relex.feedback._questions import END, KINDS, Question
from relex.feedback._responses import Response
from relex.rules import FactSchema, Verdict, compile_rule, evaluate

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterator, Sequence

    from relex.rules import Facts, Predicate, Rule

__all__ = ["Judge", "SurveyPath", "explained", "facts_of", "quickly", "rule_problems", "shown_ids", "shown_in"]

Judge: TypeAlias = "Callable[[Question, Rule, Facts], bool | None]"
"""What says whether a rule of a question is True."""

_ANSWER = "answer."
_EMPTY: tuple[object, ...] = (None, "", ())
_FACTS = _checks.optional(_checks.Check("a mapping of facts by name", lambda value: isinstance(value, Mapping)))
_ANSWERS = _checks.Check(
    "a Response, or a mapping from question ids to answers", lambda value: isinstance(value, (Response, Mapping))
)


@attrs.frozen(kw_only=True, weakref_slot=False)
class SurveyPath:
    """The questions that are shown, as far as the answers so far decide it; made by `Survey.path`.

    Attributes:
        shown: Ids of the questions on the path, in order, those to come included.
        next: Id of the first shown question that still waits: it was not left empty either, unless it is required;
            None where nothing waits.
        off_path: Ids of questions that have an answer and are not on the path.
        verdicts: For each question with a rule that was judged, its id and the verdict of `when`.
        jumps: For each jump that was made, the ids of the question and of its target, and the verdict of its rule.

    .. versionadded:: 0.1.0
    """

    shown: tuple[str, ...]
    next: str | None
    off_path: tuple[str, ...] = ()
    verdicts: tuple[tuple[str, Verdict], ...] = ()
    jumps: tuple[tuple[str, str, Verdict], ...] = ()

    def verdict(self, question: str) -> Verdict | None:
        """Why a question is shown or hidden; None where it has no rule, or was passed over.

        .. versionadded:: 0.1.0
        """
        return dict(self.verdicts).get(question)

    def __str__(self) -> str:
        return f"{' > '.join(self.shown) or 'nothing'} (next: {self.next or 'nothing'})"

    def _repr_html_(self) -> str:
        hidden = [(name, "no", verdict) for name, verdict in self.verdicts if name not in self.shown]
        rows = [*((name, "yes", self.verdict(name)) for name in self.shown), *hidden]
        rows += [(f"{name} to {to}", "jump", verdict) for name, to, verdict in self.jumps]
        return _html.table(str(self), ("question", "shown", "because"), rows)


def shown_ids(
    questions: Sequence[Question],
    values: Mapping[str, Any],
    facts: Mapping[str, Any],
    judge: Judge,
    seen: Container[str] = (),
) -> list[str]:
    """The walk: ids of the questions that are shown, in order; of those in `seen` it is known that they were."""
    known, shown, target = dict(facts), [], None
    for question in questions:
        if target not in {None, question.id}:
            continue
        target = None
        if not (question.when is None or question.id in seen or judge(question, question.when, known) is True):
            continue
        shown.append(question.id)
        value = values.get(question.id)
        if value is not None:
            known[_ANSWER + question.id] = value
            target = next((jump.to for jump in question.skip_to if judge(question, jump.when, known) is True), None)
        if target == END:
            break
    return shown


def quickly() -> Judge:
    """A judge for many responses: each rule is compiled once."""
    compiled: dict[int, Predicate] = {}

    def judge(_question: Question, rule: Rule, facts: Facts) -> bool | None:
        found = compiled.get(id(rule)) or compiled.setdefault(id(rule), compile_rule(rule))
        return found(facts)

    return judge


def explained(questions: Sequence[Question], answers: object, facts: object) -> SurveyPath:
    """The path, with every verdict."""
    values, seen = _answered(questions, answers)
    verdicts: list[tuple[str, Verdict]] = []
    jumps: list[tuple[str, str, Verdict]] = []

    def judge(question: Question, rule: Rule, known: Facts) -> bool | None:
        found = evaluate(rule, known)
        if rule is question.when and question.id not in dict(verdicts):
            verdicts.append((question.id, found))
        elif found.answer is True:
            jumps.append((question.id, next(jump.to for jump in question.skip_to if jump.when is rule), found))
        return found.answer

    shown = shown_ids(questions, values, facts_of(answers, facts), judge)
    waiting = [each.id for each in questions if each.id in shown and _waits(each, values, seen)]
    return SurveyPath(
        shown=tuple(shown),
        next=waiting[0] if waiting else None,
        off_path=tuple([name for name in values if name not in shown]),
        verdicts=tuple(verdicts),
        jumps=tuple(jumps),
    )


def shown_in(questions: Sequence[Question], response: Response, facts: Mapping[str, Any], judge: Judge) -> list[str]:
    """Ids of the questions that were shown to who answered: what the response says was shown, was shown."""
    values = {answer.question: answer.value for answer in response.answers if answer.status == "scored"}
    seen = {answer.question for answer in response.answers if answer.status != "not_shown"}
    return shown_ids(questions, values, facts, judge, seen)


def _waits(question: Question, values: Mapping[str, Any], seen: set[str]) -> bool:
    return question.id not in values and (question.required or question.id not in seen)


def _answered(questions: Sequence[Question], answers: object) -> tuple[dict[str, Any], set[str]]:
    """The values that were given, in the order of the questions, and the ids that were answered or left empty.

    Raises:
        InvalidValue: For an answer to a question that there is not.
    """
    _ANSWERS.require("path.answers", answers)
    given = _given(answers)
    known = [question.id for question in questions]
    for name in given:
        if name not in known:
            raise InvalidValue("path.answers", name, f"one of {', '.join(known)}")
    values = {name: given[name] for name in known if name in given and given[name] not in _EMPTY}
    return values, set(given)


def _given(answers: Any) -> Mapping[str, Any]:
    if isinstance(answers, Response):
        told = [each for each in answers.answers if each.value is not None or each.status != "not_shown"]
        return {each.question: each.value for each in told}
    found: Mapping[str, Any] = answers
    return found


def facts_of(answers: object, facts: object) -> dict[str, Any]:
    """What rules know beside the answers: what the response says of itself, and the facts of the invitation."""
    _FACTS.require("path.facts", facts)
    own = answers.facts() if isinstance(answers, Response) else {}
    told: Mapping[str, Any] = facts if isinstance(facts, Mapping) else {}
    return {name: value for name, value in {**own, **told}.items() if not name.startswith(_ANSWER)}


def rule_problems(questions: Sequence[Question]) -> Iterator[InvalidValue]:
    """Everything that keeps a path from going one way: rules that look ahead, and jumps that go back."""
    schema = FactSchema()
    ids = [question.id for question in questions]
    for place, question in enumerate(questions):
        path = f"questions[{question.id}]"
        if question.when is not None:
            yield from _looks_ahead(schema, question.when, f"{path}.when")
        schema = FactSchema({**dict(schema.facts), _ANSWER + question.id: KINDS[question.kind]})
        for number, jump in enumerate(question.skip_to):
            yield from _looks_ahead(schema, jump.when, f"{path}.skip_to[{number}].when")
            later = [*ids[place + 1 :], END]
            if jump.to not in later:
                yield InvalidValue(f"{path}.skip_to[{number}].to", jump.to, f"one of {', '.join(later)}")


def _looks_ahead(schema: FactSchema, rule: Rule, path: str) -> Iterator[InvalidValue]:
    """What a rule asks of answers that are not there yet, or in a way that does not suit them."""
    known = [name for name, _ in schema.facts]
    others = [name for name in sorted(rule.names) if name not in known]
    for name in others:
        if name.startswith(_ANSWER):
            told = ", ".join(known) or "there is none"
            yield InvalidValue(path, name, f"an answer that is given before ({told})")
    yield from attrs.evolve(schema, open=tuple(others)).problems(rule, path)
