"""The statuses of a case: each has a kind, and everything else asks for the kind."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from relex import _checks
from relex.codec import tagged
from relex.rules import Requirement

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["DEFAULT_STATUSES", "ENDS", "KINDS", "Status"]

KINDS = ("open", "waiting", "resolved", "closed")
"""What a status may be: our move, somebody else's move, done as we think, over."""

ENDS = ("closed", "rejected", "merged")
"""How a case may be over."""

_TEXT_OR_NONE = _checks.optional(_checks.text)


def _requirements(values: Iterable[Requirement]) -> tuple[Requirement, ...]:
    return _checks.items("Status.requires", values)


@tagged("service.Status")
@attrs.frozen(weakref_slot=False)
class Status:
    """One place in the life of a case.

    What cannot be in any flow (a waiting status that waits for nobody, a rejected one that reopens) is told by the
    `CaseFlow`, which reports all that is wrong with all of its statuses at once.

    Attributes:
        id: Stable; what events carry.
        kind: `open` (our move), `waiting` (somebody else's), `resolved` (we think it is done) or `closed` (over).
        waiting_for: Of a waiting one, whose move it is: `customer`, `third_party`, or any other word.
        fresh: Of an open one, whether nobody has touched the case yet; the first assignment, reply or move leaves it,
            and nothing leads back.
        ends: Of a closed one, how the case ended: `closed` (the default), `rejected` or `merged`.
        reopens: Of a closed one, whether the case may come back; by default only when it ended as `closed`.
        requires: What must be True before a case may come in by a command of ours.
        name: For people; None shows the id.

    Raises:
        InvalidValue: For a wrong type.

    Example:
        >>> Status("done", "closed").reopens, Status("spam", "closed", ends="rejected").reopens
        (True, False)

    .. versionadded:: 0.1.0
    """

    id: str = attrs.field(validator=_checks.text)
    kind: str = attrs.field(validator=_checks.one_of(*KINDS))
    waiting_for: str | None = attrs.field(default=None, kw_only=True, validator=_TEXT_OR_NONE)
    fresh: bool = attrs.field(default=False, kw_only=True, validator=_checks.flag)
    ends: str | None = attrs.field(default=None, kw_only=True, validator=_checks.optional(_checks.one_of(*ENDS)))
    reopens: bool | None = attrs.field(default=None, kw_only=True, validator=_checks.optional(_checks.flag))
    requires: tuple[Requirement, ...] = attrs.field(
        default=(), kw_only=True, converter=_requirements, validator=_checks.each(_checks.a(Requirement))
    )
    name: str | None = attrs.field(default=None, kw_only=True, validator=_TEXT_OR_NONE)

    def __attrs_post_init__(self) -> None:
        """Fill in what follows from the kind."""
        if self.kind != "closed":
            return
        if self.ends is None:
            object.__setattr__(self, "ends", "closed")
        if self.reopens is None:
            object.__setattr__(self, "reopens", self.ends == "closed")

    def __str__(self) -> str:
        return self.name or self.id


DEFAULT_STATUSES = (
    Status("new", "open", fresh=True),
    Status("open", "open"),
    Status("waiting_customer", "waiting", waiting_for="customer"),
    Status("waiting_third_party", "waiting", waiting_for="third_party"),
    Status("resolved", "resolved"),
    Status("closed", "closed"),
    Status("rejected", "closed", ends="rejected"),
    Status("duplicate", "closed", ends="merged"),
)
"""The statuses of a flow that names none."""
