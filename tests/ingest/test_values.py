"""Every type's forms, against plain Python."""

from __future__ import annotations

import hmac
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

import duckdb
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stdnum.cn.ric import calc_check_digit

from include.contracts import load_contract
from include.ingest import identity_numbers, values
from include.ingest.keys import keyed_hash, with_keys
from include.ingest.person_names import fold_name, normalise_name

QUICK = settings(max_examples=60, deadline=None)


@pytest.fixture(scope="module")
def engine() -> Iterator[duckdb.DuckDBPyConnection]:
    connection = duckdb.connect()
    connection.create_function("normalise_text", values.normalise_text, ["VARCHAR"], "VARCHAR")
    yield connection
    connection.close()


def read(engine: duckdb.DuckDBPyConnection, sql: str, text: str) -> object:
    cleaned = f"(SELECT {values.clean_sql('raw')} AS cell FROM (SELECT $text::VARCHAR AS raw))"
    row = engine.execute(f"SELECT {sql} FROM {cleaned}", {"text": text}).fetchone()
    assert row is not None
    return row[0]


def judge_number(engine: duckdb.DuckDBPyConnection, text: str) -> tuple[str | None, str | None]:
    """(eighteen characters, fault)."""
    high, low = identity_numbers.halves_sql("w")
    row = engine.execute(
        f"""SELECT w, {identity_numbers.fault_sql("s", "w", "b", "c", "DATE '2021-10-31'")} FROM (
            SELECT *, {identity_numbers.birth_sql("w")} AS b, {identity_numbers.fits_sql("w", "i", "j")} AS c FROM (
            SELECT *, {high} AS i, {low} AS j
            FROM (SELECT *, {identity_numbers.eighteen_sql("s")} AS w FROM (
            SELECT {identity_numbers.spelling_sql("x")} AS s FROM (
            SELECT {values.clean_sql("raw")} AS x FROM (SELECT $text::VARCHAR AS raw))))))""",
        {"text": text},
    ).fetchone()
    assert row is not None
    return row


births = st.dates(date(1902, 1, 1), date(2021, 10, 1))
sequences = st.integers(1, 999)
areas = st.sampled_from(["320625", "320684", "320614", "310230"])


@QUICK
@given(area=areas, birth=births, sequence=sequences)
def test_a_number_with_the_check_digit_of_the_standard_is_sound(
    engine: duckdb.DuckDBPyConnection, area: str, birth: date, sequence: int
) -> None:
    seventeen = f"{area}{birth:%Y%m%d}{sequence:03d}"
    number = seventeen + calc_check_digit(seventeen + "0")
    assert judge_number(engine, number) == (number, None)
    wrong = seventeen + "10X98765432"[("10X98765432".index(number[-1]) + 1) % 11]
    assert judge_number(engine, wrong)[1] in ("bad_checksum", "lost_precision")


@QUICK
@given(area=areas, birth=st.dates(date(1902, 1, 1), date(1999, 12, 31)), sequence=sequences)
def test_fifteen_digits_become_eighteen(
    engine: duckdb.DuckDBPyConnection, area: str, birth: date, sequence: int
) -> None:
    number, fault = judge_number(engine, f"{area}{birth:%y%m%d}{sequence:03d}")
    seventeen = f"{area}{birth:%Y%m%d}{sequence:03d}"
    assert number == seventeen + calc_check_digit(seventeen + "0")
    assert fault is None or (fault == "lost_precision" and number.endswith("0000"))


@QUICK
@given(text=st.text(alphabet="0123456789Xx*. E+abc", max_size=22))
def test_no_text_breaks_the_statement_and_nothing_unsound_passes(engine: duckdb.DuckDBPyConnection, text: str) -> None:
    number, fault = judge_number(engine, text)
    if number is not None and fault is None:
        assert number[-1] == calc_check_digit(number)
        assert date.fromisoformat(f"{number[6:10]}-{number[10:12]}-{number[12:14]}") <= date(2021, 10, 31)


@pytest.mark.parametrize(
    ("written", "fault"),
    [
        ("3.2062519380412E+17", "lost_precision"),
        ("3.206251938041204e+17", "lost_precision"),
        ("320625193804120000", "lost_precision"),
        ("320625********0410", "masked"),
        ("320625＊＊＊＊＊＊＊＊0410", "masked"),
        ("320625XXXXXXXX0410", "masked"),
        ("32062519380412041", "bad_length"),
        ("3206251938041204100", "bad_length"),
        ("H0123456789", "bad_length"),
        ("320684199902290015", "bad_date"),
        ("320684209901010014", "bad_date"),
        ("320625193804120411", "bad_checksum"),
        ("320625193804120410", None),
        ("'320625193804120410", None),
        ("’320625193804120410", None),
        ("320625 19380412 0410", None),
        ('="320625193804120410"', None),
        ("320625380412041.0", None),
        ("320625193804120410.0", "lost_precision"),
        ("３２０６２５１９３８０４１２０４１０", None),
        ("\u200b320625193804120410\u00a0", None),
        ("11010519491231002x", None),
        ("11010519491231002Ｘ", None),
        ("11010519491231002×", None),
        ("32068420000229012X", None),
    ],
)
def test_what_clerks_write_for_a_number(engine: duckdb.DuckDBPyConnection, written: str, fault: str | None) -> None:
    assert judge_number(engine, written)[1] == fault


