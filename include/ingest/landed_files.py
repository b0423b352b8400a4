"""The files of one delivery while they are written: judged rows arrive in batches, get their keys, and part."""

from __future__ import annotations

import os
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from include.ingest.keys import with_keys

ROWS_IN_A_GROUP = 61_440
# A column of many different values gains nothing from a dictionary, and most of its cost is in building one.
LARGEST_DICTIONARY = 1 << 16


class LandedFiles:
    """Parts judged rows into ``data.parquet`` and ``quarantined.parquet`` and counts what went where.

    The second file exists only if a row belongs there; the first always does. Accepted rows and bad ones stay in
    the order of the file.
    """

    def __init__(self, folder: Path, domains: Mapping[str, str], key: str) -> None:
        self.accepted = 0
        self.quarantined = 0
        self._folder = folder
        self._domains = domains
        self._key = key
        self._writers: dict[str, pq.ParquetWriter] = {}

    def __enter__(self) -> LandedFiles:
        return self

    def __exit__(self, *_: object) -> None:
        for writer in self._writers.values():
            writer.close()
        for name in self._writers:
            _flush(self._folder / name)

    def write(self, rows: pa.RecordBatchReader, lost: npt.NDArray[np.int64]) -> None:
        """Write judged rows but those whose ``place`` is among the ``lost``, which are sorted.

        Each batch is written while the next is judged. The last columns are ``reasons`` and ``place``.
        """
        self._writer("data.parquet", pa.schema(list(rows.schema)[:-2]))
        with ThreadPoolExecutor(1) as thread:
            under_way: Future[None] | None = None
            for batch in rows:
                if under_way is not None:
                    under_way.result()
                under_way = thread.submit(self._part, batch, lost)
            if under_way is not None:
                under_way.result()

    def keep_back(self, rows: pa.RecordBatchReader) -> None:
        """Write rows of which each is kept back, behind all others."""
        for batch in rows:
            self._write("quarantined.parquet", with_keys(batch, self._domains, self._key))
            self.quarantined += batch.num_rows

    def _part(self, batch: pa.RecordBatch, lost: npt.NDArray[np.int64]) -> None:
        if lost.size:
            places = batch.column("place").to_numpy()
            nearest = np.minimum(np.searchsorted(lost, places), lost.size - 1)
            batch = batch.filter(pa.array(lost[nearest] != places))
        rows = with_keys(batch.drop_columns(["place"]), self._domains, self._key)
        if rows.column("reasons").null_count < rows.num_rows:
            is_good = pc.is_null(rows.column("reasons"))
            bad, rows = rows.filter(pc.invert(is_good)), rows.filter(is_good)
            self._write("quarantined.parquet", bad)
            self.quarantined += bad.num_rows
        self._write("data.parquet", rows.drop_columns(["reasons"]))
        self.accepted += rows.num_rows

    def _write(self, name: str, rows: pa.RecordBatch) -> None:
        if rows.num_rows:
            self._writer(name, rows.schema).write_batch(rows)

    def _writer(self, name: str, schema: pa.Schema) -> pq.ParquetWriter:
        if name not in self._writers:
            self._writers[name] = pq.ParquetWriter(
                self._folder / name,
                schema,
                compression="zstd",
                store_decimal_as_integer=True,
                dictionary_pagesize_limit=LARGEST_DICTIONARY,
            )
        return self._writers[name]


def _flush(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
