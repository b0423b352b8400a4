"""What one delivery's sender must hear, gathered from its ledger entry and its refused rows."""

from __future__ import annotations

import unicodedata
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import duckdb

from include.contracts import Column, Contract
from include.departments import name_of
from include.ingest import landing
from include.ingest.cures import file_cure, row_cure
from include.ingest.reasons import FILE_REASONS, ROW_REASONS
from include.periods import SHANGHAI
from include.privacy import partly_shown
from include.settings import Settings

MOST_LINES = 2000
STATUS_WORDS = {
    "accepted": "已接收",
    "held": "整份暂扣，待核",
    "quarantined": "整份拒收",
    "duplicate": "重复报送，未再入库",
}
_RUNNING_NUMBER = "序号"  # clerks number their rows; nobody needs a letter about it
_NO_ACTION = "已接收，本期不必重报。下面的提示请在下一期改进。"
_SEND_AGAIN = "已接收的行照常使用；被退回的行请改正后重新报送整份文件（文件名不变），我们按更正处理。"


@dataclass(frozen=True)
class Line:
    """One cell that was refused: where it stands in the sender's own file, why, and what to send instead."""

    member: str
    sheet: str
    row: str
    column: str
    value: str
    why: str
    cure: str


@dataclass(frozen=True)
class Reply:
    """Everything a reply says; texts are Chinese and name nobody."""

    delivery_id: str
    dataset: str
    title: str
    department: str
    period: str
    part: str
    source_name: str
    received_at: datetime
    facts: list[tuple[str, str]]
    what_to_do: str
    lines: list[Line] = field(default_factory=list)
    lines_left_out: int = 0
    by_reason: list[tuple[str, int]] = field(default_factory=list)
    remarks: list[tuple[str, str, str]] = field(default_factory=list)
    columns: list[tuple[str, str, str, str]] = field(default_factory=list)


def is_owed(entry: dict[str, Any]) -> bool:
    """Whether anything about a delivery is worth a word to its sender."""
    return bool(
        entry["status"] != "accepted"
        or entry["rows_quarantined"]
        or entry["rows_duplicate"]
        or _drift(entry)
        or entry["notes"]
    )


def compose(
    connection: duckdb.DuckDBPyConnection, settings: Settings, entry: dict[str, Any], contract: Contract | None
) -> Reply:
    """The reply to one delivery; ``contract`` is None where nobody owes such a dataset."""
    lines, left_out, by_reason = _refused(connection, settings, entry, contract) if contract else ([], 0, [])
    return Reply(
        delivery_id=entry["delivery_id"],
        dataset=entry["dataset"],
        title=contract.title_zh if contract else "未约定的数据",
        department=name_of(entry["dataset"].partition(".")[0]),
        period=entry["period"],
        part=shown(entry["part"]),
        source_name=shown(entry["source_name"]),
        received_at=datetime.fromisoformat(entry["received_at"]).astimezone(SHANGHAI),
        facts=_facts(entry),
        what_to_do=_what_to_do(entry),
        lines=lines,
        lines_left_out=left_out,
        by_reason=by_reason,
        remarks=_remarks(entry),
        columns=[_owed_column(column) for column in contract.columns.values()] if contract else [],
    )


def shown(text: str) -> str:
    """A text that came from outside, without what could not be seen."""
    return "".join("\ufffd" if unicodedata.category(char)[0] == "C" else char for char in text)


def _facts(entry: dict[str, Any]) -> list[tuple[str, str]]:
    return [
        ("处理结果", STATUS_WORDS.get(entry["status"], entry["status"])),
        ("读入行数", f"{entry['rows_read']:,}"),
        ("接收行数", f"{entry['rows_accepted']:,}"),
        ("退回行数", f"{entry['rows_quarantined']:,}"),
        ("完全相同的重复行", f"{entry['rows_duplicate']:,}"),
        ("文件格式与编码", " ".join(filter(None, (entry["format"], entry["encoding"]))) or "未能识别"),
        ("文件大小", f"{entry['bytes']:,} 字节"),
        ("交付编号", entry["delivery_id"]),
    ]


