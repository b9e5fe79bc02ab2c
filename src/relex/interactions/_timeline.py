"""Everything that happened with a customer in one order, whatever it is and wherever it comes from, page by page."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, Any

import attrs

from relex import _checks
from relex._instants import moment
from relex.codec import tagged
from relex.errors import InvalidValue
from relex.interactions._html import page_html
from relex.interactions._merging import Order, Wanted, gathered, kind_of, merged
from relex.interactions._parts import INSTANT_OR_NONE, TEXT_OR_NONE, words
from relex.interactions._whose import parties_of
from relex.rules import Rule, compile_rule

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from relex.interactions._whose import Aliased

__all__ = ["Cursor", "TimelinePage", "iter_timeline", "timeline"]

_COUNT = _checks.optional(_checks.whole(least=1))
_RULE = _checks.optional(_checks.a(Rule))


@tagged("interactions.Cursor")
@attrs.frozen(kw_only=True, weakref_slot=False)
class Cursor:
    """A place in a timeline: that of one item, whether the item is still there or not.

    Attributes:
        at: Of the item; aware.
        kind: Of the item: the name of its class in small letters.
        id: Of the item.

    .. versionadded:: 0.1.0
    """

    at: datetime = attrs.field(validator=_checks.instant, eq=moment)
    kind: str = attrs.field(validator=_checks.text)
    id: str = attrs.field(validator=_checks.text)

    @classmethod
    def of(cls, item: Any) -> Cursor:
        """The place of an item.

        Raises:
            InvalidValue: For something without an id or an aware instant.

        .. versionadded:: 0.1.0
        """
        return cls(at=getattr(item, "at", None), kind=kind_of(item), id=getattr(item, "id", None))  # type: ignore[arg-type]  # checked


@attrs.frozen(kw_only=True, weakref_slot=False)
class TimelinePage:
    """A part of a timeline.

    Attributes:
        items: In order.
        cursor: The place of the last item; for the next page give it as `after`. On an empty page it is the one given.
        has_more: Whether something came behind this page when it was made.
        newest_first: Whether time runs backward.

    .. versionadded:: 0.1.0
    """

    items: tuple[Any, ...]
    cursor: Cursor | None
    has_more: bool
    newest_first: bool

    def __str__(self) -> str:
        order = "newest first" if self.newest_first else "oldest first"
        counted = "1 item" if len(self.items) == 1 else f"{len(self.items)} items"
        return f"{counted}, {order}{', and more' if self.has_more else ''}"

    def _repr_html_(self) -> str:
        return page_html(self)


def timeline(  # noqa: PLR0913 - each argument narrows the page in another way
    *entries: Iterable[Any],
    of: str | None = None,
    aliases: Aliased | None = None,
    as_of: datetime | None = None,
    kinds: Iterable[str] | None = None,
    where: Rule | None = None,
    after: Cursor | None = None,
    limit: int | None = None,
    newest_first: bool = True,
    ordered: bool = False,
) -> TimelinePage:
    """One page of all that happened: interactions, purchases, returns, cases, responses, in one order.

    The order is (instant, kind, id), and newest first is its exact reverse. An item is anything with an `id` and an
    aware `at`; its kind is the name of its class in small letters. The same item from two sources counts once.

    The next page begins behind an item and not after a number of items, so an item that arrives later or is dated back
    never makes another one appear twice.

    Args:
        entries: The sources, each an iterable of items in any order.
        of: Only items of this customer: those that name it among `customers`, or as `subject` or `customer`.
        aliases: Tells the other ids of that customer, such as `relex.customers.Aliases`; items of any of them are
            included, and those that an unmerge gave away are not.
        as_of: Only what had happened by then, inclusive.
        kinds: Only items of these kinds, such as `interaction`, `purchase`, `return`.
        where: Only items of whose `facts()` this rule is True; unknown is not True.
        after: Only what comes behind this place.
        limit: How many at most; None is all.
        newest_first: Whether time runs backward.
        ordered: Whether each source comes in the order of the timeline already; then it is read lazily, no further than
            the page needs.

    Raises:
        Conflict: For two items of one kind, id and instant with two contents.
        InvalidValue: For an item without id, aware instant or (with `of`) a party, an `ordered` source out of order, or
            an argument of a wrong type.

    Example:
        >>> from datetime import datetime, timezone
        >>> from relex.interactions import Interaction, Participant
        >>> from relex.purchases import Line, Purchase
        >>> ten = datetime(2026, 5, 1, 10, tzinfo=timezone.utc)
        >>> sale = Purchase("p1", at=ten, customer="c1", currency="USD", lines=[Line(1, "mug", 1, gross="10.00")])
        >>> call = Interaction("i1", at=ten, channel="phone", direction="inbound", participants=[Participant("c1")])
        >>> page = timeline([sale], [call], of="c1", limit=1)
        >>> [item.id for item in page.items], page.has_more
        (['p1'], True)
        >>> [item.id for item in timeline([sale], [call], of="c1", after=page.cursor).items]
        ['i1']

    .. versionadded:: 0.1.0
    """
    _COUNT.require("timeline.limit", limit)
    found = iter_timeline(
        *entries,
        of=of,
        aliases=aliases,
        as_of=as_of,
        kinds=kinds,
        where=where,
        after=after,
        newest_first=newest_first,
        ordered=ordered,
    )
    items = tuple(found if limit is None else islice(found, limit + 1))
    return _page(items, limit, after, newest_first=newest_first)


def _page(items: tuple[Any, ...], limit: int | None, after: Cursor | None, *, newest_first: bool) -> TimelinePage:
    """A page of items, of which one more than fits says that there is more."""
    shown = items[:limit]
    return TimelinePage(
        items=shown,
        cursor=Cursor.of(shown[-1]) if shown else after,
        has_more=len(shown) < len(items),
        newest_first=newest_first,
    )


def iter_timeline(
    *entries: Iterable[Any],
    of: str | None = None,
    aliases: Aliased | None = None,
    as_of: datetime | None = None,
    kinds: Iterable[str] | None = None,
    where: Rule | None = None,
    after: Cursor | None = None,
    newest_first: bool = True,
    ordered: bool = False,
) -> Iterator[Any]:
    """The items of a timeline one after the other; arguments and errors as of `timeline`.

    With `ordered`, sources of any length are merged without being held in memory, a block of each at a time.

    Example:
        >>> from datetime import datetime, timedelta, timezone
        >>> from relex.interactions import Interaction
        >>> day = datetime(2026, 5, 1, tzinfo=timezone.utc)
        >>> def visits(start, step):
        ...     for number in range(1_000_000_000):
        ...         at = day + timedelta(minutes=start + step * number)
        ...         yield Interaction(f"{start}-{number}", at=at, channel="web", direction="inbound")
        >>> endless = iter_timeline(visits(0, 2), visits(1, 3), newest_first=False, ordered=True)
        >>> [next(endless).id for _ in range(4)]
        ['0-0', '1-0', '0-1', '0-2']

    .. versionadded:: 0.1.0
    """
    _checks.flag.require("timeline.newest_first", newest_first)
    _checks.flag.require("timeline.ordered", ordered)
    INSTANT_OR_NONE.require("timeline.as_of", as_of)
    _checks.optional(_checks.a(Cursor)).require("timeline.after", after)
    _RULE.require("timeline.where", where)
    TEXT_OR_NONE.require("timeline.of", of)
    order = Order(newest_first=newest_first)
    tests = _tests(of, aliases, as_of, kinds, where)
    if after is not None:
        tests.append(_behind(order, after))
    wanted = Wanted(*_bounds(order, as_of, after), tests)
    sources = [_source(f"timeline.entries[{place}]", source) for place, source in enumerate(entries)]
    read = merged if ordered else gathered
    return iter(read("timeline.entries", sources, order, wanted))


def _source(path: str, source: Any) -> Iterable[Any]:
    if isinstance(source, str) or not hasattr(source, "__iter__"):
        raise InvalidValue(path, source, "an iterable of items")
    return source  # type: ignore[no-any-return]


def _bounds(order: Order, as_of: datetime | None, after: Cursor | None) -> tuple[timedelta | None, timedelta | None]:
    """The least and the greatest key of the items: time ends at `as_of`, and the page begins at its cursor."""
    end = None if as_of is None else order.key(as_of)
    start = None if after is None else order.key(after.at)
    if not order.newest_first:
        return start, end
    return max((key for key in (start, end) if key is not None), default=None), None


def _behind(order: Order, after: Cursor) -> Callable[[Any], bool]:
    """Whether an item comes behind a place; asked of those at its instant or behind it."""
    instant, named = order.key(after.at), (after.kind, after.id)

    def test(item: Any) -> bool:
        if order.key(item.at) != instant:
            return True
        own = (kind_of(item), item.id)
        return own < named if order.newest_first else own > named

    return test


def _tests(
    of: str | None,
    aliases: Aliased | None,
    as_of: datetime | None,
    kinds: Iterable[str] | None,
    where: Rule | None,
) -> list[Callable[[Any], bool | None]]:
    """What is asked of each item, the cheapest question first."""
    tests: list[Callable[[Any], bool | None]] = []
    if kinds is not None:
        tests.append(partial(_is_of_kind, frozenset(words("timeline.kinds", kinds))))
    if of is not None:
        ids = {of} if aliases is None else {of, *aliases.all(of)}
        tests.append(partial(_is_of, frozenset(ids), aliases))
    if where is not None:
        rule = compile_rule(where)
        tests.append(lambda item: rule(item.facts() if hasattr(item, "facts") else {}, as_of))
    return tests


def _is_of_kind(kinds: frozenset[str], item: Any) -> bool:
    return kind_of(item) in kinds


def _is_of(ids: frozenset[str], aliases: Aliased | None, item: Any) -> bool:
    return not ids.isdisjoint(parties_of(item, aliases))
