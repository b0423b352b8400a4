"""The few calls of Airflow's REST interface that a run needs, and no more."""

from __future__ import annotations

import json
import time
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import quote, urlencode
from urllib.request import ProxyHandler, Request, build_opener

from include.privacy import DoudiError

_OPENER = build_opener(ProxyHandler({}))  # a site's proxy must not see, or break, calls to this very machine
_PASSING = (401, 500, 502, 503)  # answers that may be another one a second later
_BUSY = (URLError, TimeoutError, ConnectionError)


class Client:
    """Signed in on first use; signs in again when the token has run out."""

    def __init__(self, base: str, user: str, password: str) -> None:
        self._base = base
        self._credentials = {"username": user, "password": password}
        self._token: str | None = None

    def healthy(self, *components: str) -> bool:
        """Whether the named components say they are well; False while nobody answers."""
        try:
            report = self._send("GET", "/api/v2/monitor/health", token=None)
        except (HTTPError, *_BUSY):
            return False
        return all((report.get(name) or {}).get("status") == "healthy" for name in components)

    def dag_ids(self) -> set[str]:
        """The DAGs that Airflow has read so far."""
        return {dag["dag_id"] for dag in self._call("GET", "/api/v2/dags", limit=100)["dags"]}

    def import_errors(self) -> list[str]:
        """Files that could not be read as DAGs."""
        errors = self._call("GET", "/api/v2/importErrors", limit=100)["import_errors"]
        return sorted(str(error["filename"]) for error in errors)

    def make_pool(self, name: str, slots: int) -> None:
        """Make sure of a pool with so many slots."""
        pool = {"name": name, "slots": slots, "include_deferred": False}
        try:
            self._call("POST", "/api/v2/pools", body=pool)
        except HTTPError as error:
            if error.code != 409:
                raise

    def trigger(self, dag_id: str, run_id: str, conf: dict[str, Any]) -> None:
        """Start a DAG run under a name of our own; a DAG is listed a moment before it can be started."""
        body = {"dag_run_id": run_id, "logical_date": None, "conf": conf}
        self._call("POST", f"/api/v2/dags/{quote(dag_id)}/dagRuns", body=body, passing=(*_PASSING, 404))

    def runs(self, state: str, since: str | None = None) -> list[str]:
        """DAG ids of the runs in a state, those queued since a moment when one is given."""
        query: dict[str, Any] = {"state": state, "limit": 100}
        if since:
            query["run_after_gte"] = since
        found = self._call("GET", "/api/v2/dags/~/dagRuns", **query)["dag_runs"]
        return [str(run["dag_id"]) for run in found]

    def _call(
        self,
        method: str,
        path: str,
        body: dict[str, Any] | None = None,
        passing: tuple[int, ...] = _PASSING,
        **query: Any,
    ) -> Any:
        address = f"{path}?{urlencode(query)}" if query else path
        for attempt in range(5):
            try:
                return self._send(method, address, body, self._token or self._sign_in())
            except HTTPError as error:
                if error.code not in passing or attempt == 4:
                    raise
                self._token = None
            except _BUSY:
                if attempt == 4:
                    raise
            time.sleep(1.0)
        raise AssertionError("unreachable")

    def _sign_in(self) -> str:
        self._token = str(self._send("POST", "/auth/token", self._credentials, token=None)["access_token"])
        return self._token

    def _send(self, method: str, path: str, body: dict[str, Any] | None = None, token: str | None = None) -> Any:
        request = Request(self._base + path, method=method)  # noqa: S310 - always http on 127.0.0.1
        request.add_header("Accept", "application/json")
        if token:
            request.add_header("Authorization", f"Bearer {token}")
        if body is not None:
            request.add_header("Content-Type", "application/json")
            request.data = json.dumps(body).encode()
        with _OPENER.open(request, timeout=30) as answer:
            text = answer.read()
        return json.loads(text) if text else None


class AirflowError(DoudiError):
    """The embedded Airflow did not do what a run needs."""
