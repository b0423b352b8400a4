"""The figures that are known of 2021, as a publication tells them."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

import duckdb


@dataclass(frozen=True)
class Year:
    """What the bureau said of 2021: yuan a month and person; people on the elder allowance in a mean month of
    January to October, and yuan paid for these months."""

    standard: Decimal
    elders: float
    elder_allowance_to_october: float


def figures_of_2021(marts: duckdb.DuckDBPyConnection) -> Year:
    """The publication's own figures for what is known of 2021."""
    figures = dict(
        marts.execute(
            "select figure, value from reporting.rpt_annual_work_report where year = 2021 "
            "and figure in ('dibao_standard', 'elder_allowance_to_october')"
        ).fetchall()
    )
    elders = marts.execute(
        "select sum(closing) / 10 from reporting.rpt_programme_flow_monthly where programme = 'elder_allowance' "
        "and unit = 'person' and month between date '2021-01-01' and date '2021-10-01'"
    ).fetchall()[0][0]
    return Year(figures["dibao_standard"], float(elders), float(figures["elder_allowance_to_october"]))
