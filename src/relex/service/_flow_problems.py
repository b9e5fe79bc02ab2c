"""Everything that is wrong with a flow of cases."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relex._checks import Check
from relex._flow import foreign_facts, is_moves, repeated, stuck, unfit_rules, unknown_ends
from relex.errors import InvalidValue
from relex.service._case_check import ASKED
from relex.service._case_facts import COMMAND_SCHEMA, NAMES, SCHEMA

if TYPE_CHECKING:
    from collections.abc import Iterator

    from relex._flow import Moves
    from relex.rules import Rule
    from relex.service._case_flow import CaseFlow
    from relex.service._status import Status

__all__ = ["problems_of"]

_MOVES = Check("any, or the statuses that can be reached by status", is_moves(("any",)))


def problems_of(flow: CaseFlow) -> tuple[InvalidValue, ...]:
    """All mistakes, each with its place, what was written and what is expected."""
    return (
        *_of_statuses(flow),
        *_of_kinds(flow),
        *[problem for status in flow.statuses for problem in _of_status(status)],
        *_of_moves(flow),
        *_of_reopening(flow),
        *_of_commands(flow),
        *_of_types(flow),
        *foreign_facts(NAMES, flow.facts, "case"),
        *unfit_rules(flow.facts, SCHEMA | COMMAND_SCHEMA, _rules(flow)),
    )


def _of_statuses(flow: CaseFlow) -> Iterator[InvalidValue]:
    for known in repeated(status.id for status in flow.statuses):
        yield InvalidValue("statuses", known, f"each id once, {known} is there twice")
    for name in repeated(status.name for status in flow.statuses if status.name is not None):
        yield InvalidValue("statuses", name, f"each name once, {name} is there twice")


def _of_kinds(flow: CaseFlow) -> Iterator[InvalidValue]:
    fresh = [status.id for status in flow.statuses if status.fresh]
    if len(fresh) > 1:
        yield InvalidValue("statuses", tuple(fresh), "at most one fresh status")
    kinds = {status.kind for status in flow.statuses if not status.fresh}
    if "open" not in kinds:
        yield InvalidValue("statuses", "open", "at least one open status that is not fresh")
    if "resolved" not in kinds:
        yield InvalidValue("statuses", "resolved", "at least one resolved status")
    if "closed" not in {status.ends for status in flow.statuses if status.kind == "closed"}:
        yield InvalidValue("statuses", "closed", "at least one closed status that ends a case as closed")


def _of_status(status: Status) -> Iterator[InvalidValue]:
    path, kind = f"statuses[{status.id}]", status.kind
    if kind == "waiting" and status.waiting_for is None:
        yield InvalidValue(f"{path}.waiting_for", None, "whose move it is, such as customer")
    for name, of in (("waiting_for", "waiting"), ("ends", "closed"), ("reopens", "closed")):
        if kind != of and getattr(status, name) is not None:
            yield InvalidValue(f"{path}.{name}", getattr(status, name), f"None, unless the status is {of}")
    if status.fresh and kind != "open":
        yield InvalidValue(f"{path}.fresh", True, "False, unless the status is open")
    if kind == "closed" and status.reopens and status.ends != "closed":
        yield InvalidValue(f"{path}.reopens", True, f"False, of what is {status.ends}")
    if status.requires and (status.fresh or status.ends == "merged"):
        yield InvalidValue(f"{path}.requires", status.requires, "nothing (no move leads here)")


def _of_moves(flow: CaseFlow) -> Iterator[InvalidValue]:
    moves = flow.moves
    if not _MOVES.passes(moves):
        yield InvalidValue("moves", moves, _MOVES.expected)
    elif isinstance(moves, tuple):
        known = {status.id: status for status in flow.statuses}
        yield from unknown_ends(moves, known)
        for from_, goals in moves:
            for to in goals:
                if from_ in known and to in known:
                    yield from _of_way(known[from_], known[to])
        over = [status.id for status in flow.statuses if status.kind == "closed" and status.ends != "merged"]
        lasting = [status.id for status in flow.statuses if status.kind != "closed"]
        yield from stuck(moves, lasting, over, "a closed status")
        yield from _of_answers(flow, moves)


def _of_way(from_: Status, to: Status) -> Iterator[InvalidValue]:
    if to.fresh:
        yield InvalidValue("moves", to.id, f"statuses other than {to.id}, which is for cases that nobody touched")
    if to.ends == "merged":
        yield InvalidValue("moves", to.id, f"statuses other than {to.id} (merging asks no table)")
    if from_.kind == "closed" and not from_.reopens:
        yield InvalidValue("moves", to.id, f"nothing from {from_.id}, which never reopens")
    elif from_.kind == "closed" and to.kind not in {"open", "waiting"}:
        yield InvalidValue("moves", to.id, f"open or waiting statuses from {from_.id}, not {to.id}")


def _of_answers(flow: CaseFlow, moves: Moves) -> Iterator[InvalidValue]:
    """What a message moves by itself needs a way: there is nobody who could be told that there is none."""
    goals = dict(moves)
    working = {status.id for status in flow.statuses if status.kind == "open" and not status.fresh}
    for status in flow.statuses:
        if (status.kind == "waiting" or status.fresh) and working.isdisjoint(goals.get(status.id, ())):
            yield InvalidValue("moves", status.id, f"a way from {status.id} to an open status, which a message takes")


def _of_reopening(flow: CaseFlow) -> Iterator[InvalidValue]:
    policy, known = flow.reopening, {status.id: status for status in flow.statuses}
    fit = [status.id for status in flow.statuses if status.kind in {"open", "waiting"} and not status.fresh]
    if fit and policy.to not in fit:
        yield InvalidValue("reopening.to", policy.to, f"one of {', '.join(fit)}")
    for id_ in policy.statuses:
        if id_ not in known or not known[id_].reopens:
            back = [status.id for status in flow.statuses if status.reopens]
            yield InvalidValue("reopening.statuses", id_, f"closed statuses that reopen ({', '.join(back)}), not {id_}")
    if isinstance(flow.moves, tuple):
        goals = dict(flow.moves)
        for id_ in [*[status.id for status in flow.statuses if status.kind == "resolved"], *policy.statuses]:
            if policy.to not in goals.get(id_, ()):
                yield InvalidValue("moves", id_, f"a way from {id_} to {policy.to}, where a message reopens the case")


def _of_commands(flow: CaseFlow) -> Iterator[InvalidValue]:
    for command in repeated(command for command, _ in flow.requires):
        yield InvalidValue("requires", command, f"each command once, {command} is there twice")
    for command, _ in flow.requires:
        if command not in ASKED:
            yield InvalidValue("requires", command, f"one of {', '.join(ASKED)}")


def _of_types(flow: CaseFlow) -> Iterator[InvalidValue]:
    for type_, _ in flow.priorities.by_type:
        if flow.types and type_ not in flow.types:
            yield InvalidValue("priorities.by_type", type_, f"one of {', '.join(flow.types)}")


def _rules(flow: CaseFlow) -> Iterator[tuple[str, Rule]]:
    """Every rule that the flow asks, with its place."""
    for status in flow.statuses:
        for requirement in status.requires:
            yield f"statuses[{status.id}].requires[{requirement.name}]", requirement.rule
    for command, asked in flow.requires:
        for requirement in asked:
            yield f"requires[{command}][{requirement.name}]", requirement.rule
