"""The means of a household: income a head and month, as recorded and as estimated; what dibao it is due."""

from __future__ import annotations

import math
from fractions import Fraction

from tests.oracle.words import Home

_JULY = 2024 * 12 + 6
_ITEMS = ("wage_income", "business_income", "property_income", "transfer_income", "other_income")


def standard(m: int) -> int:
    """S(m): 810 yuan from July 2023, 840 from July 2024."""
    return 840 if m >= _JULY else 810


def standard_before(m: int) -> int:
    """The S before the one of m: 780 yuan from July 2022."""
    return 810 if m >= _JULY else 780


def changed_in(m: int) -> int:
    """The month from which the S of m holds."""
    return _JULY if m >= _JULY else _JULY - 12


def line(home: Home, m: int, high: bool = False) -> Fraction:
    """From what income a head a household of its programme is reported: S or 1.5 S; high at 1.5 S or 2 S."""
    wide = home.programme in ("dibao_edge", "dibao_single", "rigid_expenditure")
    multiple = Fraction(3, 2) if wide else Fraction(1)
    return standard(m) * (multiple + Fraction(1, 2) if high else multiple)


def _net_income(home: Home) -> Fraction | None:
    """What a household has in a year, less the deduction for work; None where nothing is said of income."""
    income = home.row.get("annual_income")
    if income is None:
        said = [row[item] for row in home.rows for item in _ITEMS if row[item] is not None]
        if not said:
            return None
        income = sum(said)
    return Fraction(income) - (home.row["employment_deduction"] or 0)


def income_per_capita(home: Home) -> Fraction | None:
    """pci, yuan a head and month."""
    net = _net_income(home)
    return None if net is None or home.size < 1 else net / 12 / home.size


def estimated(home: Home, member: str, item: str, monthly: Fraction) -> Fraction | None:
    """pci if this member's item were another amount; of extreme poverty the new amount alone."""
    if home.programme == "extreme_poverty":
        return monthly
    net = _net_income(home)
    if net is None or home.size < 1:
        return None
    recorded = home.said_of(member)[item] or 0
    return (net - recorded + 12 * monthly) / 12 / home.size


def due(home: Home, per_head: int) -> int | None:
    """The dibao of a household at a standard; None where nothing is said of income."""
    income = income_per_capita(home)
    if income is None:
        return None
    if income >= per_head:
        return 0
    covered = [other for other in home.rows if other["covered"] == "是"]
    children = sum(other["uplift"] == "未成年人" for other in covered)
    exact = len(covered) * per_head - len(covered) * income + Fraction(1, 5) * per_head * children
    return max(0, math.ceil(exact))
