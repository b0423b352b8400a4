"""The sheets around the lists: a town's summary in front, what was recalled and the rules explained behind.

None bears the headers of an answer, so a workbook that comes back is read without them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from xlsxwriter.worksheet import Worksheet

from include.alerts.open_alerts import SEVERITIES, OpenAlert, RuleWords
from include.sheet_style import BAND, PAPER, SEVERITY_INK, Style, day_text, row_height, set_up_page, write_title

_SUMMARY = {"村居": 26.0, "件数": 9.0, **dict.fromkeys(SEVERITIES.values(), 9.0), "最早截止": 16.0}
_RECALLED = {
    "编号": 26.0, "镇街": 10.0, "村居": 12.0, "姓名": 10.0, "身份证后四位": 9.0, "家庭/户主": 16.0, "规则": 20.0,
    "原来的事实依据": 40.0,
}  # fmt: skip
_TOTAL = "#E6ECF3"
_LEGEND = {"规则": 18.0, "说明": 44.0, "依据": 30.0, "什么情况下可以消除": 40.0}


def write_summary(
    sheet: Worksheet, style: Style, title: str, villages: Iterable[tuple[str, list[OpenAlert]]], note: str
) -> None:
    """How many alerts each village has, by severity, and when the first is due."""
    set_up_page(sheet, title, list(_SUMMARY.values()), 2, landscape=False)
    write_title(sheet, style, title, note, len(_SUMMARY) - 1)
    for column, header in enumerate(_SUMMARY):
        sheet.write_string(2, column, header, style.head())
    rows = list(villages)
    every = [alert for _, alerts in rows for alert in alerts]
    for number, (name, alerts) in enumerate([("合计", every), *rows], start=3):
        colour = _TOTAL if number == 3 else PAPER if number % 2 else BAND
        _write_counts(sheet, style, number, name, alerts, colour)


def _write_counts(sheet: Worksheet, style: Style, row: int, name: str, alerts: list[OpenAlert], colour: str) -> None:
    is_total = colour == _TOTAL
    sheet.set_row(row, 18)
    sheet.write_string(row, 0, name, style.cell(bg_color=colour, bold=is_total))
    count_format = '0;-0;""'  # a nought stays white
    total = style.cell(bg_color=colour, bold=True, align="center", num_format=count_format)
    sheet.write_number(row, 1, len(alerts), total)
    for column, severity in enumerate(SEVERITIES, start=2):
        count = sum(alert.severity == severity for alert in alerts)
        ink = SEVERITY_INK[severity]
        cell = style.cell(bg_color=colour, align="center", num_format=count_format, font_color=ink, bold=is_total)
        sheet.write_number(row, column, count, cell)
    due = min((alert.due_on for alert in alerts if alert.due_on), default=None)
    sheet.write_string(row, 2 + len(SEVERITIES), day_text(due), style.cell(bg_color=colour, align="center"))


def write_recalls(sheet: Worksheet, style: Style, alerts: Iterable[OpenAlert]) -> None:
    """Alerts that were sent out and that corrected data no longer bear out: nobody need go, or go on."""
    how = "下列预警曾经派发，所依据的数据已经更正，不再成立：不必再上门。已经据此处置的，请立即与区里联系更正。"
    lines = (
        [
            alert.alert_no, alert.town_name, alert.village_name, alert.name, alert.number_end, alert.household,
            alert.rule_title, alert.evidence,
        ]
        for alert in alerts
    )  # fmt: skip
    _write_lines(sheet, style, "撤回的预警", how, _RECALLED, lines)


def write_legend(sheet: Worksheet, style: Style, rules: Iterable[RuleWords]) -> None:
    """What each rule of a workbook means, on what it rests, and what would clear an alert."""
    how = "“核查结论”和“处置结果”从下拉列表中选择；一行填一件，预警编号不要改动。核查完的清单交回区民政局，由系统读取。"
    lines = ([rule.title, rule.words, rule.legal_basis, rule.clears] for rule in rules)
    _write_lines(sheet, style, "规则说明", how, _LEGEND, lines, bold=1)


def _write_lines(
    sheet: Worksheet,
    style: Style,
    title: str,
    how: str,
    columns: Mapping[str, float],
    lines: Iterable[list[str]],
    bold: int = 0,
) -> None:
    """A sheet of texts below its title and headers; ``columns`` are headers and widths, ``bold`` how many stand out."""
    widths = list(columns.values())
    set_up_page(sheet, title, widths, 2)
    write_title(sheet, style, title, how, len(widths) - 1)
    for column, header in enumerate(columns):
        sheet.write_string(2, column, header, style.head())
    for row, texts in enumerate(lines, start=3):
        sheet.set_row(row, row_height(texts, widths))
        for column, text in enumerate(texts):
            sheet.write_string(row, column, text, style.cell(bold=column < bold, bg_color=BAND if row % 2 else PAPER))
