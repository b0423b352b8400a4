"""Messages go through a table: written once under a name of their own, claimed by one sender, sent, and marked sent.

A sender that dies after claiming leaves the message to the next one, ten minutes later; the receiver sees the same
name again (``Idempotency-Key``, or ``X-Message-Name`` of a mail) and can tell that it is the same message.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from urllib.parse import quote

from apprise import Apprise, AppriseAsset
from sqlalchemy import insert, or_, select, update

from include.alerts.flood import Flood
from include.desk.accounts import reachable_accounts
from include.desk.board import Board
from include.journal.schema import MESSAGE, engine, writing
from include.notify.digest import digest_of
from include.settings import Settings

MOST_TRIES = 8
_LEASE = timedelta(minutes=10)
_ASSET = AppriseAsset(app_id="Doudi", app_desc="兜底", async_mode=False, plugin_paths=[])
Send = Callable[[str, str, str, str], bool]


@dataclass(frozen=True)
class Sent:
    """How many messages were sent, are to be tried again, and are given up after eight tries."""

    sent: int = 0
    waiting: int = 0
    given_up: int = 0


@dataclass(frozen=True)
class Message:
    """One message under the name by which it is sent once."""

    name: str
    address: str
    subject: str
    body: str


def compose(settings: Settings, today: date) -> int:
    """Write the day's digest for every account that can be reached, and a page to engineers for each flood, once.

    Returns how many messages are new.
    """
    board = Board(settings)
    digests = [digest_of(board.cases(account), account, today) for account in reachable_accounts(settings)]
    messages = [
        Message(f"digest-{today:%Y%m%d}-{one.account.name}", one.account.contact, one.subject, one.body)
        for one in digests
        if one
    ]
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
    return Sent(**counts, given_up=_count_given_up(settings))


def deliver(name: str, address: str, subject: str, body: str) -> bool:
    """Hand one message to mail, an enterprise chat or a webhook; false where it did not take it."""
    header = "X-Message-Name" if address.startswith("mailto") else "Idempotency-Key"
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
            "tries": 0,
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
    waiting = (MESSAGE.c.sent_at.is_(None), MESSAGE.c.tries < MOST_TRIES, free)
    with writing(engine(settings)) as connection:
        names = list(connection.execute(select(MESSAGE.c.message_id).where(*waiting)).scalars())
        if names:
            connection.execute(update(MESSAGE).where(MESSAGE.c.message_id.in_(names)).values(claimed_at=_text(moment)))
        return names


def _mark(settings: Settings, name: str, **values: object) -> None:
    with writing(engine(settings)) as connection:
        connection.execute(update(MESSAGE).where(MESSAGE.c.message_id == name).values(**values))


def _count_given_up(settings: Settings) -> int:
    asked = select(MESSAGE.c.message_id).where(MESSAGE.c.sent_at.is_(None), MESSAGE.c.tries >= MOST_TRIES)
    with engine(settings).connect() as connection:
        return len(list(connection.execute(asked)))


def _text(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds")
