"""Messages go through a table: written once under a name of their own, claimed by one sender, sent, and marked sent.

A sender that dies after claiming leaves the message to the next one, ten minutes later; the receiver sees the same
name again (``Idempotency-Key``, or ``X-Message-Name`` of a mail) and can tell that it is the same message.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from typing import Any
from urllib.parse import quote

from apprise import Apprise, AppriseAsset
from sqlalchemy import Connection, Row, insert, or_, select, update

from include.alerts.flood import Flood
from include.cases.states import LEAD, OFFICE
from include.desk.accounts import Account, open_accounts
from include.desk.board import Board
from include.journal.schema import MESSAGE, engine, writing
from include.notify.chats import use_chats
from include.notify.digest import digest_of
from include.periods import SHANGHAI
from include.settings import Settings

MOST_TRIES = 8
#: Who hears what has gone up as far as it can where nobody of the district may sign in.
DISTRICT_INBOX = Account("区级收件箱", LEAD, "")
_LEASE = timedelta(minutes=10)
_ASSET = AppriseAsset(app_id="Doudi", app_desc="兜底", async_mode=False, plugin_paths=[])
Send = Callable[[str, str, str, str], bool]


@dataclass(frozen=True)
class Sent:
    """How many messages were sent, are to be tried again, and how many of the day nobody will get by any message."""

    sent: int = 0
    waiting: int = 0
    given_up: int = 0


@dataclass(frozen=True)
class Message:
    """One message under the name by which it is sent once; one on paper is handed to no sender."""

    name: str
    address: str
    subject: str
    body: str
    is_on_paper: bool = False


def compose(settings: Settings, today: date) -> int:
    """Write the day's digest for every account, and a page to engineers for each flood, once; returns how many are new.

    What has gone up to a district where nobody may sign in lies in its inbox: the day's list on paper.
    """
    board, accounts = Board(settings), open_accounts(settings)
    digests = [digest_of(board.cases(account), account, today, accounts) for account in accounts]
    if not any(account.role in OFFICE for account in accounts):
        inbox = digest_of(board.cases(DISTRICT_INBOX), DISTRICT_INBOX, today, accounts)
        digests += [inbox] if inbox and inbox.late else []
    messages = [
        Message(
            f"digest-{today:%Y%m%d}-{one.account.name}", one.account.contact, one.subject, one.body,
            is_on_paper=one.account == DISTRICT_INBOX,
        )
        for one in digests
        if one
    ]  # fmt: skip
    if engineers := settings.environment.get("ENGINEERS_CONTACT"):
        messages += [page_of(flood, engineers) for flood in board.floods()]
    return _write(settings, messages)


def page_of(flood: Flood, address: str) -> Message:
    """What engineers are told of a flood: the rule, the source, the month and how many, and of nobody."""
    digest = sha256(flood.name.encode()).hexdigest()[:8]
    return Message(
        f"flood-{flood.month}-{digest}",
        address,
        f"来源激增：{flood.name}",
        f"规则 {flood.rule_id} 在 {flood.month} 新增预警 {len(flood.alert_nos)} 条，来源“{flood.source or '未注明'}”，"
        "超出近几个月的波动范围，已留在区级，没有派给村镇。请检查来源文件；确认无误后由区里放行（include release）。",
    )


def send_waiting(settings: Settings, now: datetime | None = None, send: Send | None = None) -> Sent:
    """Send what waits; a message that could not be sent waits for the next call."""
    moment = now or datetime.now(UTC)
    send = send or deliver
    counts = {"sent": 0, "waiting": 0}
    for name in _claim(settings, moment):
        with engine(settings).connect() as connection:
            row = connection.execute(select(MESSAGE).where(MESSAGE.c.message_id == name)).one()
        if send(name, row.address, row.subject, row.body):
            _mark(settings, name, sent_at=_text(moment))
            counts["sent"] += 1
        else:
            _mark(settings, name, claimed_at=None, tries=row.tries + 1)
            counts["waiting"] += 1
    with engine(settings).connect() as connection:
        left = undelivered(connection, moment.astimezone(SHANGHAI).date())
    return Sent(**counts, given_up=sum(one.tries >= MOST_TRIES for one in left))


def undelivered(connection: Connection, day: date) -> list[Row[Any]]:
    """The day's messages that no sender will take any more, or that have no address."""
    is_left = or_(MESSAGE.c.tries >= MOST_TRIES, MESSAGE.c.address == "")
    asked = select(MESSAGE).where(MESSAGE.c.message_id.startswith(f"digest-{day:%Y%m%d}-"), MESSAGE.c.sent_at.is_(None))
    return list(connection.execute(asked.where(is_left).order_by(MESSAGE.c.message_id)))


def deliver(name: str, address: str, subject: str, body: str) -> bool:
    """Hand one message to mail, an enterprise chat or a webhook; false where it did not take it."""
    header = "X-Message-Name" if address.startswith("mailto") else "Idempotency-Key"
    use_chats()
    channel = Apprise(asset=_ASSET)
    separator = "&" if "?" in address else "?"
    channel.add(f"{address}{separator}+{header}={quote(name)}")
    return bool(channel.notify(title=subject, body=body))


def _write(settings: Settings, messages: Iterable[Message]) -> int:
    rows = [
        {
            "message_id": message.name,
            "address": message.address,
            "subject": message.subject,
            "body": message.body,
            "made_at": _text(datetime.now(UTC)),
            "tries": MOST_TRIES if message.is_on_paper else 0,
        }
        for message in messages
    ]
    with writing(engine(settings)) as connection:
        known = set(connection.execute(select(MESSAGE.c.message_id)).scalars())
        fresh = [row for row in rows if row["message_id"] not in known]
        if fresh:
            connection.execute(insert(MESSAGE), fresh)
        return len(fresh)


def _claim(settings: Settings, moment: datetime) -> list[str]:
    """The messages that are this sender's for now."""
    free = or_(MESSAGE.c.claimed_at.is_(None), MESSAGE.c.claimed_at < _text(moment - _LEASE))
    waiting = (MESSAGE.c.sent_at.is_(None), MESSAGE.c.tries < MOST_TRIES, MESSAGE.c.address != "", free)
    with writing(engine(settings)) as connection:
        names = list(connection.execute(select(MESSAGE.c.message_id).where(*waiting)).scalars())
        if names:
            connection.execute(update(MESSAGE).where(MESSAGE.c.message_id.in_(names)).values(claimed_at=_text(moment)))
        return names


def _mark(settings: Settings, name: str, **values: object) -> None:
    with writing(engine(settings)) as connection:
        connection.execute(update(MESSAGE).where(MESSAGE.c.message_id == name).values(**values))


def _text(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds")
