"""One page of a department's API: asked for with patience, and believed only as far as its form holds.

GET <base>/<department>/<dataset>?period=YYYYMM&page=N&size=S   with the header X-Api-Key
→ {"total": n, "page": N, "size": S, "rows": [{header: value, …}, …]}
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterable
from dataclasses import dataclass
from types import TracebackType
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3.response import BaseHTTPResponse
from urllib3.util.retry import Retry

from include.contracts import Contract
from include.sources.connections import SourceConnection
from include.sources.errors import NotReadyError, SourceError

PAGE_SIZE = 1000
MOST_TRIES = 5
FIRST_PAUSE_SECONDS = 0.5
LONGEST_PAUSE_SECONDS = 20  # a source that asks for more is not ready; whoever waits for it keeps no worker busy
TIMEOUT_SECONDS = (10, 60)
LONGEST_ANSWER_SECONDS = 300
MOST_BYTES_A_PAGE = 64 << 20
MOST_ROWS = 20_000_000
_BUSY = (429, 500, 502, 503, 504)
_BLOCK = 1 << 16
_DAMAGED = re.compile("[\ud800-\udfff\0]")


@dataclass(frozen=True)
class Page:
    """One page as it was answered, every value as exact text."""

    total: int
    size: int
    rows: list[dict[str, str | None]]


class _LongPauseError(Exception):
    """The source asks for a longer pause than anybody should sit out."""


class _Patience(Retry):
    """Tries again after what the source asks for, as long as that is short."""

    def get_retry_after(self, response: BaseHTTPResponse) -> float | None:
        """The pause that the source asks for; gives up at once where it is a long one."""
        pause = super().get_retry_after(response)
        if pause is not None and pause > LONGEST_PAUSE_SECONDS:
            raise _LongPauseError
        return pause


class Service:
    """A department's API for as long as a ``with`` block lasts."""

    def __init__(self, connection: SourceConnection) -> None:
        self._connection = connection
        self._session = requests.Session()
        self._session.trust_env = False  # no proxy and no password file of this machine's has a say
        self._session.headers.update({"X-Api-Key": connection.api_key, "Accept": "application/json"})
        if authority := connection.extra.get("ca_file"):
            self._session.verify = str(authority)
        patience = _Patience(
            total=MOST_TRIES - 1,
            backoff_factor=FIRST_PAUSE_SECONDS,
            backoff_max=LONGEST_PAUSE_SECONDS,
            status_forcelist=_BUSY,
            raise_on_status=False,
        )
        for scheme in ("http://", "https://"):
            self._session.mount(scheme, HTTPAdapter(max_retries=patience))

    def __enter__(self) -> Service:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._session.close()

    def page(self, contract: Contract, period: str, number: int, size: int = PAGE_SIZE) -> Page | None:
        """One page of a dataset's period; None where the source knows no such period."""
        answer = self._body(contract, period, number, size)
        return None if answer is None else _page(contract, period, number, answer)

    def _body(self, contract: Contract, period: str, number: int, size: int) -> bytes | None:
        address = f"{self._connection.base_address}/{contract.department}/{contract.short_name}"
        asked = {"period": period, "page": str(number), "size": str(size)}
        body: bytes | None = None
        failure = ""
        try:
            with self._session.get(
                address, params=asked, timeout=TIMEOUT_SECONDS, stream=True, allow_redirects=False
            ) as answer:
                if answer.status_code == requests.codes.not_found:
                    return None
                _refuse_by_status(contract, answer)
                body = _read(contract, answer.iter_content(_BLOCK))
        except (requests.RequestException, _LongPauseError) as error:
            failure = type(error).__name__
        if body is None:  # outside of the handler: the library's error names the whole address
            raise NotReadyError(
                f"接口 {contract.dataset} 现在不可用：{failure}",
                f"the API of {contract.dataset} cannot be read now: {failure}",
            )
        return body


def _refuse_by_status(contract: Contract, answer: requests.Response) -> None:
    status = answer.status_code
    if status in _BUSY:
        raise NotReadyError(
            f"接口 {contract.dataset} 现在不可用：{status}",
            f"the API of {contract.dataset} cannot be read now: {status}",
        )
    if status in (401, 403):
        raise SourceError(f"接口 {contract.dataset} 不接受密钥", f"the API of {contract.dataset} refuses the key")
    if 300 <= status < 400:
        raise SourceError(
            f"接口 {contract.dataset} 要求转到别处，不予跟随",
            f"the API of {contract.dataset} redirects; that is not followed",
        )
    kind = answer.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if status != requests.codes.ok or not (kind == "application/json" or kind.endswith("+json")):
        raise _misshapen(contract, f"{status} {kind[:40]}")


def _read(contract: Contract, blocks: Iterable[bytes]) -> bytes:
    deadline = time.monotonic() + LONGEST_ANSWER_SECONDS
    body = bytearray()
    for block in blocks:
        body += block
        if len(body) > MOST_BYTES_A_PAGE or time.monotonic() > deadline:
            raise _misshapen(contract, "> 64 MiB / 300 s")
    return bytes(body)


def _page(contract: Contract, period: str, number: int, body: bytes) -> Page:
    """What an answer says; refused where its form is not the agreed one."""
    try:
        answer = json.loads(
            body, parse_int=str, parse_float=str, parse_constant=str, object_pairs_hook=_without_doubles
        )
    except (ValueError, RecursionError):
        answer = None
    if not isinstance(answer, dict):
        raise _misshapen(contract, f"period={period} page={number}: JSON")
    counts = [_count(answer.get(name)) for name in ("total", "page", "size")]
    total, shown, size = counts
    is_list = isinstance(answer.get("rows"), list)
    if total is None or shown != number or size is None or not is_list or (answer["rows"] and not size):
        raise _misshapen(contract, f"period={period} page={number}: total/page/size/rows")
    if total > MOST_ROWS or size > PAGE_SIZE or len(answer["rows"]) > size:
        raise _misshapen(contract, f"period={period} page={number}: > {MOST_ROWS} rows, > {PAGE_SIZE} a page")
    for place, row in enumerate(answer["rows"], 1):
        if not isinstance(row, dict):
            raise _misshapen(contract, f"period={period} page={number} row={place}")
    return Page(total, size, [{name: _text(value) for name, value in row.items()} for row in answer["rows"]])


def _without_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("one name twice")
    return found


def _count(value: Any) -> int | None:
    is_count = isinstance(value, str) and re.fullmatch("[0-9]{1,12}", value)
    return int(value) if is_count else None


def _text(value: Any) -> str | None:
    if value is None:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return _DAMAGED.sub("\ufffd", text)


def _misshapen(contract: Contract, detail: str) -> SourceError:
    return SourceError(
        f"接口 {contract.dataset} 的回答不合约定：{detail}",
        f"the API of {contract.dataset} does not answer as agreed: {detail}",
    )
