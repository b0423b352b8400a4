"""The commands: ``python -m include run | pipeline | serve``, and what ``--help`` lists besides.

Exit codes of ``run`` and ``pipeline``: 0 published or nothing new, 3 the gate was red and the old publication stands,
2 the run itself could not finish.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from getpass import getpass
from pathlib import Path
from secrets import token_urlsafe
from types import FrameType
from typing import Any

from rich.console import Console

from include import pipeline, runs, summary
from include.periods import SHANGHAI, Month
from include.pipeline import Outcome
from include.privacy import DoudiError, guarded, mask_logging
from include.progress import StepProgress
from include.settings import Settings

_STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_LOOKS_AGAIN_AFTER = 30.0  # seconds until the desk looks whether something is published by now
_CONSOLE = Console(highlight=False, soft_wrap=True)


class StopRequestedError(DoudiError):
    """Somebody asked this command to end."""


def main(arguments: list[str] | None = None) -> int:
    """Run one command; returns its exit code."""
    os.umask(0o077)
    mask_logging()
    asked = _parser().parse_args(arguments)
    for number in _STOPPING:
        signal.signal(number, _stop)
    os.register_at_fork(after_in_child=_leave_signals_alone)
    try:
        with guarded(asked.command):
            return int(asked.action(_settings(), asked))
    except DoudiError as error:
        _CONSOLE.print(str(error), style="bold red", markup=False)
        return Outcome.FAILED.exit_code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m include", description=__doc__.splitlines()[0])
    commands = parser.add_subparsers(dest="command", required=True)
    for name, action, what in (
        ("run", _run, "the demo district, made if the inbox is empty, through the whole pipeline"),
        ("pipeline", _pipeline, "the pipeline over what lies in the inbox"),
        ("serve", _serve, "Airflow's pages and the desk on this machine, until Ctrl-C"),
        ("desk", _desk, "the desk alone, until Ctrl-C"),
        ("account", _account, "who may sign in at the desk: set or close an account"),
        ("statements", _statements, "a page for each household: who is helped with what, why, and how much"),
        (
            "notify",
            _notify,
            "tell officers what waits for them: one digest a day each, sent to where they can be reached",
        ),
        ("journal", _journal, "verify the chain of what people did, and say its head"),
        ("silence", _decide, "rules that ask nobody for a time; begin such a silence, or lift it"),
        ("release", _decide, "rules held for the district that go to villages all the same for a time; as silence"),
        ("exempt", _decide, "alerts that are true and tolerated for a time; grant such an exemption, or lift it"),
        ("holds", _holds, "deliveries that wait for a person's word; release or refuse one"),
        (
            "bench",
            _bench,
            "what files cost beside plain readers, steps at two scales, every page, a build beside plain SQL, the desk",
        ),
        ("demo", _demo, "write the demo district's deliveries into the inbox"),
        ("what-if", _what_if, "what other policy values would do: who enters, who leaves, what it costs"),
        ("explain", _explain, "what an alert stands on: rule, clause, policy rows, delivered rows"),
        ("backtest", _backtest, "a rule, or a draft of one, over the recorded months"),
        ("metrics", _metrics, "metrics by name over the standing publication; without a name, which there are"),
        ("docs", _docs, "the dbt project as one page: models, columns, SQL, tests, lineage"),
        ("drill", _drill, "what a figure of the month's reports counts, and the deliveries it stands on"),
        ("query", _query, "SQL over the standing publication, read-only"),
        ("identity", _identity, "who may be whom; decide that two numbers are one person, or two after all"),
    ):
        command = commands.add_parser(name, help=what)
        command.set_defaults(action=action)
        if name in _ARGUMENTS:
            _ARGUMENTS[name](command)
    return parser


def _add_in_process(command: argparse.ArgumentParser) -> None:
    command.add_argument("--in-process", action="store_true", help="without Airflow, all in this process")


def _add_desk(command: argparse.ArgumentParser) -> None:
    command.add_argument("--host", default="127.0.0.1")
    command.add_argument("--port", type=int, default=8090)


def _add_values(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--set", action="append", default=[], metavar="PARAMETER[:CATEGORY]=VALUE", dest="values",
        help="such as dibao_standard=800 or extreme_poverty_basic:农村=1.3S (times the standard)",
    )  # fmt: skip


def _add_alert(command: argparse.ArgumentParser) -> None:
    command.add_argument("alert_no", metavar="ALERT", help="the alert's number, as on a worklist")


def _add_rule(command: argparse.ArgumentParser) -> None:
    command.add_argument("rule_id", metavar="RULE", help="the rule, such as E03")
    command.add_argument("--draft", type=Path, metavar="FILE", help="a draft, rule_<id>__<slug>.sql")
    command.add_argument("--compared-with", metavar="RULE", help="whose confirmed alerts recall is of")


def _add_metrics(command: argparse.ArgumentParser) -> None:
    command.add_argument("names", nargs="*", metavar="METRIC")
    command.add_argument("--by", nargs="*", default=[], help="month, town, programme, rule, direction, severity")
    command.add_argument("--from", dest="first", type=Month.parse, metavar="YYYYMM")
    command.add_argument("--to", dest="last", type=Month.parse, metavar="YYYYMM")
    command.add_argument("--csv", action="store_true", help="comma-separated values instead of a table")


def _add_figure(command: argparse.ArgumentParser) -> None:
    command.add_argument("report", metavar="REPORT", help="a sheet of the workbook, or its mart")
    command.add_argument("figure", metavar="FIGURE", help="a column of it")
    command.add_argument("line", nargs="*", metavar="COLUMN=VALUE", help="which lines; all without any")
    command.add_argument("--csv", action="store_true", help="the rows alone, as comma-separated values")


def _add_query(command: argparse.ArgumentParser) -> None:
    command.add_argument("sql", metavar="SQL|FILE", help="a statement, or a file that holds one")
    command.add_argument("--csv", action="store_true", help="comma-separated values instead of a table")


def _add_scales(command: argparse.ArgumentParser) -> None:
    command.add_argument("--scales", default="0.05,0.2", help='positive numbers with commas between; "" for none')
    command.add_argument("--large", action="store_true", help="also take in a file of 2 GB")
    command.add_argument("--spark", action="store_true", help="also let Spark make the tables; needs make spark, Java")


def _add_decisions(command: argparse.ArgumentParser) -> None:
    decisions = command.add_subparsers(dest="decision")
    for name, decision, what in (
        ("release", "released", "let a held delivery stand from now on"),
        ("refuse", "refused", "send a held delivery back; what stands goes on standing"),
    ):
        asked = decisions.add_parser(name, help=what)
        asked.set_defaults(decided=decision)
        asked.add_argument("delivery", help="its identifier, or the first eight characters or more of it")
        asked.add_argument("--by", required=True, help="who decides: a role or a user of this system")
        asked.add_argument("--reason", required=True, help="why; it stays in the ledger")


def _add_silence(command: argparse.ArgumentParser) -> None:
    command.add_argument("--town", default="", metavar="CODE", help="code of the town; without one, everywhere")
    _add_decision(command)


def _add_decision(command: argparse.ArgumentParser) -> None:
    command.add_argument("subject", nargs="?", help="a rule or alert; without one, what was decided is shown")
    command.add_argument("--until", metavar="YYYYMM", help="the last month in which it holds")
    command.add_argument("--lift", action="store_true", help="end it now")
    command.add_argument("--by", help="who decides")
    command.add_argument("--reason", default="", help="why, without a name or number")


def _add_identity_decisions(command: argparse.ArgumentParser) -> None:
    from include.identity.decisions import MERGE, SPLIT

    decisions = command.add_subparsers(dest="decision")
    for kind in (MERGE, SPLIT):
        decision = decisions.add_parser(kind)
        decision.add_argument("--keep", required=True, metavar="P…", help="person key of the number that stays")
        decision.add_argument("--other", required=True, metavar="P…", help="person key of the other number")
        decision.add_argument("--by", required=True, help="who decides")
        decision.add_argument("--reason", required=True, help="what was seen, without a name or number")


def _stop(number: int, frame: FrameType | None) -> None:
    for each in _STOPPING:
        signal.signal(each, signal.SIG_IGN)  # ending is bounded; a second signal must not cut it short
    raise StopRequestedError("已中断", f"interrupted by {signal.Signals(number).name}")


def _leave_signals_alone() -> None:
    """Workers that a step forks end by signals as any process does; only the command itself has a word to say."""
    for each in _STOPPING:
        signal.signal(each, signal.SIG_DFL)


def _settings() -> Settings:
    settings = Settings.from_environment()
    try:
        month = str(Month.parse(settings.as_of)) if settings.as_of else None
        return replace(settings, as_of=month, known_at=_moment(settings.known_at))
    except ValueError as error:
        raise DoudiError(
            "AS_OF 应为 YYYYMM，KNOWN_AT 应为日期或时刻", "AS_OF is YYYYMM, KNOWN_AT a day or moment"
        ) from error


def _moment(text: str | None) -> str | None:
    """A moment as the ledger writes it; a day alone means its end, and no zone means the bureau's."""
    if not text:
        return None
    moment = datetime.fromisoformat(text)
    if len(text) <= len("2021-08-31"):
        moment += timedelta(days=1, microseconds=-1)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=SHANGHAI)
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def _demo(settings: Settings, asked: argparse.Namespace) -> int:
    from include.demo import make_deliveries

    begun = time.monotonic()
    _CONSOLE.print(
        f"生成演示区 making the demo district's deliveries at SCALE={settings.scale:g}, SEED={settings.seed} …"
    )
    make_deliveries(settings.inbox, settings.state / "demo" / "truth", settings.scale, settings.seed)
    _CONSOLE.print(f"{time.monotonic() - begun:7.1f} s  {settings.inbox}")
    return 0


