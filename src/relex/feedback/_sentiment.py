"""How a text feels, as whoever judges it says; relex judges none."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Protocol, runtime_checkable

import attrs

from relex import _checks
from relex.codec import tagged

__all__ = ["Sentiment", "SentimentScorer"]

LABELS = ("very_negative", "negative", "neutral", "positive", "very_positive", "mixed")
"""What a sentiment may be called."""

_VALUE = _checks.number(least=-1, most=1)
_SIGNS = {"very_negative": -1, "negative": -1, "positive": 1, "very_positive": 1}


@tagged("feedback.Sentiment")
@attrs.frozen(weakref_slot=False)
class Sentiment:
    """How a text feels.

    Attributes:
        label: `very_negative`, `negative`, `neutral`, `positive`, `very_positive` or `mixed`.
        value: From -1 to 1, exact; `Decimal(str(value))` of a model's float.

    Raises:
        InvalidValue: For another label, a float, or a value outside -1 and 1.

    Example:
        >>> Sentiment("negative", Decimal("-0.6")).sign, Sentiment("mixed", 0).sign
        (-1, 0)

    .. versionadded:: 0.1.0
    """

    label: str = attrs.field(validator=_checks.one_of(*LABELS))
    value: int | Decimal | Fraction = attrs.field(validator=_VALUE)

    @property
    def sign(self) -> int:
        """1 for a positive label, -1 for a negative one, else 0."""
        return _SIGNS.get(self.label, 0)

    def __str__(self) -> str:
        return f"{self.label} ({float(self.value):+.2f})"


@runtime_checkable
class SentimentScorer(Protocol):
    """Whatever judges how a text feels; relex ships none, and no list of words.

    Attributes:
        name: Of the scorer.
        version: Of its words or its model; raise it with each change.

    .. versionadded:: 0.1.0
    """

    @property
    def name(self) -> str:
        """Of the scorer."""
        ...

    @property
    def version(self) -> int | str:
        """Of its words or its model."""
        ...

    def score(self, text: str, language: str | None, /) -> Sentiment | None:
        """How the text feels; None where it cannot tell."""
        ...