days = st.dates(date(1907, 1, 1), date(2150, 12, 31))


@QUICK
@given(day=days)
def test_every_form_of_a_day_is_the_same_day(engine: duckdb.DuckDBPyConnection, day: date) -> None:
    forms = (
        day.isoformat(),
        f"{day.year}/{day.month}/{day.day}",
        f"{day.year}.{day.month}.{day.day}",
        f"{day:%Y%m%d}",
        f"{day.year}年{day.month}月{day.day}日",
        f"{day.year} 年 {day.month} 月 {day.day} 日",
        str((day - date(1899, 12, 30)).days),
        f"{(day - date(1899, 12, 30)).days}.5208333333",
        f"{day:%Y%m%d}.0",
        f"{day:%Y%m%d}083000",
        f"{day:%Y%m%d}0830",
        f"{day:%Y%m%d} 08:30:00",
        f"{day.isoformat()} 12:30:00",
        f"{day.isoformat()}T00:00:00Z",
        f"{day.year}/{day.month}/{day.day} 0:00",
        f"{day.year}/{day.month}/{day.day} 上午 8:05:09",
        f"{day.year}年{day.month}月{day.day}日 10时30分",
    )
    assert {read(engine, values.date_sql("cell"), form) for form in forms} == {day}


@QUICK
@given(day=days)
def test_every_form_of_a_month_is_its_first_day(engine: duckdb.DuckDBPyConnection, day: date) -> None:
    forms = (
        f"{day:%Y%m}",
        f"{day:%Y%m}.0",
        f"{day:%Y-%m}",
        f"{day.year}/{day.month}",
        f"{day.year}年{day.month}月",
        f"{day.year}年{day.month:02d}月份",
        day.isoformat(),
        f"{day:%Y%m%d}",
        str((day - date(1899, 12, 30)).days),
    )
    assert {read(engine, values.month_sql("cell"), form) for form in forms} == {day.replace(day=1)}


@pytest.mark.parametrize(
    "text",
    [
        "2021-02-30",
        "0000-00-00",
        "2021-13-01",
        "20211301",
        "202107019900",
        "2021",
        "21-07-01",
        "民国110年7月1日",
        "2021年7月",
        "1",
        "昨天",
    ],
)
def test_what_is_no_day(engine: duckdb.DuckDBPyConnection, text: str) -> None:
    assert read(engine, values.date_sql("cell"), text) is None


@pytest.mark.parametrize("text", ["202113", "2021.1", "2021-00", "7月", "2021", "000000"])
def test_what_is_no_month(engine: duckdb.DuckDBPyConnection, text: str) -> None:
    assert read(engine, values.month_sql("cell"), text) is None


def test_an_open_end_is_the_last_day_there_is(engine: duckdb.DuckDBPyConnection) -> None:
    assert read(engine, values.date_sql("cell", open_ended=True), "长期") == date(9999, 12, 31)
    assert read(engine, values.date_sql("cell"), "长期") is None


amounts = st.decimals(min_value=Decimal("-9999999999.99"), max_value=Decimal("9999999999.99"), places=2)


@QUICK
@given(amount=amounts)
def test_every_form_of_an_amount_is_exact(engine: duckdb.DuckDBPyConnection, amount: Decimal) -> None:
    plain = f"{amount:.2f}"
    wide = plain.translate(str.maketrans("0123456789.-", "０１２３４５６７８９．－"))
    forms = (plain, f"{amount:,.2f}", f"￥{amount:,.2f}", f"¥{plain}", f"{plain}元", wide, f"{plain}0000", f" {plain} ")
    assert {read(engine, values.money_sql("cell"), form) for form in forms} == {amount}


@QUICK
@given(cents=st.integers(0, 10**12))
def test_ten_thousands_are_exact(engine: duckdb.DuckDBPyConnection, cents: int) -> None:
    amount = Decimal(cents) / 100
    assert read(engine, values.money_sql("cell"), f"{amount / 10000:f}万元") == amount


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("0.12万元", Decimal("1200.00")),
        ("1.2万", Decimal("12000.00")),
        ("1.5E+3", Decimal("1500.00")),
        (".5", Decimal("0.50")),
        ("100.", Decimal("100.00")),
        (".", None),
        ("1234.565", Decimal("1234.57")),
        ("123.45000000000002", Decimal("123.45")),
        ("1e308", None),
        ("NaN", None),
        ("1,2,3", None),
        ("12,34.5", None),
        ("一百元", None),
        ("1.2.3", None),
        ("=1+1", None),
        ("99999999999999999999", None),
    ],
)
def test_other_amounts(engine: duckdb.DuckDBPyConnection, text: str, amount: Decimal | None) -> None:
    assert read(engine, values.money_sql("cell"), text) == amount


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("50%", "0.5"),
        ("12.5％", "0.125"),
        ("1/2", "0.5"),
        ("89.75㎡", "89.75"),
        ("89.75平方米", "89.75"),
        ("1e-3", "0.001"),
    ],
)
def test_numbers(engine: duckdb.DuckDBPyConnection, text: str, number: str) -> None:
    assert read(engine, values.number_sql("cell"), text) == Decimal(number)


