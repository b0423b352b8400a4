"""An Airflow of one's own: scheduler, DAG processor and API server for as long as a ``with`` block lasts."""

from __future__ import annotations

import json
import select
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Any

from include.airflow_local import environment as configuration
from include.airflow_local.client import AirflowError, Client
from include.settings import Settings, private_folder

__all__ = ["AirflowError", "LocalAirflow"]

_START_SECONDS = 300.0
_DAG_COUNT = 25
_PATIENT = {"decide_holds", "watch_deliveries"}  # they wait for people, and nobody waits for them
_POOLS = {"duckdb_writer": 1}


class LocalAirflow:
    """Starts Airflow on free ports of 127.0.0.1 with its metadata below ``state/airflow``, and ends all of it.

    Airflow's database is only its history. Where the last session ended in the middle of something, the
    history is dropped and begun anew: half-done runs of yesterday must not wake up today.
    """

    def __init__(self, settings: Settings, *, with_triggerer: bool = False, keep_open: tuple[int, ...] = ()) -> None:
        self._settings = settings
        self._folder = configuration.home(settings)
        self._unfinished = self._folder / "unfinished"
        self._port = configuration.free_port()
        self._with_triggerer = with_triggerer
        self._keep_open = keep_open
        self._guardian: subprocess.Popen[bytes] | None = None
        self.address = f"http://127.0.0.1:{self._port}"
        self.user = configuration.USER
        self.password_file = configuration.password_file(settings)
        self.client = Client(self.address, self.user, configuration.password(settings))

    @property
    def logs(self) -> Path:
        """What the components and the tasks wrote."""
        return self._folder / "logs"

    def __enter__(self) -> LocalAirflow:
        if self._unfinished.exists():
            self._drop_history()
        private_folder(self.logs)
        self._unfinished.touch(mode=0o600)
        self._guardian = subprocess.Popen(
            [sys.executable, "-m", "include.airflow_local.guardian"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            bufsize=0,  # what has been said must be seen by select
            env=configuration.environment(self._settings, self._port),
            cwd=self._folder,
            start_new_session=True,
            pass_fds=self._keep_open,
        )
        try:
            self._order()
            self._await(lambda: self.client.healthy("metadatabase", "scheduler", "dag_processor"))
            self._await(lambda: len(self.client.dag_ids()) >= _DAG_COUNT or bool(self.client.import_errors()))
            if broken := self.client.import_errors():
                names = ", ".join(broken)
                raise AirflowError(f"DAG 文件无法读取：{names}", f"DAG files that cannot be read: {names}")
            for name, slots in _POOLS.items():
                self.client.make_pool(name, slots)
        except BaseException:
            self._end()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if (kind is None or issubclass(kind, AirflowError)) and not self._is_working():
                self._unfinished.unlink(missing_ok=True)
        except OSError:
            pass  # it does not even answer: the mark stays, and the next session begins with a new history
        finally:
            self._end()

    def check(self) -> None:
        """Raise when one of Airflow's own processes has ended."""
        for event in self._events():
            if event["event"] == "ended":
                log = self.logs / f"{event['name']}.log"
                raise AirflowError(
                    f"Airflow 进程 {event['name']} 意外结束，见 {log}",
                    f"Airflow's {event['name']} ended unexpectedly; see {log}",
                )

    def at_work(self) -> set[str]:
        """The DAGs with runs that are going on; a question that waits for a person is no work."""
        return {*self.client.runs("running"), *self.client.runs("queued")} - _PATIENT

    def failures(self, since: str) -> set[str]:
        """The DAGs with runs that failed since a moment; nobody waits for the patient ones."""
        return set(self.client.runs("failed", since)) - _PATIENT

    def _is_working(self) -> bool:
        return bool(self.at_work())

    def _order(self) -> None:
        airflow = [sys.executable, "-m", "airflow"]
        components = {
            "api-server": [*airflow, "api-server"],
            "scheduler": [*airflow, "scheduler", "--skip-serve-logs"],
            "dag-processor": [*airflow, "dag-processor"],
        }
        if self._with_triggerer:
            components["triggerer"] = [*airflow, "triggerer", "--skip-serve-logs"]
        migrated = configuration.metadata(self._settings).exists()
        order = {
            "first": [] if migrated else [[*airflow, "db", "migrate"]],
            "then": components,
            "logs": str(self.logs),
        }
        guardian = self._living_guardian()
        assert guardian.stdin
        guardian.stdin.write(json.dumps(order).encode() + b"\n")

    def _await(self, condition: Callable[[], bool]) -> None:
        deadline = time.monotonic() + _START_SECONDS
        while not condition():
            self.check()
            if time.monotonic() > deadline:
                raise AirflowError(
                    f"Airflow 未能启动，见 {self.logs}", f"Airflow did not come up within its time; see {self.logs}"
                )
            time.sleep(0.5)

    def _events(self) -> Iterator[dict[str, Any]]:
        guardian = self._living_guardian()
        assert guardian.stdout
        while select.select([guardian.stdout], [], [], 0)[0]:
            line = guardian.stdout.readline()
            yield json.loads(line) if line else {"event": "ended", "name": "guardian"}
            if not line:
                return

    def _living_guardian(self) -> subprocess.Popen[bytes]:
        if self._guardian is None:
            raise AirflowError("Airflow 没有启动", "Airflow has not been started")
        return self._guardian

    def _end(self) -> None:
        """Let go of the leash and wait; the guardian is bounded, so this is too."""
        guardian = self._living_guardian()
        if guardian.stdin:
            guardian.stdin.close()
        while guardian.poll() is None:
            try:
                guardian.wait(timeout=60)
            except KeyboardInterrupt:
                continue  # a second Ctrl-C changes nothing: ending is under way and bounded
            except subprocess.TimeoutExpired:
                guardian.kill()

    def _drop_history(self) -> None:
        for path in self._folder.glob("metadata-*"):
            path.unlink()
        shutil.rmtree(self.logs, ignore_errors=True)
