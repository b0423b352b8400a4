"""A held delivery as a question to a person, in the words of whoever has to answer it; nobody is named.

File names and parts that are no known town are a clerk's free text and stay out.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from include.ingest.hold_effects import Effect, Moved, effect_of
from include.ingest.reasons import FILE_REASONS
from include.ingest.regions import town_names
from include.periods import SHANGHAI
from include.settings import Settings


@dataclass(frozen=True)
class Question:
    """What a person is asked: a headline and a page in Markdown."""

    subject: str
    body: str


def question(settings: Settings, entry: dict[str, Any]) -> Question:
    """Ask whether a held delivery may stand."""
    effect = effect_of(settings, entry)
    part = part_name(settings, entry)
    subject = f"暂扣待核：{effect.title_zh} {_month(entry['period'])}{f' {part}' if part else ''}，{why(effect)}"
    lines = [
        f"**{effect.title_zh}**（`{entry['dataset']}`）{_month(entry['period'])} {part or '全区'}，"
        f"{_moment(entry['received_at'])} 收到，交付编号 `{entry['delivery_id']}`。",
        f"**为何暂扣**：{why(effect)}。在作出决定之前，它不替换任何数据，上一份继续有效。",
        _rows(effect),
        *_keys(effect),
        *_table("坏行", ("原因", "行数"), [(reason, count) for reason, count in effect.bad.items()]),
        "**Approve** 放行：从决定之时起采用这一份。**Reject** 不予采用：整份退回，上一份继续有效。决定只能作一次。",
    ]
    return Question(subject, "\n\n".join(lines))


def why(effect: Effect) -> str:
    """Why it is held, in Chinese, with the figures."""
    reason = FILE_REASONS[effect.entry["reason"]["code"]].chinese.removesuffix("，暂扣待核")
    if effect.entry["reason"]["code"] == "too_many_bad_rows":
        return f"{reason}（{effect.entry['rows_quarantined']:,} / {effect.entry['rows_read']:,} 行）"
    compared = effect.compared
    return f"{reason}（{compared.before:,} → {compared.now:,} 行，{compared.percent:+.1f} %）" if compared else reason


def part_name(settings: Settings, entry: dict[str, Any]) -> str:
    """A delivery's part as a known town or a number; empty for the whole district."""
    code = entry["part_code"]
    if not code or (code.isdecimal() and len(code) < len("320614416000")):
        return code and f"第 {code} 份"
    return town_names(settings).get(code, "未识别的分片")


def changes(moved: Moved) -> str:
    """What would become of the keys, in one line."""
    return f"消失 {moved.vanished:,} · 新增 {moved.appeared:,} · 变更 {moved.changed:,} · 不变 {moved.same:,}"


def _rows(effect: Effect) -> str:
    entry, compared = effect.entry, effect.compared
    told = f"读入 {entry['rows_read']:,} 行，合格 {entry['rows_accepted']:,} 行，坏行 {entry['rows_quarantined']:,} 行"
    if compared is None:
        return f"**行数**：{told}；此前没有可比的一份。"
    return f"**行数**：{told}；上一份 {compared.before:,} 行，本次 {compared.now:,} 行（{compared.percent:+.1f} %）。"


def _keys(effect: Effect) -> list[str]:
    if not effect.would_stand:
        return ["**放行后**：已有更新的一份生效，放行不改变任何数据。"]
    rows = [(town, moved.vanished, moved.appeared, moved.changed, moved.same) for town, moved in effect.by_town.items()]
    return [
        f"**放行后**（按主键计）：{changes(effect.keys)}。",
        *_table("分镇街", ("镇街", "消失", "新增", "变更", "不变"), rows),
    ]


def _table(title: str, names: tuple[str, ...], rows: list[tuple[Any, ...]]) -> list[str]:
    if not rows:
        return []
    lines = ["| " + " | ".join(f"{cell:,}" if isinstance(cell, int) else cell for cell in row) + " |" for row in rows]
    head = "| " + " | ".join(names) + " |\n|" + " --- |" * len(names)
    return [f"**{title}**", "\n".join((head, *lines))]


def _month(period: str) -> str:
    return f"{period[:4]}年{int(period[4:])}月"


def _moment(text: str) -> str:
    return f"{datetime.fromisoformat(text).astimezone(SHANGHAI):%Y-%m-%d %H:%M}"
