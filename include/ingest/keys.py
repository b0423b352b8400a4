"""Keyed hashes of identifiers: HMAC-SHA256 in hex, many at a time over columns or one for a single value."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping

import polars as pl
import polars_hash
import pyarrow as pa


def with_keys(batch: pa.RecordBatch, domains: Mapping[str, str], key: str) -> pa.RecordBatch:
    """The batch with each named column's values replaced by their keyed hashes; NULL stays NULL.

    ``domains`` says for each column what kind of identifier it holds, as ``keyed_hash`` takes it.
    """
    if not domains:
        return batch
    values = pl.DataFrame({name: pl.from_arrow(batch.column(name)) for name in domains})
    hashes = values.select(
        polars_hash.concat_str(pl.lit(f"{domain}:"), pl.col(name)).chash.hmac_sha256(key=key).alias(name)
        for name, domain in domains.items()
    ).to_arrow(compat_level=pl.CompatLevel.oldest())
    for name in domains:
        position = batch.schema.get_field_index(name)
        hashed = hashes.column(name).combine_chunks().cast(pa.string())
        batch = batch.set_column(position, batch.schema.field(position), hashed)
    return batch


def keyed_hash(key: str, domain: str, value: str) -> str:
    """``HMAC(key, '<domain>:' || value)`` in hex, for whoever holds a single value."""
    return hmac.new(key.encode("utf-8"), f"{domain}:{value}".encode(), hashlib.sha256).hexdigest()
