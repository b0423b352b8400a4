"""Faults A8–A12 and A14: names and files made to harm whoever takes them in."""

from __future__ import annotations

import io
import os
import shutil
import socket
import stat
import threading
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

from include.ingest import landing, supervisor
from tests.faults import hostile
from tests.faults.workbooks import ELDERS, HEADER, elder, xlsx
from tests.ingest.conftest import District, payment, payments

PAYMENT = "civil_affairs.payment"
LAUGHS = "".join(f'<!ENTITY l{number + 1} "{f"&l{number};" * 10}">' for number in range(9))
MOST_MEMORY = 300 << 20


@contextmanager
def little_memory(district: District) -> Iterator[None]:
    """Whatever is taken in meanwhile, the desk neither dies of it nor grows beyond 300 MB."""
    supervisor.dismiss()
    district.deliver(ELDERS, "elder_allowance_202101.xlsx", hostile.sound_workbook())  # its libraries are loaded now
    (desk,) = supervisor._spare
    Path(f"/proc/{desk.pid}/clear_refs").write_text("5", encoding="ascii")  # its peak begins anew
    yield
    (still,) = supervisor._spare
    assert still.pid == desk.pid, "the desk was lost"
    status = Path(f"/proc/{desk.pid}/status").read_text(encoding="ascii")
    (peak,) = (int(line.split()[1]) << 10 for line in status.splitlines() if line.startswith("VmHWM"))
    assert peak < MOST_MEMORY


def refused(district: District, dataset: str, extension: str, files: Mapping[str, bytes]) -> dict[str, str]:
    """Deliver hostile files and a sound one after them, which is read; the reasons by part, when all are kept whole."""
    short = dataset.partition(".")[2]
    with little_memory(district):
        for part, content in files.items():
            district.put(dataset, f"{short}_202107_{part}.{extension}", content)
        district.put(PAYMENT, "payment_202108_zz.csv", payments(payment(district.runs)))
        entries = {entry["source_name"]: entry for entry in district.take()}
    assert entries.pop("payment_202108_zz.csv")["status"] == "accepted"
    assert {entry["status"] for entry in entries.values()} == {"quarantined"}
    for part, content in files.items():
        name = f"{short}_202107_{part}.{extension}"
        (kept,) = landing.refused_folder(district.settings, entries[name]["delivery_id"]).glob(f"{short}*")
        assert kept.read_bytes() == content
    return {part: entries[f"{short}_202107_{part}.{extension}"]["reason"]["code"] for part in files}


def test_a08_names_that_harm_are_refused_and_only_ever_text(district: District) -> None:
    names = [
        b"..\\..\\etc\\payment_202107.csv", b"payment_202107'; drop table x; --.csv", b"payment_202107_a\nb.csv",
        b"payment_202107_$(reboot).csv\n", "payment_202107_\u202efdp.csv".encode(), b"payment_202107_\xff\xfe.csv",
        b"payment_202107_" + b"a" * 236 + b".csv", b"payment_202107_" + "𠮷".encode() * 58 + b".csv",
        b"payment_202107_\x1b[2J.csv", b"%2e%2e%2fpayment_202107.csv", b"payment_202107_\x7f.csv",
    ]  # fmt: skip
    for name in names:
        district.put(PAYMENT, os.fsdecode(name), payments(payment(1)))
    entries = district.take()
    assert [entry["reason"]["code"] for entry in entries] == ["bad_name"] * len(names)
    assert all(char.isprintable() for entry in entries for char in entry["source_name"])
    assert not [path for path in district.settings.inbox.rglob("*") if path.is_file()]


def test_a08_a_name_that_is_a_statement_stays_the_part_it_names(district: District) -> None:
    entry = district.deliver(PAYMENT, "payment_202107_'; drop table deliveries; --.csv", payments(payment(1)))
    assert (entry["status"], entry["part"]) == ("accepted", "'; drop table deliveries; --")
    assert len(district.rows(entry)) == 1


