"""What texts are about, how they feel, and what was found in them."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from relex import _checks
from relex.feedback import Enrichment, KeywordTopics, Sentiment, Topic, TopicWords
from relex.testing.strategies._basics import decimals, either, ids, texts, words

if TYPE_CHECKING:
    from collections.abc import Callable

    from hypothesis.strategies import SearchStrategy

__all__ = ["STORED", "enrichments", "feedback_topics", "keyword_topics", "sentiments", "topic_words"]

_LABELS = ("neutral", "mixed", "negative", "positive", "very_negative", "very_positive")
_NAMES = ("delivery", "staff", "price", "品質")
_VALUES: SearchStrategy[Any] = (
    st.integers(-1, 1)
    | decimals(min_value=Decimal(-1), max_value=Decimal(1), places=3)
    | st.fractions(Fraction(-1), Fraction(1), max_denominator=1000)
)
_TAGGERS = st.tuples(words(), st.integers(1, 9)).map(lambda pair: f"{pair[0]} {pair[1]}")


def feedback_topics(*, name: str | SearchStrategy[str] | None = None) -> SearchStrategy[Topic]:
    """Topics of one or two levels; shrinks to one level.

    Args:
        name: Of the first level, or what names are drawn from.

    Raises:
        InvalidValue: For an empty name.

    .. versionadded:: 0.1.0
    """
    found = either("feedback_topics.name", name, _checks.text, st.sampled_from(_NAMES) | words())
    return st.builds(Topic, found, st.none() | words())


def topic_words() -> SearchStrategy[TopicWords]:
    """The words that stand for a topic; shrinks to one word.

    .. versionadded:: 0.1.0
    """
    return st.builds(TopicWords, feedback_topics(), st.lists(words(), min_size=1, max_size=3))


def keyword_topics() -> SearchStrategy[KeywordTopics]:
    """Taggers by words; shrinks to one without topics.

    .. versionadded:: 0.1.0
    """
    topics = st.lists(topic_words(), max_size=3, unique_by=lambda each: each.topic)
    return st.builds(
        KeywordTopics, topics, boundary=st.just(True) | st.booleans(), name=words(), version=st.integers(1, 9)
    )


def sentiments(*, label: str | SearchStrategy[str] | None = None) -> SearchStrategy[Sentiment]:
    """How texts feel; shrinks to neutral.

    Args:
        label: The label, or what labels are drawn from.

    Raises:
        InvalidValue: For another label.

    .. versionadded:: 0.1.0
    """
    found = either("sentiments.label", label, _checks.one_of(*_LABELS), st.sampled_from(_LABELS))
    return st.builds(Sentiment, found, _VALUES)


def enrichments(*, response: str | SearchStrategy[str] | None = None) -> SearchStrategy[Enrichment]:
    """What a tagger, and perhaps a scorer, found in an answer; shrinks to nothing found.

    Args:
        response: Id of the response, or what ids are drawn from.

    Raises:
        InvalidValue: For an empty id.

    .. versionadded:: 0.1.0
    """
    of = either("enrichments.response", response, _checks.text, ids())
    common = {
        "response": of,
        "question": words(),
        "tagger": _TAGGERS,
        "topics": st.lists(feedback_topics(), max_size=3),
    }
    return (
        st.builds(Enrichment, **common, reason=st.just("no_scorer"))
        | st.builds(Enrichment, **common, scorer=_TAGGERS, reason=st.just("undecided") | texts())
        | st.builds(Enrichment, **common, scorer=_TAGGERS, sentiment=sentiments())
    )


STORED: dict[type, Callable[[], SearchStrategy[Any]]] = {
    Enrichment: enrichments,
    KeywordTopics: keyword_topics,
    Sentiment: sentiments,
    Topic: feedback_topics,
    TopicWords: topic_words,
}
"""The strategy of every value of texts that has a stored form."""