def _identity(settings: Settings, asked: argparse.Namespace) -> int:
    from include.identity.decisions import record
    from include.identity.proposals import show_proposals

    if asked.decision is None:
        return show_proposals(settings, _CONSOLE)
    decision = record(settings, asked.decision, asked.keep, asked.other, asked.by, asked.reason)
    _CONSOLE.print(f"已记录，下次运行生效 recorded, counts from the next run: {decision.decision_id}")
    return 0


def _decide(settings: Settings, asked: argparse.Namespace) -> int:
    from include.cases.commands import decide

    return decide(settings, asked, _CONSOLE)


def _what_if(settings: Settings, asked: argparse.Namespace) -> int:
    from include import what_if
    from include.warehouse.workbench import Workbench

    with Workbench.over_standing(settings) as workbench:
        changes = what_if.parse_changes(workbench, asked.values)
        answer = what_if.answer(workbench, changes)
        labels = what_if.tier_labels(workbench)
    what_if.show(_CONSOLE, answer, labels)
    for path in what_if.write_report(settings, answer, labels):
        _CONSOLE.print(path)
    return 0


def _explain(settings: Settings, asked: argparse.Namespace) -> int:
    from include.alerts import explain

    explain.show(_CONSOLE, explain.explain(settings, asked.alert_no))
    return 0


