"""Laws of flows of cases: what passes the checks can be lived, and a question gives the answer of the command."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import attrs
from hypothesis import given, settings, strategies as st

from relex.calendars import Days
from relex.errors import InvalidValue, Rejected
from relex.service import Case, CaseFlow, ReopenPolicy, Status, StatusEntry
from relex.testing.strategies import case_flows, cases, instants, priorities, priority_matrices

AT = datetime(2026, 6, 1, 12, tzinfo=UTC)
COMMANDS = ("hold", "resume", "resolve", "close", "reject", "reopen")
STATUSES = (
    Status("new", "open", fresh=True),
    Status("open", "open"),
    Status("busy", "open"),
    Status("vendor", "waiting", waiting_for="vendor"),
    Status("customer", "waiting", waiting_for="customer"),
    Status("done", "resolved"),
    Status("closed", "closed"),
    Status("archive", "closed"),
    Status("spam", "closed", ends="rejected"),
)
IDS = [status.id for status in STATUSES]
GOALS = {status.id: [goal.id for goal in STATUSES if not goal.fresh] for status in STATUSES if status.kind != "closed"}
BACK = ["open", "busy", "vendor", "customer"]
LISTS = st.fixed_dictionaries(
    {
        **{id_: st.lists(st.sampled_from(goals), unique=True) for id_, goals in GOALS.items()},
        **{id_: st.lists(st.sampled_from(BACK), unique=True) for id_ in ("closed", "archive")},
    }
)
STEPS = st.lists(
    st.tuples(st.sampled_from((*COMMANDS, "receive", "reply", "assign", "move_to")), st.sampled_from(IDS)), max_size=8
)

lean = settings(max_examples=60)


def sound(ways: dict[str, list[str]]) -> CaseFlow | None:
    """The table with what a message needs, if nothing else is wrong with it."""
    needed = {"new": "open", "vendor": "open", "customer": "busy", "done": "open"}
    whole = {id_: [*goals, needed[id_]] if id_ in needed else goals for id_, goals in ways.items()}
    try:
        return CaseFlow("desk", STATUSES, moves=whole, reopening=ReopenPolicy(statuses=()))
    except InvalidValue:
        return None


def stepped(case: Case, flow: CaseFlow, name: str, status: str, place: int) -> Case:
    """The case after a command, or as it was where the command is refused; a message is never refused."""
    at = AT + timedelta(hours=place)
    if name in {"receive", "reply"}:
        change = getattr(case, name)(f"m{place}", at=at, flow=flow)
    elif name == "assign":
        change = case.assign(f"u{place}", at=at, flow=flow) if case.kind != "closed" else None
    else:
        try:
            change = (
                case.move_to(status, at=at, flow=flow) if name == "move_to" else getattr(case, name)(at=at, flow=flow)
            )
        except Rejected:
            change = None
    return case if change is None else change.state


@lean
@given(LISTS)
def test_out_of_every_status_a_case_can_be_closed(ways: dict[str, list[str]]) -> None:
    flow = sound(ways)
    if flow is None:
        return
    for status in flow.statuses:
        found, waiting = {status.id}, [status.id]
        while waiting:
            new = set(flow.allowed_from(waiting.pop())) - found
            found |= new
            waiting += new

        assert {flow.status(id_).kind for id_ in found} >= {"closed"}


@lean
@given(LISTS, STEPS)
def test_a_case_moves_as_the_table_says_and_a_message_is_never_refused(
    ways: dict[str, list[str]], steps: list[tuple[str, str]]
) -> None:
    flow = sound(ways)
    if flow is None:
        return
    case = Case.open("c1", at=AT, flow=flow).state
    for place, (name, status) in enumerate(steps):
        before, case = case, stepped(case, flow, name, status, place)
        entered = [event for event in case.history[before.version :] if isinstance(event, StatusEntry)]
        is_through = [event.to for event in entered][:1] == ["done"] and len(entered) > 1

        if before.status != case.status:
            assert case.status in flow.allowed_from(before.status)
        assert [event.kind for event in entered] == [flow.status(event.to).kind for event in entered]
        assert is_through or len(entered) <= 1


@lean
@given(LISTS, STEPS)
def test_the_same_command_again_says_nothing(ways: dict[str, list[str]], steps: list[tuple[str, str]]) -> None:
    flow = sound(ways)
    if flow is None:
        return
    case = Case.open("c1", at=AT, flow=flow).state
    for place, (name, status) in enumerate(steps):
        case = stepped(case, flow, name, status, place)

        assert stepped(case, flow, name, status, place) == case


@lean
@given(st.permutations(IDS), STEPS)
def test_what_happens_can_be_read_again_whatever_the_flow_was_before(
    others: list[str], steps: list[tuple[str, str]]
) -> None:
    """A later version may call a status as an earlier one called a status of another kind."""
    later = [attrs.evolve(status, id=id_) for status, id_ in zip(STATUSES, others, strict=True)]
    versions = [CaseFlow("desk", STATUSES), CaseFlow("desk", later, version=2)]
    case = Case.open("c1", at=AT, flow=versions[0]).state
    for place, (name, status) in enumerate(steps):
        case = stepped(case, versions[place % 2], name, status, place)

    assert Case(case.history) == case


@lean
@given(cases(), st.sampled_from(COMMANDS), st.sampled_from(("support", "approval")), st.none() | st.just("done"))
def test_a_question_gives_the_answer_of_the_command(case: Case, command: str, preset: str, comment: str | None) -> None:
    flow = CaseFlow.preset(preset, case.flow)
    facts: dict[str, Any] = {} if comment is None else {"comment": comment}
    found = flow.check(case, command=command, as_of=case.changed_at, facts=facts)
    try:
        after = getattr(case, command)(at=case.changed_at, flow=flow, facts=facts).state
        expected: tuple[Any, ...] = (None, after.status, ())
    except Rejected as error:
        expected = (error.reason, None, error.unmet)

    assert (found.reason, found.to, found.unmet) == expected


@lean
@given(case_flows())
def test_a_flow_is_drawn_with_every_way(flow: CaseFlow) -> None:
    ways = sum(len(flow.allowed_from(status.id)) for status in flow.statuses)
    ends = sum(status.kind == "closed" for status in flow.statuses)
    lines = flow.to_mermaid().splitlines()

    assert len(lines) == 1 + len(flow.statuses) + 1 + ways + ends


@lean
@given(st.integers(1, 998), instants(), st.timedeltas(timedelta(0), timedelta(1_000)))
def test_a_wider_window_takes_back_no_less(days: int, since: datetime, pause: timedelta) -> None:
    try:
        at = since + pause
    except OverflowError:
        return
    narrow = ReopenPolicy(Days(days)).reopens("closed", since=since, at=at)

    assert ReopenPolicy(Days(days + 1)).reopens("closed", since=since, at=at) >= narrow


@lean
@given(priorities(), st.none() | st.sampled_from(("urgent", "low")), st.none() | st.just("fault"))
def test_a_priority_is_always_one_of_the_levels_and_the_first_source_wins(
    known: Any, explicit: str | None, type_: str | None
) -> None:
    found = known.of(explicit=explicit, type=type_)

    assert found.priority in known.levels
    assert (found.source == "explicit") == (explicit is not None)
    assert (found.source == "type") == (explicit is None and type_ in dict(known.by_type))


@lean
@given(priority_matrices())
def test_a_matrix_answers_for_every_pair(matrix: Any) -> None:
    impacts, urgencies = [{cell[place] for cell in matrix.values} for place in (0, 1)]

    assert len(matrix.values) == len(impacts) * len(urgencies)
    assert {(impact, urgency, matrix.of(impact, urgency)) for impact in impacts for urgency in urgencies} == set(
        matrix.values
    )
