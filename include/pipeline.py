"""The steps of one run, in order, each one call; DAG tasks and the in-process runner call the same six.

    pull and take_in (a department) → build → check → publish → deliver

Heavy libraries are imported inside the steps: a scheduler that only reads DAG files never loads them.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from enum import StrEnum
from fcntl import LOCK_EX, LOCK_NB, flock
from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar, cast

from include import runs
from include.periods import SHANGHAI
from include.privacy import DoudiError, guarded
from include.settings import Settings, private_folder

if TYPE_CHECKING:
    from include.notify.sending import Sent
    from include.sources.connections import SourceConnection

DEPARTMENTS = (
    "civil_affairs",
    "disabled_federation",
    "education",
    "emergency",
    "finance",
    "health",
    "hotline",
    "housing_fund",
    "human_resources",
    "justice",
    "market_regulation",
    "medical_insurance",
    "natural_resources",
    "public_security",
    "rural_affairs",
    "taxation",
    "verification_centre",
)

Say = Callable[[str], None]


class Outcome(StrEnum):
    """How a run ended."""

    PUBLISHED = "published"
    NOTHING_NEW = "nothing_new"
    RED = "red"
    FAILED = "failed"

    @property
    def exit_code(self) -> int:
        """0 published or nothing new, 3 the gate was red, 2 the run could not finish."""
        return {Outcome.RED: 3, Outcome.FAILED: 2}.get(self, 0)


Step = TypeVar("Step", bound=Callable[..., Any])


def _step(name: str) -> Callable[[Step], Step]:
    """Run a step under the privacy guard, and leave the reason of a failure among the run's records."""

    def decorate(function: Step) -> Step:
        @wraps(function)
        def wrapped(settings: Settings, run_id: str, *more: Any) -> Any:
            try:
                with guarded(name):
                    return function(settings, run_id, *more)
            except DoudiError as error:
                runs.write(settings, run_id, "error", {"step": name, "message": str(error)})
                raise

        return cast(Step, wrapped)

    return decorate


@_step("pull")
def pull(settings: Settings, run_id: str, department: str, connection: SourceConnection | None) -> bool:
    """Pull what a department's database or API has that is new; False while something is not ready there yet.

    What was pulled waits for ``take_in``. A source that does not answer as agreed ends this step, after all others
    of the department were pulled, and touches no other step.
    """
    if connection is None:
        return True
    from include.sources.departments import pull_department
    from include.sources.errors import SourceError

    pulled = pull_department(settings, connection)
    runs.write(settings, run_id, f"pull_{department}", pulled.as_record())
    if pulled.problems:
        raise SourceError("；".join(pulled.problems), f"{len(pulled.problems)} sources of {department} failed")
    return not pulled.not_ready


@_step("take_in")
def take_in(settings: Settings, run_id: str, department: str) -> int:
    """Take in what a department dropped and answer what was wrong with it; returns how many files there were."""
    from include import ingest
    from include.replies import senders

    intake = ingest.take_in(settings, department, run_id)
    senders.write_missing(settings, department)
    return len(intake.deliveries)


@_step("build")
def build(settings: Settings, run_id: str) -> bool:
    """Build a new warehouse file; False when nothing has come in since the last publication."""
    from include.cases.answers_back import take_answers
    from include.warehouse.build import build as build_warehouse

    if not settings.known_at:
        runs.write(settings, run_id, "answers", take_answers(settings))
    return bool(build_warehouse(settings, run_id).status != Outcome.NOTHING_NEW)


@_step("check")
def check(settings: Settings, run_id: str) -> bool:
    """Run the gate on the fresh build; False means red: nothing may be published."""
    from expectations import gate

    return bool(gate.run(settings, run_id)["verdict"] == "green")


@_step("publish")
def publish(settings: Settings, run_id: str) -> None:
    """Write the pair of one version and move the links to it."""
    from include.warehouse.publish import publish as publish_version

    publish_version(settings, run_id)


@_step("deliver")
def deliver(settings: Settings, run_id: str) -> None:
    """Lay the publication out: what it changed, people to tell apart, scorecards, the rule book,
    the data dictionary, reports, public figures, worklists and the month's reports.
    """
    from include import dictionary, public_figures, rule_book
    from include.alerts import change_lists, worklists
    from include.identity import proposals
    from include.replies import scorecard_files
    from include.reports import annual, monthly

    change_lists.write(settings, run_id)
    if not runs.is_replay(settings, run_id):
        proposals.write_proposals(settings)
    scorecard_files.write(settings, run_id)
    rule_book.write(settings, run_id)
    dictionary.write(settings, run_id)
    annual.write(settings, run_id)
    public_figures.write(settings, run_id)
    worklists.write(settings, run_id)
    monthly.write(settings, run_id)  # after the lists: it says how far the journal goes; its record ends the run