def test_a08_folders_that_are_no_text_stop_nobody(district: District) -> None:
    for folder in (b"\xff\xfe", b"civil_affairs/\xff\xfe", b"a\nb", b"'; drop/table"):
        path = district.settings.inbox / os.fsdecode(folder)
        path.mkdir(parents=True)
        (path / "payment_202107.csv").write_text(payments(payment(1)), encoding="utf-8")
    entries = district.take()
    assert [entry["reason"]["code"] for entry in entries] == ["unknown_dataset"] * 4
    assert all(char.isprintable() for entry in entries for char in entry["dataset"] + entry["reason"]["text"])


def put_what_is_no_file(folder: Path, secret: Path) -> int:
    """A link to a file, one to a folder, one to nothing, a pipe, a socket and, where this account may, a device."""
    folder.mkdir(parents=True)
    (folder / "payment_202101.csv").symlink_to(secret)
    (folder / "payment_202102.csv").symlink_to(secret.parent, target_is_directory=True)
    (folder / "payment_202103.csv").symlink_to("nowhere")
    os.mkfifo(folder / "payment_202104.csv")
    with socket.socket(socket.AF_UNIX) as unix, in_folder(folder):
        unix.bind("payment_202105.csv")
    if os.geteuid() == 0:
        os.mknod(folder / "payment_202106.csv", stat.S_IFCHR | 0o600, os.makedev(1, 5))
    return len(list(folder.iterdir()))


@contextmanager
def in_folder(folder: Path) -> Iterator[None]:
    before = Path.cwd()
    os.chdir(folder)  # a socket's path may be 108 bytes long
    yield
    os.chdir(before)


@pytest.mark.parametrize("is_elsewhere", [False, True])
def test_a08_links_pipes_and_devices_are_never_opened(district: District, tmp_path: Path, is_elsewhere: bool) -> None:
    secret = tmp_path / "kept" / "secret.csv"
    secret.parent.mkdir()
    secret.write_text(payments(payment(1)), encoding="utf-8")
    elsewhere = Path("/dev/shm") / f"doudi_{os.getpid()}"
    if is_elsewhere:
        elsewhere.mkdir()
        shutil.rmtree(district.settings.inbox)
        district.settings.inbox.symlink_to(elsewhere)
    try:
        number = put_what_is_no_file(district.settings.inbox / "civil_affairs" / "payment", secret)
        entries = district.take()
        assert [entry["reason"]["code"] for entry in entries] == ["not_a_regular_file"] * number
        assert (secret.read_text(encoding="utf-8"), entries[0]["bytes"]) == (payments(payment(1)), 0)
        assert not list(district.settings.inbox.glob("*/*/*"))
        for each in district.settings.quarantine.rglob("*"):
            assert each.is_dir() or each.name == "delivery.json"
    finally:
        shutil.rmtree(elsewhere, ignore_errors=True)


def test_a09_archives_that_harm_are_refused(district: District) -> None:
    row = payments(payment(1)).encode()
    many = hostile.zipped({f"{number}.csv": row for number in range(201)})
    names = hostile.zipped({"x" * 200 + str(number): b"" for number in range(9000)})
    bomb = b"0" * (64 << 20)
    cases = {
        "nested": (hostile.zipped({"a.csv": row, "b.zip": hostile.zipped({"c.csv": row})}), "unsafe_archive"),
        "bomb": (hostile.zipped({"a.csv": bomb}), "too_large"),
        "overlap": (hostile.overlapping(150), "unsafe_archive"),
        "traversal": (hostile.zipped({"../../a.csv": row}), "unsafe_archive"),
        "backslash": (hostile.zipped({"..\\a.csv": row}), "unsafe_archive"),
        "absolute": (hostile.zipped({"/etc/a.csv": row}), "unsafe_archive"),
        "drive": (hostile.zipped({"C:\\a.csv": row}), "unsafe_archive"),
        "folder": (hostile.zipped([("a.csv", row), (hostile.member("../b/", stat.S_IFDIR), b"")]), "unsafe_archive"),
        "link": (hostile.zipped([(hostile.member("a.csv", stat.S_IFLNK), b"/etc/hostname")]), "unsafe_archive"),
        "pipe": (hostile.zipped([(hostile.member("a.csv", stat.S_IFIFO), b"")]), "unsafe_archive"),
        "encrypted": (hostile.encrypted(hostile.zipped({"a.csv": row})), "protected_archive"),
        "many": (many, "too_large"),
        "names": (names, "too_large"),
        "shorter": (hostile.lying(hostile.zipped({"a.csv": row * 500}), "a.csv", 100), "broken_archive"),
        "cut": (hostile.zipped({"a.csv": row})[:-30], "broken_archive"),
        "lzma": (lzma_archive(row), "broken_archive"),
        "empty": (hostile.zipped({}), "no_members"),
    }  # fmt: skip
    reasons = refused(district, PAYMENT, "zip", {part: content for part, (content, _) in cases.items()})
    assert reasons == {part: reason for part, (_, reason) in cases.items()}


