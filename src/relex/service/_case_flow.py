"""The life of a case as a table: statuses, the moves between them, and what each asks of those who come."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import attrs

from relex import _checks, _flow
from relex._flow import Passage
from relex._html import table
from relex.codec import tagged
from relex.errors import NotFound
from relex.rules import FactSchema, Requirement
from relex.service._case_check import COMMANDS, CaseCheck, checked
from relex.service._flow_presets import preset_parts
from relex.service._flow_problems import problems_of
from relex.service._priorities import Priorities
from relex.service._reopening import ReopenPolicy
from relex.service._status import DEFAULT_STATUSES, Status

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from relex.service._case import Case

__all__ = ["DEFAULT_FLOW", "CaseFlow"]

_PAIR = _checks.Check(
    "a pair (command, requirements)",
    lambda value: isinstance(value, tuple) and len(value) == 2 and _checks.text.passes(value[0]),  # noqa: PLR2004 - a pair
)
_PAIRS = _checks.each(_PAIR)
_ASKED = _checks.each(_checks.a(Requirement))
_COMMAND = _checks.one_of(*COMMANDS)
_TEXT_OR_NONE = _checks.optional(_checks.text)
_TEXTS = _checks.each(_checks.text)
_CASE = _checks.Check("a Case", lambda value: hasattr(value, "status_entered_at"))


def _statuses(values: Iterable[Status]) -> tuple[Status, ...]:
    found = _checks.items("CaseFlow.statuses", values)
    _checks.each(_checks.a(Status)).require("CaseFlow.statuses", found)
    return found


def _moves(value: str | Mapping[str, Iterable[str]] | Iterable[tuple[str, Iterable[str]]]) -> str | _flow.Moves:
    return _flow.moves("CaseFlow.moves", value)


def _requires(
    values: Mapping[str, Iterable[Requirement]] | Iterable[tuple[str, Iterable[Requirement]]],
) -> tuple[tuple[str, tuple[Requirement, ...]], ...]:
    path = "CaseFlow.requires"
    pairs: tuple[Any, ...] = tuple(values.items()) if isinstance(values, Mapping) else _checks.items(path, values)
    _PAIRS.require(path, pairs)
    found = [(command, _checks.items(f"{path}[{command}]", asked)) for command, asked in pairs]
    for command, asked in found:
        _ASKED.require(f"{path}[{command}]", asked)
    return tuple(sorted(found, key=lambda pair: pair[0]))


def _types(values: Iterable[str]) -> tuple[str, ...]:
    found = _checks.items("CaseFlow.types", values)
    _TEXTS.require("CaseFlow.types", found)
    return tuple(sorted(set(found)))


@tagged("service.CaseFlow")
@attrs.frozen(weakref_slot=False)
class CaseFlow:
    """What a team that handles cases edits: a definition, and no process.

    Attributes:
        id: Of the flow.
        statuses: In the order in which people see them; at least one of kind open that is not fresh, one resolved and
            one closed. Where a command names no status, it is the first that fits.
        version: Raise it with each change.
        name: For people; None shows the id.
        moves: `any`, or the statuses that can be reached by status. `any` leads from what is open, waiting or resolved
            everywhere, and from a closed status that reopens to what is open or waiting; it never leads to a fresh
            status or to a merged one.
        requires: What must be True for a command, whatever the status; as sorted pairs, give a mapping. What `assign`
            requires is asked of every assignment but the first.
        priorities: Which there are, and which one a case gets.
        types: Those that a case may have; empty accepts any.
        reopening: When a message to a closed case opens it again; by default within seven days, from every closed
            status that reopens, to the first open one that is not fresh.
        max_depth: How many cases may stand above each other, the first counted.
        facts: The application's own facts, which it gives at the call; with it, every rule is checked.

    Raises:
        InvalidValue: For everything that is wrong, at once.

    Example:
        >>> flow = CaseFlow()
        >>> flow.start.id, flow.working.id, flow.allowed_from("closed")
        ('new', 'open', ('open', 'waiting_customer', 'waiting_third_party'))

    .. versionadded:: 0.1.0
    """

    id: str = attrs.field(default="support", validator=_checks.text)
    statuses: tuple[Status, ...] = attrs.field(default=DEFAULT_STATUSES, converter=_statuses)
    version: int = attrs.field(default=1, kw_only=True, validator=_checks.whole(least=1))
    name: str | None = attrs.field(default=None, kw_only=True, validator=_checks.optional(_checks.text))
    moves: str | tuple[tuple[str, tuple[str, ...]], ...] = attrs.field(default="any", kw_only=True, converter=_moves)
    requires: tuple[tuple[str, tuple[Requirement, ...]], ...] = attrs.field(
        default=(), kw_only=True, converter=_requires
    )
    priorities: Priorities = attrs.field(default=Priorities(), kw_only=True, validator=_checks.a(Priorities))
    types: tuple[str, ...] = attrs.field(default=(), kw_only=True, converter=_types)
    reopening: ReopenPolicy = attrs.field(
        default=None, kw_only=True, validator=_checks.optional(_checks.a(ReopenPolicy))
    )
    max_depth: int = attrs.field(default=3, kw_only=True, validator=_checks.whole(least=1))
    facts: FactSchema | None = attrs.field(
        default=None, kw_only=True, validator=_checks.optional(_checks.a(FactSchema))
    )
    places: Mapping[str, Status] = attrs.field(init=False, eq=False, repr=False)
    _allowed: dict[str, tuple[str, ...]] = attrs.field(init=False, eq=False, repr=False)
    _passages: dict[tuple[str, str, str | None], Passage] = attrs.field(init=False, eq=False, repr=False)

    def __reduce__(self) -> tuple[Any, ...]:
        """Copy and pickle the definition alone; what is compiled of it is compiled again."""
        return _flow.bare(self)

    def __attrs_post_init__(self) -> None:
        """Fill in what follows, check everything and report all of it."""
        if self.reopening is None:
            object.__setattr__(self, "reopening", _reopening(self))
        _flow.require_none("CaseFlow", problems_of(self), "a flow of cases")
        object.__setattr__(self, "places", MappingProxyType({status.id: status for status in self.statuses}))
        object.__setattr__(self, "_allowed", {})  # these two are filled as moves are asked for, from the rest
        object.__setattr__(self, "_passages", {})

    @classmethod
    def preset(cls, name: str, /, id: str | None = None, **more: Any) -> CaseFlow:  # noqa: A002 - as everywhere in relex
        """A flow to begin with.

        Args:
            name: `support` (the statuses of a flow that names none, any move), `progressive` (open, in progress,
                resolved, closed, and open again: nothing goes back otherwise; resolving asks for a comment) or
                `approval` (resolving asks for a comment; closing for an approval and that no child is open).
            id: Of the flow; by default the name of the preset.
            **more: Its other attributes.

        Raises:
            InvalidValue: For another name, and as the class does.

        Example:
            >>> CaseFlow.preset("progressive", "claims").allowed_from("closed")
            ('open',)

        .. versionadded:: 0.1.0
        """
        return cls(name if id is None else id, **(preset_parts(name) | more))

    @property
    def start(self) -> Status:
        """In which a case begins: the fresh one, or the first open one."""
        return next((status for status in self.statuses if status.fresh), self.working)

    @property
    def working(self) -> Status:
        """The first open status that is not fresh."""
        return next(status for status in self.statuses if status.kind == "open" and not status.fresh)

    def status(self, id: str) -> Status:  # noqa: A002 - the field's name everywhere in relex
        """The status of this id.

        Raises:
            InvalidValue: For what is no text.
            NotFound: When there is none.

        .. versionadded:: 0.1.0
        """
        found = self.places.get(id) if isinstance(id, str) else None  # type: ignore[redundant-expr]  # any value
        if found is None:
            _checks.text.require("status.id", id)
            raise NotFound("Status", id)
        return found

    def first(self, kind: str, *, ends: str | None = None) -> Status:
        """The first status of a kind that is not fresh; of closed ones, the first that ends a case so.

        Args:
            kind: `open`, `waiting`, `resolved` or `closed`.
            ends: `closed`, `rejected` or `merged`; None takes any.

        Raises:
            NotFound: When the flow has none.

        .. versionadded:: 0.1.0
        """
        for status in self.statuses:
            if status.kind == kind and not status.fresh and ends in (None, status.ends):
                return status
        raise NotFound("Status", ends or kind)

    def next_from(self, id: str, kind: str, *, ends: str | None = None) -> Status:  # noqa: A002 - as above
        """The first status of a kind to which a case may go from here; where there is none, the first of the kind.

        Args:
            id: Of the status in which the case is.
            kind: `open`, `waiting`, `resolved` or `closed`.
            ends: `closed`, `rejected` or `merged`; None takes any.

        Raises:
            NotFound: When the flow has none of the kind, or no status of this id.

        .. versionadded:: 0.1.0
        """
        first = self.first(kind, ends=ends)
        if self.moves == "any":
            return first
        known = [self.places[to] for to in self.allowed_from(id)]
        return next((status for status in known if status.kind == kind and ends in (None, status.ends)), first)

    def allowed_from(self, id: str) -> tuple[str, ...]:  # noqa: A002 - as above
        """Ids of the statuses to which a case may go from here, in the order of the statuses; the same one is none.

        Raises:
            NotFound: For a status that is not there.

        .. versionadded:: 0.1.0
        """
        found = self._allowed.get(id) if isinstance(id, str) else None  # type: ignore[redundant-expr]  # any value
        if found is None:
            found = self._allowed[id] = _ways(self, self.status(id))
        return found

    def passage(self, from_: str, to: str, command: str | None = None) -> Passage:
        """Whether a move is allowed, and what it asks for: what the status asks, then what the command asks.

        Closing a case that is not resolved resolves it, so it asks for what resolving asks too.

        Args:
            from_: Id of the status in which the case is; to stay there is no move, so it is not asked for.
            to: Id of the status to which it should go.
            command: By which command, or None to leave out what commands ask.

        Raises:
            InvalidValue: For what is no text.
            NotFound: For a status that is not there.

        .. versionadded:: 0.1.0
        """
        if command is not None and command.__class__ is not str:
            _checks.text.require("passage.command", command)
        known = isinstance(from_, str) and isinstance(to, str)  # type: ignore[redundant-expr]  # any value
        found = self._passages.get((from_, to, command)) if known else None
        if found is None:
            here, there = self.status(from_), self.status(to)
            found = _flow.through(_asked(self, here, there, command), allowed=to in self.allowed_from(from_))
            self._passages[from_, to, command] = found
        return found

    def asked(self, command: str | None) -> tuple[Requirement, ...]:
        """What a command asks for, whatever the status.

        .. versionadded:: 0.1.0
        """
        return next((asked for known, asked in self.requires if known == command), ())

    def check(
        self,
        case: Case,
        *,
        to: str | None = None,
        command: str = "move_to",
        as_of: datetime,
        facts: Mapping[str, Any] | None = None,
    ) -> CaseCheck:
        """Whether a case may go to a status, or take a command, with everything that is missing; nothing changes.

        The same answer that the command gives, for forms, boards and imports.

        Args:
            case: The case; what happened to it after `as_of` is not looked at.
            to: Where it should go; None leaves it to the command.
            command: By which command: `hold`, `resume`, `resolve`, `close`, `reject`, `reopen`, or `move_to`, which
                needs a status and is the default.
            as_of: When; aware.
            facts: What the command would say (`comment`, `code`, `reason`, `actor`), and the application's own facts.

        Raises:
            InvalidValue: For `move_to` without a status, a command that moves no case, a naive `as_of`, a fact that
                shadows one of the case, or a case of another flow.
            NotFound: Where no status is named and the flow has none to which the command could lead.

        .. versionadded:: 0.1.0
        """
        _checks.instant.require("check.as_of", as_of)
        _COMMAND.require("check.command", command)
        (_checks.text if command == "move_to" else _TEXT_OR_NONE).require("check.to", to)
        _CASE.require("check.case", case)
        return checked(self, case, command, to, as_of, facts)

    def __str__(self) -> str:
        return f"{self.name or self.id}: {', '.join(map(str, self.statuses))}"

    def _repr_html_(self) -> str:
        rows = [
            (str(status), status.kind, status.waiting_for or status.ends or "", self._next(status), _messages(status))
            for status in self.statuses
        ]
        return table(f"Flow of cases {self.name or self.id}", ("status", "kind", "how", "leads to", "requires"), rows)

    def _next(self, status: Status) -> str:
        return ", ".join([str(self.places[to]) for to in self.allowed_from(status.id)])

    def to_mermaid(self) -> str:
        """The flow as a state diagram in Mermaid's notation; merging, which asks no table, is not drawn.

        .. versionadded:: 0.1.0
        """
        ways = [(status.id, to) for status in self.statuses for to in self.allowed_from(status.id)]
        states = [(status.id, f"{status} ({status.waiting_for or status.kind})") for status in self.statuses]
        ends = [status.id for status in self.statuses if status.kind == "closed"]
        return _flow.drawn(states, self.start.id, ways, ends)


def _ways(flow: CaseFlow, here: Status) -> tuple[str, ...]:
    """Where the table lets a case go from here."""
    known = [each for each in flow.statuses if each.id != here.id and not each.fresh and each.ends != "merged"]
    if isinstance(flow.moves, tuple):
        goals = _flow.goals_of(flow.moves, here.id)
        known = [each for each in known if each.id in goals]
    elif here.kind == "closed":
        known = [each for each in known if here.reopens and each.kind in {"open", "waiting"}]
    return tuple([each.id for each in known])


def _asked(flow: CaseFlow, here: Status, there: Status, command: str | None) -> tuple[Requirement, ...]:
    """What a way asks for; to close is to resolve first."""
    found = (*there.requires, *flow.asked(command))
    if there.ends != "closed" or here.kind not in {"open", "waiting"}:
        return found
    resolving = flow.asked("resolve") if command == "close" else ()
    return (*flow.next_from(here.id, "resolved").requires, *resolving, *found)


def _reopening(flow: CaseFlow) -> ReopenPolicy:
    """From where a message may bring a case back, unless somebody says more."""
    to = next((status for status in flow.statuses if status.kind == "open" and not status.fresh), None)
    found = [
        status.id for status in flow.statuses if status.reopens and to is not None and to.id in _ways(flow, status)
    ]
    return ReopenPolicy(to="open" if to is None else to.id, statuses=found)


def _messages(status: Status) -> str:
    return "; ".join([requirement.message for requirement in status.requires])


DEFAULT_FLOW = CaseFlow()
"""The flow of a case that names none."""
