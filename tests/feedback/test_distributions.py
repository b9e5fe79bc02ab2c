"""Tails and quantiles, against published tables and what other libraries print."""

from __future__ import annotations

from decimal import Decimal, localcontext

import pytest

from relex.feedback._distributions import (
    beta_cdf,
    beta_quantile,
    normal_quantile,
    normal_two_sided,
    rounded,
    t_quantile,
    t_two_sided,
)


@pytest.mark.parametrize(
    ("p", "expected"),
    [(0.5, 0.0), (0.975, 1.959963984540054), (0.025, -1.959963984540054), (0.9995, 3.290526731491926)],
)
def test_quantiles_of_the_normal_distribution(p: float, expected: float) -> None:
    """Source: scipy 1.17, ndtri."""
    assert normal_quantile(p) == pytest.approx(expected, abs=1e-12)


def test_a_far_tail_of_the_normal_distribution_keeps_its_digits() -> None:
    """Source: scipy 1.17, 2 * norm.sf(10)."""
    assert normal_two_sided(10) == pytest.approx(1.523970604832094e-23, rel=1e-12)


@pytest.mark.parametrize(
    ("p", "df", "expected"),
    [
        (0.975, 1, 12.706204736174694),
        (0.975, 7, 2.3646242515927849),
        (0.025, 7, -2.3646242515927849),
        (0.95, 103, 1.6597822733802545),
        (0.975, 10_000, 1.960201239890626),
        (0.975, 20_000, 1.9600826051581348),
        (1 - 5e-10, 1, 636619719.6934296),
        (0.505, 9000, 0.012533817719529319),
    ],
)
def test_quantiles_of_student(p: float, df: float, expected: float) -> None:
    """Source: scipy 1.17, stdtrit and t.ppf; 10,000 and 20,000 are on both sides of the change of method."""
    assert t_quantile(p, df) == pytest.approx(expected, rel=1e-11)


def test_a_tail_of_student_with_a_fraction_of_a_degree() -> None:
    """Source: the p-value of Welch's test; scipy 1.17, stdtr."""
    assert t_two_sided(1.125 / 0.6832389598, 11.9717829677) == pytest.approx(0.1256253230, abs=1e-10)


def test_a_tail_of_student_at_zero_is_everything() -> None:
    assert t_two_sided(0, 5) == 1


@pytest.mark.parametrize(("x", "expected"), [(-1.0, 0.0), (0.0, 0.0), (1.0, 1.0), (2.0, 1.0)])
def test_beta_ends_at_0_and_1(x: float, expected: float) -> None:
    assert beta_cdf(x, 2, 3) == expected


def test_beta_mirrors_itself() -> None:
    assert beta_cdf(0.7, 3, 8) == pytest.approx(1 - beta_cdf(0.3, 8, 3), rel=1e-13)


@pytest.mark.parametrize(
    ("p", "a", "b", "expected"),
    [
        (0.025, 81, 183, 0.2527367455852712),
        (0.975, 2, 28, 0.1776442954887229),
        (0.025, 0.5, 20.5, 0.000024246478459242733),
        (0.5, 1e6, 2e6, 0.3333332962962917),
        (5e-10, 0.5, 20.5, 9.695534998935755e-21),
        (0.975, 10**12 + 1, 10**12, 0.5000006929521619),
    ],
)
def test_quantiles_of_beta(p: float, a: float, b: float, expected: float) -> None:
    """Source: scipy 1.17, betaincinv and beta.ppf."""
    assert beta_quantile(p, a, b) == pytest.approx(expected, rel=1e-10)


@pytest.mark.parametrize(("a", "b"), [(0.5, 0.5), (1.5, 40.0), (900.0, 0.5), (3e5, 7e5)])
def test_a_quantile_is_where_its_tail_is(a: float, b: float) -> None:
    assert beta_cdf(beta_quantile(0.3, a, b), a, b) == pytest.approx(0.3, rel=1e-9)


def test_what_is_given_out_has_fourteen_digits_and_no_minus_zero() -> None:
    assert (rounded(8.8904048434e-07 / 3), str(rounded(-0.0))) == (Decimal("2.9634682811333E-7"), "0")


def test_what_is_given_out_does_not_depend_on_how_decimals_are_set() -> None:
    with localcontext(prec=3):
        found = rounded(1067.0718946373)

    assert str(found) == "1067.0718946373"


def test_a_tail_beyond_all_samples_ends() -> None:
    assert 0 < beta_cdf(0.5, 1e20, 1e20) < 1
