"""Which responses an account is judged by: those that are linked to it, and of each contact the one that counts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from relex._instants import moment
from relex.feedback._counting import Key, answer_keys
from relex.feedback._responses import latest_responses

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from relex.feedback._metric import Metric
    from relex.feedback._responses import Response

__all__ = ["KEEP", "Chosen", "Voice", "choose"]

KEEP = ("latest", "first", "all")
"""Which response of one contact counts."""


class Voice(NamedTuple):
    """One response that was chosen: for whom, by whom, and its score, None or status."""

    account: str
    contact: str
    role: str | None
    key: Key


class Chosen(NamedTuple):
    """What was chosen, and how many responses were not, and why.

    Attributes:
        voices: By account and contact.
        superseded: How many gave way to another response of their contact.
        unlinked: How many name no account or no contact.
    """

    voices: tuple[Voice, ...]
    superseded: int
    unlinked: int


def choose(
    responses: Iterable[Response],
    metric: Metric,
    question: str,
    keep: str,
    invalid: str,
    root: Callable[[str], str],
) -> Chosen:
    """One response of each contact, or all of them; only the highest revision of a submission is looked at."""
    given = latest_responses(responses)
    keys = answer_keys(metric.scale, given, question, invalid=invalid)
    people: dict[tuple[str, str], list[tuple[Response, Any]]] = {}
    unlinked = 0
    for response, key in zip(given, keys, strict=True):
        if response.account is None or response.contact is None:
            unlinked += 1
        else:
            people.setdefault((root(response.account), response.contact), []).append((response, key))
    voices = [
        Voice(account, contact, response.role, key)
        for (account, contact), found in sorted(people.items())
        for response, key in _kept(found, keep)
    ]
    return Chosen(tuple(voices), len(given) - unlinked - len(voices), unlinked)


def _kept(found: list[tuple[Response, Any]], keep: str) -> list[tuple[Response, Any]]:
    """Those of one contact that count; one with a score goes before one without."""
    if len(found) == 1:
        return found
    ordered = sorted(found, key=lambda pair: (moment(pair[0].at), pair[0].id))
    if keep == "all":
        return ordered
    scored = [pair for pair in ordered if type(pair[1]) is int] or ordered
    return [scored[-1 if keep == "latest" else 0]]
