"""What the business decided: a program of points, and segments. Data, and nothing that waits."""

from relex import Money, Months, Program, Segment, field
from relex.insights import FixedScores
from relex.loyalty import EarningRule, Flat, PerAmount, Tier
from relex.parties import Lifecycle

LIFECYCLE = Lifecycle()

PROGRAM = Program(
    "beans",
    currency="USD",
    rules=[
        EarningRule("base", PerAmount(1, per="1.00")),
        EarningRule("coffee", PerAmount(1, per="1.00"), when=field("line.category") == "coffee"),
        EarningRule("welcome", Flat(20), when=field("account.purchases") == 0, minimum=Money("5.00", "USD")),
    ],
    tiers=[Tier("silver", at=500), Tier("gold", at=2_000, multiplier="1.25")],
    expires=Months(12, end_of="month"),
)

# Fixed scores mean the same for everybody, so one customer can be scored without loading the others.
SCORES = FixedScores(recency=[7, 30, 90, 365], frequency=[2, 4, 8, 16], monetary=["50", "100", "500", "1000"])

SEGMENTS = (
    Segment("regulars", (field("rfm.frequency") >= 4) & (field("rfm.recency") <= 30)),
    Segment("worth a call", (field("customer.stage") == "lead") & (field("rfm.frequency") >= 1)),
)
