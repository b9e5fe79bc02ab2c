"""Events in the envelope of CloudEvents, so that brokers and other services can pass them on."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from relex import _checks
from relex._instants import moment
from relex.changes import Event
from relex.codec import decode, encode
from relex.errors import InvalidValue
from relex.interactions._given import Given, instant_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import tzinfo

__all__ = ["from_cloudevent", "to_cloudevent"]

_OWN = ("data", "datacontenttype", "id", "source", "specversion", "subject", "time", "type")
_NEEDED = ("data", "id", "source", "specversion", "type")
_EXTENSION = re.compile("[a-z0-9]{1,20}")
_TYPE = re.compile(r"relex\.(?P<tag>[^.]+\.[^.]+)\.v(?P<version>[1-9][0-9]{0,8})")
_JSON = "application/json"
_PLAIN = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~:@!$&'()*+,;=/")


def to_cloudevent(event: Event, base: str) -> dict[str, Any]:
    """An event as a CloudEvent of version 1.0: a dict for JSON.

    `source` is the base, the context and the id of the aggregate (in percent-encoding), `id` is the version of the
    aggregate, so both together identify the event. `type` is `relex.<context>.<EventName>.v<version of the form>`,
    `time` is in UTC, and `data` is the stored form.

    Args:
        event: Any event of relex.
        base: The address of the system that tells it, such as `https://crm.example`.

    Raises:
        InvalidValue: For something that is no event with a stored form, or an empty base.

    Source: CloudEvents 1.0.2.

    Example:
        >>> from datetime import timezone
        >>> from relex import Customer
        >>> from relex.parties import PersonName
        >>> day = datetime(2025, 5, 1, 9, tzinfo=timezone.utc)
        >>> ada, _ = Customer.open("c1", PersonName("Ada Lovelace"), at=day)
        >>> tagged = ada.tag("vip", at=day).events[0]
        >>> told = to_cloudevent(tagged, "https://crm.example")
        >>> told["source"], told["id"], told["type"]
        ('https://crm.example/customers/c1', '2', 'relex.customers.TagsChanged.v1')
        >>> from_cloudevent(told) == tagged
        True

    .. versionadded:: 0.1.0
    """
    _checks.a(Event).require("to_cloudevent.event", event)
    _checks.text.require("to_cloudevent.base", base)
    data = encode(event)
    return {
        "specversion": "1.0",
        "id": str(event.version),
        "source": base.rstrip("/") + _place(data["type"], event),
        "type": f"relex.{data['type']}.v{data['v']}",
        "subject": event.source,
        "time": _utc(event.at),
        "datacontenttype": _JSON,
        "data": data,
    }


def from_cloudevent(data: Mapping[str, Any], *, zones: Callable[[str], tzinfo] | None = None) -> Event:
    """The event of relex that a CloudEvent carries.

    Attributes that extend CloudEvents, as brokers add them, are passed over. What the envelope says must be what the
    event says.

    Args:
        data: What `to_cloudevent` gave, or JSON made of it.
        zones: Turns the key of a time zone into a tzinfo, as for `relex.codec.decode`.

    Raises:
        InvalidValue: For an unknown version, type, attribute or content, or one that contradicts the event; the path
            names it.

    .. versionadded:: 0.1.0
    """
    given = Given("cloudevent", data)
    _check_names(given)
    if given.text("specversion") != "1.0":
        raise InvalidValue("cloudevent.specversion", given.data["specversion"], "1.0")
    if given.data.get("datacontenttype", _JSON) != _JSON:
        raise InvalidValue("cloudevent.datacontenttype", given.data["datacontenttype"], _JSON)
    stored = _stored(given)
    try:
        event: Event = decode(stored, Event, zones=zones)
    except InvalidValue as error:
        raise error.inside("cloudevent.data") from None
    _check_envelope(given, event, stored["type"])
    return event


def _check_names(given: Given) -> None:
    for name in given.data:
        if name not in _OWN and not _EXTENSION.fullmatch(name):
            raise InvalidValue("cloudevent", name, "names of attributes: small letters and digits, at most 20")
    for name in _NEEDED:
        if given.data.get(name) is None:
            raise InvalidValue(f"cloudevent.{name}", None, "a value")


def _stored(given: Given) -> dict[str, Any]:
    """The stored form inside, if it is of the type that the envelope states."""
    named = _TYPE.fullmatch(given.text("type"))
    if named is None:
        raise InvalidValue("cloudevent.type", given.data["type"], "relex.<context>.<EventName>.v<version>")
    stored = given.data["data"]
    stated = {"type": named["tag"], "v": int(named["version"])}
    if not isinstance(stored, dict) or {name: stored.get(name) for name in stated} != stated:
        raise InvalidValue("cloudevent.data", stored, f"the stored form of a {named['tag']}, version {stated['v']}")
    return stored


def _check_envelope(given: Given, event: Event, tag: str) -> None:
    place = _place(tag, event)
    if not given.text("source").endswith(place):
        raise InvalidValue("cloudevent.source", given.data["source"], f"an address that ends in {place}")
    for name, value in (("id", str(event.version)), ("subject", event.source)):
        if given.data.get(name, value) != value:
            raise InvalidValue(f"cloudevent.{name}", given.data[name], f"{value}, as the event says")
    time = given.data.get("time")
    if time is not None and moment(instant_of("cloudevent.time", time)) != moment(event.at):
        raise InvalidValue("cloudevent.time", time, f"{_utc(event.at)}, as the event says")


def _place(tag: str, event: Event) -> str:
    return f"/{tag.partition('.')[0]}/{_quoted(event.source)}"


def _quoted(text: str) -> str:
    """The text in percent-encoding, as a part of an address may hold it."""
    return "".join(chr(byte) if byte in _PLAIN else f"%{byte:02X}" for byte in text.encode())


def _utc(at: datetime) -> str:
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")
