"""What people write about, how it feels, and what it has to do with the metric."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import attrs

from relex import _checks
from relex._html import Bar, note, table
from relex.errors import InvalidValue, NotFound
from relex.feedback._enrichment import Enrichment, texts_of
from relex.feedback._metric import Metric, Reading
from relex.feedback._topics import Topic
from relex.figures import Figure

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from relex.feedback._responses import Response

__all__ = ["TopicLine", "TopicTable", "topics"]

_METRIC = _checks.a(Metric)
_ENRICHMENT = _checks.a(Enrichment)
_LEVEL = _checks.one_of(1, 2)


@attrs.frozen(kw_only=True)
class TopicLine:
    """One topic.

    Attributes:
        topic: What it is; at the first level without its detail.
        mentions: How many responses with a text are about it.
        share: Of the responses with a text, exact; several topics may exceed the whole together.
        sentiments: How many of the mentions have a sentiment.
        net_sentiment: 100 (positive - negative) by the mentions with a sentiment, exact; None without any.
        reading: The metric over the responses that mention it.
        contribution: What they add to the overall reading, or take from it: their reading less the overall one, times
            their share of the answers that count. Topics overlap, so contributions do not add up to 0.

    .. versionadded:: 0.1.0
    """

    topic: Topic
    mentions: int
    share: Fraction
    sentiments: int
    net_sentiment: Fraction | None
    reading: Reading
    contribution: Fraction

    def __str__(self) -> str:
        share = Figure(self.share * 100).show(0)
        return f"{self.topic}: {self.mentions} mentions, {share} % of texts, {self.reading}"


@attrs.frozen(kw_only=True)
class TopicTable:
    """What `topics` gives: the most mentioned topic first.

    Attributes:
        lines: One for each topic that was mentioned.
        texts: How many responses have a text: the base of the shares.
        overall: The metric over all responses, with a text or without.
        untagged: How many texts have no topic.
        tagger: Name and version of the tagger; None without any text.

    .. versionadded:: 0.1.0
    """

    lines: tuple[TopicLine, ...]
    texts: int
    overall: Reading
    untagged: int
    tagger: str | None

    def __getitem__(self, topic: str | Topic) -> TopicLine:
        wanted = Topic(topic) if isinstance(topic, str) else topic
        for line in self.lines:
            if line.topic == wanted:
                return line
        raise NotFound("topic of the table", str(wanted))

    def __str__(self) -> str:
        return f"{len(self.lines)} topics in {self.texts} texts, {self.untagged} without one; overall {self.overall}"

    def _repr_html_(self) -> str:
        """One row for each topic."""
        name = self.overall.metric.name
        titles = ("topic", "mentions", "share of texts", "", "net sentiment", name, "contribution")
        rows = [
            (
                str(line.topic),
                line.mentions,
                f"{Figure(line.share * 100).show(1)} %",
                Bar(line.share),
                Figure(line.net_sentiment, reason="no_sentiment" if line.net_sentiment is None else None).show(1),
                line.reading.show(),
                Figure(line.contribution).show(1),
            )
            for line in self.lines
        ]
        words = (
            f"A response counts for each of its topics, so shares of the {self.texts} texts may exceed 100 % together."
        )
        return table(str(self), titles, rows) + note(words)


def topics(
    responses: Iterable[Response],
    enrichments: Iterable[Enrichment],
    metric: Metric,
    *,
    question: str,
    level: int = 1,
    invalid: str = "raise",
) -> TopicTable:
    """What responses are about, how often, how it feels, and the metric among those who mention it.

    Args:
        responses: In any order; `latest_responses(...)` where revisions may be among them.
        enrichments: What was found in their texts: by one tagger in one question, at most one for each response, and
            each of a response that is there and has a text.
        metric: What is read.
        question: The id of the question that the metric reads.
        level: 1 puts all details of a topic together, each response once; 2 tells them apart.
        invalid: As of `Metric.read`.

    Raises:
        InvalidValue: For enrichments of several taggers or questions, two of one response, one without its response,
            a text without its enrichment, or another level.

    Example:
        >>> from datetime import UTC, datetime
        >>> from relex.feedback import Answer, KeywordTopics, Response, enrich
        >>> at = datetime(2026, 5, 1, tzinfo=UTC)
        >>> given = [(3, "Late delivery, rude driver"), (10, "great staff"), (8, "delivery ok"), (9, None)]
        >>> responses = [
        ...     Response(submission=f"s{i}", survey="nps", at=at, answers=(Answer("q1", score), Answer("q2", text)))
        ...     for i, (score, text) in enumerate(given)
        ... ]
        >>> tagger = KeywordTopics({"delivery": ["delivery"], "staff": ["staff", "driver"]})
        >>> table = topics(responses, enrich(responses, tagger, question="q2"), Metric.nps(), question="q1")
        >>> for line in table.lines:
        ...     print(line)
        delivery: 2 mentions, 67 % of texts, nps -50.0 points (n 2: 0 promoter, 1 passive, 1 detractor)
        staff: 2 mentions, 67 % of texts, nps 0.0 points (n 2: 1 promoter, 0 passive, 1 detractor)

    .. versionadded:: 0.1.0
    """
    _METRIC.require("topics.metric", metric)
    _LEVEL.require("topics.level", level)
    given = _checks.items("topics.responses", responses)
    found = _by_response(enrichments)
    known = _texts(given, found)
    overall = metric.read(given, question=question, invalid=invalid)
    mentions: dict[Topic, list[tuple[Response, Enrichment]]] = {}
    for response, enrichment in known:
        for topic in dict.fromkeys([_at(level, each) for each in enrichment.topics]):
            mentions.setdefault(topic, []).append((response, enrichment))
    lines = [
        _line(topic, of, len(known), overall, metric.read([pair[0] for pair in of], question=question, invalid=invalid))
        for topic, of in mentions.items()
    ]
    return TopicTable(
        lines=tuple(sorted(lines, key=lambda line: (-line.mentions, str(line.topic)))),
        texts=len(known),
        overall=overall,
        untagged=sum([not enrichment.topics for _, enrichment in known]),
        tagger=known[0][1].tagger if known else None,
    )


def _at(level: int, topic: Topic) -> Topic:
    return Topic(topic.name) if level == 1 else topic


def _by_response(enrichments: Iterable[Enrichment]) -> dict[str, Enrichment]:
    """Enrichments of one tagger and one question, by response."""
    given = _checks.items("topics.enrichments", enrichments)
    found: dict[str, Enrichment] = {}
    for place, each in enumerate(given):
        _ENRICHMENT.require(f"topics.enrichments[{place}]", each)
        first = given[0]
        if (each.tagger, each.question, each.scorer) != (first.tagger, first.question, first.scorer):
            expected = f"what {first.tagger} and {first.scorer or 'no scorer'} found in {first.question}"
            raise InvalidValue(f"topics.enrichments[{place}]", each, expected)
        if each.response in found:
            raise InvalidValue(f"topics.enrichments[{place}]", each.response, "at most one for each response")
        found[each.response] = each
    return found


def _texts(responses: Sequence[Response], found: Mapping[str, Enrichment]) -> list[tuple[Response, Enrichment]]:
    """The responses that have a text, with what was found in it."""
    if not found:
        return []
    of = next(iter(found.values())).question
    known = texts_of("topics", responses, of)
    lacking = {response.id for response, _ in known} ^ found.keys()
    if lacking:
        expected = f"one enrichment for each response with a text in {of}, and none for others"
        raise InvalidValue("topics.enrichments", min(lacking), expected)
    return [(response, found[response.id]) for response, _ in known]


def _line(
    topic: Topic, of: Sequence[tuple[Response, Enrichment]], texts: int, overall: Reading, reading: Reading
) -> TopicLine:
    signs = [enrichment.sentiment.sign for _, enrichment in of if enrichment.sentiment is not None]
    contribution = Fraction(0)
    if reading.value is not None and overall.value is not None:
        contribution = (reading.value - overall.value) * reading.n / overall.n
    return TopicLine(
        topic=topic,
        mentions=len(of),
        share=Fraction(len(of), texts),
        sentiments=len(signs),
        net_sentiment=Fraction(100 * sum(signs), len(signs)) if signs else None,
        reading=reading,
        contribution=contribution,
    )
