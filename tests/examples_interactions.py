"""Examples of interactions, touchpoints, documents and planned work."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from relex.interactions import (
    Activity,
    Cancelled,
    Cursor,
    DocumentRef,
    EffortPolicy,
    IdentityClaim,
    Interaction,
    Participant,
    Touchpoint,
    TouchpointCatalog,
)
from relex.parties import Identifier

__all__ = ["examples"]

AT = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


def examples() -> list[object]:
    """At least one of each class."""
    offer = DocumentRef(
        id="d1",
        version=2,
        name="offer.pdf",
        media_type="application/pdf",
        size=48_213,
        digest="sha256:9f86d081",
        uri="store:offers/d1/2",
        at=AT,
        by="ann",
        retention="contracts",
    )
    shop = Touchpoint("store-berlin", channel="store", stage="visit", label="Berlin, Mitte")
    return [
        offer,
        Participant("c1", role="from"),
        Interaction(
            "i1",
            at=AT.astimezone(ZoneInfo("Asia/Tokyo")),
            channel="phone",
            direction="inbound",
            participants=[Participant("c1", role="from"), Participant("ann", "own", "to")],
            kind="complaint",
            touchpoint="hotline",
            title="返品について",
            duration=timedelta(minutes=12, seconds=30),
            outcome="solved",
            sentiment="-0.4",
            staff=["ann"],
            related=[("case", "k1")],
            documents=[offer],
            received_at=AT,
            corrects="i0",
            fulfils="a1",
            identifiers=[Identifier("cookie", "x")],
            values={"queue": 3, "rate": Decimal("0.50"), "tags": ("a", "b")},
            notes=["client-clock"],
        ),
        shop,
        TouchpointCatalog([shop, Touchpoint("hotline")], version=3),
        Activity("a1", due=AT, kind="call", at=AT, customer="c1", owner="ann", about=[("deal", "d1")], title="Ask"),
        Cancelled("x1", activity="a1", at=AT, by="bob", reason="they called us"),
        Cursor(at=AT, kind="interaction", id="i1"),
        EffortPolicy(timed=["meeting"], written=["email", "post"], write=Decimal("7.5")),
        IdentityClaim(
            "m1",
            at=AT,
            kind="group",
            identifiers=[Identifier("user_id", "c1")],
            group="g1",
            traits={"name": "Initech"},
            received_at=AT,
        ),
    ]
