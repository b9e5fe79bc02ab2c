"""What the rows of one deal command: the first opens it, each later one changes it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from relex._instants import is_before
from relex.errors import InvalidValue
from relex.pipeline._parts import ContactRole
from relex.purchases import Line

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from relex.changes import Change
    from relex.pipeline._cells import Stated
    from relex.pipeline._opportunity import Opportunity
    from relex.pipeline._pipeline import Pipeline
    from relex.pipeline._stages import Stage

__all__ = ["followed", "opened"]

_PARTS = ("name", "amount", "expected_close", "customer", "owner", "territory", "campaign", "tags")


def opened(deals: type[Opportunity], row: Stated, pipeline: Pipeline) -> Change[Opportunity]:
    """The deal as the first row tells it."""
    values = row.values
    to, at = pipeline.stage(values["stage"]), values["opened_at"] if "opened_at" in values else values["at"]
    entered = _entered(values, to)
    if to.kind == "open" and (entered is None or not is_before(at, entered)):
        begin = to.id
    else:
        begin = (values.get("open_stage") if to.kind != "open" else None) or _beginning(pipeline, to)
    contacts = (ContactRole(values["contact"]),) if "contact" in values else ()
    parts = {name: values[name] for name in _PARTS if name in values}
    change = deals.open(values["id"], pipeline, at=at, stage=begin, contacts=contacts, facts=row.facts, **parts)
    change = _judged(change, row, to, at)
    return change if to.id == begin else _moved(change, row, to, pipeline, entered or at)


def _beginning(pipeline: Pipeline, to: Stage) -> str:
    """The first open stage from which a deal may come into this one, as the pipeline has its moves."""
    first, *others = [stage.id for stage in pipeline.open_stages]
    return next((each for each in (first, *others) if each != to.id and pipeline.passage(each, to.id).allowed), first)


def followed(change: Change[Opportunity], row: Stated, pipeline: Pipeline) -> Change[Opportunity]:
    """The deal after what a later row tells; nothing where it only says again what is known."""
    values, deal = row.values, change.state
    if "at" not in values:
        return change
    to = pipeline.stage(values.get("stage", deal.stage))
    at = values["at"] if to.id == deal.stage else _entered(values, to) or values["at"]
    if deal.kind != "open" and to.kind == "open":
        change = _do(change, "reopen", pipeline, at=at, stage=to.id, facts=row.facts)
    change = _judged(_edited(change, row, at), row, to, at)
    return change if change.state.stage == to.id else _moved(change, row, to, pipeline, at)


def _entered(values: Mapping[str, Any], to: Stage) -> datetime | None:
    """When the row says that the deal came into its stage."""
    names = ("stage_entered_at", "at") if to.kind == "open" else ("closed_at", "stage_entered_at", "at")
    return next((values[name] for name in names if name in values), None)


def _moved(
    change: Change[Opportunity], row: Stated, to: Stage, pipeline: Pipeline, at: datetime
) -> Change[Opportunity]:
    said = ("reason", "note", "competitor") if to.kind == "lost" else ("reason", "note") if to.kind == "won" else ()
    words = {name: row.values[name] for name in said if name in row.values}
    return _do(change, "move_to", to.id, pipeline, at=at, facts=row.facts, **words)


def _edited(change: Change[Opportunity], row: Stated, at: datetime) -> Change[Opportunity]:
    """What a later row states anew; a blank cell states nothing."""
    values, deal = row.values, change.state
    if values.get("customer", deal.customer) != deal.customer:
        raise InvalidValue("row.customer", values["customer"], f"{deal.customer}, as before: a deal keeps its customer")
    for name, (command, current) in _EDITS.items():
        if name in values and values[name] != getattr(deal, current):
            change = _do(change, command, values[name], at=at)
    if "contact" in values and values["contact"] != deal.contact:
        change = _do(change, "add_contact", values["contact"], at=at, primary=True)
    if added := [tag for tag in values.get("tags", ()) if tag not in deal.tags]:
        change = _do(change, "tag", *added, at=at)
    return change


_EDITS = {
    "name": ("rename", "name"),
    "amount": ("change_amount", "amount"),
    "expected_close": ("change_close_date", "expected_close"),
    "owner": ("reassign", "owner"),
    "territory": ("set_territory", "territory"),
    "campaign": ("set_campaign", "campaign"),
}
"""By field: the command that states it anew, and the attribute that holds it."""


def _judged(change: Change[Opportunity], row: Stated, to: Stage, at: datetime) -> Change[Opportunity]:
    """The product, the shares, the next step, and what a person says of an open deal that its stage does not say."""
    values = row.values
    if "product" in values:
        change = _with_line(change, values, at)
    if values.get("splits", change.state.splits) != change.state.splits:
        change = _do(change, "set_splits", values["splits"], at=at)
    if "next_step" in values and "next_step_due" in values and change.state.kind == "open":
        change = _do(change, "set_next_step", values["next_step"], values["next_step_due"], at=at)
    for name in ("probability", "category") if to.kind == "open" else ():
        if name in values:
            said = None if values[name] == getattr(to, name) else values[name]
            change = _do(change, f"override_{name}", said, at=at)
    return change


def _with_line(change: Change[Opportunity], values: Mapping[str, Any], at: datetime) -> Change[Opportunity]:
    price = {"unit_price": values["unit_price"]} if "unit_price" in values else {"gross": values["amount"].amount}
    line = Line(1, values["product"], values.get("quantity", 1), **price)
    if change.state.lines == (line,):
        return change
    return _do(change, "set_lines", (line,), at=at, currency=values.get("currency"))


def _do(change: Change[Opportunity], command: str, *given: Any, **more: Any) -> Change[Opportunity]:
    return change.then(lambda deal: getattr(deal, command)(*given, **more))