def _metrics(settings: Settings, asked: argparse.Namespace) -> int:
    from include.analysis import answers
    from include.analysis.metrics import Metrics

    metrics = Metrics(settings)
    if not asked.names:
        answers.show_offered(_CONSOLE, metrics.offered)
        return 0
    answers.show(_CONSOLE, metrics.ask(asked.names, asked.by, asked.first, asked.last), is_csv=asked.csv)
    return 0


def _docs(settings: Settings, asked: argparse.Namespace) -> int:
    from include.dictionary import column_sources, model_pages

    for write in (model_pages.write, column_sources.write):
        _CONSOLE.print(write(settings))
    return 0


def _drill(settings: Settings, asked: argparse.Namespace) -> int:
    from include.reports import drill

    line = dict(drill.column_and_value(text) for text in asked.line)
    drill.show(_CONSOLE, drill.drill(settings, asked.report, asked.figure, line), is_csv=asked.csv)
    return 0


def _query(settings: Settings, asked: argparse.Namespace) -> int:
    from include.analysis import answers, reading

    answers.show(_CONSOLE, reading.ask(settings, asked.sql), is_csv=asked.csv)
    return 0


def _backtest(settings: Settings, asked: argparse.Namespace) -> int:
    from include import backtest

    page, figures = backtest.run(settings, asked.rule_id, asked.draft, asked.compared_with)
    backtest.show(_CONSOLE, figures)
    _CONSOLE.print(page)
    return 0


def _add_head(command: argparse.ArgumentParser) -> None:
    command.add_argument("--head", metavar="HASH", help="as a report says it: finds what was cut off since")


def _add_account(command: argparse.ArgumentParser) -> None:
    command.add_argument("decision", choices=("set", "close"))
    command.add_argument("name")
    command.add_argument("--role", help="village, town, district, lead, auditor or analyst")
    command.add_argument("--region", default="", help="code of the village, town or district, 12 digits")
    command.add_argument("--contact", default="", help="where messages go: mailto://… or json://… as Apprise writes it")
    command.add_argument("--no-password", action="store_true", help="who signs in through a provider")
    command.add_argument("--by", required=True, help="who decides it")


_ARGUMENTS: dict[str, Callable[[argparse.ArgumentParser], None]] = {
    "run": _add_in_process,
    "pipeline": _add_in_process,
    "desk": _add_desk,
    "account": _add_account,
    "silence": _add_silence,
    "journal": _add_head,
    "release": _add_decision,
    "exempt": _add_decision,
    "holds": _add_decisions,
    "what-if": _add_values,
    "explain": _add_alert,
    "backtest": _add_rule,
    "metrics": _add_metrics,
    "drill": _add_figure,
    "query": _add_query,
    "identity": _add_identity_decisions,
    "bench": _add_scales,
}


def _run(settings: Settings, asked: argparse.Namespace) -> int:
    if not _holds_files(settings.inbox) and not _holds_files(settings.landing):
        _demo(settings, asked)
    return _pipeline(settings, asked)


def _holds_files(folder: os.PathLike[str]) -> bool:
    return any(files for _, _, files in os.walk(folder))


