"""Topics of texts, by the words of the caller, and what is kept beside a response."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

import attrs
import pytest

from relex.errors import InvalidValue, NotFound
from relex.feedback import (
    Answer,
    Enrichment,
    KeywordTopics,
    Metric,
    Response,
    Sentiment,
    SentimentScorer,
    Topic,
    TopicTagger,
    TopicWords,
    enrich,
    topics,
)
from relex.rules import evaluate, field

NPS = Metric.nps()
STAFF = KeywordTopics(
    {"staff": ["staff", "driver"], Topic("delivery", "late"): ["late"], Topic("delivery", "lost"): ["lost"]}
)


@attrs.frozen
class Moods:
    """A scorer that knows three words."""

    name: str = "moods"
    version: str = "2026-05"

    def score(self, text: str, _language: str | None, /) -> Sentiment | None:
        """By the first word."""
        known = {"good": Sentiment("positive", Decimal("0.8")), "bad": Sentiment("very_negative", -1)}
        return Sentiment("mixed", 0) if text.startswith("so") else known.get(text.split(maxsplit=1)[0])


def said(number: int, score: int | None, text: str | None, **more: Any) -> Response:
    """One response."""
    return Response(
        submission=f"s{number}",
        survey="nps",
        at=datetime(2026, 5, 1, tzinfo=UTC),
        answers=(Answer("q1", score), Answer("q2", text)),
        **more,
    )


@pytest.mark.parametrize(
    ("words", "text", "found"),
    [
        pytest.param("late", "LATE again", True, id="case"),
        pytest.param("late", "translated", False, id="inside of a word"),
        pytest.param("late", "too late.", True, id="before a full stop"),
        pytest.param("customer service", "the Customer\n  Service was", True, id="words in a row"),
        pytest.param("café", "cafe\u0301", True, id="composed"),
        pytest.param("late", "ｌａｔｅ", True, id="full width"),
        pytest.param("straße", "STRASSE", True, id="folded"),
        pytest.param("c++", "we use C++ here", True, id="signs at the end"),
        pytest.param("$", "100$ too much", True, id="a sign"),
        pytest.param("a.b", "axb", False, id="no pattern"),
        pytest.param("क", "का समय", False, id="before a vowel sign"),
        pytest.param("का", "कान", False, id="vowel sign inside of a word"),
        pytest.param("सेवा", "खराब सेवा।", True, id="vowel signs"),
    ],
)
def test_words_are_found_as_people_mean_them(words: str, text: str, found: bool) -> None:
    """By NFKC and case folding, as whole words."""
    assert bool(KeywordTopics({"t": [words]}).tag(text)) is found


def test_without_boundaries_words_are_found_inside() -> None:
    """For languages that write no spaces."""
    tagger = KeywordTopics({"delivery": ["配送"]}, boundary=False)

    assert tagger.tag("昨日の配送が遅い", "ja") == (Topic("delivery"),)
    assert KeywordTopics({"delivery": ["配送"]}).tag("昨日の配送が遅い") == ()


def test_topics_come_in_the_order_of_the_definition() -> None:
    """Each once, whichever of its words are there."""
    assert STAFF.tag("late, lost, and the driver and staff") == (
        Topic("staff"),
        Topic("delivery", "late"),
        Topic("delivery", "lost"),
    )


def test_the_tagger_and_the_scorer_fit_their_protocols() -> None:
    """So that a caller's own can be checked the same way."""
    assert isinstance(STAFF, TopicTagger)
    assert isinstance(Moods(), SentimentScorer)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        pytest.param({"t": []}, "at least one word", id="no words"),
        pytest.param({"t": [" "]}, "a word or words", id="a blank"),
        pytest.param({"t": [5]}, "a word or words", id="a number"),
        pytest.param({"t": "late"}, "an iterable of items", id="one text"),
        pytest.param(
            [TopicWords(Topic("t"), ["a"]), TopicWords(Topic("t"), ["b"])], "two equal topics", id="a topic twice"
        ),
        pytest.param(["t"], "a TopicWords", id="no words of a topic"),
    ],
)
def test_which_words_are_refused(given: Any, message: str) -> None:
    """The message says what was allowed."""
    with pytest.raises(InvalidValue, match=message):
        KeywordTopics(given)


