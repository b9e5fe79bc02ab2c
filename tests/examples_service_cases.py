"""Examples of cases, of their parts and of everything that may happen to them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

from relex.service import (
    Case,
    CaseLink,
    CaseMessage,
    DueEscalation,
    EscalatedOccurrence,
    PolicyChoice,
)

__all__ = ["examples"]

AT = datetime(2026, 6, 1, 9, tzinfo=UTC)
LATER = datetime(2026, 6, 2, 9, 30, tzinfo=timezone(timedelta(hours=5, minutes=45)))
DAY = timedelta(days=1)


def examples() -> list[object]:
    """At least one of each class, and every kind of event."""
    cases = [_helped(), _edited(), _closed(), _rejected(), _parted()]
    events = {type(event): event for case in cases for event in case.history}
    return [
        CaseMessage("m1", LATER, direction="out", internal=True, automatic=True, by="ann"),
        CaseLink("product", "scale"),
        EscalatedOccurrence("resolution", 2),
        *cases,
        *events.values(),
    ]


def _helped() -> Case:
    """Opened with all there is, promised, answered, escalated, resolved, and reopened by the customer."""
    choice = PolicyChoice(policy="gold", version=2, why="entitlement", entitlement="e1")
    late = (EscalatedOccurrence("first_response", 1), EscalatedOccurrence("resolution", 1))
    due = DueEscalation(case="k1", rule="lead", occurrences=late, notify=("eve", "bob"), assign_to="eve", since=AT)
    return (
        Case.open(
            "k1",
            customer="c1",
            contact="p1",
            channel="mail",
            origin="survey",
            source="s1",
            subject="No light \N{SNOWMAN}",
            type="fault",
            product="lamp",
            team="support",
            priority="high",
            impact=1,
            urgency="low",
            follow_up_of="k0",
            links=[CaseLink("purchase", "p1"), CaseLink("interaction", "i1")],
            tags=["new", "vip"],
            messages=[CaseMessage("m1", AT - timedelta(hours=1), direction="in", by="p1")],
            at=AT,
        )
        .then(lambda it: it.choose_policy(choice, at=AT))
        .then(lambda it: it.reply("m2", by="eve", at=AT, then="waiting_customer"))
        .then(lambda it: it.receive("m3", at=LATER))
        .then(lambda it: it.escalate(due, at=LATER))
        .then(lambda it: it.note("Fuse", by="bob", at=LATER))
        .then(lambda it: it.resolve("fixed", at=LATER, note="a new fuse"))
        .then(lambda it: it.receive("m4", at=LATER + DAY))
        .state
    )


def _edited() -> Case:
    """A case of which everything was changed that can be."""
    parent = Case.open("k1", customer="c1", at=AT).state
    return (
        Case.open("k2", customer="c1", at=AT)
        .then(lambda it: it.assign("ann", at=AT))
        .then(lambda it: it.transfer("second line", at=AT))
        .then(lambda it: it.set_priority("urgent", at=AT))
        .then(lambda it: it.set_type("question", at=AT))
        .then(lambda it: it.set_impact("high", 2, at=AT))
        .then(lambda it: it.set_customer("c2", "p2", at=AT))
        .then(lambda it: it.rename("No sound", at=AT))
        .then(lambda it: it.tag("b", "a", at=AT))
        .then(lambda it: it.untag("a", at=AT))
        .then(lambda it: it.link("product", "radio", at=AT))
        .then(lambda it: it.unlink("product", "radio", at=AT))
        .then(lambda it: it.set_parent(parent, at=AT))
        .then(lambda it: it.request_approval("ann", at=LATER, subject="refund"))
        .then(lambda it: it.approve("bob", at=LATER, note="once"))
        .state
    )


def _closed() -> Case:
    """Held for somebody else, closed after silence, and written to when it was too late."""
    return (
        Case.open("k3", at=AT)
        .then(lambda it: it.hold("waiting_third_party", at=AT, reason="vendor", note="by mail"))
        .then(lambda it: it.close(at=LATER, reason="silence", code="none", automatic=True))
        .then(lambda it: it.receive("m1", at=LATER + 9 * DAY))
        .state
    )


def _rejected() -> Case:
    """None of ours."""
    return Case.open("k4", at=AT).then(lambda it: it.reject("spam", at=LATER)).state


def _parted() -> Case:
    """Split, then merged into another case, and taken out again."""
    messages = [CaseMessage(f"m{number}", AT, direction="in") for number in (1, 2)]
    split = Case.open("k5", messages=messages, at=AT).state.split(["m2"], "k6", at=AT)
    merged = split.source.then(lambda it: it.merge_into(split.new.state, at=LATER))
    return merged.then(lambda it: it.receive("m3", at=LATER)).then(lambda it: it.unmerge(at=LATER)).state
