"""Examples of what texts are about, how they feel, and what was found in them."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from relex.feedback import Enrichment, KeywordTopics, Sentiment, Topic, TopicWords

__all__ = ["examples"]


def examples() -> list[object]:
    """At least one of each class."""
    late = Topic("delivery", "late")
    return [
        Topic("staff"),
        late,
        TopicWords(late, ["Late", "zu spät"]),
        KeywordTopics({"staff": ["staff", "driver"], late: ["late"]}),
        KeywordTopics({"品質": ["品質", "壊れ"]}, boundary=False, name="jp", version=3),
        Sentiment("neutral", 0),
        Sentiment("very_negative", Decimal("-0.95")),
        Sentiment("mixed", Fraction(1, 3)),
        Enrichment(response="s1:1", question="q2", tagger="keywords 1", reason="no_scorer"),
        Enrichment(
            response="s2:3",
            question="q2",
            tagger="keywords 1",
            topics=(late, Topic("staff")),
            scorer="moods 2026-05",
            sentiment=Sentiment("negative", Decimal("-0.4")),
        ),
    ]
