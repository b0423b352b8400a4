"""What becomes of a file as a delivery: arrival, names, duplicates, corrections, and runs that die in the middle."""

from __future__ import annotations

import json
import os
import signal
import stat
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest

from include import ingest, runs
from include.contracts import load_contracts
from include.ingest import desk, inbox, landing
from include.ingest.keys import keyed_hash
from include.ingest.reasons import FILE_REASONS, ROW_REASONS
from include.ingest.schema import data_columns, quarantined_columns
from include.settings import REPOSITORY
from tests.ingest.conftest import REGIONS, SOUND_ID, District, growing, payment, payments

PAYMENT = "civil_affairs.payment"
FILE = "payment_202107.csv"
ELDER = "civil_affairs.elder_allowance"
ELDER_TEXT = "姓名,身份证号,镇街,村居,月发放标准,起始年月,状态\n"


def test_the_seventeen_departments() -> None:
    assert len(ingest.departments()) == 17
    assert ingest.departments() == sorted(ingest.departments())


def test_the_ledger_entry_says_everything(district: District) -> None:
    entry = district.deliver(PAYMENT, FILE, payments(payment(1)))
    folder = landing.delivery_folder(district.settings, PAYMENT, "202107", entry["delivery_id"])
    assert json.loads((folder / "delivery.json").read_text(encoding="utf-8")) == entry
    assert len(entry["delivery_id"]) == 32
    assert entry["source_name"] == FILE
    assert entry["bytes"] == len(payments(payment(1)).encode())
    assert entry["run_id"] == "run-1"
    assert entry["format"] == "csv"
    assert datetime.fromisoformat(entry["received_at"]).tzinfo is not None
    assert entry["contract_version"] == load_contracts()[PAYMENT].version


def test_keys_are_the_keyed_hash_of_what_they_stand_beside(district: District) -> None:
    (row,) = district.rows(district.deliver(PAYMENT, FILE, payments(payment(1, 身份证号="320625380412041"))))
    key = district.settings.identity_key()
    assert (row["id_no"], row["id_no_status"]) == (SOUND_ID, "upgraded15")
    assert row["id_no_key"] == keyed_hash(key, "id_no", SOUND_ID)
    assert row["household_no_key"] == keyed_hash(key, "household_no", "H1")
    assert row["account_no_key"] == keyed_hash(key, "account_no", "6222")


def test_the_certificate_holds_the_number_of_a_person(district: District) -> None:
    header = "残疾人证号,身份证号,姓名,残疾类别,残疾等级,证件状态\n"
    text = header + f"{SOUND_ID}42b1,{SOUND_ID},张三,肢体残疾,2级,正常\nX-1,11010519491231002X,李四,视力,一级,有效\n"
    entry = district.deliver("disabled_federation.certificate", "certificate_202107.csv", text)
    first, second = district.rows(entry)
    assert first["certificate_no"] == f"{SOUND_ID}42B1"
    assert first["certificate_no_id_no_key"] == first["id_no_key"]
    assert second["certificate_no_id_no_key"] is None
    assert (first["category"], first["grade"]) == ("肢体", "二级")


def test_the_same_bytes_again_are_a_duplicate_under_any_name(district: District) -> None:
    first = district.deliver(PAYMENT, FILE, payments(payment(1)))
    for name in (FILE, "payment_202107_2.csv"):
        again = district.deliver(PAYMENT, name, payments(payment(1)))
        assert (again["status"], again["rows_read"]) == ("duplicate", 0)
        assert first["delivery_id"] in again["reason"]["text"]
        assert again["delivery_id"] != first["delivery_id"]
    assert len(list((district.settings.landing / PAYMENT / "period=202107").iterdir())) == 1
    statuses = [entry["status"] for entry in landing.read_ledger(district.settings)]
    assert statuses == ["accepted", "accepted", "duplicate", "duplicate"]


def test_the_same_bytes_twice_in_one_sweep_are_one_delivery(district: District) -> None:
    district.put(PAYMENT, "payment_202107_1.csv", payments(payment(1)))
    district.put(PAYMENT, "payment_202107_2.csv", payments(payment(1)))
    assert [entry["status"] for entry in district.take()] == ["accepted", "duplicate"]


def test_the_same_bytes_for_another_month_or_town_are_another_delivery(district: District) -> None:
    assert district.deliver(PAYMENT, FILE, payments())["status"] == "accepted"
    assert district.deliver(PAYMENT, "payment_202108.csv", payments())["status"] == "accepted"
    for part, code in (("三星镇", "320614416000"), ("海门镇", "320614001000")):
        entry = district.deliver(ELDER, f"elder_allowance_202107_{part}.csv", ELDER_TEXT)
        assert (entry["status"], entry["part"], entry["part_code"]) == ("accepted", part, code)
    assert district.deliver(ELDER, "elder_allowance_202107_三星.csv", ELDER_TEXT)["status"] == "duplicate"


