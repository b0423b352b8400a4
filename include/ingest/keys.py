"""HMAC-SHA256 as SQL, equal to Python's ``hmac`` to the bit, with the key only ever a bound value."""

from __future__ import annotations

import hashlib
import hmac

_BLOCK = 64


def padded_blocks(key: str) -> dict[str, bytes]:
    """The two key blocks of HMAC-SHA256, as parameters ``inner_block`` and ``outer_block`` of a statement."""
    secret = key.encode("utf-8")
    if len(secret) > _BLOCK:
        secret = hashlib.sha256(secret).digest()
    block = secret.ljust(_BLOCK, b"\0")
    return {
        "inner_block": bytes(byte ^ 0x36 for byte in block),
        "outer_block": bytes(byte ^ 0x5C for byte in block),
    }


def keyed_hash_sql(domain: str, expression: str) -> str:
    """SQL for ``HMAC(identity key, '<domain>:' || value)`` in hex; NULL for NULL."""
    message = f"encode('{domain}:' || {expression})"
    return f"sha256(CAST($outer_block AS BLOB) || unhex(sha256(CAST($inner_block AS BLOB) || {message})))"


def keyed_hash(key: str, domain: str, value: str) -> str:
    """The same in Python, for whoever holds a single value."""
    return hmac.new(key.encode("utf-8"), f"{domain}:{value}".encode(), hashlib.sha256).hexdigest()
