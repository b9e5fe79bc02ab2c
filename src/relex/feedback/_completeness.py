"""How much of a response there is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from relex.feedback._paths import shown_in

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from relex.feedback._paths import Judge
    from relex.feedback._questions import Question
    from relex.feedback._responses import Response

__all__ = ["completeness"]


def completeness(questions: Sequence[Question], response: Response, facts: Mapping[str, Any], judge: Judge) -> str:
    """The word for it: complete, partial or started."""
    if response.submitted and not _lacks(questions, response, facts, judge):
        return "complete"
    return "partial" if any(answer.status == "scored" for answer in response.answers) else "started"


def _lacks(questions: Sequence[Question], response: Response, facts: Mapping[str, Any], judge: Judge) -> bool:
    """Whether a required question was shown and not answered; the path is walked only where nothing was noted."""
    required = [question.id for question in questions if question.required]
    noted = {answer.question: answer.status for answer in response.answers}
    if any(noted.get(name, "scored") not in {"scored", "not_shown"} for name in required):
        return True
    silent = [name for name in required if name not in noted]
    return bool(silent) and not set(silent).isdisjoint(shown_in(questions, response, facts, judge))
