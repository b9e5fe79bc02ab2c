"""Which facts there are, and of which kind: rules are checked against it before they judge anything."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

import attrs

from relex import _checks
from relex.codec import tagged
from relex.errors import InvalidValue
from relex.rules._children import OfChildren, SumOf
from relex.rules._facts import Kind
from relex.rules._leaves import IsMissing, Leaf
from relex.rules._nodes import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["FactSchema"]

_KINDS: dict[object, Kind] = {
    str: Kind.TEXT,
    int: Kind.NUMBER,
    Decimal: Kind.NUMBER,
    bool: Kind.FLAG,
    date: Kind.DAY,
    datetime: Kind.INSTANT,
    tuple: Kind.TEXTS,
    **{kind: kind for kind in Kind},
}
_MOST_LISTED = 12
_PAIR = _checks.Check("a pair", lambda value: isinstance(value, tuple) and len(value) == 2)  # noqa: PLR2004 - a pair is two
_PAIRS = _checks.Check("a mapping from names, or a tuple of pairs", _checks.each(_PAIR).passes)


def _kinds(facts: Mapping[str, Kind | type] | Iterable[tuple[str, Kind | type]]) -> tuple[tuple[str, Kind], ...]:
    return tuple([(name, _kind(name, kind)) for name, kind in _pairs("FactSchema.facts", facts)])


def _kind(name: str, kind: object) -> Kind:
    found = _KINDS.get(kind) if isinstance(kind, (type, str)) else None
    if found is None:
        raise InvalidValue(
            f"FactSchema.facts[{name!r}]", kind, "a Kind, or str, int, Decimal, bool, date, datetime, tuple"
        )
    return found


def _families(
    children: Mapping[str, FactSchema] | Iterable[tuple[str, FactSchema]],
) -> tuple[tuple[str, FactSchema], ...]:
    pairs = _pairs("FactSchema.children", children)
    for name, schema in pairs:
        _checks.a(FactSchema).require(f"FactSchema.children[{name!r}]", schema)
    return pairs


def _pairs(path: str, named: Any) -> tuple[tuple[str, Any], ...]:
    """Pairs sorted by name, from a mapping or from pairs, each name once."""
    pairs = tuple(named.items()) if isinstance(named, Mapping) else named
    _PAIRS.require(path, pairs)
    for name, _ in pairs:
        _checks.text.require(path, name)
    if len(dict(pairs)) < len(pairs):
        raise InvalidValue(path, named, "each name once")
    return tuple(sorted(pairs, key=lambda pair: pair[0]))


@tagged("rule.fact_schema")
@attrs.frozen
class FactSchema:
    """The names and kinds of the facts of one sort of object.

    Attributes:
        facts: The kind of each fact by name; give a mapping to a `Kind`, or to str, int, Decimal, bool, date, datetime
            or tuple. It is kept as sorted pairs.
        children: The schemas of child facts by the name under which the children stand.
        open: Prefixes of names that are accepted without being listed, such as `customer.`; nothing is known about
            their kind.

    Raises:
        InvalidValue: For an empty name, a name given twice, or something that is no kind.

    Example:
        >>> from decimal import Decimal
        >>> from relex.rules import field
        >>> schema = FactSchema({"total": Decimal, "tier": str})
        >>> schema.check(field("totl") >= 50)
        Traceback (most recent call last):
            ...
        relex.errors.InvalidValue: rule.fact: expected one of tier, total (did you mean total?), got 'totl'
        >>> schema.check((field("total") >= 50) & (field("tier") > 3))
        Traceback (most recent call last):
            ...
        relex.errors.InvalidValue: rule.rules[1]: expected a question about a text, as tier is, got field('tier') > 3

    .. versionadded:: 0.1.0
    """

    facts: tuple[tuple[str, Kind], ...] = attrs.field(default=(), converter=_kinds)
    children: tuple[tuple[str, FactSchema], ...] = attrs.field(default=(), converter=_families, kw_only=True)
    open: tuple[str, ...] = attrs.field(default=(), validator=_checks.each(_checks.text), kw_only=True)

    def check(self, rule: Rule, path: str = "rule") -> None:
        """Raise the first of the `problems`, if there is one.

        Args:
            rule: The rule.
            path: Where the rule stands, for the message.

        Raises:
            InvalidValue: For a fact or children that are not listed (with what was probably meant), or a question that
                cannot be asked of a fact of this kind. Its path leads to the part of the rule.
        """
        for problem in self.problems(rule, path):
            raise problem

    def problems(self, rule: Rule, path: str = "rule") -> tuple[InvalidValue, ...]:
        """Everything that is wrong with a rule about such objects; empty when nothing is."""
        _checks.a(Rule).require(path, rule)
        return tuple(_problems(self, rule, path))

    def __or__(self, other: FactSchema) -> FactSchema:
        """Both schemas in one.

        Raises:
            InvalidValue: When a fact is of two kinds, or the children of one name have two schemas.
        """
        if not isinstance(other, FactSchema):
            return NotImplemented
        return FactSchema(
            _merged("FactSchema.facts", self.facts, other.facts),
            children=_merged("FactSchema.children", self.children, other.children),
            open=tuple(dict.fromkeys(self.open + other.open)),
        )

    def prefixed(self, prefix: str) -> FactSchema:
        """The same facts under longer names: `customer.` and `tier` give `customer.tier`. Children stay as they are."""
        _checks.text.require("FactSchema.prefixed.prefix", prefix)
        facts = tuple([(prefix + name, kind) for name, kind in self.facts])
        return attrs.evolve(self, facts=facts, open=tuple([prefix + start for start in self.open]))


def _merged(path: str, left: tuple[tuple[str, Any], ...], right: tuple[tuple[str, Any], ...]) -> tuple[Any, ...]:
    known = dict(left)
    for name, meaning in right:
        if known.setdefault(name, meaning) != meaning:
            raise InvalidValue(f"{path}[{name!r}]", meaning, f"{known[name]!r}, as in the other schema")
    return tuple(known.items())


def _problems(schema: FactSchema, rule: Rule, path: str) -> Iterator[InvalidValue]:
    if isinstance(rule, Leaf):
        yield from _leaf(schema, rule, path)
    elif isinstance(rule, OfChildren):
        yield from _of_children(schema, rule, path)
    else:
        for step, part in _steps(rule):
            yield from _problems(schema, part, path + step)


def _steps(rule: Rule) -> Iterator[tuple[str, Rule]]:
    numbered = hasattr(rule, "rules")
    for index, part in enumerate(rule.parts):
        yield (f".rules[{index}]" if numbered else ".rule"), part


def _leaf(schema: FactSchema, rule: Leaf, path: str) -> Iterator[InvalidValue]:
    known = dict(schema.facts)
    if isinstance(rule, IsMissing):
        known.update(dict.fromkeys(dict(schema.children), Kind.TEXTS))
    kind = known.get(rule.fact)
    if kind is None:
        yield from _unlisted(schema, rule.fact, known, f"{path}.fact")
    elif not rule.suits(kind):
        yield InvalidValue(path, rule, f"a question about a {kind}, as {rule.fact} is")


def _of_children(schema: FactSchema, rule: OfChildren, path: str) -> Iterator[InvalidValue]:
    families = dict(schema.children)
    child = families.get(rule.children)
    if child is None:
        yield from _unlisted(schema, rule.children, families, f"{path}.children")
        return
    inside = _inside(schema, child)
    yield from _problems(inside, rule.rule, f"{path}.rule")
    if isinstance(rule, SumOf):
        kind = dict(inside.facts).get(rule.fact)
        if kind is None:
            yield from _unlisted(inside, rule.fact, dict(inside.facts), f"{path}.fact")
        elif kind is not Kind.NUMBER:
            yield InvalidValue(f"{path}.fact", rule.fact, f"the name of a number ({rule.fact} is a {kind})")


def _inside(parent: FactSchema, child: FactSchema) -> FactSchema:
    """What can be asked of one child: its own facts, and behind them the parent's."""
    return FactSchema(
        {**dict(parent.facts), **dict(child.facts)},
        children={**dict(parent.children), **dict(child.children)},
        open=parent.open + child.open,
    )


def _unlisted(schema: FactSchema, name: str, known: Mapping[str, object], path: str) -> Iterator[InvalidValue]:
    """The error of a name that is not known, unless names like it are open."""
    if name.startswith(schema.open):
        return
    near = get_close_matches(name, known, n=1, cutoff=0.6)
    hint = f" (did you mean {near[0]}?)" if near else ""
    listed = sorted(known)
    shown = [*listed[:_MOST_LISTED], "…"] if len(listed) > _MOST_LISTED else listed
    yield InvalidValue(path, name, f"{'one of ' if len(shown) > 1 else ''}{', '.join(shown) or 'no name at all'}{hint}")
