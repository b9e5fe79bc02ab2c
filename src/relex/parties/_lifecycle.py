"""How far a relationship has come: an ordered list of stages, and the stages of those who have left."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from relex import _checks
from relex.codec import tagged
from relex.errors import InvalidValue, Rejected

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["Lifecycle"]


def _stages(values: Iterable[str]) -> tuple[str, ...]:
    return _names("Lifecycle.stages", values)


def _former(values: Iterable[str]) -> tuple[str, ...]:
    return _names("Lifecycle.former", values)


def _names(path: str, values: Iterable[str]) -> tuple[str, ...]:
    if isinstance(values, str) or not hasattr(values, "__iter__"):
        raise InvalidValue(path, values, "an iterable of stage names")
    found = tuple(values)
    _checks.each(_checks.text).require(path, found)
    if len(set(found)) != len(found):
        raise InvalidValue(path, found, "stage names that differ")
    return found


@tagged("parties.Lifecycle")
@attrs.frozen(weakref_slot=False)
class Lifecycle:
    """The stages of a relationship, earliest first; every company has its own.

    Moves go forward; a move back must say so and why. A former stage can follow any stage from `former_from` on, so
    that a lost customer does not stay a customer for ever. From a former stage any stage can follow, as a new round.

    Attributes:
        stages: In their order.
        former: Stages of those who have left; without an order.
        former_from: The first stage that a former stage can follow.

    Raises:
        InvalidValue: For no stage, a name twice, or a `former_from` that is no stage.

    Example:
        >>> Lifecycle().is_further("customer", "lead")
        True
        >>> Lifecycle(["guest", "member"], former=["left"], former_from="member").stages
        ('guest', 'member')

    .. versionadded:: 0.1.0
    """

    stages: tuple[str, ...] = attrs.field(
        default=("subscriber", "lead", "mql", "sql", "opportunity", "customer", "evangelist"), converter=_stages
    )
    former: tuple[str, ...] = attrs.field(default=("churned",), converter=_former, kw_only=True)
    former_from: str = attrs.field(default="customer", kw_only=True)

    def __attrs_post_init__(self) -> None:
        """Check that the stages are an order and that leaving is possible."""
        if not self.stages or set(self.stages) & set(self.former):
            raise InvalidValue(
                "Lifecycle.stages", self.stages, "at least one stage, and none that is a former stage too"
            )
        if self.former and self.former_from not in self.stages:
            raise InvalidValue("Lifecycle.former_from", self.former_from, f"one of {', '.join(self.stages)}")

    def check(self, stage: str) -> None:
        """Raise `InvalidValue` unless this is a stage or a former stage."""
        if stage not in self.stages and stage not in self.former:
            known = ", ".join((*self.stages, *self.former))
            raise InvalidValue("Lifecycle.stage", stage, f"one of {known}")

    def is_further(self, stage: str, other: str | None) -> bool:
        """Whether a stage lies beyond another; anything lies beyond None, and former stages have no order.

        .. versionadded:: 0.1.0
        """
        if other is None:
            return True
        both = stage in self.stages and other in self.stages
        return both and self.stages.index(stage) > self.stages.index(other)

    def furthest(self, stage: str, before: str | None) -> str | None:
        """The further of the stage that was furthest so far and a new one; a former stage changes nothing.

        .. versionadded:: 0.1.0
        """
        return stage if stage in self.stages and self.is_further(stage, before) else before

    def forward(self, *levels: str | None) -> str | None:
        """The latest of several stages: how a party follows another one, which never moves anybody back.

        None comes first, then the former stages in the order in which they are listed, then the stages. So the order
        of the levels does not matter, nor how often one is named.

        Raises:
            InvalidValue: For an unknown stage.

        Example:
            >>> Lifecycle().forward("subscriber", "lead"), Lifecycle().forward("opportunity", "lead", None)
            ('lead', 'opportunity')

        .. versionadded:: 0.1.0
        """
        for level in levels:
            if level is not None:
                self.check(level)
        every = (*self.former, *self.stages)
        return max([level for level in levels if level is not None], key=every.index, default=None)

    def require(self, now: str | None, to: str, *, back: bool = False, reason: str | None = None) -> None:
        """Raise unless the move is allowed.

        Args:
            now: The present stage; None before the first.
            to: The next stage.
            back: The move is meant to go back.
            reason: Why it goes back.

        Raises:
            InvalidValue: For an unknown stage.
            Rejected: `backward` without `back`, `reason_missing` for one back without a reason, `never_customer` for a
                former stage that follows a stage before `former_from`.

        Example:
            >>> Lifecycle().require("lead", "sql")
            >>> Lifecycle(["lead", "customer"]).require("customer", "lead")
            Traceback (most recent call last):
                ...
            relex.errors.Rejected: advance is refused: backward (from 'customer', to 'lead', allowed ())

        .. versionadded:: 0.1.0
        """
        self.check(to)
        if to in self.former:
            self._require_leaving(now, to)
        elif now in self.stages and self.stages.index(to) < self.stages.index(now):
            if not back:
                allowed = self.stages[self.stages.index(now) + 1 :]
                raise Rejected("advance", "backward", {"from": now, "to": to, "allowed": allowed})
            if not reason:
                raise Rejected("advance", "reason_missing", {"from": now, "to": to})

    def _require_leaving(self, now: str | None, to: str) -> None:
        since = self.stages[self.stages.index(self.former_from) :]
        if now not in since and now not in self.former:
            raise Rejected("advance", "never_customer", {"from": now, "to": to, "allowed_from": since})
