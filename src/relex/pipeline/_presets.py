"""Stages that well-known systems begin with, as data: for examples, tests, and for whoever moves from one of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relex.errors import InvalidValue
from relex.pipeline._stages import Stage

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["PRESETS", "preset_stages"]

PRESETS: Mapping[str, tuple[tuple[str, str, int], ...]] = {
    "four_steps": (
        ("prospecting", "Prospecting", 10),
        ("qualification", "Qualification", 20),
        ("proposal", "Proposal", 50),
        ("negotiation", "Negotiation", 80),
    ),
    "five_steps": (
        ("qualification", "Qualification", 10),
        ("demo", "Demo/Making", 25),
        ("proposal", "Proposal/Quotation", 50),
        ("negotiation", "Negotiation", 70),
        ("ready", "Ready to Close", 90),
    ),
    "eight_steps": (
        ("prospecting", "Prospecting", 10),
        ("qualification", "Qualification", 10),
        ("needs_analysis", "Needs Analysis", 20),
        ("value_proposition", "Value Proposition", 50),
        ("decision_makers", "Id. Decision Makers", 60),
        ("perception_analysis", "Perception Analysis", 70),
        ("proposal", "Proposal/Price Quote", 75),
        ("negotiation", "Negotiation/Review", 90),
    ),
}
"""(id, name, probability) of the open stages by the name of the preset.

`four_steps` are those of EspoCRM, `five_steps` those of frappe/crm, `eight_steps` the default path of Salesforce.
"""


def preset_stages(name: str) -> tuple[Stage, ...]:
    """The open stages of a preset, then one won and one lost stage."""
    if not isinstance(name, str) or name not in PRESETS:  # type: ignore[redundant-expr]  # whatever callers give
        raise InvalidValue("Pipeline.preset.name", name, f"one of {', '.join(PRESETS)}")
    opens = [
        Stage(id_, order, probability=probability, name=shown)
        for order, (id_, shown, probability) in enumerate(PRESETS[name], 1)
    ]
    won, lost = len(opens) + 1, len(opens) + 2
    ends = Stage("won", won, kind="won", name="Closed Won"), Stage("lost", lost, kind="lost", name="Closed Lost")
    return (*opens, *ends)
