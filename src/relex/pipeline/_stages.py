"""The stages of a pipeline, and the reasons for which deals are lost."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import attrs

from relex import _checks
from relex.codec import tagged
from relex.pipeline._stale import StalePolicy
from relex.rules import Requirement

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = [
    "CATEGORIES",
    "KINDS",
    "OPEN_CATEGORIES",
    "OVER",
    "PERCENT",
    "SURE",
    "WHOLE",
    "LostReason",
    "Stage",
    "lost_reason",
]

CATEGORIES = ("pipeline", "best_case", "most_likely", "commit", "closed", "omitted")
"""The forecast categories, from what is hardly known to what is over."""

OPEN_CATEGORIES = CATEGORIES[:4]
"""Those of open deals; the others follow from being won or lost."""

KINDS = ("open", "won", "lost")
"""What a stage may be: a deal is won or lost by the kind of its stage, never by a name."""

WHOLE = 100
"""The whole, in percent."""

SURE = {"won": WHOLE, "lost": 0}
"""The probability of what is over, by kind."""

OVER = {"won": "closed", "lost": "omitted"}
"""The category of what is over, by kind."""


def _is_percentage(value: object) -> bool:
    if isinstance(value, Decimal):
        return value.is_finite() and 0 <= value <= WHOLE and _checks.exact.passes(value)
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= WHOLE


def _is_plain(value: object) -> bool:
    return isinstance(value, (int, Decimal)) and _checks.exact.passes(value)


PERCENT = _checks.Check("an int or Decimal from 0 to 100", _is_percentage)
_NUMBER_OR_NONE = _checks.optional(_checks.Check("an int or Decimal (a float is never exact)", _is_plain))
_TEXT_OR_NONE = _checks.optional(_checks.text)


def _requirements(values: Iterable[Requirement]) -> tuple[Requirement, ...]:
    return _checks.items("Stage.requires", values)


@tagged("pipeline.Stage")
@attrs.frozen(weakref_slot=False)
class Stage:
    """One step on the way of a deal.

    What cannot be in any pipeline (a won stage of 40 %, an open one without a probability) is told by the `Pipeline`,
    which reports all that is wrong with all of its stages at once.

    Attributes:
        id: Stable; what events carry.
        order: Its place; stages are compared by it.
        kind: `open`, `won` or `lost`.
        probability: Of winning, in percent; of an open stage it must be given, a won stage is 100, a lost one 0.
        category: In the forecast, one of `CATEGORIES`; by default `pipeline`, a won stage is `closed`, a lost one
            `omitted`.
        requires: What must be True before a deal may come in.
        stale: When a deal has been here too long; None leaves it to the pipeline.
        name: For people; None shows the id.

    Raises:
        InvalidValue: For a wrong type, such as a float.

    Example:
        >>> Stage("demo", 2, probability=30).category, Stage("won", 9, kind="won").probability
        ('pipeline', 100)

    .. versionadded:: 0.1.0
    """

    id: str = attrs.field(validator=_checks.text)
    order: int = attrs.field(validator=_checks.whole())
    kind: str = attrs.field(default="open", kw_only=True, validator=_checks.one_of(*KINDS))
    probability: int | Decimal | None = attrs.field(default=None, kw_only=True, validator=_NUMBER_OR_NONE)
    category: str | None = attrs.field(default=None, kw_only=True, validator=_TEXT_OR_NONE)
    requires: tuple[Requirement, ...] = attrs.field(
        default=(), kw_only=True, converter=_requirements, validator=_checks.each(_checks.a(Requirement))
    )
    stale: StalePolicy | None = attrs.field(
        default=None, kw_only=True, validator=_checks.optional(_checks.a(StalePolicy))
    )
    name: str | None = attrs.field(default=None, kw_only=True, validator=_TEXT_OR_NONE)

    def __attrs_post_init__(self) -> None:
        """Fill in what follows from the kind."""
        if self.category is None:
            object.__setattr__(self, "category", OVER.get(self.kind, "pipeline"))
        if self.probability is None:
            object.__setattr__(self, "probability", SURE.get(self.kind))

    def __str__(self) -> str:
        return self.name or self.id


@tagged("pipeline.LostReason")
@attrs.frozen(weakref_slot=False)
class LostReason:
    """A reason for which deals are lost.

    Attributes:
        code: Such as `price`.
        note: Whether a note must say more, as with `other`.

    .. versionadded:: 0.1.0
    """

    code: str = attrs.field(validator=_checks.text)
    note: bool = attrs.field(default=False, validator=_checks.flag)

    def __str__(self) -> str:
        return self.code


def lost_reason(value: str | LostReason) -> LostReason:
    """The reason itself, or one of this code."""
    return value if isinstance(value, LostReason) else LostReason(value)