def _pipeline(settings: Settings, asked: argparse.Namespace) -> int:
    begun = time.monotonic()
    run_id = runs.new_run_id()
    drive = _in_process if asked.in_process else _through_airflow
    with pipeline.only_one(settings) as lock, StepProgress(_CONSOLE, settings, run_id) as progress:
        outcome = drive(settings, run_id, progress.look, lock)
    shown = summary.collect(settings, run_id, outcome, seconds=time.monotonic() - begun)
    summary.show(_CONSOLE, shown)
    return outcome.exit_code


def _in_process(settings: Settings, run_id: str, look: Callable[[], None], lock: int) -> Outcome:
    outcome = pipeline.run_in_process(settings, run_id, say=lambda step: look())
    look()
    return outcome


def _through_airflow(settings: Settings, run_id: str, look: Callable[[], None], lock: int) -> Outcome:
    from include.airflow_local import LocalAirflow
    from include.airflow_local.sweep import run_sweep

    with LocalAirflow(settings, keep_open=(lock,)) as airflow:
        return run_sweep(airflow, settings, run_id, look)


def _serve(settings: Settings, asked: argparse.Namespace) -> int:
    from include.airflow_local import LocalAirflow

    with pipeline.only_one(settings) as lock:
        try:
            with LocalAirflow(settings, with_triggerer=True, keep_open=(lock,)) as airflow, _open_desk(settings):
                _CONSOLE.print(f"Airflow      {airflow.address}")
                _CONSOLE.print(f"用户 user     {airflow.user}")
                _CONSOLE.print(f"密码 password 见 in {airflow.password_file}")
                _CONSOLE.print("Ctrl-C 结束 ends it")
                while True:
                    airflow.check()
                    time.sleep(1.0)
        except StopRequestedError:
            return 0


def _open_desk(settings: Settings, host: str = "127.0.0.1", port: int = 0) -> AbstractContextManager[Any]:
    """The desk, once there is something to show on it; says where it is and how to sign in."""
    from include.desk.serving import FIRST_ACCOUNT, DeskServer, make_first_account
    from include.warehouse.publication import NoPublicationError

    try:
        password_file = make_first_account(settings)
    except NoPublicationError:
        _CONSOLE.print("工作台 desk  还没有发布过数据，先 make run / nothing is published yet: make run first")
        return nullcontext()
    server = DeskServer(settings, host, port)
    _CONSOLE.print(f"工作台 desk  {server.address}")
    if password_file:
        _CONSOLE.print(f"账号 account  {FIRST_ACCOUNT}，密码见 password in {password_file}")
    return server


def _desk(settings: Settings, asked: argparse.Namespace) -> int:
    try:
        while True:
            with _open_desk(settings, asked.host, asked.port) as server:
                if server is not None:
                    server.wait()
                    return 0
            time.sleep(_LOOKS_AGAIN_AFTER)
    except StopRequestedError:
        return 0


def _account(settings: Settings, asked: argparse.Namespace) -> int:
    from include.desk.accounts import Account, add_account, close_account

    if asked.decision == "close":
        close_account(settings, asked.name, asked.by)
        return 0
    if asked.no_password:
        password = token_urlsafe(32)
    else:
        password = getpass("密码 password: ") if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")
    add_account(settings, Account(asked.name, asked.role or "", asked.region, asked.contact), password, asked.by)
    return 0


def _statements(settings: Settings, asked: argparse.Namespace) -> int:
    from include.statements import writing

    done = writing.write(settings)
    _CONSOLE.print(f"{done['statements']:,} 户 households · {done['notices']} 份公示 notices · {done['folder']}")
    return 0


def _notify(settings: Settings, asked: argparse.Namespace) -> int:
    sent = pipeline.notify(settings)
    _CONSOLE.print(f"已发 sent {sent.sent} · 待重发 waiting {sent.waiting} · 放弃 given up {sent.given_up}")
    return 0


def _journal(settings: Settings, asked: argparse.Namespace) -> int:
    from include.journal.entries import verified

    entries, digest = verified(settings, asked.head)
    _CONSOLE.print(f"记录链完整 the chain is whole：{entries} 条 entries，末条 head {digest}")
    return 0


def _holds(settings: Settings, asked: argparse.Namespace) -> int:
    from include import held

    if asked.decision is None:
        held.show(settings, _CONSOLE)
    else:
        held.settle(settings, _CONSOLE, asked.delivery, asked.decided, asked.by, asked.reason)
    return 0


def _bench(settings: Settings, asked: argparse.Namespace) -> int:
    from include import bench, bench_ingest

    scales = bench.scales_of(asked.scales)
    bench_ingest.run(settings, _CONSOLE, asked.large)
    return bench.run(settings, scales, _CONSOLE, asked.spark) if scales else 0


if __name__ == "__main__":
    sys.exit(main())
