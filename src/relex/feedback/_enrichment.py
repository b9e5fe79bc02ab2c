"""What was found in the texts of responses, kept beside them; the responses stay as they are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs

from relex import _checks
from relex.codec import tagged
from relex.errors import InvalidValue
from relex.feedback._responses import Response
from relex.feedback._sentiment import Sentiment, SentimentScorer
from relex.feedback._topics import Topic, TopicTagger

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["Enrichment", "enrich", "texts_of"]

_RESPONSE = _checks.a(Response)
_TEXT_OR_NONE = _checks.optional(_checks.text)
_TOPICS = _checks.each(_checks.a(Topic))
_TAGGER = _checks.a(TopicTagger)
_SCORER = _checks.optional(_checks.a(SentimentScorer))
_SENTIMENT = _checks.optional(_checks.a(Sentiment))


def _found(values: Iterable[Topic]) -> tuple[Topic, ...]:
    return tuple(dict.fromkeys(_checks.items("Enrichment.topics", values)))


@tagged("feedback.Enrichment")
@attrs.frozen(kw_only=True, weakref_slot=False)
class Enrichment:
    """What one tagger, and perhaps one scorer, found in one answer.

    Attributes:
        response: Id of the response, with its revision.
        question: Id of the question whose answer is the text.
        tagger: Name and version of the tagger, such as `keywords 2`.
        topics: What the text is about, none of them twice.
        scorer: Name and version of the scorer; None without one.
        sentiment: How the text feels; None with a reason.
        reason: Why there is no sentiment: `no_scorer`, or `undecided` where the scorer could not tell.

    Raises:
        InvalidValue: For a sentiment with a reason, or neither.

    .. versionadded:: 0.1.0
    """

    response: str = attrs.field(validator=_checks.text)
    question: str = attrs.field(validator=_checks.text)
    tagger: str = attrs.field(validator=_checks.text)
    topics: tuple[Topic, ...] = attrs.field(default=(), converter=_found, validator=_TOPICS)
    scorer: str | None = attrs.field(default=None, validator=_TEXT_OR_NONE)
    sentiment: Sentiment | None = attrs.field(default=None, validator=_SENTIMENT)
    reason: str | None = attrs.field(default=None, validator=_TEXT_OR_NONE)

    def __attrs_post_init__(self) -> None:
        """Check that what is missing has a reason."""
        if (self.sentiment is None) is not (self.reason is not None):
            raise InvalidValue("Enrichment.reason", self.reason, "a reason where there is no sentiment, and else none")

    def facts(self) -> dict[str, Any]:
        """What rules may ask about, beside the facts of the response: names of topics and the sentiment.

        .. versionadded:: 0.1.0
        """
        return {
            "topic.names": tuple(dict.fromkeys([topic.name for topic in self.topics])),
            "topic.details": tuple([str(topic) for topic in self.topics if topic.detail is not None]),
            "sentiment.label": None if self.sentiment is None else self.sentiment.label,
            "sentiment.sign": None if self.sentiment is None else self.sentiment.sign,
        }

    def __str__(self) -> str:
        about = ", ".join(map(str, self.topics)) or "no topic"
        return f"{self.response}: {about}; {self.reason if self.sentiment is None else self.sentiment}"


def enrich(
    responses: Iterable[Response], tagger: TopicTagger, scorer: SentimentScorer | None = None, *, question: str
) -> tuple[Enrichment, ...]:
    """What a tagger and a scorer find in the answers to one question; one for each response that has a text there.

    Args:
        responses: In any order; `latest_responses(...)` where revisions may be among them. The excluded are left out.
        tagger: Finds topics.
        scorer: Judges how the text feels; without one no sentiment is guessed.
        question: Id of the question that asks for a text.

    Raises:
        InvalidValue: For an answer that is no text, what is no response, tagger or scorer, or one of these that
            answers with something else than topics or a sentiment.

    Example:
        >>> from datetime import UTC, datetime
        >>> from relex.feedback import Answer, KeywordTopics
        >>> at = datetime(2026, 5, 1, tzinfo=UTC)
        >>> response = Response(submission="s1", survey="nps", at=at, answers=(Answer("q2", "Late delivery"),))
        >>> print(enrich([response], KeywordTopics({"delivery": ["delivery"]}), question="q2")[0])
        s1:1: delivery; no_scorer

    .. versionadded:: 0.1.0
    """
    _TAGGER.require("enrich.tagger", tagger)
    _SCORER.require("enrich.scorer", scorer)
    made = []
    for response, text in texts_of("enrich", responses, question):
        sentiment = None if scorer is None else scorer.score(text, response.language)
        missing = "no_scorer" if scorer is None else "undecided"
        made.append(
            Enrichment(
                response=response.id,
                question=question,
                tagger=f"{tagger.name} {tagger.version}",
                topics=tagger.tag(text, response.language),
                scorer=None if scorer is None else f"{scorer.name} {scorer.version}",
                sentiment=sentiment,
                reason=missing if sentiment is None else None,
            )
        )
    return tuple(made)


def texts_of(path: str, responses: Iterable[Response], question: str) -> list[tuple[Response, str]]:
    """The responses that count and have a text for an answer, with it."""
    _checks.text.require(f"{path}.question", question)
    found = []
    for place, response in enumerate(_checks.items(f"{path}.responses", responses)):
        _RESPONSE.require(f"{path}.responses[{place}]", response)
        answer = response.answer(question)
        if response.excluded is None and answer is not None and answer.status == "scored":
            if not isinstance(answer.value, str) or answer.is_code:
                raise InvalidValue(f"{path}.responses[{place}]", answer.value, f"a text as the answer to {question}")
            found.append((response, answer.value))
    return found
