"""What a record says about worth, habit and the next step: purchase history, RFM, deciles, taste, segments, 360."""

from relex.insights._basis import Basis
from relex.insights._ctb import CtbTable, ctb
from relex.insights._ctb_rows import CtbCell, CtbRow, CtbValue, SegmentTaste
from relex.insights._deciles import DecileRow, DecileTable, abc, deciles
from relex.insights._history import PurchaseHistory
from relex.insights._periods import CustomerHistory, Ignored, PurchasePeriod, Tally
from relex.insights._reduction import purchase_history
from relex.insights._rfm import Bin, Bins, RfmRow, RfmTable, SegmentSummary, rfm
from relex.insights._scores import FixedScores, QuantileScores, RankScores, Weights
from relex.insights._segment_map import NO_PURCHASES, RF_10, RF_11, MapRow, SegmentMap
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
    "CustomerHistory",
    "DecileRow",
    "DecileTable",
    "FixedScores",
    "Ignored",
    "MapRow",
    "PurchaseHistory",
    "PurchasePeriod",
    "QuantileScores",
    "RankScores",
    "RfmRow",
    "RfmTable",
    "SegmentMap",
    "SegmentSummary",
    "SegmentTaste",
    "SoldLine",
    "Tally",
    "Total",
    "Weights",
    "abc",
    "ctb",
    "deciles",
    "purchase_history",
    "rfm",
    "sold_lines",
]
