"""Where people stop answering, with the base of every rate, and how long those take who finish."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from fractions import Fraction
from typing import TYPE_CHECKING

import attrs

from relex import _checks, _html
from relex.errors import NotFound
from relex.feedback._paths import facts_of, quickly, shown_in
from relex.figures import Figure, quantile, ratio

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from relex.feedback._paths import Judge
    from relex.feedback._questions import Question
    from relex.feedback._responses import Response

__all__ = ["DropOff", "QuestionDropOff", "drop_off"]

_MICRO = timedelta(microseconds=1)
_SECOND = 1_000_000


@attrs.frozen(kw_only=True, weakref_slot=False)
class QuestionDropOff:
    """How many came to a question, and how many went no further.

    Attributes:
        question: Its id.
        impressions: How many paths showed it; of the first question the displays, where they are known.
        drops: How many unfinished responses stopped at it; of the first question also the displays without a response.

    .. versionadded:: 0.1.0
    """

    question: str
    impressions: int
    drops: int

    @property
    def rate(self) -> Figure:
        """Drops by impressions of this question."""
        return ratio(self.drops, self.impressions, method="drops / impressions").as_percent()


@attrs.frozen(kw_only=True, weakref_slot=False)
class DropOff:
    """What became of those who saw a survey; made by `Survey.drop_off`.

    Attributes:
        questions: One row for each question, in order.
        displays: How often the survey was shown; None where nobody said.
        responses: How many responses there are.
        finished: How many of them were submitted.
        times: How long the finished ones took that say it, the shortest first.

    .. versionadded:: 0.1.0
    """

    questions: tuple[QuestionDropOff, ...]
    displays: int | None
    responses: int
    finished: int
    times: tuple[timedelta, ...] = attrs.field(repr=False)

    @property
    def start_rate(self) -> Figure:
        """Responses by displays, in percent; None without displays."""
        return self._of_displays(self.responses, "responses / displays")

    @property
    def completion_rate(self) -> Figure:
        """Finished responses by displays, in percent; None without displays."""
        return self._of_displays(self.finished, "finished / displays")

    @property
    def drop_off_rate(self) -> Figure:
        """Responses that were not finished by responses, in percent; None without responses."""
        method = "(responses - finished) / responses"
        return ratio(self.responses - self.finished, self.responses, method=method).as_percent()

    @property
    def mean_time(self) -> Figure:
        """The mean time of finished responses, in seconds, exact; None where no time is known."""
        return self._time("mean", lambda found: sum(found, Fraction(0)) / len(found))

    @property
    def median_time(self) -> Figure:
        """The median time of finished responses, in seconds, exact; None where no time is known."""
        return self._time("median", lambda found: quantile(found, Fraction(1, 2)))

    def question(self, question: str) -> QuestionDropOff:
        """The row of a question.

        Raises:
            NotFound: If there is none.

        .. versionadded:: 0.1.0
        """
        for row in self.questions:
            if row.question == question:
                return row
        raise NotFound("question", question)

    def _of_displays(self, count: int, method: str) -> Figure:
        if self.displays is None:
            return Figure(None, "percent", method=method, numerator=count, reason="no_displays")
        return ratio(count, self.displays, method=method).as_percent()

    def _time(self, name: str, of: Callable[[list[Fraction]], Fraction]) -> Figure:
        seconds = [Fraction(time // _MICRO, _SECOND) for time in self.times]
        parts = {"finished": self.finished, "timed": len(seconds)}
        method = f"{name} over finished responses whose time is known"
        if not seconds:
            return Figure(None, "seconds", method=method, parts=parts, reason="no_times")
        return Figure(of(seconds), "seconds", method=method, parts=parts)

    def __str__(self) -> str:
        shown = "" if self.displays is None else f"{self.displays} displays, "
        return f"{shown}{self.responses} responses, {self.finished} finished"

    def _repr_html_(self) -> str:
        rows = [(row.question, row.impressions, row.drops, row.rate) for row in self.questions]
        return _html.table(str(self), ("question", "impressions", "drops", "drops by impressions"), rows)


def drop_off(questions: Sequence[Question], responses: Sequence[Response], displays: int | None) -> DropOff:
    """Count what was reached, and where the unfinished ones stopped."""
    least = len(responses)
    _checks.optional(_checks.whole(least=least)).require("drop_off.displays", displays)
    judge, reached, drops = quickly(), Counter[str](), Counter[str]()
    for response in responses:
        shown = _reached(questions, response, judge)
        reached.update(shown)
        if not response.submitted and shown:
            drops[shown[-1]] += 1
    if displays is not None and questions:
        reached[questions[0].id] = displays
        drops[questions[0].id] += displays - least
    rows = [QuestionDropOff(question=each.id, impressions=reached[each.id], drops=drops[each.id]) for each in questions]
    finished = [response for response in responses if response.submitted]
    times = sorted([response.took for response in finished if response.took is not None])
    return DropOff(
        questions=tuple(rows), displays=displays, responses=least, finished=len(finished), times=tuple(times)
    )


def _reached(questions: Sequence[Question], response: Response, judge: Judge) -> list[str]:
    """The questions that were shown; of an unfinished response up to the first one behind all that were touched."""
    shown = shown_in(questions, response, facts_of(response, None), judge)
    if response.submitted:
        return shown
    touched = {answer.question for answer in response.answers if answer.status != "not_shown"}
    last = max([place for place, name in enumerate(shown) if name in touched], default=-1)
    return shown[: last + 2]
