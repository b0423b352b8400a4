"""Lists as systems export them and offices pass them on: with the marks of tables, sheets and archives on them."""

from __future__ import annotations

from tests.faults.hostile import zipped
from tests.ingest.conftest import District, payment, payments

PAYMENT, FILE = "civil_affairs.payment", "payment_202107.csv"


def test_the_numbers_of_the_columns_below_a_header_are_no_row(district: District) -> None:
    for numbering in (
        list(map(str, range(1, 15))),
        ["甲", *map(str, range(1, 14))],
        ["甲", "乙", *map(str, range(1, 13))],
    ):
        entry = district.deliver(
            PAYMENT, f"payment_202107_{numbering[1]}.csv", payments(",".join(numbering), payment(1))
        )
        assert (entry["rows_read"], entry["rows_accepted"]) == (1, 1), numbering


def test_an_account_that_lost_its_end_leaves_the_payment(district: District) -> None:
    entry = district.deliver(PAYMENT, FILE, payments(payment(1, 账号="6.22202110200123E+18")))
    assert (entry["rows_accepted"], entry["rows_quarantined"]) == (1, 0)
    (row,) = district.rows(entry)
    assert (row["account_no"], row["account_no_key"]) == (None, None)
    assert row["raw"]["account_no"] == "6.22202110200123E+18"
    entry = district.deliver(PAYMENT, "payment_202106.csv", payments(payment(1, 发放流水号="6.22202110200123E+18")))
    assert district.reasons(entry) == [(2, {("payment_no", "lost_precision")})]


def test_an_export_of_a_table_has_its_columns_names(district: District) -> None:
    header = "id_no,name,scheme,status,monthly_amount,basic_amount,stopped_on,stop_reason,period,updated_at"
    row = "320625193804120410,张三,城乡居民,正常,200.00,180.00,NaT,nan,202107,2021-08-01 03:00:00"
    entry = district.deliver("human_resources.pension", "pension_202107.csv", f"{header}\n{row}\n")
    assert (entry["status"], entry["rows_accepted"]) == ("accepted", 1)
    (landed,) = district.rows(entry)
    assert (landed["stopped_on"], landed["stop_reason"]) == (None, None)


def test_a_remark_beside_the_list_of_an_archive_is_noted_and_not_read(district: District) -> None:
    remark = "各位：请查收本月名单，如有问题请联系。"
    entry = district.deliver(
        PAYMENT, "payment_202107.zip", zipped({"名单.csv": payments(payment(1)).encode(), "说明.csv": remark.encode()})
    )
    assert (entry["status"], entry["rows_accepted"]) == ("accepted", 1)
    assert any("说明.csv" in note for note in entry["notes"])
    long = "\n".join(["某某,某某"] * 30)
    entry = district.deliver(
        PAYMENT, "payment_202106.zip", zipped({"名单.csv": payments(payment(1)).encode(), "其他.csv": long.encode()})
    )
    assert entry["reason"]["code"] == "no_header"
