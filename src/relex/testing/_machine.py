"""Random use of a store, compared step by step with the store in memory.

Theory of operation. One store serves all examples of a run, so each example works under a mark of its own: ids and
subjects begin with it, and the marks grow, so that `find(after=mark)` gives what belongs to this example and nothing
that an earlier one left. The store in memory is new for each example, which uses a few classes only, so that what is
done meets what was done before. Both are told the same, and must answer the same: the same values in the same order,
or the same error.
"""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING, Any

from hypothesis import HealthCheck, settings, strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from relex.errors import Conflict, InvalidValue, NotFound, NotSupported
from relex.repositories import MemoryStore
from relex.testing._players import AGGREGATES, ENTRIES
from relex.testing._samples import form
from relex.testing._trying import forms
from relex.testing.strategies import instants, rules

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from relex.changes import Change
    from relex.repositories import Store
    from relex.testing._players import Played, Told

__all__ = ["use_at_random"]

_PLACES = ("A", "a", "\N{LATIN SMALL LETTER E WITH ACUTE}")
_SUBJECTS = ("x", "X")
_LONG = 1_000
"""What is longer in its stored form may hold a text that some stores refuse, as no index of theirs could hold it."""

_LIMITS = st.none() | st.integers(0, 3)
_SELDOM: st.SearchStrategy[bool] = st.integers(0, 5).map(lambda number: number == 5)
_UNCHECKED = (HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much)
_HOW_MANY = st.sampled_from((1, 1, 1, 0, 2, 3))
_FEW_AGGREGATES = st.lists(st.sampled_from(AGGREGATES), min_size=1, max_size=2, unique=True)
_FEW_ENTRIES = st.lists(st.sampled_from(ENTRIES), min_size=1, max_size=3, unique=True)


def use_at_random(store: Store, chosen: settings | None) -> None:
    """Run the machine on a store.

    Args:
        store: It is empty.
        chosen: How many examples of how many steps; None is 25 of 15, and otherwise what the profile says.
    """
    numbers = count()
    usual = settings(max_examples=25, stateful_step_count=15, deadline=None, suppress_health_check=_UNCHECKED)
    begun: Any = lambda: Machine(store, next(numbers))  # noqa: E731 - annotated as a class, though any callable serves
    run_state_machine_as_test(begun, settings=chosen or usual)


