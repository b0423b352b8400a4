"""The year's work report so far, ``outbox/reports/<YYYYMM>/annual_work_report.docx``: the year's figures in words.

Every figure is a row of ``reporting.rpt_annual_work_report`` or ``rpt_alert_performance``; the words are those of the
template beside this file, which the bureau may change.
"""

from __future__ import annotations

import json
from collections import Counter
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import duckdb
from docx.shared import Cm
from docxtpl import DocxTemplate, InlineImage

from include.alerts.open_alerts import PROGRAMMES
from include.alerts.worklists import publication_of
from include.departments import name_of
from include.journal.exports import note_export
from include.pages.typesetting import compiler
from include.periods import Month
from include.privacy import guarded
from include.reports.annual_template import TEMPLATE
from include.reports.monthly import report_folder
from include.settings import Settings, put_in_place
from include.warehouse.publication import open_publication
from include.warehouse.workbench import rows

_CHART = Path(__file__).with_name("annual_chart.typ")
_CHART_GROUPS = {
    "低保": ("dibao", "dibao_single"),
    "特困": ("extreme_poverty",),
    "残疾人两项补贴": ("disability_living", "disability_nursing"),
    "尊老金": ("elder_allowance",),
    "儿童": ("orphan", "unattended_child", "child_in_difficulty"),
    "临时救助": ("temporary_assistance",),
}
_COLOURS = ("#2f5d8c", "#5b86b8", "#c77d3b", "#e0b48a", "#1f7a4d", "#9fb0c2")
_LOW_INCOME = ("extreme_poverty", "dibao", "dibao_single", "dibao_edge", "rigid_expenditure")
_ALL = tuple(name for name in PROGRAMMES if name)
_TEN_THOUSAND = Decimal(10_000)
_NONE = "—"
_ANY_DAY = (2000, 1, 1, 0, 0, 0)

_FIGURES = "select figure, programme, value, value_last_year from reporting.rpt_annual_work_report where year = ?"
_ALERTS = """
select town_name, sum(detected) as detected, sum(verified) as verified, sum("true") as is_true,
    sum("false") as is_false, sum(overdue) as overdue
from reporting.rpt_alert_performance where year(month) = ? group by town_name, town_code order by town_code nulls last
"""
_DIRECTIONS = """
select rule.direction, sum(told.detected) from reporting.rpt_alert_performance as told
inner join monitoring.dim_rule as rule using (rule_id) where year(told.month) = ? group by rule.direction
"""
_SOURCES = """
select sources from monitoring.fct_alert_explanation
where alert_no in (select alert_no from monitoring.fct_alert where year(first_month) = ?)
"""
_MONEY = """
select month(benefit_month), programme, sum(case kind when '扣回' then -abs(amount) else amount end)
from core.fct_payment where result = '成功' and benefit_month between make_date($year, 1, 1) and $month
group by all
"""
_DISTRICT = "select name from core.dim_region where level = 'district' order by region_code limit 1"


class Figures:
    """The year's figures by name and programme."""

    def __init__(self, found: list[dict[str, Any]]) -> None:
        self._found = {(row["figure"], row["programme"]): row for row in found}

    def has(self, figure: str, programme: str = "") -> bool:
        """Whether the year has a figure at all."""
        return (figure, programme) in self._found

    def value(self, figure: str, programme: str = "") -> Decimal:
        """A figure; nothing where the year has none."""
        return self._found[figure, programme]["value"] or Decimal(0) if self.has(figure, programme) else Decimal(0)

    def total(self, figure: str, programmes: tuple[str, ...]) -> Decimal:
        """A figure over some programmes."""
        return sum((self.value(figure, programme) for programme in programmes), Decimal(0))

    def growth(self, figure: str, programmes: tuple[str, ...] = ("",)) -> Decimal | None:
        """How much more than in the same months of last year, as a share; None where it is not known or none."""
        rows_of = [self._found[figure, programme] for programme in programmes if self.has(figure, programme)]
        if not rows_of or any(row["value_last_year"] is None for row in rows_of):
            return None
        before = sum((row["value_last_year"] for row in rows_of), Decimal(0))
        return self.total(figure, programmes) / before - 1 if before else None


@guarded("reports")
def write(settings: Settings, run_id: str) -> Path:
    """Write the report of the year up to the run's month; returns its path."""
    publication = publication_of(settings, run_id)
    month = Month.parse(publication.read_manifest()["as_of"])
    with open_publication(settings, publication) as marts:
        told = context(marts, month, publication.version)
        picture = chart(marts, month)
    document = DocxTemplate(TEMPLATE)
    told["chart"] = InlineImage(document, BytesIO(picture), width=Cm(15.6))
    document.render(told, autoescape=True)
    path = report_folder(settings, publication, month) / "annual_work_report.docx"
    with put_in_place(path) as temporary:
        _save(document, temporary)
    note_export(settings, "annual_report", publication.version)
    return path


def _save(document: DocxTemplate, path: Path) -> None:
    """Write the document so that the same publication gives the same bytes: a zip file bears the clock's time."""
    written = BytesIO()
    document.save(written)
    with ZipFile(written) as parts, ZipFile(path, "w", ZIP_DEFLATED) as out:
        for part in parts.infolist():
            out.writestr(ZipInfo(part.filename, _ANY_DAY), parts.read(part), ZIP_DEFLATED)