def lzma_archive(row: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("a.csv", row)
    return stream.getvalue()


def test_a10_workbooks_that_swell_are_refused(district: District) -> None:
    sheet = hostile.swollen_sheet(600 << 20)
    assert len(sheet) < 4 << 20
    deep = b"<a>" * 300_000 + b"</a>" * 300_000
    cases = {
        "sheet": (sheet, "too_large"),
        "strings": (hostile.swollen_strings(200 << 20), "too_large"),
        "lyingsheet": (hostile.lying(hostile.swollen_sheet(8 << 20), hostile.SHEET, 100_000), "broken_workbook"),
        "lyingstrings": (hostile.lying(hostile.swollen_strings(8 << 20), hostile.STRINGS, 100_000), "broken_workbook"),
        "deep": (hostile.with_parts({hostile.BOOK: deep[: 1 << 20]}), "broken_workbook"),
        "deepsheet": (hostile.with_parts({hostile.SHEET: deep[: 1 << 20]}), "no_header"),
        "wide": (hostile.with_parts({hostile.BOOK: b"<a>" + b"<b/>" * 900_000 + b"</a>"}), "too_large"),
        "longbook": (hostile.with_parts({hostile.BOOK: b"<a>" + b"x" * (8 << 20) + b"</a>"}), "too_large"),
    }  # fmt: skip
    reasons = refused(district, ELDERS, "xlsx", {part: content for part, (content, _) in cases.items()})
    assert reasons == {part: reason for part, (_, reason) in cases.items()}


def test_a11_a_cell_at_the_end_of_the_grid_aborts_nobody(district: District) -> None:
    far = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    below = hostile.with_parts({hostile.SHEET: hostile.part_of(hostile.SHEET).replace(b"</sheetData>", far)})
    first = b'<sheetData><row r="1"><c r="XFD1"><v>1</v></c></row>'
    beside = hostile.with_parts({hostile.SHEET: hostile.part_of(hostile.SHEET).replace(b"<sheetData>", first)})
    only = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>' + far
    alone = hostile.with_parts({hostile.SHEET: only + b"</worksheet>"})
    reasons = refused(district, ELDERS, "xlsx", {"below": below, "beside": beside, "alone": alone})
    assert reasons == dict.fromkeys(("below", "beside", "alone"), "too_large")


@contextmanager
def listening() -> Iterator[tuple[int, list[object]]]:
    """A server that notes whoever calls; its port and the callers."""
    callers: list[object] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def note() -> None:
            try:
                while True:
                    connection, caller = server.accept()
                    callers.append(caller)
                    connection.close()
            except OSError:
                return

        thread = threading.Thread(target=note, daemon=True)
        thread.start()
        yield server.getsockname()[1], callers
        server.shutdown(socket.SHUT_RDWR)
        thread.join()


def typed(part: str, before: str, declared: str = "UTF-8", encoding: str = "utf-8") -> bytes:
    """The small workbook with something between the declaration and the root of a part."""
    text = hostile.part_of(part).decode()
    text = text[text.index("?>") + 2 :].lstrip()
    root = text[1:].split()[0]
    whole = f'<?xml version="1.0" encoding="{declared}"?>' + before.replace("ROOT", root) + text
    return hostile.with_parts({part: whole.encode(encoding)})


def test_a12_no_entity_is_ever_resolved(district: District, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("1", encoding="ascii")
    with listening() as (port, callers):
        remote = f'<!DOCTYPE ROOT SYSTEM "http://127.0.0.1:{port}/x.dtd">'
        local = f'<!DOCTYPE ROOT [<!ENTITY e SYSTEM "file://{secret}">]>'
        laughs = f'<!DOCTYPE ROOT [<!ENTITY l0 "ha">{LAUGHS}]>'
        parameter = f'<!DOCTYPE ROOT [<!ENTITY % p SYSTEM "http://127.0.0.1:{port}/p">%p;]>'
        files = {
            "book": typed(hostile.BOOK, remote),
            "sheet": typed(hostile.SHEET, local),
            "strings": typed(hostile.STRINGS, laughs),
            "styles": typed("xl/styles.xml", parameter),
            "rels": typed("xl/_rels/workbook.xml.rels", remote),
            "types": typed("[Content_Types].xml", remote),
            "comment": typed(hostile.STRINGS, f"<!--{'x' * 8000}-->{laughs}"),
            "longcomment": typed(hostile.STRINGS, f"<!--{'x' * 100_000}-->{laughs}"),
            "wide": typed(hostile.STRINGS, laughs, "UTF-16", "utf-16"),
            "widebare": typed(hostile.STRINGS, laughs, "UTF-16", "utf-16-be"),
            "seven": typed(hostile.STRINGS, laughs, "UTF-7"),
            "spaced": typed(hostile.SHEET, f"\n<?x y?>\n{local}"),
        }
        reasons = refused(district, ELDERS, "xlsx", files)
        assert callers == []
    assert reasons == dict.fromkeys(files, "external_entity")


def test_a12_two_parts_of_one_name_are_refused(district: District) -> None:
    with zipfile.ZipFile(io.BytesIO(hostile.sound_workbook())) as source:
        members = [(name, source.read(name)) for name in source.namelist()]
    twice = {
        "same": hostile.zipped([*members, (hostile.STRINGS, b"<!DOCTYPE sst><sst/>")]),
        "case": hostile.zipped([*members, ("XL/SharedStrings.XML", b"<sst/>")]),
    }
    reasons = refused(district, ELDERS, "xlsx", twice)
    assert set(reasons.values()) <= {"broken_workbook", "external_entity"}


def test_a14_macros_under_any_name_are_refused(district: District) -> None:
    types = hostile.part_of("[Content_Types].xml")
    project = b'<Override PartName="/xl/picture.png" ContentType="application/vnd.ms-office.vbaProject"/></Types>'
    files = {
        "plain": hostile.with_parts({"xl/vbaProject.bin": b"\xd0\xcf\x11\xe0"}),
        "hidden": hostile.with_parts({
            "xl/picture.png": b"\xd0\xcf\x11\xe0", "[Content_Types].xml": types.replace(b"</Types>", project),
        }),
        "enabled": hostile.with_parts({
            "[Content_Types].xml": types.replace(b"sheet.main+xml", b"sheet.macroEnabled.main+xml"),
        }),
    }  # fmt: skip
    assert set(refused(district, ELDERS, "xlsx", files).values()) == {"macro_workbook"}
    assert refused(district, ELDERS, "xlsm", {"name": hostile.sound_workbook()}) == {"name": "macro_workbook"}


def test_a14_a_link_to_another_workbook_is_not_followed(district: District) -> None:
    with listening() as (port, callers):
        link = (
            '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            '<Relationship Id="rId1" TargetMode="External" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
            f'relationships/externalLinkPath" Target="http://127.0.0.1:{port}/x.xlsx"/></Relationships>'
        ).encode()
        content = hostile.with_parts(
            {"xl/externalLinks/_rels/externalLink1.xml.rels": link}, xlsx({"表": [HEADER, elder()]})
        )
        assert district.deliver(ELDERS, "elder_allowance_202107.xlsx", content)["rows_accepted"] == 1
        assert callers == []