def test_numbered_files_say_which_place_and_which_number(district: District) -> None:
    for part, code, sequence in (
        ("1", "", "1"), ("02", "", "2"), ("第3批", "", "3"), ("三星镇_1", "320614416000", "1"),
        ("三星_2", "320614416000", "2"),
        ("无此镇", "无此镇", ""), ("320614416", "320614416000", ""),
    ):  # fmt: skip
        text = f"{ELDER_TEXT}某某{code}{sequence}某,320625193804120410,三星镇,,50,202107,在享\n"
        entry = district.deliver(ELDER, f"elder_allowance_202107_{part}.csv", text)
        assert (entry["part_code"], entry["sequence"]) == (code, sequence), part


def test_a_companion_says_that_a_file_is_whole_and_goes_with_it(district: District) -> None:
    for name, companion in (
        ("payment_202107.csv", "payment_202107.csv.ok"),
        ("payment_202108.csv", "payment_202108.ok"),
    ):
        district.put(PAYMENT, name, payments(payment(1)))
        district.put(PAYMENT, companion, "")
    assert [entry["status"] for entry in district.take()] == ["accepted", "accepted"]
    assert [path for path in district.settings.inbox.rglob("*") if path.is_file()] == []


def test_other_bytes_under_the_same_name_are_a_correction_beside_the_older(district: District) -> None:
    first = district.deliver(PAYMENT, FILE, payments(payment(1)))
    second = district.deliver(PAYMENT, FILE, payments(payment(1, 金额="7")))
    assert second["status"] == "accepted"
    assert first["delivery_id"] != second["delivery_id"]
    assert district.rows(first)[0]["amount"] == 100
    assert district.rows(second)[0]["amount"] == 7


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("payments_202107.csv", "bad_name"),
        ("payment_2021-07.csv", "bad_name"),
        ("payment_202113.csv", "bad_name"),
        ("payment.csv", "bad_name"),
        ("payment_202107", "bad_name"),
        ("payment_209901.csv", "future_period"),
        ("payment_202107_\u202efdp.csv", "bad_name"),
        ("payment_202107_a\nb.csv", "bad_name"),
    ],
)
def test_names_that_fit_nothing_are_kept_whole(district: District, name: str, code: str) -> None:
    entry = district.deliver(PAYMENT, name, payments(payment(1)))
    assert (entry["status"], entry["reason"]["code"]) == ("quarantined", code)
    assert "\n" not in entry["source_name"]
    assert "\u202e" not in entry["source_name"]
    assert any(landing.refused_folder(district.settings, entry["delivery_id"]).glob("payment*"))


def test_what_nobody_owes_is_kept_whole(district: District) -> None:
    district.put("civil_affairs.unknown", "unknown_202107.csv", "a,b\n")
    district.put("strangers.gift", "gift_202107.csv", "a,b\n")
    (district.settings.inbox / "loose.csv").write_text("a,b\n")
    entries = district.take()
    assert {entry["reason"]["code"] for entry in entries} == {"unknown_dataset"}
    assert len(entries) == 3
    assert not [path for path in district.settings.inbox.rglob("*") if path.is_file()]


def test_a_link_is_never_followed(district: District, tmp_path: Path) -> None:
    secret = tmp_path / "secret.csv"
    secret.write_text(payments(payment(1)))
    folder = district.settings.inbox / "civil_affairs" / "payment"
    folder.mkdir(parents=True)
    (folder / FILE).symlink_to(secret)
    os.mkfifo(folder / "payment_202108.csv")
    entries = district.take()
    assert [entry["reason"]["code"] for entry in entries] == ["not_a_regular_file"] * 2
    assert secret.exists()


def test_what_programs_leave_behind_is_no_delivery(district: District) -> None:
    for name in (".DS_Store", "~$payment_202107.xlsx", "Thumbs.db", "payment_202107.csv.done"):
        district.put(PAYMENT, name, "x")
    assert district.take() == []


def test_a_file_that_still_grows_waits(district: District, monkeypatch: pytest.MonkeyPatch) -> None:
    path = district.put(PAYMENT, FILE, payments(payment(0)))
    with growing(path) as written:
        monkeypatch.setattr(inbox, "LOOK_AGAIN_SECONDS", 0.5)
        assert district.take() == []
    assert path.exists()
    assert district.take()[0]["rows_accepted"] == 1 + len(written)


def test_a_done_file_ends_the_waiting(district: District, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inbox, "LOOK_AGAIN_SECONDS", 86_400.0)
    path = district.put(PAYMENT, FILE, payments(payment(1)))
    done = path.with_name(FILE + ".done")
    done.touch()
    assert district.take()[0]["status"] == "accepted"
    assert not done.exists()


