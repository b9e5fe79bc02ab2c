"""What is odd about a name."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import attrs

from relex import _checks
from relex.customers._flags import Flag, flag
from relex.customers._quality_lists import LONGEST
from relex.customers._quality_policy import QualityPolicy, chosen
from relex.customers._text_flags import invisible_flags
from relex.parties import OrganizationName, PersonName, fold, name_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

__all__ = ["is_no_name", "name_flags"]

_NAME = _checks.a(str, PersonName, OrganizationName)
_FOUR = re.compile(r"([^\W\d_])\1{3}")
_DIGIT = re.compile(r"\d")
_LINK = re.compile(r"https?:|www\.|://")
_BETWEEN = re.compile(r"[\s,]+")
_FEWEST_ALIKE = 3
_FEWEST_CAPITALS = 4
_SHORTEST_WORD = 3
_PAIR = 2
_GENERATION = "iii"  # John Smith III: the third of that name, and no run of letters


@attrs.frozen
class _Seen:
    """A name as it is looked at.

    `full` is the whole name, "" where only parts are known; `texts` are what is written; `parts` are the parts of the
    name, or its words where nobody has split it; `keys` are all keys that it may be listed under; `pair` are those of
    given and family name.
    """

    full: str
    texts: tuple[str, ...]
    parts: tuple[str, ...]
    keys: tuple[str, ...]
    pair: tuple[str, str] = ("", "")
    is_split: bool = False
    is_person: bool = True


def name_flags(
    name: str | PersonName | OrganizationName, policy: QualityPolicy | None = None, *, field: str = "name"
) -> tuple[Flag, ...]:
    """What is odd about a name: at most one flag of each code, sorted by code.

    Of every text the first 2,000 signs are looked at.

    The words of a name that nobody has split are looked at like its parts, except that a word of one or two letters is
    a placeholder only beside other placeholders: Li Na and Malcolm X are names. Of an organization's name it is not odd
    to have digits, capitals only, or a short word of equal or neighboring letters.

    Args:
        name: A text is taken as a whole name of a person.
        policy: What is odd; None for the default policy.
        field: What flags call the field.

    Raises:
        InvalidValue: For a name or policy of another type.

    Example:
        >>> [each.code for each in name_flags("Test User")]
        ['fake-name', 'placeholder']
        >>> print(name_flags("Qwerty Uiop")[0])
        doubt name keyboard-run: 'Qwerty', 'Uiop'
        >>> name_flags("Anna Power")
        ()

    .. versionadded:: 0.1.0
    """
    _NAME.require("name_flags.name", name)
    policy = chosen("name_flags.policy", policy)
    seen = _seen(name)
    if _is_allowed(seen, policy):
        return ()
    keys = {part: _key(part) for part in seen.parts}
    parts = {part: key for part, key in keys.items() if key not in policy.allowed_names and not policy.allows(part)}
    found = [*_listed(seen, policy, field), *_of_parts(seen, parts, policy, field), *_of_whole(seen, field)]
    return tuple(sorted(found, key=lambda each: each.code))


def is_no_name(name: str | PersonName | OrganizationName, policy: QualityPolicy) -> bool:
    """Whether all that a name says is a placeholder."""
    seen = _seen(name)
    if _is_allowed(seen, policy):
        return False
    return all(map(policy.is_placeholder, seen.parts)) or policy.is_placeholder(seen.full)


def _is_allowed(seen: _Seen, policy: QualityPolicy) -> bool:
    return not policy.allowed_names.isdisjoint(seen.keys) or policy.allows(seen.full, " ".join(seen.parts))


def _seen(name: str | PersonName | OrganizationName) -> _Seen:
    if isinstance(name, str):
        return _unsplit(name[:LONGEST])
    full = (name.full or "")[:LONGEST]
    if isinstance(name, OrganizationName):
        return _Seen(full, (full,), _words(full), _distinct(_key(full)), is_person=False)
    if name.given is None and name.family is None:
        return _unsplit(full)
    texts = [(part or "")[:LONGEST] for part in (name.given, name.middle, name.family)]
    parts = tuple(filter(None, texts))
    given, middle, family = map(_key, texts)
    return _Seen(
        full,
        (full, *parts) if full else parts,
        parts,
        _distinct(_key(full), given + family, family + given, given + middle + family),
        (given, family),
        is_split=True,
    )


def _unsplit(full: str) -> _Seen:
    words = _words(full)
    if len(words) > _PAIR and fold(words[-1]) == _GENERATION:
        words = words[:-1]
    if len(words) != _PAIR:
        return _Seen(full, (full,), words, _distinct(_key(full)))
    one, other = map(_key, words)
    return _Seen(full, (full,), words, _distinct(_key(full), one + other, other + one), (one, other))


def _words(text: str) -> tuple[str, ...]:
    return tuple(filter(None, _BETWEEN.split(text)))


def _key(text: str) -> str:
    return name_key(text) or ""


def _distinct(*keys: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, keys)))


def _listed(seen: _Seen, policy: QualityPolicy, field: str) -> Iterator[Flag]:
    for code, names in (("fake-name", policy.fake_names), ("sample-name", policy.sample_names)):
        if any(key in names for key in seen.keys):
            yield flag(field, code, " ".join(seen.parts) or seen.texts[0])


def _of_parts(seen: _Seen, parts: Mapping[str, str], policy: QualityPolicy, field: str) -> Iterator[Flag]:
    tests = {
        "placeholder": _empty(seen, parts, policy),
        "repeated-characters": [part for part, key in parts.items() if _is_repeated(key, whole=seen.is_person)],
        "keyboard-run": [part for part, key in parts.items() if _is_run(key, policy, whole=seen.is_person)],
    }
    for code, found in tests.items():
        if found:
            yield flag(field, code, *found)
    if seen.is_person and seen.pair[0] == seen.pair[1] != "":
        yield flag(field, "same-given-family", " ".join(seen.parts))


def _empty(seen: _Seen, parts: Iterable[str], policy: QualityPolicy) -> list[str]:
    """The parts that are placeholders; the whole, where it is one."""
    found = [part for part in parts if policy.is_placeholder(part)]
    if not seen.is_split and len(found) < len(set(seen.parts)):
        found = [part for part in found if len(part) >= _SHORTEST_WORD]
    return found or [seen.full] * policy.is_placeholder(seen.full)


def _of_whole(seen: _Seen, field: str) -> Iterator[Flag]:
    folded = [fold(text) for text in seen.texts]
    if any(map(_LINK.search, folded)):
        yield flag(field, "url-in-name", *seen.texts[:1])
    if seen.is_person and any(map(_DIGIT.search, folded)):
        yield flag(field, "digit-in-name", *seen.texts[:1])
    if seen.is_person and _is_shouted("".join(seen.parts)):
        yield flag(field, "all-caps", *seen.texts[:1])
    yield from invisible_flags(field, *seen.texts)


def _is_repeated(key: str, *, whole: bool) -> bool:
    if _FOUR.search(key):
        return True
    return whole and len(key) >= _FEWEST_ALIKE and key[0].isalpha() and not key.strip(key[0])


def _is_run(key: str, policy: QualityPolicy, *, whole: bool) -> bool:
    return (whole and key in policy.short_runs) or any(run in key for run in policy.runs)


def _is_shouted(text: str) -> bool:
    return text.isupper() and sum(map(str.isupper, text)) >= _FEWEST_CAPITALS
