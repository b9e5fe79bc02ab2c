"""Facts, the schemas that list them, and rules about them.

Rules are built from the schema down: the kind of a fact decides which questions can be asked of it, so every rule that
is drawn passes `FactSchema.check`. Values of one kind come half from a small pool and half from anywhere: rules that
never meet an equal value would all answer False.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from relex import _checks
from relex._instants import moment
from relex.errors import InvalidValue
from relex.rules import (
    AllChildren,
    AllOf,
    AnyChild,
    AnyOf,
    AtLeast,
    Between,
    Beyond,
    Compare,
    Contains,
    CountOf,
    EqualsIgnoringCase,
    FactSchema,
    IsIn,
    IsMissing,
    Kind,
    Not,
    Requirement,
    Rule,
    StartsWith,
    SumOf,
    Within,
)
from relex.testing.strategies._basics import days, instants, named, numbers, texts, words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from hypothesis.strategies import SearchStrategy

__all__ = ["STORED", "constants", "fact_schemas", "facts", "requirements", "rules"]

_OPS = ("==", "!=", "<", "<=", ">", ">=")
_DEEP = 3
_SCHEMA = _checks.a(FactSchema)

_LINE = FactSchema({"line.net": Kind.NUMBER, "line.product": Kind.TEXT, "line.tags": Kind.TEXTS})
_USUAL = FactSchema(
    {
        "born": Kind.DAY,
        "note": Kind.TEXT,
        "seen_at": Kind.INSTANT,
        "tags": Kind.TEXTS,
        "tier": Kind.TEXT,
        "total": Kind.NUMBER,
        "vip": Kind.FLAG,
    },
    children={"lines": _LINE},
)

# Constants and facts.

_POOLS: dict[Kind, SearchStrategy[Any]] = {
    Kind.TEXT: st.one_of(words(), words(), texts(min_size=0)),
    Kind.NUMBER: st.one_of(st.integers(-2, 3), numbers()),
    Kind.FLAG: st.booleans(),
    Kind.DAY: st.one_of(st.integers(1, 5).map(lambda day: date(2026, 11, day)), days()),
    Kind.INSTANT: st.one_of(instants(), instants()),
    Kind.TEXTS: st.lists(words(), max_size=3).map(tuple),
}


def constants(*, kind: Kind | str | None = None) -> SearchStrategy[Any]:
    """Values of facts: text, numbers, flags, days, instants, tuples of text; never None.

    Args:
        kind: The only kind, such as `Kind.NUMBER`; by default any.

    Raises:
        InvalidValue: For what is no kind.

    .. versionadded:: 0.1.0
    """
    if kind is None:
        return st.one_of(*_POOLS.values())
    return _POOLS[_kind("constants.kind", kind)]


def _kind(path: str, kind: object) -> Kind:
    if not isinstance(kind, str) or kind not in _KINDS:
        raise InvalidValue(path, kind, f"one of {', '.join(_KINDS)}")
    return Kind(kind)


_KINDS = tuple(kind.value for kind in Kind)


def fact_schemas(*, children: bool = True) -> SearchStrategy[FactSchema]:
    """Schemas of up to five facts, some with children and open prefixes; shrinks to the empty one.

    Args:
        children: Whether some have children.

    Raises:
        InvalidValue: For anything but a flag.

    .. versionadded:: 0.1.0
    """
    _checks.flag.require("fact_schemas.children", children)
    return _schemas(children)


@lru_cache
def _schemas(children: bool) -> SearchStrategy[FactSchema]:
    named = st.dictionaries(words(), st.sampled_from(Kind), max_size=5)
    opened = st.lists(words(), max_size=1).map(tuple)
    flat = st.builds(FactSchema, named, open=opened)
    if not children:
        return flat
    return st.builds(FactSchema, named, open=opened, children=st.dictionaries(words(), flat, max_size=2))


def facts(schema: FactSchema | None = None) -> SearchStrategy[dict[str, Any]]:
    """Facts as an object of a schema gives them: each of its kind, some None, some not there at all.

    Children stand under their name as a tuple of mappings. Names that are only open are not among them.

    Args:
        schema: Which facts there are; by default one with every kind of fact and with children called `lines`.

    Raises:
        InvalidValue: For what is no schema.

    .. versionadded:: 0.1.0
    """
    schema = _USUAL if schema is None else schema
    _SCHEMA.require("facts.schema", schema)
    return _facts(schema)


@lru_cache(maxsize=64)
def _facts(schema: FactSchema) -> SearchStrategy[dict[str, Any]]:
    some: dict[str, SearchStrategy[Any]] = {name: st.none() | _POOLS[kind] for name, kind in schema.facts}
    for name, child in schema.children:
        some[name] = st.lists(_facts(child), max_size=3).map(tuple)
    return named("facts", st.fixed_dictionaries({}, optional=some))


# Rules.


def rules(
    schema: FactSchema | None = None, *, children: bool = True, of: type[Rule] | None = None
) -> SearchStrategy[Rule]:
    """Rules of every kind of node that the facts of a schema allow, up to four levels deep.

    Every rule passes `schema.check`; ask it about `facts(schema)`. Shrinks to one question about one fact.

    Args:
        schema: Which facts there are; by default that of `facts()`. Names that are only open are not asked about.
        children: Whether some rules ask about child facts, which no table of plain columns can answer.
        of: The class of the outermost node, such as `Between`; by default any.

    Raises:
        InvalidValue: For what is no schema, flag or class of a rule, or when no rule of the class can be asked.

    Example:
        >>> from hypothesis import given
        >>> from relex.rules import compile_rule, evaluate
        >>> @given(rules(), facts())
        ... def test_compiled_rules_answer_alike(rule, found):
        ...     assert compile_rule(rule)(found) is evaluate(rule, found).answer
        >>> test_compiled_rules_answer_alike()

    .. versionadded:: 0.1.0
    """
    schema = _USUAL if schema is None else schema
    _SCHEMA.require("rules.schema", schema)
    _checks.flag.require("rules.children", children)
    if of is None:
        return _rules(schema, children, _DEEP)
    found = _nodes(schema, children, _DEEP).get(of)
    if found is None:
        raise InvalidValue("rules.of", of, "the class of a rule that can be asked about the facts of the schema")
    return named("rules", found)


@lru_cache(maxsize=256)
def _rules(schema: FactSchema, children: bool, deep: int) -> SearchStrategy[Rule]:
    leaves = _leaves(schema)
    asked = st.one_of(*leaves.values()) if leaves else st.builds(AllOf)
    if not deep:
        return named("rules", asked)
    wider = [each for kind, each in _nodes(schema, children, deep).items() if kind not in leaves]
    return named("rules", st.one_of(asked, asked, *wider))


@lru_cache(maxsize=256)
def _nodes(schema: FactSchema, children: bool, deep: int) -> dict[type[Rule], SearchStrategy[Rule]]:
    """A strategy for each class of rules."""
    inner = _rules(schema, children, deep - 1)
    some = st.lists(inner, max_size=3)
    joined: dict[type[Rule], SearchStrategy[Rule]] = {
        AllOf: some.map(lambda parts: AllOf(*parts)),
        AnyOf: some.map(lambda parts: AnyOf(*parts)),
        AtLeast: st.builds(_at_least, st.integers(0, 3), some),
        Not: inner.map(Not),
    }
    return _leaves(schema) | joined | (_families(schema, deep) if children else {})


def _at_least(count: int, parts: list[Rule]) -> Rule:
    return AtLeast(min(count, len(parts)), *parts)


def _families(schema: FactSchema, deep: int) -> dict[type[Rule], SearchStrategy[Rule]]:
    """Rules about the children of each name."""
    found: dict[type[Rule], list[SearchStrategy[Rule]]] = {}
    for name, child in schema.children:
        inside = FactSchema(
            {**dict(schema.facts), **dict(child.facts)}, children={**dict(schema.children), **dict(child.children)}
        )
        for kind, each in _of_children(name, inside, deep).items():
            found.setdefault(kind, []).append(each)
    return {kind: st.one_of(*each) for kind, each in found.items()}


def _of_children(name: str, inside: FactSchema, deep: int) -> dict[type[Rule], SearchStrategy[Rule]]:
    rule = _rules(inside, True, deep - 1)
    named, ops = st.just(name), st.sampled_from(_OPS)
    found: dict[type[Rule], SearchStrategy[Rule]] = {
        AnyChild: st.builds(AnyChild, named, rule),
        AllChildren: st.builds(AllChildren, named, rule),
        CountOf: st.builds(CountOf, named, rule, op=ops, n=st.integers(0, 3)),
    }
    summed = [fact for fact, kind in inside.facts if kind is Kind.NUMBER]
    if summed:
        amounts = _POOLS[Kind.NUMBER]
        found[SumOf] = st.builds(SumOf, named, rule, fact=st.sampled_from(summed), op=ops, amount=amounts)
    return found


@lru_cache(maxsize=256)
def _leaves(schema: FactSchema) -> dict[type[Rule], SearchStrategy[Rule]]:
    """Questions about one fact, by class."""
    by_kind: dict[Kind, list[str]] = {}
    for name, kind in schema.facts:
        by_kind.setdefault(kind, []).append(name)
    found: dict[type[Rule], list[SearchStrategy[Rule]]] = {}
    for kind, fitting in by_kind.items():
        for node, make in _QUESTIONS[kind]:
            found.setdefault(node, []).append(make(st.sampled_from(fitting), _POOLS[kind]))
    names = [name for name, _ in (*schema.facts, *schema.children)]
    if names:
        found[IsMissing] = [st.sampled_from(names).map(IsMissing)]
    return {node: st.one_of(*each) for node, each in found.items()}


Names = Any
Pool = Any


def _compare(names: Names, pool: Pool) -> SearchStrategy[Rule]:
    return st.builds(Compare, names, st.sampled_from(_OPS), pool)


def _equal(names: Names, pool: Pool) -> SearchStrategy[Rule]:
    return st.builds(Compare, names, st.sampled_from(_OPS[:2]), pool)


def _is_in(names: Names, pool: Pool) -> SearchStrategy[Rule]:
    return st.builds(IsIn, names, st.lists(pool, min_size=1, max_size=3).map(tuple))


def _between(names: Names, pool: Pool) -> SearchStrategy[Rule]:
    return st.builds(_range, names, pool, pool)


def _range(name: str, one: Any, other: Any) -> Rule:
    low, high = sorted((one, other), key=_place)
    return Between(name, low, high)


def _place(value: Any) -> Any:
    return moment(value) if isinstance(value, datetime) else value


def _starts(names: Names, _: Pool) -> SearchStrategy[Rule]:
    return st.builds(StartsWith, names, st.one_of(words().map(lambda word: word[:1]), words(), texts()))


def _ignoring_case(names: Names, _: Pool) -> SearchStrategy[Rule]:
    return st.builds(EqualsIgnoringCase, names, st.one_of(words().map(str.upper), texts()))


def _contains(names: Names, _: Pool) -> SearchStrategy[Rule]:
    return st.builds(Contains, names, st.lists(words(), min_size=1, max_size=2).map(tuple), st.booleans())


def _within(names: Names, _: Pool) -> SearchStrategy[Rule]:
    return st.builds(Within, names, _SPANS, st.booleans())


def _beyond(names: Names, _: Pool) -> SearchStrategy[Rule]:
    return st.builds(Beyond, names, _SPANS, st.booleans())


_SPANS = st.sampled_from(
    (timedelta(0), timedelta(hours=1), timedelta(days=1), timedelta(days=30), timedelta(days=4000))
) | st.timedeltas(timedelta(0), timedelta(days=10**6))

_Questions = tuple[tuple[type[Rule], "Callable[[Names, Pool], SearchStrategy[Rule]]"], ...]
_ORDERED: _Questions = ((Compare, _compare), (IsIn, _is_in), (Between, _between))
_TIMED: _Questions = (*_ORDERED, (Within, _within), (Beyond, _beyond))
_QUESTIONS: dict[Kind, _Questions] = {
    Kind.TEXT: (*_ORDERED, (StartsWith, _starts), (EqualsIgnoringCase, _ignoring_case)),
    Kind.NUMBER: _ORDERED,
    Kind.FLAG: ((Compare, _equal), (IsIn, _is_in)),
    Kind.DAY: _TIMED,
    Kind.INSTANT: _TIMED,
    Kind.TEXTS: ((Compare, _equal), (Contains, _contains)),
}


def requirements(schema: FactSchema | None = None) -> SearchStrategy[Requirement]:
    """Named rules with a message for people.

    Args:
        schema: Which facts there are; by default that of `facts()`.

    Raises:
        InvalidValue: For what is no schema.

    .. versionadded:: 0.1.0
    """
    return st.builds(Requirement, words(), rules(schema), texts())


def _of(kind: type[Rule]) -> Callable[[], SearchStrategy[Rule]]:
    return lambda: rules(of=kind)


def _by_class(kinds: Iterable[type[Rule]]) -> dict[type, Callable[[], SearchStrategy[Any]]]:
    return {kind: _of(kind) for kind in kinds}


STORED: dict[type, Callable[[], SearchStrategy[Any]]] = {
    **_by_class((AllChildren, AllOf, AnyChild, AnyOf, AtLeast, Between, Beyond, Compare, Contains, CountOf)),
    **_by_class((EqualsIgnoringCase, IsIn, IsMissing, Not, StartsWith, SumOf, Within)),
    FactSchema: fact_schemas,
    Requirement: requirements,
}
"""The strategy of every stored form of `relex.rules`."""
