"""Writes tables as files whose bytes depend on their content alone: CSV, workbooks, archives."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.csv as arrow_csv
import xlsxwriter

from include.demo.clerks import Style
from include.demo.identity_numbers import broken
from include.demo.moments import EMPTY
from include.demo.rendering import plain_array, styled_array
from include.demo.slips import Slips
from include.demo.tables import Table
from include.warehouse.engine import load_extensions

_CHUNK = 200_000
_FIXED = (2021, 1, 1, 0, 0, 0)
_CREATED = datetime(2021, 1, 1, tzinfo=UTC)


def write_plain_csv(table: Table, path: Path, encoding: str, spoiled: dict[int, str] | None = None) -> None:
    """A system's export: every value in one form. ``spoiled`` replaces the citizen number of some rows."""
    with path.open("wb") as stream:
        if encoding == "utf-8-sig":
            stream.write(b"\xef\xbb\xbf")
        for begin in range(0, max(len(table), 1), _CHUNK):
            stream.write(_csv_bytes(table, begin, begin == 0, encoding, spoiled or {}))


def _csv_bytes(table: Table, begin: int, with_header: bool, encoding: str, spoiled: dict[int, str]) -> bytes:
    rows = np.arange(begin, min(begin + _CHUNK, len(table)))
    arrays = []
    is_first_id = True
    for column in table.columns:
        array = plain_array(column.take(rows))
        if column.kind == "id" and is_first_id:
            is_first_id = False
            mine = {row - begin: text for row, text in spoiled.items() if begin <= row < begin + _CHUNK}
            if mine:
                values = array.to_pylist()
                for row, text in mine.items():
                    values[row] = text
                array = pa.array(values, pa.string())
        arrays.append(array.cast(pa.string()))
    buffer = io.BytesIO()
    options = arrow_csv.WriteOptions(include_header=False, quoting_style="needed")
    arrow_csv.write_csv(pa.table(arrays, names=[column.header for column in table.columns]), buffer, options)
    data = buffer.getvalue()
    if with_header:
        data = (",".join(column.header for column in table.columns) + "\n").encode() + data
    return data.decode("utf-8").encode("gb18030") if encoding == "gb18030" else data


def write_plain_workbook(table: Table, path: Path) -> None:
    """A large workbook without any habit, by the database engine's own writer."""
    rows = pa.table(
        [plain_array(column).cast(pa.string()) for column in table.columns],
        names=[column.header for column in table.columns],
    )
    with duckdb.connect(config={"threads": 2, "memory_limit": "700MB"}) as connection:
        load_extensions(connection, ("excel",))
        connection.register("export", rows)
        connection.execute(f"COPY export TO '{path.as_posix()}' (FORMAT xlsx, HEADER true, SHEET 'Sheet1')")
    _without_times(path)


def _without_times(path: Path) -> None:
    """Set the members' times, which the engine takes from the clock, to a fixed moment, in place."""
    with path.open("r+b") as stream:
        with zipfile.ZipFile(stream) as archive:
            members = [(member.header_offset, member.filename) for member in archive.infolist()]
            directory = archive.start_dir
        stamp = _dos_time()
        for offset, _ in members:
            stream.seek(offset + 10)
            stream.write(stamp)
        stream.seek(directory)
        central = bytearray(stream.read())
        place = 0
        while central[place : place + 4] == b"PK\x01\x02":
            central[place + 12 : place + 16] = stamp
            lengths = (int.from_bytes(central[place + at : place + at + 2], "little") for at in (28, 30, 32))
            place += 46 + sum(lengths)
        stream.seek(directory)
        stream.write(bytes(central))


def _dos_time() -> bytes:
    year, month, day = _FIXED[:3]
    return (0).to_bytes(2, "little") + ((year - 1980) << 9 | month << 5 | day).to_bytes(2, "little")


def spoiled_numbers(slips: Slips, dataset: str, index: int, table: Table) -> dict[int, str]:
    """Broken numbers for a plain export."""
    rows = slips.broken_rows(dataset, index, table.person)
    return {row: broken(slips.world.people.id_of(int(table.person[row])), way) for row, way in rows.items()}


class Sheet:
    """A table as one clerk writes it: texts by header, with that clerk's slips, ready for any format."""

    def __init__(
        self, table: Table, dataset: str, index: int, style: Style, slips: Slips, random: np.random.Generator
    ) -> None:
        self.table, self.style = table, style
        texts = {
            column.header: styled_array(column, style.formatter(column.kind)).to_pylist() for column in table.columns
        }
        id_header = next((column.header for column in table.columns if column.kind == "id"), "")
        name_header = next((column.header for column in table.columns if column.kind == "name"), "")
        self.rows = slips.spoil(dataset, index, table.person, texts, id_header, name_header, random)
        columns = list(table.columns)
        if style.order:
            np.random.default_rng(style.order).shuffle(columns)
        self.columns = columns
        self.texts = [texts[column.header] for column in columns]
        self.headers = [style.header(column.header, column.kind) for column in columns]

    def lines(self) -> list[list[str | None]]:
        """Data rows, with serial numbers or a remark where the clerk keeps such a column."""
        result = []
        amount = next((place for place, column in enumerate(self.columns) if column.kind == "money"), -1)
        for number, row in enumerate(self.rows, start=1):
            line = [values[row] for values in self.texts]
            if amount >= 0 and row % 2 == 0 and self.rows[number : number + 1] == [row]:
                line[amount] = "1.00"  # typed wrongly first; the row below it is the one that counts
            result.append(
                ([str(number)] if self.style.serial_numbers else []) + line + ([None] if self.style.remarks else [])
            )
        return result

    def all_headers(self) -> list[str]:
        """Headers with those of the extra columns."""
        return (["序号"] if self.style.serial_numbers else []) + self.headers + (["备注"] if self.style.remarks else [])


