"""What departments type is masked before it is published; numbers that only look like a person's stay."""

from __future__ import annotations

import duckdb

from include.warehouse.published_text import mask_published_text

IDENTITY = "320625193804120410"


def _marts() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    connection.execute("attach ':memory:' as marts")
    connection.execute("create schema marts.quality; create schema marts.core")
    return connection


def test_file_names_lose_every_kind_of_identifier() -> None:
    connection = _marts()
    names = [f"payment_{IDENTITY}.csv", "名单 13812345678.xlsx", "苏F·88A21.xlsx", "payment_202107_三星镇.csv"]
    connection.execute("create table marts.quality.fct_delivery as select unnest(?) as source_name", [names])
    assert mask_published_text(connection, "marts") == 3
    assert connection.execute("from marts.quality.fct_delivery order by all").fetchall() == [
        ("[masked].xlsx",),
        ("payment_202107_三星镇.csv",),
        ("payment_[masked].csv",),
        ("名单 [masked].xlsx",),
    ]


def test_other_texts_lose_valid_identity_numbers_and_nothing_else() -> None:
    connection = _marts()
    numbers = [
        "202101010000001",  # a payment's number of fifteen digits
        "202101010000001234",  # of eighteen, where no province lies
        "320625193804120411",  # the check digit does not fit
        f"a{IDENTITY}",  # part of a longer word, as in a digest
        IDENTITY,
        f"补发-{IDENTITY}-1",
    ]
    connection.execute("create table marts.core.fct_payment as select unnest(?) as payment_no", [numbers])
    assert mask_published_text(connection, "marts") == 2
    left = {text for (text,) in connection.execute("from marts.core.fct_payment").fetchall()}
    assert left == {*numbers[:4], "[masked]", "补发-[masked]-1"}
