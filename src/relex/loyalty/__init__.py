"""Loyalty: programs as data, points as an exact ledger, every award explained, tiers."""

from __future__ import annotations

from relex.loyalty._absorbing import Absorption, absorb
from relex.loyalty._account import Account
from relex.loyalty._audit import AuditFinding, Seal
from relex.loyalty._balance import Balance, Lot
from relex.loyalty._benefits import AmountOff, CashOff, Gift, PercentOff, PriceAt
from relex.loyalty._birthdays import birthdays, enrollment
from relex.loyalty._breakage import RateByAge, RedemptionAge, RedemptionCurve, redemption_curve
from relex.loyalty._breakdown import Award, Breakdown
from relex.loyalty._budget_events import BudgetDrawn, BudgetGivenBack, BudgetOpened
from relex.loyalty._budgets import Budget
from relex.loyalty._campaigns import Campaign
from relex.loyalty._codes import check_code, codes
from relex.loyalty._cohorts import CohortMonth, PointsCohort, PointsCohorts
from relex.loyalty._comparison import MemberDifference, ProgramComparison
from relex.loyalty._diff import ProgramDiff, ProgramDifference
from relex.loyalty._escrow import Escrow, InEscrow
from relex.loyalty._events import (
    Credit,
    PointsAdjusted,
    PointsEarned,
    PointsRedeemed,
    PointsReversed,
    RedemptionRestored,
)
from relex.loyalty._expiry import FirstOf, Inactive, Never, OnDates
from relex.loyalty._extensions import ExpiryExtended, Extension
from relex.loyalty._hold_events import (
    EscrowActivated,
    EscrowCanceled,
    HoldCaptured,
    HoldLapsed,
    HoldVoided,
    PointsHeld,
)
from relex.loyalty._liability import Liability, LiabilityMonth, liability, points_price
from relex.loyalty._limits import PromotionUse
from relex.loyalty._lot_lives import points_cohorts
from relex.loyalty._member_events import Member, MemberAdded, MemberRemoved
from relex.loyalty._movements import PointsMovement, PointsMovements
from relex.loyalty._notices import (
    AccountClosed,
    AccountOpened,
    AccountResumed,
    AccountSuspended,
    PointsExpired,
    PointsMatured,
    TierAssigned,
    TierChanged,
)
from relex.loyalty._occasions import Occasion, SupportsEarning
from relex.loyalty._outcomes import MemberOutcome, Shortfall, Simulation, TierOutcome
from relex.loyalty._outstanding import Outstanding, OutstandingMonth, outstanding
from relex.loyalty._playing import AsRecorded, MemberHistory
from relex.loyalty._points import Points
from relex.loyalty._points_quote import PointsQuote
from relex.loyalty._priced import AppliedPromotion, FreeUnits, LineDiscount, PricedBasket, PricedLine
from relex.loyalty._pricing import price
from relex.loyalty._program import Clawback, Program, Restore
from relex.loyalty._program_report import ProgramReport, program_report
from relex.loyalty._progress import Progress, TierGap
from relex.loyalty._promotions import Promotion, Sets, Units
from relex.loyalty._rates import active_rate, burn_to_earn
from relex.loyalty._referral_events import (
    ReferralExpired,
    ReferralFlagged,
    ReferralInvited,
    ReferralJoined,
    ReferralQualified,
    ReferralRejected,
    ReferralReversed,
    ReferralRewarded,
)
from relex.loyalty._referral_terms import ReferralTerms
from relex.loyalty._referrals import Referral
from relex.loyalty._reports import Allocation, Explanation
from relex.loyalty._revenue import RedemptionEstimate, RevenueRow, RevenueSchedule, allocate_price
from relex.loyalty._rewards import Reward
from relex.loyalty._roll_forward import RollForward, RollForwardRow, roll_forward
from relex.loyalty._rules import Cap, Choose, EarningRule, Flat, Group, Multiply, PerAmount, PerUnit, Stack
from relex.loyalty._settling import advance
from relex.loyalty._shares import ByMember, MemberShare
from relex.loyalty._simulation import history_of, simulate
from relex.loyalty._standing import Standing
from relex.loyalty._statement import Statement, StatementRow
from relex.loyalty._tiers import (
    Always,
    Anniversary,
    Calendar,
    For,
    Lifetime,
    Periods,
    Rolling,
    SinceChange,
    Tier,
    TierPolicy,
    WhileMet,
)
from relex.loyalty._transfer_events import MovedLot, PointsReceived, PointsSent
from relex.loyalty._transfers import Transfer, leave, transfer
from relex.loyalty._versions import ProgramVersions
from relex.loyalty._voucher_events import (
    VoucherConfirmed,
    VoucherIssued,
    VoucherReleased,
    VoucherReserved,
    VoucherUseRestored,
    VoucherVoided,
)
from relex.loyalty._voucher_uses import VoucherCheck, VoucherUse
from relex.loyalty._vouchers import Voucher

