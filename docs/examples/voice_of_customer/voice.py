"""What the year says: every figure with its parts, and what is done about it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import attrs

from relex import Money
from relex.calendars import Months, Period
from relex.feedback import (
    AccountRollUp,
    ContactHistory,
    DropOff,
    FollowUpBoard,
    FollowUpCard,
    ImprovementProposals,
    LoopRecord,
    LoopReport,
    OutcomeRates,
    PointWorth,
    RevenueByClass,
    TopicTable,
    Trend,
    ValueAtRisk,
    drivers,
    enrich,
    follow_up_board,
    latest_responses,
    loop_report,
    outcome_rates,
    patterns,
    point_worth,
    read_trend,
    revenue_by_class,
    roll_up_accounts,
    signals,
    stable_draw,
    topics,
    value_at_risk,
)
from relex.service import Case, SlaPolicies, due_escalations, sla
from voice_of_customer.company import (
    DRIVERS,
    ESCALATIONS,
    FOLLOW_UP_PROMISE,
    FOLLOW_UPS,
    LOOP,
    LOSS,
    NPS,
    OFFICE,
    STARS,
    START,
    SURVEY,
    TOPICS,
    ZONE,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from relex.feedback import Drivers, InvitationState, Reading, Response, Signal
    from relex.service import DueEscalation
    from voice_of_customer.sample import Year

TARGET = timedelta(hours=16)
HALF_YEAR = timedelta(days=182)
OWNERS = ("ana", "bo", "cy")
COLUMNS = {"new": "not called yet", "open": "in progress", "resolved": "made good"}


@attrs.frozen(kw_only=True)
class Voice:
    """What the year says, as of an instant.

    Attributes:
        as_of: The instant of every question.
        responses: The ones that count.
        reading: NPS over all of them.
        rates: Response rates by their names.
        drop_off: Where people stopped.
        trend: NPS by month.
        drivers: What goes with the likelihood to recommend.
        topics: What the comments are about.
        accounts: NPS by account, the mean of their contacts.
        revenue: The year's revenue by what the accounts said.
        risk: What of it may be lost.
        worth: How much revenue one point goes with.
        cases: The follow-up of each signal.
        board: The follow-ups of the last weeks, by state.
        loop: How many were contacted in time.
        due: Who is to be told of which follow-up now.
        proposals: What many said in the last quarter.
    """

    as_of: datetime
    responses: tuple[Response, ...]
    reading: Reading
    rates: OutcomeRates
    drop_off: DropOff
    trend: Trend
    drivers: Drivers
    topics: TopicTable
    accounts: AccountRollUp
    revenue: RevenueByClass
    risk: ValueAtRisk
    worth: PointWorth
    cases: tuple[Case, ...]
    board: FollowUpBoard
    loop: LoopReport
    due: tuple[DueEscalation, ...]
    proposals: ImprovementProposals


def listened(year: Year, as_of: datetime) -> Voice:
    """Everything that is asked of a year as of an instant."""
    known = latest_responses([response for response in year.responses if response.at <= as_of])
    responses = SURVEY.counted(known)
    found = signals(responses, LOOP, metric=NPS, question="recommend", comment="comment", follow_up="call")
    cases = tuple([followed(signal, as_of) for signal in found])
    enriched = enrich(responses, TOPICS, question="comment")
    revenue = _revenue(year, as_of)
    accounts = _accounts(year, responses, revenue, as_of)
    classes = revenue_by_class(accounts, revenue, asked=_asked(year, as_of))
    quarter = Period(as_of - timedelta(days=91), as_of)
    return Voice(
        as_of=as_of,
        responses=responses,
        reading=NPS.read(responses, question="recommend"),
        rates=outcome_rates(_outcomes(year, as_of)),
        drop_off=SURVEY.drop_off(known),
        trend=read_trend(
            responses, NPS, question="recommend", every=Months(1), start=START, end=as_of, tz=ZONE, as_of=as_of
        ),
        drivers=drivers(_rows(responses), "recommend", DRIVERS, scales=dict.fromkeys(DRIVERS, STARS.scale)),
        topics=topics(responses, enriched, NPS, question="recommend"),
        accounts=accounts,
        revenue=classes,
        risk=value_at_risk(classes, LOSS),
        worth=point_worth(_scores(responses), _later(year, responses)),
        cases=cases,
        board=_board(cases, as_of),
        loop=loop_report([_record(case) for case in cases], TARGET, OFFICE, as_of=as_of),
        due=tuple([due for case in cases for due in _due(case, as_of)]),
        proposals=patterns(responses, enriched, 3, quarter),
    )


def followed(signal: Signal, as_of: datetime) -> Case:
    """The follow-up of a signal as it stands: opened by it, and worked on by somebody who is quick or slow."""
    pace = float(stable_draw("pace", signal.id))
    promise = SlaPolicies([], FOLLOW_UP_PROMISE)
    opened = Case.open(
        f"f-{signal.response}-{signal.rule.replace(' ', '-')}",
        at=signal.at,
        customer=signal.customer,
        contact=signal.contact,
        source=signal.source,
        subject=signal.subject,
        priority=signal.priority,
        channel="email",
        flow=FOLLOW_UPS,
    )
    case = opened.state
    case = case.choose_policy(promise.choose(case, as_of=signal.at), at=signal.at).state
    called = OFFICE.due(signal.at, timedelta(hours=1 + 20 * pace))
    if called <= as_of and pace < 0.97:
        case = case.assign(OWNERS[int(100 * pace) % len(OWNERS)], at=called, flow=FOLLOW_UPS).state
        case = case.reply(f"call-{case.id}", at=called, flow=FOLLOW_UPS).state
        done = OFFICE.due(called, timedelta(hours=2 + 30 * pace))
        if done <= as_of:
            case = case.resolve("made good", at=done, flow=FOLLOW_UPS).state
    return case


def _record(case: Case) -> LoopRecord:
    return LoopRecord(str(case.source), case.opened_at, case.first_replied_at, case.resolved_at)


def _due(case: Case, as_of: datetime) -> tuple[DueEscalation, ...]:
    return due_escalations(case, ESCALATIONS, sla(case, FOLLOW_UP_PROMISE, as_of=as_of), as_of=as_of)


def _board(cases: Iterable[Case], as_of: datetime) -> FollowUpBoard:
    """What is open, and what was done in the last two weeks."""
    recent = [case for case in cases if case.kind != "resolved" or case.changed_at > as_of - timedelta(days=14)]
    return follow_up_board([_card(case, as_of) for case in recent], COLUMNS.values(), as_of=as_of, calendar=OFFICE)


def _card(case: Case, as_of: datetime) -> FollowUpCard:
    answer = sla(case, FOLLOW_UP_PROMISE, as_of=as_of)
    running = [clock.due_at for clock in answer.clocks if clock.state in {"running", "overdue"} and clock.due_at]
    return FollowUpCard(
        case.id,
        COLUMNS[case.status],
        due=min(running, default=None),
        subject=case.subject,
        customer=case.customer,
        owner=case.owner,
        priority=case.priority,
        is_done=case.kind == "resolved",
    )


def _outcomes(year: Year, as_of: datetime) -> list[InvitationState]:
    entries = (*year.invitations, *year.dispositions, *year.responses)
    return list(ContactHistory([entry for entry in entries if entry.at <= as_of]).states(as_of=as_of))


def _asked(year: Year, as_of: datetime) -> set[str]:
    sent = [each for each in year.invitations if each.status == "sent" and each.at <= as_of]
    return {each.request.account for each in sent if each.request.account is not None}


def _revenue(year: Year, as_of: datetime) -> dict[str, Money]:
    found = {account.id: Money(0, "EUR") for account in year.accounts}
    for purchase in year.purchases:
        if purchase.at <= as_of:
            found[str(purchase.customer)] += purchase.total
    return found


def _accounts(
    year: Year, responses: Sequence[Response], revenue: Mapping[str, Money], as_of: datetime
) -> AccountRollUp:
    """By the mean score of each account, so that every account is in one class."""
    invited: dict[str, list[str]] = {}
    for each in year.invitations:
        if each.status == "sent" and each.at <= as_of and each.request.account is not None:
            invited.setdefault(each.request.account, []).append(each.request.contact)
    return roll_up_accounts(
        responses,
        NPS,
        question="recommend",
        method="mean_then_classify",
        revenue=revenue,
        invited=invited,
    )


def _rows(responses: Iterable[Response]) -> list[dict[str, object]]:
    """One row for each response, for the drivers; what was left empty is missing."""
    return [
        {answer.question: answer.value for answer in response.answers if isinstance(answer.value, int)}
        for response in responses
        if response.excluded is None
    ]


def _scores(responses: Iterable[Response]) -> dict[str, int]:
    """The first score of each account."""
    found: dict[str, int] = {}
    for response in sorted(responses, key=lambda each: each.at):
        answer = response.answer("recommend")
        if answer is not None and isinstance(answer.value, int) and response.account is not None:
            found.setdefault(response.account, answer.value)
    return found


def _later(year: Year, responses: Iterable[Response]) -> dict[str, Money]:
    """What each account bought in the half year after its first answer, where that is over."""
    first: dict[str, datetime] = {}
    for response in sorted(responses, key=lambda each: each.at):
        if response.account is not None:
            first.setdefault(response.account, response.at)
    last = max(purchase.at for purchase in year.purchases)
    found = {account: Money(0, "EUR") for account, at in first.items() if at + HALF_YEAR <= last}
    for purchase in year.purchases:
        account = str(purchase.customer)
        if account in found and first[account] < purchase.at <= first[account] + HALF_YEAR:
            found[account] += purchase.total
    return found
