"""Who gets the next item, and why: ordered rules, turns, load, capacity and availability."""

from __future__ import annotations

__all__: list[str] = []
