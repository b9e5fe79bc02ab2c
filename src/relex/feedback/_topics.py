"""What a text is about: topics, whoever finds them, and a finder that goes by the caller's own words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any, Protocol, runtime_checkable
from unicodedata import category, normalize

import attrs

from relex import _checks
from relex.codec import tagged
from relex.errors import InvalidValue

__all__ = ["KeywordTopics", "Topic", "TopicTagger", "TopicWords"]

_LABEL = _checks.optional(_checks.text)
_SPACE = re.compile(r"\s+")


@tagged("feedback.Topic")
@attrs.frozen(weakref_slot=False)
class Topic:
    """What a text is about, at one or two levels.

    Attributes:
        name: Such as `delivery`.
        detail: Such as `late`; None for the topic as a whole.

    Example:
        >>> print(Topic("delivery", "late"))
        delivery / late

    .. versionadded:: 0.1.0
    """

    name: str = attrs.field(validator=_checks.text)
    detail: str | None = attrs.field(default=None, validator=_LABEL)

    def __str__(self) -> str:
        return self.name if self.detail is None else f"{self.name} / {self.detail}"


@runtime_checkable
class TopicTagger(Protocol):
    """Whatever finds topics in a text: words, rules or a model of the caller's.

    Attributes:
        name: Of the tagger.
        version: Of its words or its model; raise it with each change.

    .. versionadded:: 0.1.0
    """

    @property
    def name(self) -> str:
        """Of the tagger."""
        ...

    @property
    def version(self) -> int | str:
        """Of its words or its model."""
        ...

    def tag(self, text: str, language: str | None, /) -> tuple[Topic, ...]:
        """The topics of a text, none of them twice; the language is a code such as `de`, or None."""
        ...


def _words(values: Iterable[str]) -> tuple[str, ...]:
    found = _checks.items("TopicWords.words", values)
    for place, word in enumerate(found):
        if not isinstance(word, str) or not _folded(word):
            raise InvalidValue(f"TopicWords.words[{place}]", word, "a word or words, as a str")
    return tuple(sorted({_folded(word) for word in found}))


@tagged("feedback.TopicWords")
@attrs.frozen(weakref_slot=False)
class TopicWords:
    """The words that stand for one topic.

    Attributes:
        topic: What they stand for.
        words: A word, or several in a row such as `customer service`; at least one. They are kept folded and sorted.

    Raises:
        InvalidValue: For no word.

    .. versionadded:: 0.1.0
    """

    topic: Topic = attrs.field(validator=_checks.a(Topic))
    words: tuple[str, ...] = attrs.field(converter=_words)

    def __attrs_post_init__(self) -> None:
        """Check that there are any."""
        if not self.words:
            raise InvalidValue("TopicWords.words", (), "at least one word")


def _topics(given: Mapping[Any, Iterable[str]] | Iterable[TopicWords]) -> tuple[TopicWords, ...]:
    if isinstance(given, Mapping):
        named: Mapping[Any, Iterable[str]] = given
        return tuple([TopicWords(Topic(key) if isinstance(key, str) else key, of) for key, of in named.items()])
    return _checks.items("KeywordTopics.topics", given)


@tagged("feedback.KeywordTopics")
@attrs.frozen(weakref_slot=False)
class KeywordTopics:
    """A tagger by words that the caller gives; it has none of its own.

    Texts and words are compared by their NFKC form, case folded, so "Ｌieferung" is "lieferung" and "STRASSE" is
    "straße".

    Attributes:
        topics: The words of each topic: a mapping from topics, or names of topics, to words; kept as `TopicWords`.
        boundary: Whether a word must stand by itself; False finds it inside of others too, for languages that write no
            spaces.
        name: Of the tagger.
        version: Raise it with each change of the words.

    Raises:
        InvalidValue: For a topic without words, or one that is there twice.

    Example:
        >>> tagger = KeywordTopics({"delivery": ["delivery", "courier"], Topic("staff", "rude"): ["rude"]})
        >>> [str(topic) for topic in tagger.tag("Late DELIVERY, rude driver")]
        ['delivery', 'staff / rude']
        >>> tagger.tag("deliveryman"), KeywordTopics({"delivery": ["配送"]}, boundary=False).tag("配送が遅い")
        ((), (Topic(name='delivery', detail=None),))

    .. versionadded:: 0.1.0
    """

    topics: tuple[TopicWords, ...] = attrs.field(
        converter=_topics, validator=[_checks.each(_checks.a(TopicWords)), _checks.unique("topic")]
    )
    boundary: bool = attrs.field(default=True, kw_only=True, validator=_checks.flag)
    name: str = attrs.field(default="keywords", kw_only=True, validator=_checks.text)
    version: int = attrs.field(default=1, kw_only=True, validator=_checks.whole(least=1))

    def tag(self, text: str, _language: str | None = None, /) -> tuple[Topic, ...]:
        """The topics whose words are in the text, in the order of the definition.

        Raises:
            InvalidValue: For what is no str.

        .. versionadded:: 0.1.0
        """
        if not isinstance(text, str):
            raise InvalidValue("tag.text", text, "a str")
        folded = _spelled(_folded(text))
        return tuple([each.topic for each in self.topics if _pattern(each.words, self.boundary).search(folded)])


def _folded(text: str) -> str:
    """NFKC and casefold, until nothing changes any more; white space is one space."""
    once = normalize("NFKC", normalize("NFKC", text).casefold())
    return _SPACE.sub(" ", once).strip()


@lru_cache(maxsize=4096)
def _pattern(words: tuple[str, ...], boundary: bool) -> re.Pattern[str]:
    """Any of the words; a boundary is asked for only at an end that is a letter, a digit or an underscore."""
    spelled = [_spelled(word) for word in words]
    return re.compile("|".join([_bounded(word) if boundary else re.escape(word) for word in spelled]))


def _spelled(text: str) -> str:
    """With each mark, such as a vowel sign of Hindi, between two underscores: so it is a part of its word."""
    if text.isascii():
        return text
    return "".join([f"_{each}_" if category(each).startswith("M") else each for each in text])


def _bounded(word: str) -> str:
    before, after = r"(?<!\w)" if _is_letter(word[0]) else "", r"(?!\w)" if _is_letter(word[-1]) else ""
    return f"{before}{re.escape(word)}{after}"


def _is_letter(character: str) -> bool:
    return re.match(r"\w", character) is not None
