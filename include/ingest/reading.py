"""From a file to rows of raw cells under the contract's names, whatever its format."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from include.contracts import Column, Contract
from include.ingest.archives import unpack
from include.ingest.delimited import read_delimited
from include.ingest.encodings import as_utf8
from include.ingest.formats import detect_format
from include.ingest.grids import Grid
from include.ingest.headers import Header, find_header
from include.ingest.landing import literal
from include.ingest.old_workbooks import read_old_workbook
from include.ingest.pulls import KINDS, read_pulled
from include.ingest.reasons import RefusedFileError
from include.ingest.schema import quoted
from include.ingest.statement import raw_name
from include.ingest.values import mojibake_sql
from include.ingest.workbooks import read_workbook

_TOTALS = ("合计", "总计", "小计", "共计", "总数", "累计")
_IN_EVERY_TOTAL = ("计", "总")
_SIGNATURES = (
    "填表人", "填表", "制表人", "制表", "填报人", "填报单位", "填报日期", "制表日期", "填表日期", "审核人", "审核",
    "审批人", "审批", "复核人", "复核", "经办人", "经办", "负责人", "单位负责人", "分管领导", "单位盖章", "盖章",
    "日期", "打印日期", "备注", "说明", "注", "制单", "制单人", "联系人", "联系电话", "报送时间", "报送日期",
    "主管领导", "分管负责人", "主要领导", "领导签字", "负责人签字", "经办人签字", "审核人签字", "单位公章",
)  # fmt: skip
_BARE_SIGNATURES = ("填表人", "制表人", "填报人", "填报单位", "审核人", "审批人", "复核人", "经办人", "负责人")
# A name right behind the word, as who fills in a line types it.
_SIGNED = "[一-鿿·]{2,4}"
# What printed lists end with, alone in its row: a page's number, a place for the seal, the day.
_FOOT_LINES = (
    r"(第.{1,5}页[,，/]?)?共.{1,6}[页人户条笔张]|第.{1,5}页|[(（]?.{0,12}(盖章|公章|签章)[)）]?|"
    r"[0-9０-９]{4}年[0-9０-９]{1,2}月([0-9０-９]{1,2}日)?"
)
_BLANK = "\\s　 ​﻿"
_BETWEEN = "\x1f"
_LACKS_VALUES = "starts_with(coalesce(problem, ''), 'no_cached_value')"
_REMARK = f"[{_BLANK}]*([(（].{{0,6}}[)）])?[{_BLANK}]*"
# How the columns of an official form are numbered below its header.
_NUMBERINGS = (("1", "2", "3", "4"), ("甲", "1", "2", "3"), ("甲", "乙", "1", "2"))
# A member without a header that is no longer than this is a remark about the others, not a list.
_LONGEST_REMARK = 20
_COUNTED = "(金额|人数|户数|人次|数)?"


LONGEST_FILE = 10_000_000_000


@dataclass
class RawRows:
    """Rows of a file under the contract's names, ready for the statement, and what the ledger says about reading.

    ``file_ids`` are the ids of lists that we handed out, by archive member (empty: the file itself).
    """

    relation: str
    encoding: str | None
    drift: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    file_ids: dict[str, str] = field(default_factory=dict)


def read_rows(
    connection: duckdb.DuckDBPyConnection,
    contract: Contract,
    path: Path,
    file_format: str,
    scratch: Path,
    file_number: int = 0,
) -> RawRows:
    """Stage a file's cells and give them the contract's names; refuses a file whose columns do not fit.

    ``file_number`` tells the rows of several files apart that are judged together.
    """
    stage = f"grid_{file_number}"
    grids, notes = _grids(connection, contract, path, file_format, scratch, stage)
    drift: dict[str, None] = {}
    selects = []
    for number, grid in enumerate(grids):
        header = find_header(contract, grid.head)
        assert header is not None
        place = "".join(f" [{name}]" for name in (grid.member, grid.sheet) if name and len(grids) > 1)
        header.refuse_if_unfit(contract, place)
        header.refuse_other_units(contract, grid.head[: header.rows - 1], place)
        drift.update(dict.fromkeys(header.drift))
        notes += grid.notes
        selects.append(_select(contract, grid, header, file_number, number))
    encodings = list(dict.fromkeys(grid.encoding for grid in grids if grid.encoding))
    file_ids = {grid.member or "": grid.file_id for grid in grids if grid.file_id}
    return RawRows(" UNION ALL ".join(selects), "+".join(encodings) or None, list(drift), notes, file_ids)


def _grids(
    connection: duckdb.DuckDBPyConnection, contract: Contract, path: Path, file_format: str, scratch: Path, stage: str
) -> tuple[list[Grid], list[str]]:
    if file_format in KINDS:
        return [read_pulled(connection, contract, path, stage)], []
    if file_format == "csv":
        text = as_utf8(path, scratch, contract.encoding)
        return [read_delimited(connection, contract, text, stage, scratch, None)], []
    if file_format != "zip":
        return _workbook(connection, contract, path, file_format, scratch, stage, None)
    grids: list[Grid] = []
    members, unread = unpack(path, scratch)
    notes = [_not_read(name) for name in unread]
    for number, (name, member) in enumerate(members):
        inner = detect_format(member, member.suffix.removeprefix("."))
        if inner == "csv":
            text = as_utf8(member, scratch, contract.encoding)
            try:
                grids.append(read_delimited(connection, contract, text, f"{stage}_{number}", scratch, name))
            except RefusedFileError as refusal:
                if refusal.reason.code != "no_header" or text.lines > _LONGEST_REMARK or len(members) == 1:
                    raise
                notes.append(_not_read(name))
        else:
            found, remarks = _workbook(connection, contract, member, inner, scratch, f"{stage}_{number}", name)
            grids += found
            notes += remarks
    if not grids:
        raise RefusedFileError("no_header", "")
    return grids, notes


def _not_read(member: str) -> str:
    return f"压缩包成员未读取 / archive member not read: {member[:100]}"


def _workbook(
    connection: duckdb.DuckDBPyConnection,
    contract: Contract,
    path: Path,
    file_format: str,
    scratch: Path,
    stage: str,
    member: str | None,
) -> tuple[list[Grid], list[str]]:
    if file_format == "xls":
        return read_old_workbook(connection, contract, path, stage, scratch, member)
    return read_workbook(connection, contract, path, stage, scratch, member)


def _select(contract: Contract, grid: Grid, header: Header, file_number: int, number: int) -> str:
    cells = [f"c{number}" for number in range(grid.width)]
    taken = ", ".join(
        f"{_cell(grid, column, header.positions.get(name))} AS {quoted(raw_name(column))}"
        for name, column in contract.columns.items()
    )
    member = literal(grid.member) if grid.member else "NULL"
    sheet = literal(grid.sheet) if grid.sheet else "NULL"
    return (
        f"SELECT {taken}, problem, CAST({member} AS VARCHAR) AS member, CAST({sheet} AS VARCHAR) AS sheet, "
        f"CAST(line AS BIGINT) AS row_number, {file_number} AS file_number, "
        f"CAST({(file_number * 1000 + number) * LONGEST_FILE} + line AS BIGINT) AS place, "
        f"concat_ws('{_BETWEEN}', {', '.join(cells)}) AS whole, {_is_header_again(cells, header)} AS is_header_again "
        f"FROM {grid.relation}" + (f" WHERE NOT ({_is_left_open(contract, header)})" if grid.file_id else "")
    )


def _is_left_open(contract: Contract, header: Header) -> str:
    """A line of a list that we handed out in which nobody has answered yet: of what is asked only its number stands."""
    asked = [header.positions.get(name) for name in contract.columns if name != contract.key[0]]
    cells = ", ".join(f"c{position}" for position in asked if position is not None)
    return f"regexp_full_match(concat({cells}), '[{_BLANK}]*')"


def _cell(grid: Grid, column: Column, position: int | None) -> str:
    if position is None:
        return "CAST(NULL AS VARCHAR)"
    cell = f"c{position}"
    if not grid.days_late or column.type not in ("date", "month"):
        return cell
    serial = f"try_cast(split_part({cell}, '.', 1) AS INTEGER) + {grid.days_late}"
    is_serial = f"regexp_full_match({cell}, '[0-9]{{1,5}}([.][0-9]+)?')"
    return f"CASE WHEN {is_serial} THEN CAST({serial} AS VARCHAR) ELSE {cell} END"


def read_rows_sql(contract: Contract, relation: str) -> str:
    """The rows of staged cells that count as read: no empty ones, no totals and signatures, no repeated header."""
    return (
        f"SELECT * EXCLUDE (whole, is_header_again), {mojibake_sql('whole')} AS is_damaged FROM {relation} "
        f"WHERE (NOT regexp_full_match(whole, '[{_BLANK}{_BETWEEN}]*') OR {_LACKS_VALUES}) AND NOT is_header_again "
        f"AND NOT ({_is_foot(contract)})"
    )


def _is_foot(contract: Contract) -> str:
    """Totals and signatures: a label in a row that lacks at least half of what every real row must have.

    A total's label fills a cell of its own or opens the row; a signature opens it; a printed line has it to itself.
    """
    required = [quoted(raw_name(column)) for column in contract.required_columns]
    label = f"(^|{_BETWEEN})[^{_BETWEEN}]{{0,8}}{_spaced(_TOTALS)}{_COUNTED}{_REMARK}[:：]?[{_BLANK}]*($|{_BETWEEN})"
    opening = f"^[{_BLANK}{_BETWEEN}]*"
    signature = (
        f"{opening}({_spaced((*_SIGNATURES, *_TOTALS))}{_COUNTED}{_REMARK}[:：]"
        f"|{_spaced(_BARE_SIGNATURES)}({_SIGNED})?([{_BLANK}{_BETWEEN}]|$)|{_spaced(_TOTALS)}{_COUNTED}[0-9]"
        f"|({_FOOT_LINES})[{_BLANK}{_BETWEEN}]*$)"
    )
    filled = " + ".join(
        f"CAST(coalesce({cell}, '') <> '' AND NOT regexp_matches({cell}, '{label}|{signature}') AS INTEGER)"
        for cell in required
    )
    may_be_total = " OR ".join(f"contains(whole, '{character}')" for character in _IN_EVERY_TOTAL)
    return (
        f"CASE WHEN regexp_matches(whole, '{signature}') THEN ({filled}) <= {len(required) // 2} "
        f"WHEN {may_be_total} THEN regexp_matches(whole, '{label}') AND ({filled}) <= {len(required) // 2} "
        "ELSE false END"
    )


def _spaced(words: tuple[str, ...]) -> str:
    """A pattern for any of some words, with blanks between their characters as clerks set them."""
    return "(" + "|".join(f"[{_BLANK}]*".join(word) for word in words) + ")"


def _is_header_again(cells: list[str], header: Header) -> str:
    """A header repeated further down, as printed lists have it on every page, or the numbers of columns below it."""
    named = [(cells[position], header.texts[position]) for position in list(header.positions.values())[:3]]
    again = [named]
    if len(cells) > len(_NUMBERINGS):
        again += [list(zip(cells, numbering, strict=False)) for numbering in _NUMBERINGS]
    return " OR ".join(
        " AND ".join(f"coalesce(trim({cell}) = {literal(text)}, false)" for cell, text in row) for row in again
    )