def write_clerk_csv(sheet: Sheet, path: Path, encoding: str) -> None:
    """A CSV as a clerk saves it from a spreadsheet."""
    ends = "\r\n" if sheet.style.titles else "\n"
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator=ends)
    writer.writerow([header.replace("\n", "") for header in sheet.all_headers()])
    writer.writerows(sheet.lines())
    path.write_bytes(buffer.getvalue().encode(encoding))


def write_clerk_workbook(sheet: Sheet, path: Path, title: str, sheet_name: str) -> None:
    """A workbook with title rows, one or two header rows, real numbers and dates, a total and who filled it in."""
    style = sheet.style
    book = xlsxwriter.Workbook(
        str(path),
        {
            "constant_memory": len(sheet.rows) > 20_000,
            "in_memory": False,
            "strings_to_formulas": False,
            "strings_to_urls": False,
        },
    )
    book.set_properties({"created": _CREATED, "author": "", "title": title})
    page = book.add_worksheet(sheet_name)
    bold = book.add_format({"bold": True, "align": "center", "text_wrap": True})
    as_date = book.add_format({"num_format": "yyyy-mm-dd"})
    headers = sheet.all_headers()
    top = 0
    for number in range(style.titles):
        page.merge_range(
            top, 0, top, len(headers) - 1, title if number == 0 else f"单位：{sheet_name}民政办　　金额单位：元", bold
        )
        top += 1
    if style.two_levels and any(column.group for column in sheet.columns):
        _groups(page, sheet, top, bold)
        top += 1
    for place, header in enumerate(headers):
        page.write_string(top, place, header, bold)
    kinds = (["int"] if style.serial_numbers else []) + [column.kind for column in sheet.columns]
    dates = {
        place: _serials(column.values)
        for place, column in enumerate(sheet.columns, start=int(style.serial_numbers))
        if column.kind == "date" and style.real_dates
    }
    for line_number, (line, row) in enumerate(zip(sheet.lines(), sheet.rows, strict=True), start=top + 1):
        for place, value in enumerate(line):
            if place in dates and dates[place][row] is not None:
                page.write_number(line_number, place, dates[place][row], as_date)
            elif value is None:
                continue
            elif style.real_numbers and place < len(kinds) and kinds[place] in ("money", "int") and _is_number(value):
                page.write_number(line_number, place, float(value))
            else:
                page.write_string(line_number, place, value)
    if style.has_foot:
        end = top + len(sheet.rows) + 1
        page.write_string(end, 0, "合计")
        page.write_string(end, min(2, len(headers) - 1), f"{len(sheet.rows)}人")
        page.write_string(end + 1, 0, "填表人：李某　　审核人：王某　　填表日期：2021年")
    book.close()


def _groups(page: object, sheet: Sheet, top: int, bold: object) -> None:
    groups = ([""] if sheet.style.serial_numbers else []) + [column.group for column in sheet.columns]
    groups += [""] if sheet.style.remarks else []
    begin = 0
    while begin < len(groups):
        end = begin
        while end + 1 < len(groups) and groups[end + 1] == groups[begin]:
            end += 1
        if groups[begin] and end > begin:
            page.merge_range(top, begin, top, end, groups[begin], bold)  # type: ignore[attr-defined]
        elif groups[begin]:
            page.write_string(top, begin, groups[begin], bold)  # type: ignore[attr-defined]
        begin = end + 1


def _serials(values: object) -> list[int | None]:
    """Spreadsheet serial numbers of days."""
    return [None if value == EMPTY else int(value) + 25_569 for value in np.asarray(values).tolist()]


def _is_number(text: str) -> bool:
    return text.isascii() and text.replace(".", "", 1).replace("-", "", 1).isdigit()


def write_archive(members: dict[str, bytes], path: Path) -> None:
    """A ZIP whose members carry a fixed time."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            entry = zipfile.ZipInfo(name, date_time=_FIXED)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o600 << 16
            archive.writestr(entry, content)


def archive_member(table: Table, encoding: str) -> bytes:
    """A table as the bytes of a CSV member."""
    return b"".join(
        _csv_bytes(table, begin, begin == 0, encoding, {}) for begin in range(0, max(len(table), 1), _CHUNK)
    )
