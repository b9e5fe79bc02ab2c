"""Tables of states and the moves between them: how they are written, checked, walked and drawn.

A pipeline and the life cycle of a case are both such a table: ids in an order, what each asks of those who come, and
which of them can be reached from where. What both do with it stands here once.
Moves are a word that the owner of the table gives a meaning to, or a list: the ids that can be reached by id.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import attrs

from relex import _checks
from relex._html import table
from relex.errors import InvalidValue, Rejected
from relex.rules import FactSchema, Requirement, check, compile_rule

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import datetime

    from relex.rules import Predicate, Rule, Unmet

__all__ = [
    "Moves",
    "Passage",
    "bare",
    "drawn",
    "foreign_facts",
    "given_facts",
    "goals_of",
    "is_moves",
    "lacking",
    "moves",
    "quoted",
    "reached",
    "refused",
    "repeated",
    "require_none",
    "shown",
    "stuck",
    "through",
    "told",
    "unfit_rules",
    "unknown_ends",
]

Moves = tuple[tuple[str, tuple[str, ...]], ...]
"""The ids that can be reached by id; both sorted."""

_TEXTS = _checks.each(_checks.text)
_FACTS = _checks.Check("a mapping from names", lambda value: isinstance(value, Mapping))


@attrs.frozen(eq=False)
class Passage:
    """One way from a state to another.

    Attributes:
        allowed: Whether the table lets anybody take it.
        requirements: What it asks for, each once.
        tests: The same, compiled.

    .. versionadded:: 0.1.0
    """

    allowed: bool
    requirements: tuple[Requirement, ...]
    tests: tuple[Predicate, ...]

    def is_open(self, facts: Mapping[str, Any], at: datetime) -> bool:
        """Whether everything is met; unknown is not."""
        for test in self.tests:  # noqa: SIM110 - a generator costs as much as a rule
            if test(facts, at) is not True:
                return False
        return True


def through(requirements: Iterable[Requirement], *, allowed: bool) -> Passage:
    """A way that asks for these, compiled."""
    asked = tuple(dict.fromkeys(requirements))
    return Passage(allowed, asked, tuple([compile_rule(each.rule) for each in asked]))


def refused(
    command: str,
    code: str,
    requirements: Iterable[Requirement],
    facts: Mapping[str, Any],
    at: datetime,
    details: dict[str, object],
) -> Rejected:
    """The refusal of a way, with everything that is not met on it."""
    unmet = check(requirements, facts, at)
    asked = {"requirements": tuple([each.name for each in unmet]), "unmet": unmet}
    return Rejected(command, code, {**details, **asked})


def lacking(unmet: Iterable[Unmet]) -> tuple[str, ...]:
    """Names of the facts that are not there, each once."""
    return tuple(dict.fromkeys([name for each in unmet for name in each.missing]))


def told(head: str, unmet: Iterable[Unmet]) -> str:
    """An answer as lines of text: what is asked, then what is not met."""
    return "\n".join([head, *[f"  {each}" for each in unmet]])


def shown(head: str, unmet: Iterable[Unmet]) -> str:
    """The same as a table."""
    rows = [(each.name, each.message, ", ".join(each.missing)) for each in unmet]
    return table(head, ("requirement", "message", "missing"), rows)


def moves(path: str, value: str | Mapping[str, Iterable[str]] | Iterable[tuple[str, Iterable[str]]]) -> str | Moves:
    """The normal form of what people write: a word as it is, a mapping or pairs sorted.

    Raises:
        InvalidValue: For what is neither.
    """
    if isinstance(value, str):
        return value
    pairs: tuple[Any, ...] = tuple(value.items()) if isinstance(value, Mapping) else _checks.items(path, value)
    _PAIRS.require(path, pairs)
    return tuple(sorted([(from_, _goals(path, to)) for from_, to in pairs]))


def _goals(path: str, ids: Iterable[str]) -> tuple[str, ...]:
    found = _checks.items(path, ids)
    _TEXTS.require(path, found)
    return tuple(sorted(set(found)))


_PAIRS = _checks.each(
    _checks.Check(
        "a pair (id, ids)",
        lambda value: isinstance(value, tuple) and len(value) == 2 and _checks.text.passes(value[0]),  # noqa: PLR2004 - a pair
    )
)


def is_moves(words: tuple[str, ...]) -> Callable[[object], bool]:
    """What tells whether a normal form is one of the words, or a list that names each start once."""

    def passes(value: object) -> bool:
        if isinstance(value, str):
            return value in words
        return isinstance(value, tuple) and len(dict(value)) == len(value)

    return passes


def goals_of(listed: Moves, from_: str) -> frozenset[str]:
    """The ids that a list lets anybody reach from here."""
    return frozenset(dict(listed).get(from_, ()))


def reached(start: Iterable[str], ways: Iterable[tuple[str, str]]) -> set[str]:
    """Every id to which some ways lead from the first ones, those included."""
    goals: defaultdict[str, set[str]] = defaultdict(set)
    for from_, to in ways:
        goals[from_].add(to)
    found, waiting = set(start), list(start)
    while waiting:
        new = goals[waiting.pop()] - found
        found |= new
        waiting += new
    return found


def repeated(values: Iterable[object]) -> list[object]:
    """What is there more than once."""
    return [value for value, count in Counter(values).items() if count > 1]


def unknown_ends(listed: Moves, known: Iterable[str]) -> Iterator[InvalidValue]:
    """A problem for each id that a list names and that is not in the table."""
    ids = tuple(known)
    for id_ in sorted({each for from_, to in listed for each in (from_, *to)}.difference(ids)):
        yield InvalidValue("moves", id_, f"one of {', '.join(ids)}, not {id_}")


def stuck(listed: Moves, from_: Iterable[str], ends: Iterable[str], named: str) -> Iterator[InvalidValue]:
    """A problem for each of these ids from which no way leads to an end."""
    ending = reached(tuple(ends), [(to, start) for start, goals in listed for to in goals])
    for id_ in from_:
        if id_ not in ending:
            yield InvalidValue("moves", id_, f"a way from {id_} to {named}")


def foreign_facts(names: frozenset[str], own: FactSchema | None, whose: str) -> Iterator[InvalidValue]:
    """A problem for each fact of the application's own that has the name of one that is always there."""
    for name in sorted(names.intersection([name for name, _ in (() if own is None else own.facts)])):
        yield InvalidValue("facts", name, f"names other than {name}, which every {whose} has")