@guarded("notify")
def notify(settings: Settings, now: datetime | None = None) -> Sent:
    """Write the day's digests, send what waits, and put on paper what cannot be sent; nothing on a day of rest."""
    from include.notify.digest import is_working_day
    from include.notify.paper import write_paper
    from include.notify.sending import Sent, compose, send_waiting

    moment = now or datetime.now(SHANGHAI)
    today = moment.astimezone(SHANGHAI).date()
    if not is_working_day(today):
        return Sent()
    compose(settings, today)
    sent = send_waiting(settings, moment)
    write_paper(settings, today)
    return sent


def open_holds(settings: Settings) -> list[str]:
    """The held deliveries on which nobody has decided yet."""
    from include.ingest import decisions

    return [entry["delivery_id"] for entry in decisions.open_holds(settings)]


def hold_question(settings: Settings, delivery_id: str) -> dict[str, str]:
    """What a person is asked about a held delivery: ``subject`` and ``body``."""
    from include.ingest import decisions, hold_questions

    asked = hold_questions.question(settings, decisions.find(settings, delivery_id))
    return {"subject": asked.subject, "body": asked.body}


@guarded("statements")
def write_statements(settings: Settings) -> int:
    """Write a page for each household of the standing publication, and the villages' notices; says how many pages."""
    from include.statements import writing

    return int(writing.write(settings)["statements"])


@guarded("backtest")
def backtest(settings: Settings, rule_id: str, draft: str | None, compared_with: str | None) -> None:
    """Write the page of a rule's backtest; ``draft`` is the name of a file in ``state/drafts/``."""
    from include import backtest as backtests

    path = settings.state / "drafts" / draft if draft else None
    backtests.run(settings, rule_id, path, compared_with)


def decide_hold(settings: Settings, delivery_id: str, is_released: bool, by: str) -> bool:
    """Write down how a person answered; False when somebody has decided already."""
    from include.ingest import decisions

    if decisions.find(settings, delivery_id)["status"] != "held":
        return False
    decision = decisions.RELEASED if is_released else decisions.REFUSED
    decisions.decide(settings, delivery_id, decision, by, "在 Airflow 中答复 / answered in Airflow")
    return True


def missing_departments(settings: Settings, run_id: str) -> list[str]:
    """Departments that neither this run nor a later one has visited; the build waits for them."""
    begun = runs.all_runs(settings)
    recent = begun[begun.index(run_id) :]
    return [name for name in DEPARTMENTS if not any(runs.done(settings, each, f"ingest_{name}") for each in recent)]


def run_in_process(settings: Settings, run_id: str, say: Say = lambda step: None) -> Outcome:
    """The whole pipeline in this process, without Airflow; ``say`` hears each step's name as it begins."""
    runs.begin(settings, run_id)
    for department in DEPARTMENTS:
        say(f"ingest_{department}")
        _pull_in_process(settings, run_id, department)
        take_in(settings, run_id, department)
    say("build")
    if not build(settings, run_id):
        say("deliver")
        deliver(settings, run_id)
        return Outcome.NOTHING_NEW
    say("gate")
    if not check(settings, run_id):
        return Outcome.RED
    say("publish")
    publish(settings, run_id)
    say("deliver")
    deliver(settings, run_id)
    return Outcome.PUBLISHED


def _pull_in_process(settings: Settings, run_id: str, department: str) -> None:
    """Pull a department once by the environment's connection; a source in trouble blocks nobody."""
    from include.sources.connections import parse
    from include.sources.errors import SourceError

    try:
        text = settings.connections.get(department)
        pull(settings, run_id, department, parse(department, text) if text else None)
    except SourceError as error:
        logging.getLogger(__name__).warning("%s", error)


def outcome_of(settings: Settings, run_id: str) -> Outcome | None:
    """How a run stands by the records it left; None while the last of them is still to come."""
    if _verdict(settings, run_id) == "red":
        return Outcome.RED
    if not runs.done(settings, run_id, "reports"):
        return None
    built = runs.read(settings, run_id, "build")
    return Outcome.NOTHING_NEW if built["status"] == Outcome.NOTHING_NEW else Outcome.PUBLISHED


def _verdict(settings: Settings, run_id: str) -> Any:
    return runs.read(settings, run_id, "gate")["verdict"] if runs.done(settings, run_id, "gate") else None


@contextmanager
def only_one(settings: Settings) -> Iterator[int]:
    """Hold the home's one run; yields the lock's file descriptor, refuses at once when another holds it."""
    path = private_folder(settings.state) / "run.lock"
    with path.open("a", encoding="ascii") as stream:
        try:
            flock(stream, LOCK_EX | LOCK_NB)
        except BlockingIOError:
            raise DoudiError(
                "另一次运行正在进行，请等它结束", "another run is going on in this WAREHOUSE_HOME; wait for it to end"
            ) from None
        yield stream.fileno()