def test_only_texts_are_tagged() -> None:
    """Nothing else has words."""
    with pytest.raises(InvalidValue, match="a str"):
        STAFF.tag(5)  # type: ignore[arg-type]  # what is tested


@pytest.mark.parametrize(
    ("label", "value"), [("happy", 1), ("neutral", 2), ("neutral", 0.5), ("neutral", True)], ids=str
)
def test_which_sentiments_are_refused(label: str, value: Any) -> None:
    """Another label, a value outside -1 and 1, a float, a bool."""
    with pytest.raises(InvalidValue, match="Sentiment"):
        Sentiment(label, value)


def test_without_a_scorer_no_sentiment_is_guessed() -> None:
    """The reason says so, and the response stays as it is."""
    response = said(1, 3, "the staff")
    (found,) = enrich([response], STAFF, question="q2")

    assert (found.sentiment, found.reason, found.scorer, found.tagger) == (None, "no_scorer", None, "keywords 1")
    assert (found.response, str(found)) == ("s1:1", "s1:1: staff; no_scorer")
    assert response == said(1, 3, "the staff")


def test_a_scorer_may_not_know() -> None:
    """Then the reason is undecided."""
    found = enrich([said(1, 3, "good staff"), said(2, 3, "hm")], STAFF, Moods(), question="q2")

    assert [(each.scorer, each.reason) for each in found] == [("moods 2026-05", None), ("moods 2026-05", "undecided")]
    assert [str(each) for each in found] == ["s1:1: staff; positive (+0.80)", "s2:1: no topic; undecided"]


def test_responses_without_a_text_or_excluded_are_left_out() -> None:
    """There is nothing to find, or nobody asks."""
    given = [said(1, 3, None), said(2, 3, "staff", excluded="test")]

    assert enrich(given, STAFF, question="q2") == ()


@pytest.mark.parametrize(("who", "tagger", "scorer"), [("tagger", None, None), ("scorer", STAFF, STAFF)])
def test_what_neither_tags_nor_scores_is_refused(who: str, tagger: Any, scorer: Any) -> None:
    """Even where there is no text to read."""
    with pytest.raises(InvalidValue) as caught:
        enrich([], tagger, scorer, question="q2")

    assert caught.value.path == f"enrich.{who}"


@pytest.mark.parametrize("value", [5, ("a", "b")], ids=str)
def test_an_answer_that_is_no_text_is_refused(value: Any) -> None:
    """The question must ask for a text."""
    response = attrs.evolve(said(1, 3, "x"), answers=(Answer("q2", value),))

    with pytest.raises(InvalidValue, match="a text as the answer to q2"):
        enrich([response], STAFF, question="q2")


def test_a_chosen_code_is_no_text() -> None:
    """Its words are the survey's, not the customer's."""
    response = attrs.evolve(said(1, 3, "x"), answers=(Answer("q2", "late", is_code=True),))

    with pytest.raises(InvalidValue, match="a text as the answer to q2"):
        enrich([response], STAFF, question="q2")


def test_a_sentiment_has_no_reason_and_none_has_one() -> None:
    """One of the two, always."""
    with pytest.raises(InvalidValue, match="a reason where there is no sentiment"):
        Enrichment(response="s1:1", question="q2", tagger="t 1")


GIVEN = [
    said(1, 2, "bad late and lost"),
    said(2, 10, "good staff"),
    said(3, 9, "so late, staff ok"),
    said(4, 7, "nothing to say"),
    said(5, None, "late"),
    said(6, 6, None),
]