def test_regions_come_first_whoever_runs_first(bare_district: District) -> None:
    bare_district.put("civil_affairs.region", "region_202101.csv", REGIONS)
    text = f"公民身份号码,姓名,出生日期,户籍状态,镇街,村居\n{SOUND_ID},张三,1938-04-12,正常,三星,光明\n"
    bare_district.put("public_security.population", "population_202107.csv", text)
    entries = bare_district.take("public_security")
    assert [entry["dataset"] for entry in entries] == ["civil_affairs.region", "public_security.population"]
    assert bare_district.rows(entries[1])[0]["village"] == "320614416202"


def test_rows_with_regions_wait_until_regions_are_known(bare_district: District) -> None:
    bare_district.put(PAYMENT, FILE, payments(payment(1)))
    intake = ingest.take_in(bare_district.settings, "civil_affairs", "run-a")
    assert (intake.deliveries, len(intake.waiting)) == ([], 1)
    bare_district.put("civil_affairs.region", "region_202101.csv", REGIONS)
    assert [entry["status"] for entry in bare_district.take()] == ["accepted", "accepted"]


@pytest.mark.parametrize(
    ("town", "village", "codes"),
    [
        ("三星镇", "叠石桥村", ("320614416000", "320614416201")),
        ("三星", "叠石桥", ("320614416000", "320614416201")),
        ("三星镇人民政府", "叠石桥村村民委员会", ("320614416000", "320614416201")),
        ("海门三星镇", "叠石桥村村委会", ("320614416000", "320614416201")),
        ("海门街道办", "海门区海门街道光华社区", ("320614001000", "320614001001")),
        ("海门区三星镇", "三星镇叠石桥村", ("320614416000", "320614416201")),
        ("320614416", "320614416201", ("320614416000", "320614416201")),
        ("320614416000", "叠石桥村委会", ("320614416000", "320614416201")),
        ("海门镇", "光华社区居委会", ("320614001000", "320614001001")),
        ("海门镇", "光明", ("320614001000", "320614001002")),
        ("三星镇", "光明", ("320614416000", "320614416202")),
        ("三星镇", "光华社区", None),
        ("无此镇", "叠石桥村", None),
        ("三星镇", "光明社区", None),
    ],
)
def test_towns_and_villages_by_the_names_they_are_written_under(
    district: District, town: str, village: str, codes: tuple[str, str] | None
) -> None:
    text = ELDER_TEXT + f"张三,{SOUND_ID},{town},{village},50,202101,在享\n"
    entry = district.deliver(ELDER, "elder_allowance_202107.csv", text)
    if codes is None:
        assert district.reasons(entry)[0][1] & {("town", "unresolved_region"), ("village", "unresolved_region")}
    else:
        (row,) = district.rows(entry)
        assert (row["town"], row["village"]) == codes


def test_an_unknown_town_spoils_no_row_that_does_not_need_one(district: District) -> None:
    text = f"公民身份号码,姓名,出生日期,户籍状态,镇街,村居\n{SOUND_ID},张三,1938-04-12,正常,某镇,某村\n"
    entry = district.deliver("public_security.population", "population_202107.csv", text)
    (row,) = district.rows(entry)
    assert (row["town"], row["village"], row["raw"]["town"]) == (None, None, "某镇")


def test_files_that_were_taken_are_not_read_again(district: District) -> None:
    district.deliver(PAYMENT, FILE, payments(payment(1)))
    assert district.take() == []
    received = list((district.settings.received / "civil_affairs" / "payment").iterdir())
    assert [path.name.partition("_")[2] for path in received] == [FILE]


def test_small_files_judged_together_share_nothing(district: District) -> None:
    for number in range(6):
        rows = [payment(1, 金额=str(number)), payment(2, 金额="bad" if number == 3 else "1")]
        district.put(PAYMENT, f"payment_20210{number + 1}.csv", payments(*rows))
    entries = district.take()
    assert [entry["rows_accepted"] for entry in entries] == [2, 2, 2, 1, 2, 2]
    assert [district.rows(entry)[0]["amount"] for entry in entries] == list(range(6))


def test_the_record_of_the_run(district: District) -> None:
    district.deliver(PAYMENT, FILE, payments(payment(1), payment(2, 金额="?")))
    record = runs.read(district.settings, "run-1", "ingest_civil_affairs")
    assert record["counts"]["files"] == record["counts"]["accepted"] == 1
    assert (record["counts"]["rows_read"], record["counts"]["rows_quarantined"]) == (2, 1)


def test_known_at_leaves_out_what_came_later(district: District) -> None:
    moment = datetime.now(UTC).isoformat()
    district.deliver(PAYMENT, FILE, payments(payment(1)))
    assert [entry["dataset"] for entry in landing.read_ledger(district.settings, moment)] == ["civil_affairs.region"]


