"""How an RFM table looks: a heat map of recency and frequency, the segments, the bins, the first rows."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from typing import TYPE_CHECKING

from relex.insights import _html

if TYPE_CHECKING:
    from relex.insights._rfm import RfmTable

__all__ = ["rfm_html"]

_SHOWN = 10


def rfm_html(table: RfmTable) -> str:
    """All of it, escaped and self-contained."""
    return "".join((_heat_map(table), _segments(table), _bins(table), _rows(table)))


def _heat_map(table: RfmTable) -> str:
    """Customers in each cell of recency (down, best first) and frequency (across), the darker the more."""
    counts = Counter((row.r, row.f) for row in table.rows)
    most = max((counts[cell] for cell in counts if cell != (None, None)), default=1)
    recencies, frequencies, _ = table.scores.sizes
    named = table.segment_map.dimensions == ("recency", "frequency")
    lines = []
    for r in range(recencies, 0, -1):
        cells = []
        for f in range(1, frequencies + 1):
            count = counts[r, f]
            words = f"{count:,} {table.segment_map.segment(f'{r}{f}')}" if named else f"{count:,}"
            cells.append(_html.cell(words, style=_html.shade(Fraction(count, most))))
        lines.append(f"<tr>{_html.cell(f'R{r}', head=True)}{''.join(cells)}</tr>")
    header = "".join(_html.cell(title, head=True) for title in ("", *(f"F{f}" for f in range(1, frequencies + 1))))
    caption = f"RFM: {len(table.rows):,} customers by recency and frequency"
    return _html.grid(caption, header, lines) + _html.note(str(table.basis))


def _segments(table: RfmTable) -> str:
    rows = [
        (
            found.segment,
            found.customers,
            _html.percent(found.share),
            found.total,
            _html.percent(found.share_of_total),
            found.mean_recency,
            found.mean_frequency,
        )
        for found in table.segments
    ]
    header = ("Segment", "Customers", "Share", "Total", "Share of total", "Mean recency, days", "Mean frequency")
    return _html.table(f"Segments by {table.segment_map.name}", header, rows)


def _bins(table: RfmTable) -> str:
    rows = [
        (found.dimension, one.score, one.customers, one.least, one.greatest)
        for found in table.bins
        for one in reversed(found.bins)
    ]
    header = ("Dimension", "Score", "Customers", "Least", "Greatest")
    return _html.table(f"What a score stands for ({type(table.scores).__name__})", header, rows)


def _rows(table: RfmTable) -> str:
    rows = [
        (row.customer, row.recency, row.frequency, row.total, row.mean, row.code, row.segment)
        for row in table.rows[:_SHOWN]
    ]
    header = ("Customer", "Recency, days", "Frequency", "Total", "Mean", "Code", "Segment")
    return _html.table(f"The first {len(rows)} of {len(table.rows):,} customers", header, rows)
