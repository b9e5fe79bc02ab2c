"""Topics of texts: the worked case of feedback, section 12."""

from __future__ import annotations

from datetime import UTC, datetime
from fractions import Fraction

from relex.feedback import Answer, KeywordTopics, Metric, Response, enrich, topics

GIVEN = ((3, "Late delivery, rude driver"), (10, "great staff"), (8, "delivery ok"), (9, None))


def test_fb_45_topics_by_keywords() -> None:
    """Source: own."""
    responses = [
        Response(
            submission=f"s{number}",
            survey="nps",
            at=datetime(2026, 5, 1, tzinfo=UTC),
            answers=(Answer("q1", score), Answer("q2", text)),
        )
        for number, (score, text) in enumerate(GIVEN)
    ]
    tagger = KeywordTopics({"delivery": ["delivery"], "staff": ["staff", "driver"]})
    found = topics(responses, enrich(responses, tagger, question="q2"), Metric.nps(), question="q1")

    assert (found.texts, found.overall.value) == (3, 25)
    assert [(str(line.topic), line.mentions, line.share) for line in found.lines] == [
        ("delivery", 2, Fraction(2, 3)),
        ("staff", 2, Fraction(2, 3)),
    ]
    assert found["delivery"].reading.value == -50
