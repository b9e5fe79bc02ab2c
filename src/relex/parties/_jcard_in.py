"""jCards as records: what is read, what is left, and what is refused."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import attrs

from relex import _checks
from relex.errors import InvalidValue
from relex.parties._countries import COUNTRIES
from relex.parties._jcard_out import SUFFIXES
from relex.parties._names import OrganizationName, PersonName
from relex.parties._points import ContactPoint, PostalAddress
from relex.parties._preferences import Preferences
from relex.parties._records import Record

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["from_jcard"]

_MOST = 1_000
_LONGEST = 10_000
_LINES = _checks.Check(
    f'["vcard", [...]] with at most {_MOST} properties',
    lambda card: (
        isinstance(card, (list, tuple))
        and len(card) == len(("vcard", "lines"))
        and card[0] == "vcard"
        and isinstance(card[1], (list, tuple))
        and len(card[1]) <= _MOST
    ),
)
_TEXT = _checks.Check(
    f"a str of at most {_LONGEST} characters that can be encoded",
    lambda value: (
        isinstance(value, str) and len(value) <= _LONGEST and not any("\ud800" <= c <= "\udfff" for c in value)
    ),
)
_KINDS = {"individual": "person", "org": "organization"}
_POINTS = {"adr": "postal", "email": "email", "impp": "messaging", "socialprofile": "social", "tel": "phone"}
_READ = frozenset((*_POINTS, "bday", "categories", "fn", "kind", "lang", "n", "org", "uid", "version"))
_PURPOSES = ("home", "work")
_NAME = ("family", "given", "middle", "prefix", "suffix")
_ADDRESS = ("box", "extension", "street", "city", "region", "postal_code", "country")
_LAST = 101  # behind every preference, which are 1 to 100


@attrs.frozen
class _Line:
    """One property of a card.

    Attributes:
        path: Where it stands, such as `jcard[1][3]`.
        name: In small letters.
        params: By name in small letters.
        values: One or several, each a str, or a list of str and lists of str.
    """

    path: str
    name: str
    params: Mapping[str, tuple[str, ...]]
    values: tuple[Any, ...]

    @property
    def text(self) -> str:
        """The first value as a text without blanks around it; empty for one in parts."""
        return self.values[0].strip() if isinstance(self.values[0], str) else ""

    @property
    def parts(self) -> list[str]:
        """The first value in parts, each a text; several texts in one part are joined."""
        value = self.values[0]
        found = [value] if isinstance(value, str) else value
        return [_joined(part) for part in found]

    @property
    def preference(self) -> int:
        """1 for the dearest."""
        stated = next(iter(self.params.get("pref", ())), "")
        return int(stated) if stated.isascii() and stated.isdecimal() and len(stated) <= len("100") else _LAST


def from_jcard(card: Any, *, source: str, at: datetime, key: str | None = None) -> tuple[Record, tuple[str, ...]]:
    """What a jCard says of a person or an organization, and the names of the properties that were not used.

    Contact points are stored as they are, readable or not. `pref` 1 is primary, the types `work` and `home` are
    purposes. The organization of a person is the free field `organization`. A birthday without a year stays text, as
    `--02-03`. A country that is no code stays in the full address.

    Args:
        card: The card as lists, dicts and str, such as JSON gives it.
        source: Of the record.
        at: Of the record; aware.
        key: Of the record; by default the `uid` of the card.

    Returns:
        The record and sorted names of properties, those that a record has no place for and those with nothing in them.

    Raises:
        InvalidValue: For something that is no jCard, a kind that is neither individual nor org, or neither `key` nor
            `uid`; the path says where.

    Source: RFC 7095 (jCard), RFC 6350 (vCard).

    Example:
        >>> from datetime import timezone
        >>> card = ["vcard", [
        ...     ["version", {}, "text", "4.0"],
        ...     ["uid", {}, "text", "7"],
        ...     ["fn", {}, "text", "Ada Berg"],
        ...     ["tel", {"pref": "1"}, "uri", "tel:+49-30-1234567;ext=9"],
        ...     ["gender", {}, "text", "F"],
        ... ]]
        >>> ada, unused = from_jcard(card, source="book", at=datetime(2026, 5, 1, tzinfo=timezone.utc))
        >>> str(ada.name), ada.main("phone").extension, unused
        ('Ada Berg', '9', ('gender',))

    .. versionadded:: 0.1.0
    """
    lines: defaultdict[str, list[_Line]] = defaultdict(list)
    for line in _lines(card):
        lines[line.name].append(line)
    uid = _first(lines["uid"])
    if key is None and not uid:
        raise InvalidValue("jcard.uid", None, "a uid, unless a key is given")
    record = _record(lines, source, uid if key is None else key, at)
    blank = {name for name, found in lines.items() if found and not any(map(_says, found))}
    return record, tuple(sorted({name for name in lines if lines[name] and name not in _READ} | blank))


def _record(lines: Mapping[str, list[_Line]], source: str, key: str, at: datetime) -> Record:
    """What the properties say together."""
    kind = _kind(lines["kind"])
    languages = [line.text for line in sorted(lines["lang"], key=lambda line: line.preference) if line.text]
    tags = (tag for line in lines["categories"] for tag in line.values if isinstance(tag, str))
    return Record(
        source,
        key,
        at,
        kind=kind,
        name=_organization_name(lines) if kind == "organization" else _person_name(lines),
        points=tuple(_points(lines)),
        tags=[tag.strip() for tag in tags if tag.strip()],
        born=_born(_first(lines["bday"])),
        preferences=Preferences(languages=languages) if languages else None,
        values=_organization_of(lines) if kind == "person" else (),
    )


def _lines(card: Any) -> Iterator[_Line]:
    _LINES.require("jcard", card)
    for place, line in enumerate(card[1]):
        path = f"jcard[1][{place}]"
        if not isinstance(line, (list, tuple)) or not len(("name", "params", "type", "value")) <= len(line) <= _MOST:
            raise InvalidValue(path, line, "a list of name, parameters, type and values")
        _TEXT.require(f"{path}[0]", line[0])
        values = tuple(_value(f"{path}[{number}]", value) for number, value in enumerate(line[3:], start=3))
        yield _Line(path, line[0].lower(), _params(f"{path}[1]", line[1]), values)


def _params(path: str, params: Any) -> dict[str, tuple[str, ...]]:
    if not isinstance(params, Mapping) or len(params) > _MOST:
        raise InvalidValue(path, params, f"an object of at most {_MOST} parameters")
    found = {}
    for name, value in params.items():
        _TEXT.require(path, name)
        values = tuple(value) if isinstance(value, (list, tuple)) else (value,)
        for each in values[:_MOST]:
            _TEXT.require(f"{path}.{name}", each)
        found[name.lower()] = values[:_MOST]
    return found


def _value(path: str, value: Any, depth: int = 2) -> Any:
    """A value as it is: a text, or a list of texts and lists of texts; numbers and flags become texts."""
    if isinstance(value, (list, tuple)) and depth and len(value) <= _MOST:
        return [_value(f"{path}[{place}]", each, depth - 1) for place, each in enumerate(value)]
    if isinstance(value, float) or (isinstance(value, int) and value.bit_length() <= _MOST):
        return repr(value)
    _TEXT.require(path, value)
    return value


def _joined(part: Any) -> str:
    return part.strip() if isinstance(part, str) else SUFFIXES.join(text.strip() for text in part if text.strip())


def _says(line: _Line) -> bool:
    texts = (part for value in line.values for part in ([value] if isinstance(value, str) else value))
    return any(map(_joined, texts)) or any(map(_joined, line.params.get("label", ())))


def _first(lines: list[_Line]) -> str:
    return next((line.text for line in sorted(lines, key=lambda line: line.preference) if line.text), "")


def _kind(lines: list[_Line]) -> str:
    stated = _first(lines).lower() or "individual"
    if stated not in _KINDS:
        raise InvalidValue("jcard.kind", stated, "individual or org")
    return _KINDS[stated]


def _person_name(lines: Mapping[str, list[_Line]]) -> PersonName | None:
    line = next(iter(lines["n"]), None)
    parts = dict(zip(_NAME, [] if line is None else line.parts, strict=False))
    named = {name: part for name, part in parts.items() if part}
    full = _first(lines["fn"])
    if not (full or "given" in named or "family" in named):
        return None
    reading = [] if line is None else _reading(line)
    phonetic = zip(("family_phonetic", "given_phonetic"), reading, strict=False)
    return PersonName(full or None, **named, **{name: part for name, part in phonetic if part})


def _organization_name(lines: Mapping[str, list[_Line]]) -> OrganizationName | None:
    line = next((line for line in lines["org"] if any(line.parts)), None)
    full = _first(lines["fn"]) or (line.parts[0] if line is not None else "")
    reading = [] if line is None else _reading(line)
    return OrganizationName(full, phonetic=next(iter(reading), "") or None) if full else None


def _reading(line: _Line) -> list[str]:
    """The parts of `sort-as`, as a list or with commas between them."""
    stated = line.params.get("sort-as", ())
    parts = stated[0].split(",") if len(stated) == 1 else stated
    return [part.strip() for part in parts]


def _organization_of(lines: Mapping[str, list[_Line]]) -> dict[str, str]:
    found = next((line.parts for line in lines["org"] if any(line.parts)), [])
    return {"organization": SUFFIXES.join(part for part in found if part)} if found else {}


def _born(text: str) -> date | str | None:
    """A date, or the text where that is none; a month and a day without a year as `--02-03`."""
    if len(text) == len("--0203") and text.startswith("--") and text.isascii() and text[2:].isdigit():
        return f"{text[:4]}-{text[4:]}"
    try:
        return date.fromisoformat(text)
    except ValueError:
        return text or None


def _points(lines: Mapping[str, list[_Line]]) -> Iterator[ContactPoint]:
    """The contact points; of each kind the first one that is preferred most is primary."""
    for name, kind in _POINTS.items():
        told = [(line, value) for line in lines[name] if (value := _reached(kind, line)) is not None]
        main = next((line for line, _ in told if line.preference == 1), None)
        for line, value in told:
            number, extension = value if isinstance(value, tuple) else (value, None)
            yield ContactPoint(
                kind,
                number,
                purposes=[each for each in _PURPOSES if each in line.params.get("type", ())],
                primary=line is main,
                extension=extension,
            )


def _reached(kind: str, line: _Line) -> PostalAddress | str | tuple[str, str] | None:
    """What stands in a point; None for nothing, and a pair for a number with an extension."""
    if kind == "postal":
        return _address(line)
    if kind == "phone" and line.text.lower().startswith("tel:"):
        number, *params = line.text[len("tel:") :].split(";")
        extension = next((each[len("ext=") :] for each in params if each.lower().startswith("ext=")), "")
        return (number, extension) if number and extension else number or None
    if kind == "email" and line.text.lower().startswith("mailto:"):
        return line.text[len("mailto:") :] or None
    return line.text or None


def _address(line: _Line) -> PostalAddress | None:
    parts = dict(zip(_ADDRESS, line.parts, strict=False))
    street = ", ".join(part for part in (parts.get("street"), parts.get("extension"), parts.get("box")) if part)
    known = {name: parts[name] for name in ("city", "region", "postal_code") if parts.get(name)}
    country = parts.get("country", "")
    label = next(iter(line.params.get("label", ())), "").strip()
    if country and country not in COUNTRIES:
        label = label or ", ".join(part for part in (street, *known.values(), country) if part)
        country = ""
    found = {"street": street, **known, "country": country, "full": label}
    stated = {name: part for name, part in found.items() if part}
    return PostalAddress(**stated) if stated else None