def test_details_of_a_topic_are_one_topic_at_the_first_level() -> None:
    """A response that mentions two of them counts once."""
    found = topics(GIVEN, enrich(GIVEN, STAFF, Moods(), question="q2"), NPS, question="q1")
    line = found["delivery"]

    assert (line.mentions, line.share, line.sentiments, line.net_sentiment) == (3, Fraction(3, 5), 2, -50)
    assert (line.reading.n, line.reading.value, found.overall.value) == (2, 0, 0)
    assert (found.texts, found.untagged, found.tagger) == (5, 1, "keywords 1")


def test_details_are_told_apart_at_the_second_level() -> None:
    """Each is a topic of its own; the most mentioned comes first."""
    found = topics(GIVEN, enrich(GIVEN, STAFF, question="q2"), NPS, question="q1", level=2)

    assert [(str(line.topic), line.mentions) for line in found.lines] == [
        ("delivery / late", 3),
        ("staff", 2),
        ("delivery / lost", 1),
    ]
    assert found[Topic("delivery", "lost")].contribution == -20
    assert found["staff"].net_sentiment is None


def test_it_is_seen_as_a_table_that_names_its_base() -> None:
    """And says that shares may exceed the whole together."""
    found = topics(GIVEN, enrich(GIVEN, STAFF, question="q2"), NPS, question="q1")

    assert "shares of the 5 texts may exceed 100 %" in found._repr_html_()
    assert str(found["delivery"]).startswith("delivery: 3 mentions, 60 % of texts, nps 0.0 points (n 2")
    assert str(found).startswith("2 topics in 5 texts, 1 without one; overall nps 0.0 points")


def test_a_topic_whose_mentions_have_no_score_adds_nothing() -> None:
    """Its reading is None with a reason."""
    given = [said(1, None, "late")]
    line = topics(given, enrich(given, STAFF, question="q2"), NPS, question="q1")["delivery"]

    assert (line.reading.reason, line.contribution) == ("no_scored", 0)


def test_no_text_at_all() -> None:
    """No line, no tagger."""
    found = topics([said(1, 9, None)], [], NPS, question="q1")

    assert (found.lines, found.texts, found.tagger, found.overall.value) == ((), 0, None, 100)


def test_a_topic_that_nobody_mentions() -> None:
    """It is not found."""
    with pytest.raises(NotFound, match="price"):
        _ = topics([], [], NPS, question="q1")["price"]


def test_enrichments_and_responses_must_fit() -> None:
    """One for each text, by one tagger; anything else would miscount in silence."""
    found = enrich(GIVEN, STAFF, question="q2")
    other = enrich(GIVEN[:1], attrs.evolve(STAFF, version=2), question="q2")

    for given in (found[1:], [*found, attrs.evolve(found[0], response="s9:1")]):
        with pytest.raises(InvalidValue, match="one enrichment for each response"):
            topics(GIVEN, given, NPS, question="q1")
    with pytest.raises(InvalidValue, match="at most one for each response"):
        topics(GIVEN, [*found, found[0]], NPS, question="q1")
    with pytest.raises(InvalidValue, match="what keywords 1 and no scorer found in q2"):
        topics(GIVEN, [*found, *other], NPS, question="q1")


def test_there_are_two_levels() -> None:
    """No third."""
    with pytest.raises(InvalidValue, match="one of 1, 2"):
        topics([], [], NPS, question="q1", level=3)


def test_rules_may_ask_what_was_found() -> None:
    """By facts of its own, beside those of the response."""
    late, fine = enrich([said(1, 3, "bad late and lost"), said(2, 9, "hm")], STAFF, Moods(), question="q2")

    assert evaluate(field("topic.names").contains("delivery"), late.facts()).answer is True
    assert late.facts() == {
        "topic.names": ("delivery",),
        "topic.details": ("delivery / late", "delivery / lost"),
        "sentiment.label": "very_negative",
        "sentiment.sign": -1,
    }
    assert fine.facts()["sentiment.label"] is None
