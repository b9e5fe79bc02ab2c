"""How strong a relationship is: recent contacts count, the older the less."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

import attrs

from relex import _checks
from relex.calendars import Days
from relex.errors import InvalidValue
from relex.interactions._corrections import standing
from relex.rules import field
from relex.scoring import HalfLife, Score, ScoreBand, ScoreCard, ScoreRule, trend

if TYPE_CHECKING:
    from collections.abc import Iterable

    from relex.interactions._interaction import Interaction

__all__ = ["Strength", "strength", "strength_card"]

_LEAST, _MOST = Fraction(1, 2), Fraction(3, 2)
_WEIGHT = _checks.Check(
    "an exact number from 0.5 to 1.5",
    lambda value: _checks.exact.passes(value) and _LEAST <= Fraction(value) <= _MOST,
)
_WEIGHTS: dict[str, Decimal] = {
    "app": Decimal("0.5"),
    "chat": Decimal(1),
    "email": Decimal("0.5"),
    "event": Decimal(1),
    "meeting": Decimal("1.5"),
    "messaging": Decimal(1),
    "phone": Decimal(1),
    "post": Decimal("0.5"),
    "sms": Decimal("0.5"),
    "social": Decimal("0.5"),
    "store": Decimal("1.5"),
    "video": Decimal("1.5"),
    "web": Decimal("0.5"),
}
_MONTH = timedelta(days=30)


def strength_card(
    weights: Mapping[str, int | Decimal | Fraction] | None = None,
    *,
    points: int | Decimal | Fraction = 10,
    half_life: int = 30,
    max_age: int = 90,
    cap: int | Decimal | Fraction = 100,
) -> ScoreCard:
    """The card by which relationships are scored: points for each contact by channel, which halve and expire.

    Its bands are `good` from 60, `fair` from 40, and `poor`. Internal contacts give nothing.

    Args:
        weights: By channel, from 0.5 to 1.5; a channel that is not named gives nothing. By default 1.5 where people
            meet (`meeting`, `video`, `store`), 1 where they speak (`phone`, `chat`, `messaging`, `event`), 0.5 else.
        points: Of a contact with weight 1.
        half_life: After how many days the points of a contact are half.
        max_age: The age in days up to which a contact counts, inclusive.
        cap: The most that a score may be.

    Raises:
        InvalidValue: For a weight outside [0.5, 1.5], or what a score card refuses.

    Example:
        >>> [str(rule.points) for rule in strength_card({"phone": 1, "meeting": Decimal("1.5")}).rules]
        ['15', '10']

    .. versionadded:: 0.1.0
    """
    _checks.exact.require("strength_card.points", points)
    given = _WEIGHTS if weights is None else weights
    if not isinstance(given, Mapping):
        raise InvalidValue("strength_card.weights", weights, "a mapping from channels to numbers")
    for channel, weight in given.items():
        _checks.text.require("strength_card.weights", channel)
        _WEIGHT.require(f"strength_card.weights.{channel}", weight)
    met = field("interaction.direction").is_in("inbound", "outbound")
    rules = [
        ScoreRule(
            channel,
            (field("interaction.channel") == channel) & met,
            Fraction(points) * Fraction(given[channel]),
            on="events",
            repeat="each",
            expires=Days(max_age),
            decay=HalfLife(half_life),
        )
        for channel in sorted(given)
    ]
    return ScoreCard(rules, cap=cap, bands=[ScoreBand("poor"), ScoreBand("fair", 40), ScoreBand("good", 60)])


@attrs.frozen(kw_only=True)
class Strength:
    """How strong a relationship is, and where it goes.

    Attributes:
        score: As of the instant; its contributions are the channels.
        before: The same 30 days earlier.

    .. versionadded:: 0.1.0
    """

    score: Score
    before: Score

    @property
    def band(self) -> str | None:
        """The band of the score."""
        return self.score.band

    @property
    def trend(self) -> str | None:
        """`improving`, `steady` or `declining` against 30 days before."""
        return trend(self.score, self.before)

    def __str__(self) -> str:
        return f"{self.score}, {self.trend} from {self.before.show()}"

    def _repr_html_(self) -> str:
        return self.score._repr_html_()


def strength(interactions: Iterable[Interaction], card: ScoreCard | None = None, *, as_of: datetime) -> Strength:
    """How strong the relationship with those whose interactions these are is at an instant.

    Of interactions that correct each other, the newest counts; what comes after `as_of` does not exist.

    Args:
        interactions: Of one customer, in any order; the same one may come twice.
        card: A sum over events; by default `strength_card()`.
        as_of: The instant; aware.

    Raises:
        Conflict: For one id with two contents.
        InvalidValue: For something else than interactions, no card, or a naive instant.

    Source: Dynamics 365, relationship analytics and health.

    Example:
        >>> from datetime import timezone
        >>> from relex.interactions import Interaction
        >>> may = datetime(2026, 5, 1, tzinfo=timezone.utc)
        >>> met = Interaction("i1", at=may, channel="meeting", direction="outbound")
        >>> print(strength([met], as_of=may))
        15.00 (poor), improving from 0.00
        >>> print(strength([met], as_of=may + timedelta(days=30)))
        7.50 (poor), declining from 15.00

    .. versionadded:: 0.1.0
    """
    card = strength_card() if card is None else card
    _checks.a(ScoreCard).require("strength.card", card)
    _checks.instant.require("strength.as_of", as_of)
    given = standing("strength.interactions", interactions)
    return Strength(
        score=card.score({}, given, as_of=as_of),
        before=card.score({}, given, as_of=as_of - _MONTH),
    )
