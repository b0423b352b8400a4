"""Errors of libraries lose their text on the way out; our own keep it; the row and column they name stay."""

from __future__ import annotations

import io
import logging
import os
import sys
import traceback
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from include.privacy import DoudiError, MaskingFilter, Place, StepError, guarded, mask_logging, run_masked

NAME = "殷素素"
IDENTITY = "320625193804120410"


def _everything_said(error: BaseException) -> str:
    chain = "".join(traceback.format_exception(error))
    hidden = [error.__cause__, error.__context__]
    return chain + repr(error) + "".join(repr(link) for link in hidden if link)


def test_an_error_of_duckdb_loses_its_text_and_keeps_its_place(tmp_path: Path) -> None:
    file = tmp_path / f"payment_202107_{IDENTITY}.csv"
    file.write_text(f"name,amount\n某甲,1.00\n{NAME},{IDENTITY}Q\n", encoding="utf-8")
    columns = "{'name': 'VARCHAR', 'amount': 'DECIMAL(18,2)'}"
    with pytest.raises(StepError) as caught, guarded("ingest", delivery="ab" * 16, file=file):
        duckdb.sql(f"select * from read_csv('{file}', header=true, columns={columns})").fetchall()
    said = _everything_said(caught.value)
    assert NAME not in said
    assert IDENTITY not in said
    assert "ConversionException" in said
    assert "ab" * 16 in said
    assert "payment_202107_" in said
    assert caught.value.place.row == 3
    assert caught.value.place.column == "amount"
    assert caught.value.__context__ is None
    assert caught.value.__cause__ is None


def test_errors_of_pandas_and_python_lose_their_text_when_decorated() -> None:
    @guarded("reading incomes")
    def read() -> None:
        pd.to_numeric(pd.Series([NAME]))

    @guarded("reading incomes")
    def count() -> None:
        int(NAME)

    for step in (read, count):
        with pytest.raises(StepError) as caught:
            step()
        assert NAME not in _everything_said(caught.value)
        assert "tests/privacy/test_guard.py:" in str(caught.value)


def test_our_own_errors_and_interrupts_pass_unchanged() -> None:
    ours = DoudiError("第 3 行缺列", "row 3 lacks a column", Place(row=3))
    with pytest.raises(DoudiError) as caught, guarded("ingest"):
        raise ours
    assert caught.value is ours
    with pytest.raises(KeyboardInterrupt), guarded("ingest"):
        raise KeyboardInterrupt


def test_a_full_disk_is_still_named() -> None:
    with pytest.raises(StepError, match="No space left on device"), guarded("publish"):
        raise OSError(28, os.strerror(28), "/somewhere/marts.duckdb")


def test_e68_log_records_are_masked_with_their_tracebacks() -> None:
    mask_logging()
    stream = io.StringIO()
    logger = logging.getLogger("a logger made later")
    handler = logging.StreamHandler(stream)  # a handler made later, without the filter
    logger.addHandler(handler)
    logger.error("paid to %s", IDENTITY)
    try:
        int(NAME)
    except ValueError:
        logger.exception("stopped")
    assert IDENTITY not in stream.getvalue()
    assert NAME not in stream.getvalue()
    assert "ValueError" in stream.getvalue()
    assert "test_guard.py" in stream.getvalue()


def test_the_filter_alone_masks_a_handler() -> None:
    record = logging.LogRecord("x", logging.INFO, __file__, 1, "account %s", ("6228480402564890018",), None)
    assert MaskingFilter().filter(record)
    assert record.getMessage() == "account [masked]"


def test_output_of_a_subprocess_is_masked_and_the_secret_travels_by_pipe() -> None:
    program = f"""if True:
        import sys
        print('got', len(sys.stdin.read()))
        print("bad value '{NAME}' {IDENTITY}")
        sys.exit(3)"""
    lines: list[str] = []
    finished = run_masked([sys.executable, "-c", program], environment={}, secret="k" * 64, on_line=lines.append)
    assert finished.code == 3
    assert lines == ["got 64", "bad value '[masked]' [masked]"]
    assert finished.lines == tuple(lines)


def test_a_subprocess_that_takes_too_long_is_killed() -> None:
    finished = run_masked([sys.executable, "-c", "import time; time.sleep(60)"], environment={}, timeout_seconds=0.5)
    assert finished.code != 0