def _what_to_do(entry: dict[str, Any]) -> str:
    if entry["reason"]:
        return file_cure(entry["reason"]["code"])
    return _SEND_AGAIN if entry["rows_quarantined"] else _NO_ACTION


def _remarks(entry: dict[str, Any]) -> list[tuple[str, str, str]]:
    """What concerns the whole file: its refusal, columns nobody asked for, sheets that were not read."""
    remarks = []
    if entry["reason"]:
        code = entry["reason"]["code"]
        reason = FILE_REASONS.get(code)
        known = str(reason) if reason else ""
        detail = entry["reason"]["text"].removeprefix(known).removeprefix(": ")
        remarks.append((reason.chinese if reason else code, shown(detail), file_cure(code)))
    remarks += [
        ("多出的列，未读取", shown(header), "不需要的列可以不报；如系改了列名，请改回约定的列名。")
        for header in _drift(entry)
    ]
    for note in entry["notes"]:
        chinese, _, rest = shown(note).partition(" / ")
        remarks.append((chinese, rest.partition(": ")[2], "请确认这部分不是要报送的内容。"))
    return remarks


def _drift(entry: dict[str, Any]) -> list[str]:
    return [header for header in entry["drift"] if header != _RUNNING_NUMBER]


def _owed_column(column: Column) -> tuple[str, str, str, str]:
    kinds = {
        "text": "文本", "id_no": "18 位身份证号（文本）", "name": "姓名", "date": "日期，如 2021-07-01",
        "month": "年月，如 202107", "money": "金额（元），两位小数", "int": "整数", "number": "数值", "bool": "是／否",
        "enum": "选项", "region": "镇街或村居全称，或区划代码",
    }  # fmt: skip
    return column.header, "必填" if column.required else "", kinds[column.type], "、".join(column.values)


def _refused(
    connection: duckdb.DuckDBPyConnection, settings: Settings, entry: dict[str, Any], contract: Contract
) -> tuple[list[Line], int, list[tuple[str, int]]]:
    """The refused cells in the file's order, how many more there are, and how many there are of each reason."""
    folder = landing.delivery_folder(settings, entry["dataset"], entry["period"], entry["delivery_id"])
    path = folder / "quarantined.parquet"
    if not entry["rows_quarantined"] or not path.exists():
        return [], 0, []
    source = (
        "(SELECT member, sheet, row_number, raw, unnest(reasons) AS found "
        f"FROM read_parquet({landing.literal(path)}, hive_partitioning = false))"
    )
    cells = connection.execute(
        f"SELECT member, sheet, row_number, found.column_name, found.reason, raw FROM {source} "
        f"ORDER BY member, sheet, row_number, found.column_name, found.reason LIMIT {MOST_LINES}"
    ).fetchall()
    places = {name: place for place, name in enumerate(contract.columns)}
    cells.sort(key=lambda cell: (*(part or "" for part in cell[:2]), cell[2] or 0, places.get(cell[3], -1)))
    counts = Counter(code for *_, code, _ in cells)
    if len(cells) == MOST_LINES:
        counts = Counter(
            dict(connection.execute(f"SELECT found.reason, count(*) FROM {source} GROUP BY found.reason").fetchall())
        )
    by_reason = [(_words(code), count) for code, count in sorted(counts.items(), key=lambda item: (-item[1], item[0]))]
    return [_line(contract, *cell) for cell in cells], counts.total() - len(cells), by_reason


def _line(
    contract: Contract,
    member: str | None,
    sheet: str | None,
    row: int | None,
    column_name: str | None,
    code: str,
    raw: dict[str, str | None],
) -> Line:
    column = contract.columns.get(column_name or "")
    value = raw.get(column.name) if column else None
    return Line(
        member=shown(member or ""),
        sheet=shown(sheet or ""),
        row="" if row is None else str(row),
        column=column.header if column else "整行",
        value=partly_shown(value or "", is_personal(column)) if column else "",
        why=_words(code),
        cure=row_cure(code),
    )


def is_personal(column: Column) -> bool:
    """Whether a column's values are about somebody, so that not even a short one is shown whole."""
    return bool(column.sens or column.keyed or column.holds_id_no or column.type in ("id_no", "name"))


def _words(code: str) -> str:
    reason = ROW_REASONS.get(code)
    return reason.chinese if reason else code