class Machine(RuleBasedStateMachine):
    """A store and its twin in memory, in one example."""

    def __init__(self, store: Store, number: int) -> None:
        super().__init__()
        self.mark = f"{number:06}/"
        self.store = store
        self.twin = MemoryStore()
        self.known: dict[tuple[type, str], list[Any]] = {}
        self.told: list[Any] = []
        self.kept: tuple[Sequence[Played], Sequence[Told]] = (AGGREGATES, ENTRIES)

    @initialize(aggregates=_FEW_AGGREGATES, entries=_FEW_ENTRIES)
    def choose(self, aggregates: Sequence[Played], entries: Sequence[Told]) -> None:
        """The classes of this example."""
        self.kept = (aggregates, entries)

    @rule(data=st.data())
    def save(self, data: st.DataObject) -> None:
        """Changes, some of them stale, and entries, some of them repeated, in one call."""
        changes = [self._change(data) for _ in range(data.draw(_HOW_MANY))]
        entries = [self._entry(data) for _ in range(data.draw(_HOW_MANY))]
        long = any(len(form(value)) > _LONG for value in [*[change.state for change in changes], *entries])
        said = self._same(
            lambda store: store.save(*changes, entries=entries),
            exact=len(changes) + len(entries) == 1,
            refused=(NotSupported, InvalidValue) if long else (NotSupported,),
        )
        if said is None:
            self.told += entries
            self._remember(changes)
        for change in changes:
            self._same(_get(change.state))

    @rule(data=st.data(), limit=_LIMITS)
    def find(self, data: st.DataObject, limit: int | None) -> None:
        """A page of a random rule."""
        played = data.draw(st.sampled_from(self.kept[0]), "kind")
        asked = data.draw(st.none() | rules(played.kind.fact_schema), "rule")
        after = self.mark + data.draw(st.sampled_from(("", *_PLACES)), "after")
        as_of = data.draw(st.none() | instants(), "as_of")
        self._same(lambda store: list(store.repository(played.kind).find(asked, as_of=as_of, after=after, limit=limit)))

    @rule(data=st.data(), limit=_LIMITS)
    def read(self, data: st.DataObject, limit: int | None) -> None:
        """A page of a random rule and window."""
        told = data.draw(st.sampled_from(self.kept[1]), "kind")
        of = self.mark + data.draw(st.sampled_from(_SUBJECTS), "of")
        asked = data.draw(st.none() | rules(told.kind.fact_schema), "rule")
        since, until, as_of = (data.draw(st.none() | self._instants(), name) for name in ("since", "until", "as_of"))
        after = data.draw(st.none() | st.sampled_from(_PLACES).map(lambda place: self.mark + place), "after")
        given = {"of": of, "since": since, "until": until, "as_of": as_of, "after": after, "limit": limit}
        self._same(lambda store: list(store.log(told.kind).read(asked, **given)))

    @rule()
    def look(self) -> None:
        """Everything, in its stored form."""
        for played in AGGREGATES:
            self._same(_find(played.kind, self.mark))
        for told in ENTRIES:
            for of in _SUBJECTS:
                self._same(_read(told.kind, self.mark + of))

    def _same(
        self, ask: Callable[[Any], Any], *, exact: bool = True, refused: tuple[type[Exception], ...] = (NotSupported,)
    ) -> object:
        """What both answer, or None where the store says that it cannot answer or keep this."""
        try:
            found = _answer(ask, self.store, exact=exact)
        except refused:
            return None
        expected = _answer(ask, self.twin, exact=exact)
        assert found == expected, "the store (left) does not answer what the store in memory answers (right)"
        return expected

    def _change(self, data: st.DataObject) -> Change[Any]:
        played = data.draw(st.sampled_from(self.kept[0]), "kind")
        key = self.mark + data.draw(st.sampled_from(_PLACES), "id")
        known = next((states for (kind, id_), states in self.known.items() if _is(played, key, kind, id_)), [])
        if not known or data.draw(_SELDOM, "open it again"):
            (opened,) = data.draw(played.openings(key), "opening")
            return opened if not data.draw(_SELDOM, "leave out the opening") else self._told(data, played, opened.state)
        stale = data.draw(_SELDOM, "stale")
        return self._told(data, played, data.draw(st.sampled_from(known)) if stale else known[-1])

    @staticmethod
    def _told(data: st.DataObject, played: Played, state: Any) -> Change[Any]:
        return data.draw(played.commands, "command")(state)

    def _entry(self, data: st.DataObject) -> Any:
        if data.draw(_SELDOM, "repeat an entry") and self.told:
            return data.draw(st.sampled_from(self.told), "entry")
        told = data.draw(st.sampled_from(self.kept[1]), "kind")
        key, subject = data.draw(st.sampled_from(_PLACES), "id"), data.draw(st.sampled_from(_SUBJECTS), "subject")
        return data.draw(told.entries(self.mark + key, self.mark + subject), "entry")

    def _instants(self) -> st.SearchStrategy[Any]:
        return st.sampled_from([entry.at for entry in self.told]) | instants() if self.told else instants()

    def _remember(self, changes: Iterable[Change[Any]]) -> None:
        for change in changes:
            if change.events:
                self.known.setdefault((type(change.state), change.state.id), []).append(change.state)


def _get(state: Any) -> Callable[[Any], Any]:
    return lambda store: store.repository(type(state)).get(state.id)


def _find(kind: type, after: str) -> Callable[[Any], Any]:
    return lambda store: forms(store.repository(kind).find(after=after))


def _read(kind: type, of: str) -> Callable[[Any], Any]:
    return lambda store: forms(store.log(kind).read(of=of))


def _is(played: Played, key: str, kind: type, id_: str) -> bool:
    return kind is played.kind and id_.upper().startswith(key.upper())


def _answer(ask: Callable[[Any], Any], store: Any, *, exact: bool) -> object:
    """What comes, or the parts of the error; where several things may be wrong, only which error."""
    try:
        return ask(store)
    except (Conflict, NotFound) as error:
        return (type(error), *(error.args if exact else ()))
