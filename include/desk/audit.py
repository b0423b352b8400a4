"""The journal as the desk shows it: newest first, a page at a time, narrowed by what is looked for."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, func, or_, select, true

from include.desk.work import page_asked
from include.journal.entries import Written, read
from include.journal.schema import ENTRY

PAGE = 100
#: The kinds of entries, in Chinese.
KINDS = {
    "alert": "预警办理",
    "reveal": "查看身份信息",
    "export": "导出",
    "silence": "静默",
    "release": "放行",
    "exemption": "豁免",
    "hold": "暂扣报送的决定",
    "identity": "身份合并与拆分",
    "answer_refused": "反馈未采纳",
    "sign_in": "登录",
    "account": "账号",
}


@dataclass(frozen=True)
class AuditFilter:
    """What is looked for: a part of an account's name or an alert's number, a kind of entry, a page."""

    words: str = ""
    kind: str = ""
    page: int = 1

    @classmethod
    def of(cls, asked: dict[str, str]) -> AuditFilter:
        """The filter of a page's query."""
        return cls(
            words=asked.get("words", "").strip()[:80],
            kind=asked.get("kind", ""),
            page=page_asked(asked),
        )


@dataclass(frozen=True)
class Audit:
    """One page of entries, and how many there are in all."""

    entries: list[Written]
    count: int
    pages: int


def audit_of(connection: Connection, asked: AuditFilter) -> Audit:
    """The page of entries that fit; a page beyond the last is the last."""
    fits = _fits(asked)
    count = int(connection.execute(select(func.count()).select_from(ENTRY).where(fits)).scalar_one())
    pages = max(1, -(-count // PAGE))
    newest_first = select(*ENTRY.c).where(fits).order_by(ENTRY.c.sequence.desc())
    shown = newest_first.limit(PAGE).offset((min(asked.page, pages) - 1) * PAGE)
    return Audit(list(read(connection, shown)), count, pages)


def _fits(asked: AuditFilter) -> ColumnElement[bool]:
    is_said = [column.contains(asked.words, autoescape=True) for column in (ENTRY.c.account, ENTRY.c.alert_no)]
    return (or_(*is_said) if asked.words else true()) & (ENTRY.c.kind == asked.kind if asked.kind else true())
