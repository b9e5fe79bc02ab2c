"""Support cases: their life cycle, the clocks of what was promised, escalation, routing and figures."""

__all__: list[str] = []
