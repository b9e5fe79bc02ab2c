"""Cards as well-known systems document them, as data: to begin with, for tests, and for whoever moves from one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from relex.calendars import Days
from relex.errors import InvalidValue
from relex.rules import field
from relex.scoring._definitions import ScoreGroup, ScoreRule, Silence

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["PRESETS", "preset_card"]


def _each(kind: str, points: int) -> ScoreRule:
    return ScoreRule(kind, field("kind") == kind, points, on="events", repeat="each")


PRESETS: Mapping[str, Mapping[str, Any]] = {
    "place_and_page": {
        "rules": (
            ScoreRule("metro_area", field("in_metro_area") == True, 10),  # noqa: E712 - a rule about a flag
            ScoreRule("pricing_page", field("page") == "pricing", 10, on="events"),
        ),
    },
    "four_mails": {
        "rules": (
            _each("mail_opened", 5),
            _each("mail_clicked", 10),
            _each("mail_bounced", -10),
            _each("mail_received", 20),
        ),
    },
    "two_groups": {"groups": (ScoreGroup("engagement", cap=60), ScoreGroup("fit", cap=40)), "cap": 100},
    "silence_costs": {"rules": (Silence(after=Days(14), every=Days(2), points=-5),), "start": 100},
}
"""What `ScoreCard` is given, by the name of the preset.

`place_and_page` is the first example of ActiveCampaign's help on contact scores, `four_mails` that of Zoho's article on
scoring rules. `two_groups` is the pattern of HubSpot's lead scores, an engagement and a fit score with limits of their
own that add up to 100 at most. `silence_costs` is the pattern of ActiveCampaign's automations that take points from
contacts of whom nothing was heard.
"""


def preset_card(name: str, rules: tuple[Any, ...], more: Mapping[str, Any]) -> dict[str, Any]:
    """What the card of a preset is made of, with rules and attributes of one's own."""
    if name not in PRESETS:
        raise InvalidValue("ScoreCard.preset.name", name, f"one of {', '.join(PRESETS)}")
    given = PRESETS[name]
    return {**given, **more, "rules": (*given.get("rules", ()), *rules)}
