"""From lead to commission: leads, pipelines, opportunities, forecasts, quotas, territories, quotes, commissions."""

from __future__ import annotations

__all__: list[str] = []