def test_only_the_owner_may_look(district: District) -> None:
    district.deliver(PAYMENT, FILE, payments(payment(1), payment(2, 金额="?")))
    for root in (district.settings.landing / PAYMENT / "period=202107", district.settings.received):
        for path in root.rglob("*"):
            assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path.name


def test_every_glob_finds_every_column_before_anything_came(bare_district: District) -> None:
    for dataset, contract in load_contracts().items():
        folder = bare_district.settings.landing / dataset
        for file, columns in (("data", data_columns(contract)), ("quarantined", quarantined_columns(contract))):
            files = f"'{folder}/*/*/{file}.parquet', union_by_name = true, hive_partitioning = false"
            relation = duckdb.sql(f"SELECT * FROM read_parquet({files})")
            assert relation.columns == [name for name, _ in columns]
            assert relation.fetchall() == []


def test_landing_has_the_types_of_its_schema(district: District) -> None:
    entry = district.deliver(PAYMENT, FILE, payments(payment(1), payment(2, 金额="?")))
    for file in ("data", "quarantined"):
        paths = [
            folder / f"{file}.parquet"
            for folder in (
                landing.delivery_folder(district.settings, PAYMENT, "000000", "contract"),
                landing.delivery_folder(district.settings, PAYMENT, "202107", entry["delivery_id"]),
            )
        ]
        shapes = [
            duckdb.sql(f"DESCRIBE SELECT * FROM read_parquet('{path}', hive_partitioning=false)").fetchall()
            for path in paths
        ]
        assert shapes[0] == shapes[1]


def test_reasons_are_said_in_both_languages() -> None:
    for reason in (*ROW_REASONS.values(), *FILE_REASONS.values()):
        assert reason.english.isascii()
        assert not reason.chinese.isascii()


DYING_DESK = """
import os, signal, sys
from include.ingest import desk, desk_process, landing
place, starter = sys.argv[1], int(sys.argv[2])
def die(*_, **__):
    os.kill(starter, signal.SIGKILL)
    os.kill(os.getpid(), signal.SIGKILL)
if place == "after data":
    landing.write_ledger_entry = die
elif place == "before put away":
    desk.Desk._put_away = die
elif place == "after taking":
    desk.Desk._open = die
elif place == "in quarantine":
    os.link = die
desk_process.main(starter)
"""
DYING_RUN = """
import sys
from pathlib import Path
from include import ingest
from include.ingest import desk_line, inbox
from include.settings import Settings
inbox.LOOK_AGAIN_SECONDS = 0
desk_line.COMMAND = [sys.executable, "-c", sys.argv[3], sys.argv[2]]
ingest.take_in(Settings(home=Path(sys.argv[1])), "civil_affairs", "dying")
"""


@pytest.mark.parametrize("place", ["after taking", "after data", "before put away", "in quarantine"])
def test_a_run_that_is_killed_is_finished_by_the_next(district: District, place: str) -> None:
    district.put(PAYMENT, FILE, payments(payment(1), payment(2, 金额="?")))
    district.put(PAYMENT, "payment_20210x.csv", payments(payment(3)))
    died = subprocess.run(
        [sys.executable, "-c", DYING_RUN, str(district.settings.home), place, DYING_DESK], cwd=REPOSITORY, check=False
    )
    assert died.returncode == -signal.SIGKILL
    district.take()
    district.take()
    ledger = [entry for entry in landing.read_ledger(district.settings) if entry["dataset"] == PAYMENT]
    assert sorted(entry["status"] for entry in ledger) == ["accepted", "quarantined"]
    assert not [path for path in district.settings.inbox.rglob("*") if path.is_file()]
    assert not [path for path in inbox.taking_folder(district.settings).rglob("*") if path.is_file()]
    accepted = next(entry for entry in ledger if entry["status"] == "accepted")
    assert (accepted["rows_accepted"], accepted["rows_quarantined"]) == (1, 1)
    folders = list((district.settings.landing / PAYMENT).glob("period=2*/delivery=*"))
    assert [(folder / "delivery.json").exists() for folder in folders] == [True]


def test_no_error_quotes_a_row(district: District, monkeypatch: pytest.MonkeyPatch) -> None:
    def stumble(*_: object) -> None:
        raise duckdb.ConversionException(f"Could not convert string '{SOUND_ID}' to INT")

    monkeypatch.setattr(desk, "judge", stumble)
    path = district.put(PAYMENT, FILE, payments(payment(1)))
    taken = inbox.take(district.settings, path, "civil_affairs", "payment")
    assert taken is not None
    with desk.Desk(district.settings, "run-1") as stumbling:
        stumbling.receive([taken])
    (entry,) = stumbling.deliveries
    assert (entry["status"], entry["reason"]["code"]) == ("quarantined", "unreadable")
    assert SOUND_ID not in json.dumps(entry)