def context(marts: duckdb.DuckDBPyConnection, month: Month, version: str) -> dict[str, Any]:
    """Everything the template names but the chart, as text."""
    figures = Figures(rows(marts, _FIGURES, [month.year]))
    towns = rows(marts, _ALERTS, [month.year])
    directions: dict[str, int] = dict(marts.execute(_DIRECTIONS, [month.year]).fetchall())
    found = sum(directions.values())
    is_true, is_false = sum(row["is_true"] for row in towns), sum(row["is_false"] for row in towns)
    (district,) = marts.execute(_DISTRICT).fetchone() or ("本区",)
    return {
        "district": district,
        "year": month.year,
        "month": month.number,
        "version": version,
        "low_income_persons": _whole(figures.value("low_income_persons_at_end")),
        "standard": f"{figures.value('dibao_standard').normalize():f}",
        "standard_growth": _growth_words(figures.growth("dibao_standard")),
        "money_total": _ten_thousands(figures.total("money_paid", _ALL)),
        "money_growth": _growth_words(figures.growth("money_paid", _ALL)),
        "elder_to_october": _ten_thousands(figures.value("elder_allowance_to_october", "elder_allowance")),
        "elder_persons": _whole(figures.value("persons_at_end", "elder_allowance")),
        "families_compared": _whole(figures.value("families_compared_online")),
        "families_growth": _growth_words(figures.growth("families_compared_online")),
        "families_visited": _whole(figures.value("families_verified_offline")),
        "verified": _whole(figures.value("alerts_verified_offline")),
        "newly_covered": _whole(figures.total("persons_newly_covered", _LOW_INCOME)),
        "cleared_out": _whole(figures.total("persons_cleared_out", _LOW_INCOME)),
        "found": _whole(found),
        "exits": _whole(directions.get("exit", 0)),
        "covers": _whole(directions.get("cover", 0)),
        "payments": _whole(directions.get("payment", 0)),
        "qualities": _whole(directions.get("quality", 0)),
        "is_true": _whole(is_true),
        "is_false": _whole(is_false),
        "waiting": _whole(found - is_true - is_false),
        "recovered": f"{figures.value('money_recovered'):,.2f}",
        "found_by": _found_by(marts, month),
        "programmes": [
            _programme(figures, name)
            for name in _ALL
            if figures.has("persons_at_end", name) or figures.has("money_paid", name)
        ],
        "towns": [
            {"title": row["town_name"] or "未定镇街", **{name: _whole(row[name]) for name in list(row)[1:]}}
            for row in towns
        ],
    }


def chart(marts: duckdb.DuckDBPyConnection, month: Month) -> bytes:
    """Money paid for each month of the year by group of programmes, in ten thousand yuan, as a PNG."""
    paid = {
        (number, programme): amount
        for number, programme, amount in marts.execute(_MONEY, {"year": month.year, "month": month.first}).fetchall()
    }
    months = []
    for number in range(1, month.number + 1):
        parts = [
            float(sum((paid.get((number, name), Decimal(0)) for name in names), Decimal(0)) / _TEN_THOUSAND)
            for names in _CHART_GROUPS.values()
        ]
        months.append({"label": f"{number}月", "parts": [max(0.0, part) for part in parts], "total": round(sum(parts))})
    data = {"months": months, "names": list(_CHART_GROUPS), "colours": _COLOURS}
    picture = compiler(_CHART).compile(format="png", ppi=200, sys_inputs={"data": json.dumps(data, ensure_ascii=False)})
    assert isinstance(picture, bytes)
    return picture


def _programme(figures: Figures, name: str) -> dict[str, str]:
    def told(figure: str) -> str:
        return _whole(figures.value(figure, name)) if figures.has(figure, name) else _NONE

    growth = figures.growth("money_paid", (name,))
    return {
        "title": PROGRAMMES[name],
        "households": told("households_at_end"),
        "persons": told("persons_at_end"),
        "new": told("persons_newly_covered"),
        "left": told("persons_cleared_out"),
        "money": _ten_thousands(figures.value("money_paid", name)) if figures.has("money_paid", name) else _NONE,
        "growth": _NONE if growth is None else f"{growth:+.1%}",
    }


def _found_by(marts: duckdb.DuckDBPyConnection, month: Month) -> str:
    """Which other departments' rows the year's alerts stand on, the most first."""
    counted: Counter[str] = Counter()
    for (sources,) in marts.execute(_SOURCES, [month.year]).fetchall():
        counted.update({source["dataset"].split(".")[0] for source in json.loads(sources or "[]")})
    counted.pop("civil_affairs", None)
    return "、".join(f"{name_of(name)}（{number:,}）" for name, number in counted.most_common()) or "无"


def _growth_words(growth: Decimal | None) -> str:
    if growth is None:
        return ""
    return "，与上年同期持平" if not growth else f"，比上年同期{'增长' if growth > 0 else '下降'}{abs(growth):.1%}"


def _whole(number: Decimal | float) -> str:
    return f"{number:,.0f}"


def _ten_thousands(amount: Decimal) -> str:
    return f"{amount / _TEN_THOUSAND:,.2f}"
