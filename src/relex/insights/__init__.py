"""What a record says about worth, habit and the next step: purchase history, RFM, deciles, taste, segments, 360."""

from relex.insights._basis import Basis
from relex.insights._ctb import CtbTable, ctb
from relex.insights._ctb_rows import CtbCell, CtbRow, CtbValue, SegmentTaste
from relex.insights._customer360 import Customer360
from relex.insights._deciles import DecileRow, DecileTable, abc, deciles
from relex.insights._history import PurchaseHistory
from relex.insights._membership import Membership, SegmentEntered, SegmentLeft, changes, memberships
from relex.insights._periods import CustomerHistory, Ignored, PurchasePeriod, Tally
from relex.insights._reduction import purchase_history
from relex.insights._rfm import Bin, Bins, RfmRow, RfmTable, SegmentSummary, rfm
from relex.insights._scores import FixedScores, QuantileScores, RankScores, Weights
from relex.insights._sections import (
    Panel,
    Section,
    identity_section,
    loyalty_section,
    purchases_section,
    segments_section,
)
from relex.insights._segment_map import NO_PURCHASES, RF_10, RF_11, MapRow, SegmentMap
from relex.insights._segmentation import Overlap, Partition, Segmentation, overlaps
from relex.insights._segments import Members, Segment, Snapshot, age, joined_facts
from relex.insights._sold import SoldLine, sold_lines
from relex.insights._totals import Total

__all__ = [
    "NO_PURCHASES",
    "RF_10",
    "RF_11",
    "Basis",
    "Bin",
    "Bins",
    "CtbCell",
    "CtbRow",
    "CtbTable",
    "CtbValue",
    "Customer360",
    "CustomerHistory",
    "DecileRow",
    "DecileTable",
    "FixedScores",
    "Ignored",
    "MapRow",
    "Members",
    "Membership",
    "Overlap",
    "Panel",
    "Partition",
    "PurchaseHistory",
    "PurchasePeriod",
    "QuantileScores",
    "RankScores",
    "RfmRow",
    "RfmTable",
    "Section",
    "Segment",
    "SegmentEntered",
    "SegmentLeft",
    "SegmentMap",
    "SegmentSummary",
    "SegmentTaste",
    "Segmentation",
    "Snapshot",
    "SoldLine",
    "Tally",
    "Total",
    "Weights",
    "abc",
    "age",
    "changes",
    "ctb",
    "deciles",
    "identity_section",
    "joined_facts",
    "loyalty_section",
    "memberships",
    "overlaps",
    "purchase_history",
    "purchases_section",
    "rfm",
    "segments_section",
    "sold_lines",
]