def unfit_rules(
    own: FactSchema | None, always: FactSchema, rules: Iterable[tuple[str, Rule]]
) -> Iterator[InvalidValue]:
    """What is wrong with rules, by place; nothing where the application does not say which facts it has."""
    if own is None:
        return
    taken = {name for name, _ in always.facts}
    new = tuple([(name, kind) for name, kind in own.facts if name not in taken])
    known = attrs.evolve(own, facts=new) | always
    for path, rule in rules:
        yield from known.problems(rule, path)


def require_none(kind: str, problems: tuple[InvalidValue, ...], whole: str) -> None:
    """Raise one error that tells all problems, if there are any."""
    if problems:
        told = "; ".join([f"{problem.path}: {problem.expected}" for problem in problems])
        raise InvalidValue(kind, problems, f"{whole} without mistakes ({told})")


def given_facts(facts: dict[str, Any], given: Mapping[str, Any], names: Iterable[str], path: str) -> dict[str, Any]:
    """The facts with those that the application gives, which may have none of these names.

    Raises:
        InvalidValue: For what is no mapping, or a name that is taken.
    """
    _FACTS.require(path, given)
    shadowing = sorted(set(given).intersection(names))
    if shadowing:
        raise InvalidValue(path, shadowing[0], "facts of the application's own names")
    facts.update(given)
    return facts


def bare(of: Any) -> tuple[Callable[..., Any], tuple[Any, ...]]:
    """How a table is copied and pickled: its definition alone, of which the rest is compiled again."""
    known = {field.name: getattr(of, field.name) for field in attrs.fields(type(of)) if field.init}
    return _again, (type(of), known)


def _again(kind: Callable[..., Any], known: dict[str, Any]) -> Any:
    return kind(**known)


def drawn(states: Iterable[tuple[str, str]], start: str, ways: Iterable[tuple[str, str]], ends: Iterable[str]) -> str:
    """A state diagram in Mermaid's notation.

    Args:
        states: Pairs (id, text), in their order.
        start: Where everything begins.
        ways: Pairs (from, to).
        ends: Where it may end.
    """
    known = tuple(states)
    places = {id_: f"s{place}" for place, (id_, _) in enumerate(known)}
    lines = ["stateDiagram-v2", *[f"    state {quoted(text)} as {places[id_]}" for id_, text in known]]
    lines.append(f"    [*] --> {places[start]}")
    lines += [f"    {places[from_]} --> {places[to]}" for from_, to in ways]
    lines += [f"    {places[id_]} --> [*]" for id_ in ends]
    return "\n".join(lines) + "\n"


def quoted(text: str) -> str:
    """A text on one line as Mermaid shows it, whatever is in it."""
    plain = " ".join(text.replace("#", "#35;").replace('"', "#quot;").replace("<", "#lt;").split())
    return f'"{plain}"'
