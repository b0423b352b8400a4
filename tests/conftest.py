"""Counts what a full run of the tests really tested, prints it, and fails when it was less than it used to be."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling

from include.settings import DBT_PROJECT
from include.warehouse.dbt import Project
from tests.soak.counts import share

pytest_plugins = ("tests.browser", "tests.mailbox", "tests.soak.page")
FLOORS = {
    "tests": 1300,
    "dbt tests": 170,
    "dbt unit tests": 12,
    "rules": 17,
    "contracts": 35,
    "DAGs": 23,
}

_COUNTS = pytest.StashKey[dict[str, int]]()
_TEXTS = pytest.StashKey[list[str]]()
_RAN, _SHOWN = "ran", "shown"
Say = Callable[[str, object], None]
Ran = Callable[[str, int], None]
Show = Callable[[str], None]


@pytest.fixture(scope="session", autouse=True)
def _project_read_once(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """The project is the same in every home of the tests, so dbt need not read it anew in each."""
    kept, elsewhere = tmp_path_factory.mktemp("parsed") / "parsed.msgpack", Project.parsed.fget
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            Project,
            "parsed",
            property(lambda project: kept if project.folder == DBT_PROJECT else elsewhere(project)),
        )
        yield


@pytest.fixture
def ran(record_property: Say) -> Ran:
    """Say that so many of a kind were run: ``ran("dbt tests", 120)``; the largest number said counts."""
    return lambda kind, number: record_property(_RAN, [kind, number])


@pytest.fixture
def show(record_property: Say) -> Show:
    """Show lines of text below the results of the whole run, whichever process the test runs in."""
    return lambda text: record_property(_SHOWN, text)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Repeat as `make soak` does; a share of 1 is all of it."""
    parser.addoption("--soak", type=float, default=0.0, help="which share of the many repetitions to do")


def pytest_configure(config: pytest.Config) -> None:
    """Begin to count, and say how often the tests that repeat are to repeat."""
    share["done"] = config.getoption("--soak")
    config.stash[_COUNTS] = {}
    config.stash[_TEXTS] = []


class FolderAtATime(LoadScopeScheduling):  # type: ignore[misc]
    """Tests of one folder share its homes, so where several processes run the tests, one takes the whole folder."""

    def _split_scope(self, nodeid: str) -> str:
        return str(Path(nodeid.split("::", 1)[0]).parent)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> FolderAtATime:
    """Hand out folders."""
    return FolderAtATime(config, log)


def pytest_report_teststatus(report: pytest.TestReport, config: pytest.Config) -> None:
    """Count the tests that passed, and gather what tests said."""
    if report.when != "call":
        return
    counts = config.stash[_COUNTS]
    counts["tests"] = counts.get("tests", 0) + report.passed
    for name, said in report.user_properties:
        if name == _RAN:
            kind, number = said
            counts[kind] = max(counts.get(kind, 0), number)
        elif name == _SHOWN:
            config.stash[_TEXTS].append(said)


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """A full run that tested less than the floors is a failed run."""
    if (
        not hasattr(session.config, "workerinput")
        and _is_full(session.config)
        and session.exitstatus == pytest.ExitCode.OK
        and any(_missing(session.config))
    ):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """What tests showed; then one line a kind: how many were run, and how many at least there must be."""
    for text in config.stash[_TEXTS]:
        terminalreporter.write_line("\n" + text)
    if not _is_full(config):
        return
    terminalreporter.section("what was tested")
    counts = config.stash[_COUNTS]
    for kind in FLOORS | counts:
        floor = FLOORS.get(kind)
        note = "" if floor is None else f"   (at least {floor})"
        terminalreporter.write_line(f"{kind:<16}{counts.get(kind, 0):>8}{note}")
    for kind in _missing(config):
        terminalreporter.write_line(f"fewer {kind} than expected", red=True)


def _missing(config: pytest.Config) -> Iterator[str]:
    counts = config.stash[_COUNTS]
    return (kind for kind, floor in FLOORS.items() if counts.get(kind, 0) < floor)


def _is_full(config: pytest.Config) -> bool:
    chosen = config.getoption("keyword") or config.getoption("markexpr") or config.getoption("collectonly")
    return not chosen and not config.getoption("lf", False) and list(config.args) == list(config.getini("testpaths"))
