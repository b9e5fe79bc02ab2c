"""Intervals, comparisons, sizes, weights and drivers: the worked cases of feedback, sections 3, 4 and 11."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from relex.feedback import (
    Metric,
    Scale,
    Share,
    cochran,
    compare_paired,
    compare_readings,
    cronbach_alpha,
    drivers,
    krejcie_morgan,
    net_size,
    penalty_reward,
    post_stratify,
    rake,
)

NPS = Metric.nps()
PROPORTION = Metric("good", Scale(0, 1), Share({1}))
LAST = 5e-9
"""Half of the last digit that is printed with eight decimals."""


def net(promoters: int, passives: int, detractors: int) -> Any:
    """The reading of these counts."""
    return NPS.read_counts({"promoter": promoters, "passive": passives, "detractor": detractors})


def share(x: int, n: int) -> Any:
    """The reading of x of n."""
    return PROPORTION.read_counts({1: x, 0: n - x})


NETS = [
    ("FB-12", (57, 31, 12), (31.31529622, 58.68470378), (30.12141496, 57.25722582)),
    ("FB-13", (250, 675, 75), (14.13721925, 20.86278075), (14.08588306, 20.80943100)),
    ("FB-14", (86, 1364, 150), (-5.87161168, -2.12838832), (-5.86663440, -2.11839368)),
    ("FB-15", (10, 5, 5), (-11.33870484, 61.33870484), (-11.71613321, 55.19439408)),
    ("FB-16", (6, 4, 7), (-47.35731996, 35.59261408), (-42.25220797, 32.25220797)),
    ("FB-17", (20, 0, 0), (100, 100), (69.68334403, 104.22969945)),
    ("FB-17a", (1, 0, 0), (100, 100), (-48.49864942, 98.49864942)),
]


@pytest.mark.parametrize("case", NETS, ids=[case[0] for case in NETS])
def test_fb_12_to_17_wald_intervals_of_net_scores(case: tuple[str, Any, Any, Any]) -> None:
    """Source: R package NPS 1.1, recomputed; FB-14 is the known before/after table of 1,600 people."""
    _, counts, wald, adjusted = case
    found = [net(*counts).interval(method=method) for method in ("wald", "adjusted_wald")]

    assert [float(found[0].raw_low), float(found[0].raw_high)] == pytest.approx(wald, abs=LAST)
    assert [float(found[1].raw_low), float(found[1].raw_high)] == pytest.approx(adjusted, abs=LAST)


def test_fb_17_what_is_beyond_the_scale_is_cut() -> None:
    """Source: as above; the cut is worked out."""
    found = net(20, 0, 0).interval()

    assert (found.high, found.clamped, found.widened) == (100, True, False)


def test_fb_17a_the_estimate_is_never_outside() -> None:
    """Source: as above; the widening is worked out."""
    found = net(1, 0, 0).interval()

    assert (found.high, found.clamped, found.widened) == (100, False, True)


def test_fb_12_the_t_interval() -> None:
    """Source: R package NPS 1.1, recomputed."""
    found = net(57, 31, 12).interval(method="t")

    assert (float(found.low), float(found.high)) == pytest.approx((31.0761650, 58.9238350), abs=5e-8)


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        pytest.param((57, 31, 12), (30.1673, 57.4896), id="FB-12"),
        pytest.param((86, 1364, 150), (-5.8998, -2.1362), id="FB-14"),
        pytest.param((10, 5, 5), (-12.9207, 56.0106), id="FB-15"),
        pytest.param((20, 0, 0), (67.7750, 100), id="FB-17"),
    ],
)
def test_fb_12_to_17_score_intervals(counts: tuple[int, int, int], expected: tuple[float, float]) -> None:
    """Source: R package PropCIs, recomputed."""
    found = net(*counts).interval(method="score")

    assert (float(found.low), float(found.high)) == pytest.approx(expected, abs=5e-5)


SHARES = [
    ("wilson", 81, 263, 0.2552885199, 0.3662095770),
    ("wilson_cc", 81, 263, 0.2535086823, 0.3681762010),
    ("clopper_pearson", 81, 263, 0.2527367456, 0.3676219226),
    ("jeffreys", 81, 263, 0.2545219350, 0.3656474992),
    ("agresti_coull", 81, 263, 0.2552206652, 0.3662774317),
    ("wilson", 0, 20, 0, 0.1611251581),
    ("wilson_cc", 0, 20, 0, 0.2004533450),
    ("clopper_pearson", 0, 20, 0, 0.1684334710),
    ("jeffreys", 0, 20, 0.0000242465, 0.1166389829),
    ("agresti_coull", 0, 20, 0, 0.1898095605),
    ("wilson", 1, 29, 0.0061132143, 0.1717552188),
    ("wilson_cc", 1, 29, 0.0018026402, 0.1962817510),
    ("clopper_pearson", 1, 29, 0.0008726469, 0.1776442955),
    ("jeffreys", 1, 29, 0.0037461736, 0.1500776860),
    ("agresti_coull", 1, 29, 0, 0.1862865086),
    ("wilson", 45, 100, 0.3561453798, 0.5475539700),
    ("wilson_cc", 45, 100, 0.3514281103, 0.5524573688),
    ("clopper_pearson", 45, 100, 0.3503202292, 0.5527198112),
    ("jeffreys", 45, 100, 0.3550769419, 0.5477710080),
    ("agresti_coull", 45, 100, 0.3561281683, 0.5475711816),
]


@pytest.mark.parametrize("case", SHARES, ids=[f"{name}-{x}-of-{n}" for name, x, n, *_ in SHARES])
def test_fb_18_to_21_intervals_of_shares(case: tuple[str, int, int, float, float]) -> None:
    """Source: statsmodels and R, as compared by Newcombe, Statistics in Medicine 17 (1998)."""
    method, x, n, low, high = case
    found = share(x, n).interval(method=method)
    cut = [min(max(float(bound) / 100, 0), 1) for bound in (found.raw_low, found.raw_high)]

    assert cut == pytest.approx([low, high], abs=5.1e-11)


def test_fb_22_two_net_scores() -> None:
    """Source: R package NPS, nps.test."""
    now, before = net(57, 31, 12), net(25, 45, 30)
    found, narrow = compare_readings(now, before), compare_readings(now, before, level=Decimal("0.9"))

    assert found.difference == 50
    assert [float(each) for each in (found.low, found.high)] == pytest.approx([30.0603162527, 69.9396837473], abs=5e-11)
    assert [float(each) for each in (narrow.low, narrow.high)] == pytest.approx(
        [33.2660898921, 66.7339101079], abs=5e-11
    )
    assert float(found.p_value) == pytest.approx(8.8904048434e-07, rel=1e-9)


def test_fb_23_two_shares() -> None:
    """Source: Newcombe, Statistics in Medicine 17 (1998): .0524 to .3339."""
    found = compare_readings(share(56, 70), share(48, 80))

    assert [float(each) / 100 for each in (found.low, found.high)] == pytest.approx(
        [0.0524314724, 0.3338726540], abs=5.1e-11
    )
    assert float(found.p_value) == pytest.approx(0.0080450814, abs=5e-11)


def test_fb_24_a_mean_and_two_means() -> None:
    """Source: worked out."""
    stars = Metric.rating()
    one, other = stars.read_scores([5, 4, 2, 1, 5, 4, 3, 5]), stars.read_scores([3, 2, 4, 1, 2, 3])
    within, found = one.interval(), compare_readings(one, other)

    assert one.value == Fraction("3.625")
    assert [float(each) for each in (within.low, within.high)] == pytest.approx([2.3660021372, 4.8839978628], abs=5e-11)
    assert found.difference == Fraction("1.125")
    assert [float(each) for each in (found.low, found.high)] == pytest.approx([-0.3640390507, 2.6140390507], abs=5e-11)
    assert float(found.p_value) == pytest.approx(0.1256253230, abs=5e-11)


def test_fb_24_the_same_people_twice() -> None:
    """Source: worked out: 75 -/+ 3.182446305284 sqrt(27500/3)/2, so 152.3480180829 (given as 152.3480178829)."""
    found = compare_paired(NPS, [(9, 5), (9, 9), (9, 8), (6, 2)])

    assert found.difference == 75
    assert [float(each) for each in (found.low, found.high)] == pytest.approx(
        [-77.3480180829, 227.3480180829], abs=5.1e-11
    )
    assert float(found.p_value) == pytest.approx(0.2151699426, abs=5e-11)


def test_fb_25_how_many_answers_it_takes() -> None:
    """Source: Cochran 1977; the last one is 1536.58352827765, which is printed cut off."""
    found = [cochran(Decimal("0.05")), cochran(Decimal("0.03")), net_size(Decimal("0.1")), net_size(Decimal("0.05"))]
    expected = [384.1458820694, 1067.0718946373, 384.1458820694, 1536.5835282776]

    assert [float(each.exact) for each in found] == pytest.approx(expected, abs=1.1e-10)
    assert found[0].needed == 385


def test_fb_25_the_table_of_krejcie_and_morgan() -> None:
    """Source: Krejcie and Morgan 1970."""
    assert [krejcie_morgan(n) for n in (10, 50, 95, 100, 230, 500, 1000)] == [10, 44, 76, 80, 144, 217, 278]


def test_fb_25_a_finite_population() -> None:
    """Source: worked out: the standard error of FB-12 among 400 is 6.0542658794."""
    found = net(57, 31, 12).interval(method="wald", population=400)

    assert (float(found.high) - 45) / 1.959963984540054 == pytest.approx(6.0542658794, abs=5e-11)


ATTITUDE = (
    "43,51,30,39,61,92,45;63,64,51,54,63,73,47;71,70,68,69,76,86,48;61,63,45,47,54,84,35;81,78,56,66,71,83,47;"
    "43,55,49,44,54,49,34;58,67,42,56,66,68,35;71,75,50,55,70,66,41;72,82,72,67,71,83,31;67,61,45,47,62,80,41;"
    "64,53,53,58,58,67,34;67,60,47,39,59,74,41;69,62,57,42,55,63,25;68,83,83,45,59,77,35;77,77,54,72,79,77,46;"
    "81,90,50,72,60,54,36;74,85,64,69,79,79,63;65,60,65,75,55,80,60;65,70,46,57,75,85,46;50,58,68,54,64,78,52;"
    "50,40,33,34,43,64,33;64,61,52,62,66,80,41;53,66,52,50,63,80,37;40,37,42,58,50,57,49;63,54,42,48,66,75,33;"
    "66,77,66,63,88,76,72;78,75,58,74,80,78,49;48,57,44,45,51,83,38;85,85,71,71,77,74,55;82,82,39,59,64,78,39"
)
COLUMNS = ("rating", "complaints", "privileges", "learning", "raises", "critical", "advance")
ROWS = [dict(zip(COLUMNS, map(int, row.split(",")), strict=True)) for row in ATTITUDE.split(";")]
IMPORTANCE = {
    "lmg": (0.3708161943, 0.0509037930, 0.1557659902, 0.1203450794, 0.0065887225, 0.0281822131),
    "johnson": (0.3627601997, 0.0560022788, 0.1636109108, 0.1217803997, 0.0082554665, 0.0201927372),
    "first": (0.6813141641, 0.1815755870, 0.3889744529, 0.3482640333, 0.0244732082, 0.0240517457),
    "last": (0.1686772130, 0.0033678656, 0.0420074921, 0.0015832740, 0.0007926205, 0.0172470605),
    "pratt": (0.5536283681, -0.0312886657, 0.1926356266, 0.0411986153, 0.0048808622, -0.0284528140),
    "betasq": (0.4498722998, 0.0053915871, 0.0954008274, 0.0048736756, 0.0009734243, 0.0336592044),
}


def test_fb_27_cronbach_alpha() -> None:
    """Source: the attitude survey of Chatterjee and Price, as in R."""
    assert cronbach_alpha([list(row.values()) for row in ROWS]).show(10) == "0.8431427696"


@pytest.mark.parametrize("method", IMPORTANCE)
def test_fb_42_drivers_of_the_attitude_survey(method: str) -> None:
    """Source: R packages relaimpo, domir and rwa, recomputed."""
    found = drivers(ROWS, "rating", COLUMNS[1:], method=method)

    assert float(found.r_squared) == pytest.approx(0.7326019925, abs=5.1e-11)
    assert [float(found.driver(name).importance) for name in COLUMNS[1:]] == pytest.approx(
        IMPORTANCE[method], abs=5.1e-11
    )
    assert "".join([found.driver(name).sign or "" for name in COLUMNS[1:]]) == "+-+++-"


def test_fb_43_a_group_of_drivers() -> None:
    """Source: R package relaimpo, recomputed."""
    found = drivers(ROWS, "rating", COLUMNS[1:], groups={"growth": ("learning", "raises", "advance")})
    names = ("growth", "complaints", "privileges", "critical")

    assert [float(found.driver(name).importance) for name in names] == pytest.approx(
        [0.2694448565, 0.3934639852, 0.0624270112, 0.0072661395], abs=5.1e-11
    )


def test_fb_43_weighted_rows() -> None:
    """Source: R package relaimpo, recomputed."""
    rows = [{**row, "weight": 1 + place % 2} for place, row in enumerate(ROWS)]
    found = drivers(rows, "rating", COLUMNS[1:], weights="weight")
    expected = [0.4278270783, 0.0310331799, 0.1341322454, 0.1162995318, 0.0141898461, 0.0313739231]

    assert float(found.r_squared) == pytest.approx(0.7548558047, abs=5.1e-11)
    assert [float(found.driver(name).importance) for name in COLUMNS[1:]] == pytest.approx(expected, abs=5.1e-11)


def test_fb_44_penalties_and_rewards() -> None:
    """Source: worked out; the first asymmetry is -.72448512586, which is given cut off."""
    told = "133 256 122 336 459 515 537 358 223 425 559 315 437 154 526 346"
    rows = [dict(zip(("speed", "staff", "overall"), map(int, row), strict=True)) for row in told.split()]
    found = penalty_reward(rows, "overall", ("speed", "staff"), low=2, high=5)
    speed, staff = found.attributes

    assert (found.intercept, found.r_squared) == (Fraction(3872, 613), Fraction(573971, 622195))
    assert (speed.penalty, speed.reward, speed.kind) == (Fraction(-1884, 613), Fraction(301, 613), "basic")
    assert (staff.penalty, staff.reward, staff.kind) == (Fraction(-688, 613), Fraction(1235, 613), "performance")
    assert [float(each.asymmetry or 0) for each in found.attributes] == pytest.approx(
        [-0.7244851259, 0.2844513781], abs=5.1e-11
    )


def test_fb_28_post_stratification() -> None:
    """Source: worked out."""
    groups, scores = ["N"] * 6 + ["S"] * 4, [9] * 4 + [8, 0] + [9, 8, 0, 0]
    weights = post_stratify(groups, {"N": Fraction(2, 5), "S": Fraction(3, 5)})
    reading = NPS.read_scores(scores, weights=weights)

    assert set(weights) == {Fraction(2, 3), Fraction(3, 2)}
    assert (reading.value, reading.n_eff, NPS.read_scores(scores).value) == (5, Fraction(60, 7), 20)


def test_fb_29_raking() -> None:
    """Source: worked out; R package survey, rake."""
    rows = ["fy", "fy", "fo", "fo", "my", "mo", "mo", "my", "mo", "fy"]
    scores = [10, 9, 7, 3, 10, 8, 6, 9, 2, 10]
    sample = [{"sex": sex, "age": age} for sex, age in rows]
    weights = rake(sample, {"sex": {"f": 60, "m": 40}, "age": {"y": 45, "o": 55}})
    reading = NPS.read_scores(scores, weights=weights)
    found = dict(zip(rows, weights, strict=True))
    expected = {"fy": 10.5677357738, "fo": 14.1483963393, "my": 6.6483963393, "mo": 8.9010691071}

    assert found == pytest.approx(expected, abs=1e-9)
    assert (float(reading.value or 0), float(reading.n_eff or 0)) == pytest.approx(
        (13.0494654464, 9.4208548544), abs=1e-9
    )
