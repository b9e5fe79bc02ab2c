"""One page that shows the story: what was odd, what waited for people, and where each surviving value comes from."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from golden_record.story import Story
    from relex import Customer

STYLE = """
body { font: 15px/1.5 system-ui, sans-serif; color: #1c2430; max-width: 68rem; margin: 2rem auto; padding: 0 1rem }
h1 { font-size: 1.7rem } h2 { font-size: 1.2rem; margin-top: 2.5rem } p { max-width: 46rem }
table { border-collapse: collapse; margin: 1rem 0; font-size: 13px } caption { text-align: left; font-weight: 600 }
th, td { border-bottom: 1px solid #d8dee6; padding: .25rem .7rem .25rem 0; text-align: left; vertical-align: top }
"""


def page(story: Story) -> str:
    """The page, with nothing in it that is loaded from elsewhere."""
    parts = [
        "<h1>From three sources to one picture of each customer</h1>",
        f"<p>{len(story.records)} records of a web shop, a CRM and a call center.</p>",
        "<h2>What looks odd</h2><p>Nothing is refused for being odd; it is kept, and flagged.</p>",
        odd(story),
        "<h2>Who is one by the rules alone, and what people must see</h2>",
        story.automatic._repr_html_(),
        "<h2>Who is one with their answers</h2>",
        answers(story),
        story.resolved._repr_html_(),
        "<h2>The customers, and where each value comes from</h2>",
        *map(picture, story.customers),
        "<h2>A merge by hand</h2>",
        story.merged.report._repr_html_(),
        picture(story.merged.survivor),
        "<h2>The same merge, taken back</h2>",
        "<p>Each is exactly what it would be had there been no merge.</p>",
        picture(story.parted.survivor),
        picture(story.parted.other),
    ]
    head = f'<meta charset="utf-8"><title>Golden records</title><style>{STYLE}</style>'
    return f'<!doctype html><html lang="en"><head>{head}</head><body>{"".join(parts)}</body></html>\n'


def odd(story: Story) -> str:
    """The flags of each record that has some."""
    rows = [
        (ref, record.name, flag.field, flag.code, flag.severity)
        for record in story.records
        for ref in [record.ref]
        for flag in story.assessments[ref].flags
    ]
    return table(("record", "name", "field", "flag", "severity"), rows)


def answers(story: Story) -> str:
    """What people said."""
    rows = [(answer.a, words(answer), answer.b, answer.by, answer.reason) for answer in story.resolved.assertions]
    return table(("record", "", "record", "by", "reason"), rows)


def words(answer: object) -> str:
    """`same as` or `not same as`."""
    return {"SameAs": "is", "NotSameAs": "is not"}[type(answer).__name__]


def picture(customer: Customer) -> str:
    """One customer's profile with its origins."""
    return f"<h3>{escape(customer.id)}: {escape(str(customer.name))}</h3>{customer.profile._repr_html_()}"


def table(head: tuple[str, ...], rows: list[tuple[object, ...]]) -> str:
    """A plain table."""
    cells = "".join(f"<tr>{''.join(f'<td>{escape(str(cell))}</td>' for cell in row)}</tr>" for row in rows)
    return f"<table><tr>{''.join(f'<th>{escape(name)}</th>' for name in head)}</tr>{cells}</table>"