@pytest.mark.parametrize(
    ("text", "number"), [("3", 3), ("3人", 3), ("3.0", 3), ("１２", 12), ("88岁", 88), ("3.5", None), ("三", None)]
)
def test_whole_numbers(engine: duckdb.DuckDBPyConnection, text: str, number: int | None) -> None:
    assert read(engine, values.int_sql("cell"), text) == number


@pytest.mark.parametrize(
    ("texts", "meant"),
    [
        (("是", "有", "Y", "y", "1", "√", "true", "TRUE", "Ｙ"), True),
        (("否", "无", "N", "n", "0", "×", "false", "False"), False),
        (("也许", "2", "是否"), None),
    ],
)
def test_yes_and_no(engine: duckdb.DuckDBPyConnection, texts: tuple[str, ...], meant: bool | None) -> None:
    assert {read(engine, values.bool_sql("cell"), text) for text in texts} == {meant}


def test_wordings_of_a_grade(engine: duckdb.DuckDBPyConnection) -> None:
    column = load_contract("disabled_federation.certificate").columns["grade"]
    words = ("一级", "1级", "壹级", "一级残疾", "１级", "1", "一 级", "壹", "1.0")
    assert {read(engine, values.enum_sql(column, "cell"), word) for word in words} == {"一级"}
    assert read(engine, values.enum_sql(column, "cell"), "五级") is None


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("张 三", "张三"),
        ("张\u3000三", "张三"),
        ("张\u200b三\u00a0", "张三"),
        ("张三（户主）", "张三"),
        ("张三(已故)", "张三"),
        ("阿依古丽•买买提", "阿依古丽·买买提"),
        ("阿依古丽．买买提", "阿依古丽·买买提"),
        ("阿依古丽‧买买提", "阿依古丽·买买提"),
        ("阿依古丽･买买提", "阿依古丽·买买提"),
        ("阿依古丽﹒买买提", "阿依古丽·买买提"),
        ("张三（户主", "张三"),
        ("张三(户主)【已故】", "张三"),
        ("ＷＡＮＧ", "WANG"),
        ("𠮷田", "𠮷田"),
    ],
)
def test_names_in_their_normal_form(written: str, name: str) -> None:
    assert normalise_name(written) == name


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("吳伟", "吴伟"),
        ("張偉", "张伟"),
        ("王昇", "王升"),
        ("阿依·古丽", "阿依古丽"),
        ("wang", "WANG"),
        ("黃龍", "黄龙"),
        ("𠮷田", "吉田"),
    ],
)
def test_spellings_that_fold_together(one: str, other: str) -> None:
    assert fold_name(normalise_name(one)) == fold_name(normalise_name(other))


def test_different_names_stay_different() -> None:
    assert fold_name("张三") != fold_name("张山")


@QUICK
@given(key=st.text(min_size=1, max_size=100), cells=st.lists(st.none() | st.text(max_size=40), max_size=5))
def test_the_keyed_hash_is_the_one_of_the_library(key: str, cells: list[str | None]) -> None:
    if any("\ud800" <= char <= "\udfff" for text in (key, *cells) for char in text or ""):
        return
    batch = pa.RecordBatch.from_pydict(
        {"place": list(range(len(cells))), "id_no_key": pa.array(cells, pa.string()), "id_no": cells}
    )
    keyed = with_keys(batch, {"id_no_key": "id_no"}, key)
    assert keyed.column("id_no_key").to_pylist() == [
        None if cell is None else hmac.new(key.encode(), f"id_no:{cell}".encode(), "sha256").hexdigest()
        for cell in cells
    ]
    assert keyed.drop_columns(["id_no_key"]) == batch.drop_columns(["id_no_key"])
    expected = [keyed_hash(key, "id_no", cell) for cell in cells if cell is not None]
    assert [value for value in keyed.column("id_no_key").to_pylist() if value is not None] == expected


def test_a_serial_counts_from_the_day_spreadsheets_count_from(engine: duckdb.DuckDBPyConnection) -> None:
    assert (
        read(engine, values.date_sql("cell"), "44378") == date(1899, 12, 30) + timedelta(days=44378) == date(2021, 7, 1)
    )
