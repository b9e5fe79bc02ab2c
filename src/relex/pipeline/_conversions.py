"""Many leads at once: each is converted, or refused with its reason, and none keeps another from it."""

from __future__ import annotations

from collections.abc import Mapping
from inspect import signature
from typing import TYPE_CHECKING, Any

import attrs

from relex import _checks
from relex.errors import InvalidValue, Rejected, RelexError
from relex.pipeline._conversion import Conversion, convert
from relex.pipeline._drafts import ConsentDraft, consents
from relex.pipeline._lead import Lead
from relex.pipeline._lead_events import LeadOptedOut
from relex.pipeline._opportunity import Opportunity

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from relex.changes import Change
    from relex.pipeline._pipeline import Pipeline

__all__ = ["RefusedLead", "consent_drafts", "convert_leads"]

_NEW = {"customer": "party", "contact": "party", "opportunity": "deal"}
"""The arguments that are ids of new records, and of what: customers and contacts are customers alike."""

_TOLD = frozenset(signature(convert).parameters) - {"lead", "pipeline", "at"}


@attrs.frozen(weakref_slot=False)
class RefusedLead:
    """A lead that was not converted.

    Attributes:
        lead: As it was and is.
        error: Why: what `Lead.convert` raised.

    .. versionadded:: 0.1.0
    """

    lead: Lead
    error: RelexError

    def __str__(self) -> str:
        return f"{self.lead.id}: {self.error}"


def convert_leads(
    asked: Iterable[tuple[Lead, Mapping[str, Any]]],
    pipeline: Pipeline | None = None,
    *,
    at: datetime,
    **common: Any,
) -> tuple[Conversion | RefusedLead, ...]:
    """Convert leads, each by itself: the answers stand in the order of the leads, and a refusal stops no other lead.

    Args:
        asked: Pairs of a lead and of what `Lead.convert` is told of it, such as `{"customer": "c1", ...}`. The same
            lead twice is refused the second time, and so is an id for a new record that an earlier lead has taken.
            Several leads may go into one deal that exists. What `Lead.convert` does not know is refused too.
        pipeline: Of the new deals.
        at: When.
        **common: What `Lead.convert` is told of every lead, such as `fill="none"`.

    Raises:
        InvalidValue: For what is no pair of a lead and a mapping, or what `Lead.convert` does not know, said of every
            lead.

    .. versionadded:: 0.1.0
    """
    _require_known("convert_leads", common)
    known: dict[tuple[type, str], Any] = {}
    taken: set[tuple[str, str]] = set()
    answers: list[Conversion | RefusedLead] = []
    for place, pair in enumerate(_checks.items("convert_leads.asked", asked)):
        lead, told = _pair(place, pair)
        arguments: dict[str, Any] = {name: _latest(value, known) for name, value in {**common, **told}.items()}
        ids = {name: (kind, str(arguments[name])) for name, kind in _NEW.items() if arguments.get(name)}
        try:
            _require_known(f"convert_leads.asked[{place}]", told)
            clashing: dict[str, object] = {
                name: new for name, (kind, new) in sorted(ids.items()) if (kind, new) in taken
            }
            if clashing:
                raise Rejected("convert", "id_taken", clashing)
            answer = convert(_latest(lead, known), pipeline, at=at, **arguments)
        except RelexError as error:
            answers.append(RefusedLead(lead, error))
        else:
            known |= {(type(change.state), change.state.id): change.state for change in answer.changes}
            taken.update(ids.values())
            answers.append(answer)
    return tuple(answers)


def _latest(value: Any, known: Mapping[tuple[type, str], Any]) -> Any:
    """A lead or a deal as the conversions so far have left it, so that all changes can be saved in their order."""
    return known.get((type(value), value.id), value) if isinstance(value, (Lead, Opportunity)) else value


def _require_known(path: str, told: Mapping[str, Any]) -> None:
    unknown = [name for name in told if name not in _TOLD]
    if unknown:
        raise InvalidValue(path, unknown, f"names of {', '.join(sorted(_TOLD))}")


def _pair(place: int, pair: object) -> tuple[Lead, Mapping[str, Any]]:
    is_pair = isinstance(pair, tuple) and len(pair) == len(("lead", "told"))
    if not is_pair or not isinstance(pair[0], Lead) or not isinstance(pair[1], Mapping):  # type: ignore[index]  # a pair
        raise InvalidValue(f"convert_leads.asked[{place}]", pair, "a pair of a Lead and a mapping")
    return pair[0], pair[1]  # type: ignore[index]  # as above


def consent_drafts(change: Change[Lead], *, purposes: Iterable[str] = ()) -> tuple[ConsentDraft, ...]:
    """What a lead that is converted already said no to since, for the consents of its contact, else of its customer.

    Args:
        change: What `Lead.opt_out` gave; before the conversion there is nobody yet, and nothing is drafted.
        purposes: Every purpose of contact there is, for a lead that refuses them all.

    Raises:
        InvalidValue: For a no to every purpose, where no purposes are named, and for a lead that was merged: there the
            no is to be said of the lead that goes on, whose contact it is.

    Example:
        >>> from datetime import datetime, timezone
        >>> day = datetime(2026, 2, 10, tzinfo=timezone.utc)
        >>> lead, _ = Lead.open("l1", "web", person="Ada Lovelace", at=day)
        >>> consent_drafts(lead.opt_out("email", "marketing", at=day))
        ()

    .. versionadded:: 0.1.0
    """
    lead = change.state
    said = [event for event in change.events if isinstance(event, LeadOptedOut)]
    if said and lead.merged_into is not None:
        raise InvalidValue(
            "consent_drafts.change", lead.id, f"what was said of {lead.merged_into}, which goes on for it"
        )
    to = lead.contact or lead.customer
    if to is None:
        return ()
    return tuple(
        [draft for event in said for draft in consents(lead.id, [event.opt_out], to=to, at=event.at, purposes=purposes)]
    )
