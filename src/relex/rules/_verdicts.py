"""The answer of a rule with everything that led to it."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

import attrs

from relex._trusted import trusted
from relex.errors import shown
from relex.rules._children import AllChildren, AnyChild
from relex.rules._describe import heading
from relex.rules._leaves import IsMissing, Leaf
from relex.rules._nodes import AllOf, AnyOf, AtLeast, Not, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Verdict", "verdict"]

_TICKS = {True: "✓", False: "✗", None: "?"}
_MISSING = "missing:"


@attrs.frozen(weakref_slot=False)
class Verdict:
    """What a rule answered, and what each part of it found; made by `evaluate`.

    Attributes:
        answer: True, False, or None for unknown.
        rule: The rule that was judged.
        found: The value of the fact; for a rule about children the count or the sum, as far as it is known.
        reason: Why this node itself could not be judged: `missing:<fact>` (or None), `type:<fact>` (a value that
            cannot be compared with the constant), `as_of` (no instant to measure from); None when it could be.
        children: The verdicts of the parts, in their order; for a rule about children one for each child.

    .. versionadded:: 0.1.0
    """

    answer: bool | None
    rule: Rule
    found: Any = None
    reason: str | None = None
    children: tuple[Verdict, ...] = ()

    @property
    def fact(self) -> str | None:
        """The fact that a leaf asked about; None for a rule that joins others."""
        return self.rule.fact if isinstance(self.rule, Leaf) else None

    @property
    def missing(self) -> tuple[str, ...]:
        """Every fact that was asked for anywhere in the rule and was not there, whether or not it mattered."""
        return tuple(dict.fromkeys(name for node in self.walk() if (name := node._lacked()) is not None))  # noqa: SLF001 - our own

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why the answer is unknown: the reasons of the nodes that keep it open; empty when it is decided."""
        if self.answer is not None:
            return ()
        inside = (reason for child in self.children for reason in child.reasons)
        return tuple(dict.fromkeys((self.reason,) if self.reason is not None else inside))

    def walk(self) -> Iterator[Verdict]:
        """This verdict and all those below it, each before its parts."""
        yield self
        for child in self.children:
            yield from child.walk()

    def failed(self) -> tuple[Verdict, ...]:
        """The lowest verdicts that keep the rule from being True; empty when it is True."""
        return tuple(self._blamed(wanted=True))

    def _blamed(self, *, wanted: bool) -> Iterator[Verdict]:
        if self.answer is wanted:
            return
        if not self.children or not isinstance(self.rule, _TRANSPARENT):
            yield self
        for child in self.children if isinstance(self.rule, _TRANSPARENT) else ():
            yield from child._blamed(wanted=wanted is not isinstance(self.rule, Not))  # noqa: SLF001 - our own

    def _lacked(self) -> str | None:
        if isinstance(self.rule, IsMissing) and self.answer:
            return self.rule.fact
        return self.reason.removeprefix(_MISSING) if self.reason and self.reason.startswith(_MISSING) else None

    def __str__(self) -> str:
        return "\n".join(self._lines(0))

    def _lines(self, level: int) -> Iterator[str]:
        yield f"{'  ' * level}{_TICKS[self.answer]} {self._said()}"
        for child in self.children:
            yield from child._lines(level + 1)  # noqa: SLF001 - our own

    def _said(self) -> str:
        known = f" (found {shown(self.found)})" if self.found is not None else ""
        return f"{heading(self.rule)}{known}" + (f" [{self.reason}]" if self.reason else "")

    def _repr_html_(self) -> str:
        return f"<ul>{self._item()}</ul>"

    def _item(self) -> str:
        inside = "".join(child._item() for child in self.children)  # noqa: SLF001 - our own
        return f"<li>{_TICKS[self.answer]} {escape(self._said())}" + (f"<ul>{inside}</ul>" if inside else "") + "</li>"


_TRANSPARENT = (AllOf, AnyOf, AtLeast, Not, AnyChild, AllChildren)

verdict = trusted(Verdict)
