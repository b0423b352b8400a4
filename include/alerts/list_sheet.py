"""One list: what is known of each alert on the left, room for the answer on the right, ready to print."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from include.alerts.answers import DIRECTIONS, AnswerColumn, actions, alert_header, answer_columns
from include.alerts.held_back import HELD_ZH
from include.alerts.open_alerts import SEVERITIES, OpenAlert, worst_first
from include.periods import Month
from include.sheet_style import (
    ANSWER,
    ANSWER_HEAD,
    BAND,
    PAPER,
    SEVERITY_INK,
    SOFT,
    Style,
    data_dates,
    day_text,
    made_on_day,
    row_height,
    set_up_page,
    write_title,
)

ASK_THE_DISTRICT = "该户（人）另有事项，状态请与区里核实后再处置。"
RECALLED = "撤回"
NO_ALERTS = "本月没有待核查的预警。"

_HEADER_ROW = 2
_PLACES = {"镇街": 8.0, "村居": 9.0}
_KNOWN = {
    "姓名": 8.0, "身份证后四位": 6.5, "家庭/户主": 12.5, "规则": 14.0, "事实依据": 28.5, "建议处置": 16.5,
    "截止日期": 11.5, "严重程度": 5.5,
}  # fmt: skip
_ANSWERS = {
    "finding": 7.5, "action": 10.5, "verified_on": 10.5, "verified_by": 7.5, "effective_month": 7.5,
    "amount_recovered": 8.5, "note": 9.0,
}  # fmt: skip
_ALERT_NUMBER = 9.0


@dataclass(frozen=True)
class ListPage:
    """One sheet: whose list it is, its alerts, and the groups about which the district is to be asked first.

    ``recalled`` are alerts of its place that were sent out and no longer hold; they stand on a sheet of their own.
    """

    sheet_name: str
    title: str
    alerts: list[OpenAlert]
    ask_the_district: frozenset[str] = frozenset()
    with_places: bool = False
    received_on: date | None = None
    recalled: tuple[OpenAlert, ...] = ()


class ListSheet:
    """Writes one page to one worksheet; text always as text, so that nothing in it can become a formula."""

    def __init__(self, sheet: Worksheet, style: Style, month: Month, page: ListPage) -> None:
        self._sheet, self._style, self._month, self._page = sheet, style, month, page
        self._known = {**(_PLACES if page.with_places else {}), **_KNOWN}
        self._answers = answer_columns()
        self._widths = [_ALERT_NUMBER, *self._known.values(), *(_ANSWERS.get(each.name, 10) for each in self._answers)]

    def write(self) -> None:
        """Write the whole sheet."""
        set_up_page(self._sheet, self._page.title, self._widths, _HEADER_ROW)
        write_title(self._sheet, self._style, self._page.title, self._subtitle(), len(self._widths) - 1)
        self._write_header()
        row = _HEADER_ROW + 1
        places: dict[str, list[int]] = {direction: [] for direction in DIRECTIONS}
        for number, group in enumerate(worst_first(self._page.alerts)):
            colour = BAND if number % 2 else PAPER
            for alert in group:
                self._write_alert(row, alert, colour)
                places[alert.direction].append(row)
                row += 1
        self._offer_choices(places)

    def _subtitle(self) -> str:
        alerts = self._page.alerts
        counts = "，".join(
            f"{word} {count} 件"
            for severity, word in SEVERITIES.items()
            if (count := sum(alert.severity == severity for alert in alerts))
        )
        due = min((alert.due_on for alert in alerts if alert.due_on), default=None)
        parts = [
            data_dates(self._month, self._page.received_on),
            f"共 {len(alerts)} 件：{counts}" if alerts else NO_ALERTS,
            *([f"最早截止 {day_text(due)}"] if due else []),
            *([f"另有 {len(self._page.recalled)} 件撤回，见“{RECALLED}”表"] if self._page.recalled else []),
        ]
        return "　".join(parts) + "\n黄色各栏由核查人填写。预警只是线索，是否处置由人核实后决定。"

    def _write_header(self) -> None:
        self._sheet.set_row(_HEADER_ROW, 32)
        known = [alert_header(), *self._known]
        for column, header in enumerate(known):
            self._sheet.write_string(_HEADER_ROW, column, header, self._style.head())
        for column, answer in enumerate(self._answers, start=len(known)):
            self._sheet.write_string(_HEADER_ROW, column, answer.header, self._style.head(bg_color=ANSWER_HEAD))

    def _write_alert(self, row: int, alert: OpenAlert, colour: str) -> None:
        rule = "\n".join(part for part in (alert.rule_title, alert.programme_word) if part)
        told = [alert.evidence]
        if alert.episode > 1:
            told.insert(0, f"第 {alert.episode} 次出现。")
        if alert.repeats:
            told.insert(0, f"此前已有同类预警 {alert.repeats}。")
        if alert.held_because:
            told.append(HELD_ZH[alert.held_because])
        if alert.group in self._page.ask_the_district:
            told.append(ASK_THE_DISTRICT)
        texts = {
            "镇街": alert.town_name,
            "村居": alert.village_name,
            "姓名": alert.name,
            "身份证后四位": alert.number_end,
            "家庭/户主": alert.household,
            "规则": rule,
            "事实依据": "\n".join(told),
            "建议处置": alert.proposed_action,
            "截止日期": day_text(alert.due_on),
            "严重程度": alert.severity_word,
        }
        shown = [texts[name] for name in self._known]
        self._sheet.set_row(row, row_height(["", *shown], self._widths[: len(shown) + 1], least_lines=4))
        self._sheet.write_string(
            row, 0, alert.alert_no, self._style.cell(bg_color=colour, font_size=7.5, font_color=SOFT)
        )
        for column, name in enumerate(self._known, start=1):
            if name == "规则" and alert.programme_word:
                self._write_rule(row, column, alert, colour)
            else:
                self._sheet.write_string(row, column, texts[name], self._known_format(name, alert, colour))
        for column, answer in enumerate(self._answers, start=1 + len(self._known)):
            self._sheet.write_blank(row, column, None, self._answer_format(answer))

    def _write_rule(self, row: int, column: int, alert: OpenAlert, colour: str) -> None:
        bold, small = self._style.text(bold=True), self._style.text(font_size=9, font_color=SOFT)
        words = (bold, alert.rule_title, small, f"\n{alert.programme_word}")
        self._sheet.write_rich_string(row, column, *words, self._style.cell(bg_color=colour))

    def _known_format(self, name: str, alert: OpenAlert, colour: str) -> Format:
        special: dict[str, dict[str, Any]] = {
            "姓名": {"bold": True, "font_size": 11},
            "身份证后四位": {"align": "center"},
            "截止日期": {"align": "center", "bold": True},
            "严重程度": {"align": "center", "bold": alert.rank < 2, "font_color": SEVERITY_INK[alert.severity]},
            "规则": {"bold": True},
        }
        return self._style.cell(bg_color=colour, **special.get(name, {}))

    def _answer_format(self, answer: AnswerColumn) -> Format:
        number_format = {"date": "yyyy-mm-dd", "month": "0", "money": "#,##0.00"}.get(answer.kind, "@")
        return self._style.cell(bg_color=ANSWER, locked=False, num_format=number_format)

    def _offer_choices(self, places: dict[str, list[int]]) -> None:
        rows = sorted(row for members in places.values() for row in members)
        for column, answer in enumerate(self._answers, start=1 + len(self._known)):
            if answer.name == "action":
                for direction, members in places.items():
                    _validate(self._sheet, members, column, _choice(actions(direction), is_binding=False))
            elif rule := self._rule_for(answer):
                _validate(self._sheet, rows, column, rule)

    def _rule_for(self, answer: AnswerColumn) -> dict[str, Any] | None:
        if answer.choices:
            return _choice(answer.choices, is_binding=True)
        month = self._month
        rules: dict[str, dict[str, Any]] = {
            "date": {
                "validate": "date",
                "criteria": ">=",
                "value": month.first,
                "error_message": f"请填日期，如 {day_text(made_on_day(month))}，不早于监测月份。",
            },
            "month": {
                "validate": "integer",
                "criteria": "between",
                "minimum": int(str(month.plus(-120))),
                "maximum": int(str(month.plus(120))),
                "error_message": f"请填六位年月，如 {month.plus(1)}。",
            },
            "money": {
                "validate": "decimal",
                "criteria": ">=",
                "value": 0,
                "error_message": "请填金额（元），没有追缴的留空。",
            },
        }
        rule = rules.get(answer.kind)
        return rule and {**rule, "ignore_blank": True, "error_title": answer.header}


def _choice(values: tuple[str, ...], is_binding: bool) -> dict[str, Any]:
    return {
        "validate": "list",
        "source": list(values),
        "ignore_blank": True,
        "error_type": "stop" if is_binding else "information",
        "error_title": "请从下拉列表中选择",
        "error_message": "请从下拉列表中选择。" if is_binding else "下拉列表中没有这一项，确认要这样填写吗？",
    }


def _validate(sheet: Worksheet, rows: list[int], column: int, rule: dict[str, Any]) -> None:
    """One rule over all its rows, as few ranges as there are runs of neighbours."""
    ranges: list[list[int]] = []
    for row in rows:
        if ranges and ranges[-1][2] == row - 1:
            ranges[-1][2] = row
        else:
            ranges.append([row, column, row, column])
    if ranges:
        sheet.data_validation(*ranges[0], {**rule, "other_cells": ranges[1:]})
