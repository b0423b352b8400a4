"""Which deliveries are due with a month, which of them have not come, and the notice that says so once.

Days are Shanghai's and are handed in by whoever asks: nothing here reads a clock.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from include.contracts import Contract, load_contract, load_contracts
from include.departments import name_of
from include.ingest import landing
from include.periods import SHANGHAI, Month
from include.privacy import guarded
from include.replies import consequences
from include.settings import Settings, private_folder

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True)
class Due:
    """One delivery that is owed: of which dataset, for which months, by which day."""

    contract: Contract
    first_month: Month
    month: Month
    day: date


@dataclass(frozen=True)
class Arrival:
    """How a delivery that is owed stands: whether any of it came, which towns are missing, what came before."""

    has_begun: bool
    missing_parts: tuple[str, ...]
    newest: Month | None

    @property
    def is_complete(self) -> bool:
        """Whether all that is expected has come."""
        return self.has_begun and not self.missing_parts


def all_due(month: Month) -> list[Due]:
    """Every delivery whose period ends with a month, by dataset."""
    found = []
    for contract in load_contracts().values():
        ending = contract.period_ending(month)
        if ending is not None:
            found.append(Due(contract, ending[0], month, ending[1]))
    return found


def due_of(dataset: str, month: Month) -> Due:
    """The delivery of one dataset whose period ends with a month; KeyError when none does."""
    ending = load_contract(dataset).period_ending(month)
    if ending is None:
        raise KeyError(dataset)
    return Due(load_contract(dataset), ending[0], month, ending[1])


def arrival(settings: Settings, due: Due) -> Arrival:
    """Compare the ledger with what is owed; a town is expected that sent its file for the period before."""
    accepted = [
        entry for entry in landing.dataset_ledger(settings, due.contract.dataset) if entry["status"] == "accepted"
    ]
    now = [entry for entry in accepted if due.first_month <= Month.parse(entry["period"]) <= due.month]
    before = [entry for entry in accepted if Month.parse(entry["period"]) < due.first_month]
    return Arrival(
        has_begun=bool(now),
        missing_parts=_missing_parts(now, before) if due.contract.parts else (),
        newest=max((Month.parse(entry["period"]) for entry in [*before, *now]), default=None),
    )


def _missing_parts(now: list[dict[str, Any]], before: list[dict[str, Any]]) -> tuple[str, ...]:
    here = {entry["part_code"] for entry in now}
    newest = max((entry["period"] for entry in before), default="")
    expected = {entry["part_code"]: entry["part"] for entry in before if entry["period"] == newest}
    if "" in here:  # a file of the whole district speaks for every town
        return ()
    return tuple(sorted(part for code, part in expected.items() if code and code not in here))


def month_before(moment: str) -> Month:
    """The month before that in which a moment lies in Shanghai."""
    return Month.of(shanghai_day(moment)).plus(-1)


def shanghai_day(moment: str) -> date:
    """The day in Shanghai of a moment with its zone, such as ``2021-10-31T16:00:00Z``; one without a zone is UTC's."""
    read = datetime.fromisoformat(moment)
    aware = read if read.tzinfo else read.replace(tzinfo=UTC)
    return aware.astimezone(SHANGHAI).date()


@guarded("notices")
def write_notices(settings: Settings, month: Month, day: date) -> list[Path]:
    """Write a notice of every delivery of a month that is past its day and not complete, once each."""
    written = []
    for due in all_due(month):
        path = _path(settings, due)
        if day <= due.day or path.exists():
            continue
        state = arrival(settings, due)
        if not state.is_complete:
            _write_once(path, notice(due, state, day))
            _LOG.warning("迟报 late: %s %s, due %s", due.contract.dataset, due.month, due.day)
            written.append(path)
    return written


def missed_deadline(due_days: int, context: Mapping[str, Any]) -> None:
    """What a deadline alert calls: notices for the month that its DAG run watches, as of the deadline's own day."""
    run = context["dag_run"]
    asked = (run.get("conf") or {}).get("month")
    month = Month.parse(asked) if asked else month_before(str(run["run_after"]))
    _LOG.info("deadline of %s days after %s has passed", due_days, month)
    write_notices(Settings.from_environment(), month, shanghai_day(str(context["deadline"]["deadline_time"])))


def _path(settings: Settings, due: Due) -> Path:
    return settings.outbox / "notices" / str(due.month) / f"{due.contract.dataset.replace('.', '_', 1)}.txt"


def _write_once(path: Path, text: str) -> None:
    private_folder(path.parent)
    temporary = path.with_name(f".{os.getpid()}.{path.name}")
    temporary.write_text(text, encoding="utf-8")
    temporary.chmod(0o600)
    try:
        os.link(temporary, path)  # whoever is first has written it
    except FileExistsError:
        pass
    finally:
        temporary.unlink()


def notice(due: Due, state: Arrival, day: date) -> str:
    """The notice's text."""
    contract = due.contract
    department = name_of(contract.department)
    came = "部分镇街尚未收到：" + "、".join(state.missing_parts) if state.has_begun else "尚未收到"
    newest = f"{state.newest.year}年{state.newest.number}月" if state.newest else "从未报送"
    stem = f"{contract.short_name}_{due.month}" + ("_<镇街>" if contract.parts else "")
    lines = [
        "迟报通知",
        "",
        f"数据：{contract.title_zh}（{contract.dataset}）",
        f"报送单位：{department}",
        f"所属期：{_period_words(due)}",
        f"应报日期：{due.day}",
        f"截至 {day}：迟 {(day - due.day).days} 天，{came}",
        f"最近一期：{newest}",
        "",
        "请这样做：",
        f"1. 联系{department}的数据联络人，问清是否已经导出、何时报送。",
        f"2. 收到后放入 inbox/{contract.department}/{contract.short_name}/，文件名 {stem}.{contract.formats[0]}。",
        "3. 接口或数据库不通的，可先请对方导出文件代替。",
        "",
        *consequences.lines(contract, state.newest, due.month),
    ]
    return "\n".join(lines) + "\n"


def _period_words(due: Due) -> str:
    words = [f"{month.year}年{month.number}月" for month in (due.first_month, due.month)]
    return words[1] if due.first_month == due.month else "至".join(words)


def due_days(contracts: Iterable[Contract]) -> list[int]:
    """The different numbers of days after which something is due, in order."""
    return sorted({contract.due_days for contract in contracts if contract.due_days is not None})