__all__ = [
    "Absorption",
    "Account",
    "AccountClosed",
    "AccountOpened",
    "AccountResumed",
    "AccountSuspended",
    "Allocation",
    "Always",
    "AmountOff",
    "Anniversary",
    "AppliedPromotion",
    "AsRecorded",
    "AuditFinding",
    "Award",
    "Balance",
    "Breakdown",
    "Budget",
    "BudgetDrawn",
    "BudgetGivenBack",
    "BudgetOpened",
    "ByMember",
    "Calendar",
    "Campaign",
    "Cap",
    "CashOff",
    "Choose",
    "Clawback",
    "CohortMonth",
    "Credit",
    "EarningRule",
    "Escrow",
    "EscrowActivated",
    "EscrowCanceled",
    "ExpiryExtended",
    "Explanation",
    "Extension",
    "FirstOf",
    "Flat",
    "For",
    "FreeUnits",
    "Gift",
    "Group",
    "HoldCaptured",
    "HoldLapsed",
    "HoldVoided",
    "InEscrow",
    "Inactive",
    "Liability",
    "LiabilityMonth",
    "Lifetime",
    "LineDiscount",
    "Lot",
    "Member",
    "MemberAdded",
    "MemberDifference",
    "MemberHistory",
    "MemberOutcome",
    "MemberRemoved",
    "MemberShare",
    "MovedLot",
    "Multiply",
    "Never",
    "Occasion",
    "OnDates",
    "Outstanding",
    "OutstandingMonth",
    "PerAmount",
    "PerUnit",
    "PercentOff",
    "Periods",
    "Points",
    "PointsAdjusted",
    "PointsCohort",
    "PointsCohorts",
    "PointsEarned",
    "PointsExpired",
    "PointsHeld",
    "PointsMatured",
    "PointsMovement",
    "PointsMovements",
    "PointsQuote",
    "PointsReceived",
    "PointsRedeemed",
    "PointsReversed",
    "PointsSent",
    "PriceAt",
    "PricedBasket",
    "PricedLine",
    "Program",
    "ProgramComparison",
    "ProgramDiff",
    "ProgramDifference",
    "ProgramReport",
    "ProgramVersions",
    "Progress",
    "Promotion",
    "PromotionUse",
    "RateByAge",
    "RedemptionAge",
    "RedemptionCurve",
    "RedemptionEstimate",
    "RedemptionRestored",
    "Referral",
    "ReferralExpired",
    "ReferralFlagged",
    "ReferralInvited",
    "ReferralJoined",
    "ReferralQualified",
    "ReferralRejected",
    "ReferralReversed",
    "ReferralRewarded",
    "ReferralTerms",
    "Restore",
    "RevenueRow",
    "RevenueSchedule",
    "Reward",
    "RollForward",
    "RollForwardRow",
    "Rolling",
    "Seal",
    "Sets",
    "Shortfall",
    "Simulation",
    "SinceChange",
    "Stack",
    "Standing",
    "Statement",
    "StatementRow",
    "SupportsEarning",
    "Tier",
    "TierAssigned",
    "TierChanged",
    "TierGap",
    "TierOutcome",
    "TierPolicy",
    "Transfer",
    "Units",
    "Voucher",
    "VoucherCheck",
    "VoucherConfirmed",
    "VoucherIssued",
    "VoucherReleased",
    "VoucherReserved",
    "VoucherUse",
    "VoucherUseRestored",
    "VoucherVoided",
    "WhileMet",
    "absorb",
    "active_rate",
    "advance",
    "allocate_price",
    "birthdays",
    "burn_to_earn",
    "check_code",
    "codes",
    "enrollment",
    "history_of",
    "leave",
    "liability",
    "outstanding",
    "points_cohorts",
    "points_price",
    "price",
    "program_report",
    "redemption_curve",
    "roll_forward",
    "simulate",
    "transfer",
]
