"""Who may sign in at the desk: local accounts with a role and a region, their passwords as argon2 hashes."""

from __future__ import annotations

import secrets
from collections import defaultdict
from dataclasses import dataclass, field
from time import monotonic

from apprise import Apprise
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from sqlalchemy import delete, func, insert, select, update

from include.cases.states import ANALYST, AUDITOR, DISTRICT, FIELD, LEAD, TOWN, VILLAGE
from include.journal.entries import Entry, append
from include.journal.schema import ACCOUNT, engine, writing
from include.privacy import DoudiError
from include.settings import Settings

ROLE_ZH = {
    VILLAGE: "村居",
    TOWN: "镇街",
    DISTRICT: "区级经办",
    LEAD: "区级负责人",
    AUDITOR: "审计",
    ANALYST: "分析",
}
_REGION_DIGITS = {VILLAGE: 12, TOWN: 9, DISTRICT: 6, LEAD: 6, AUDITOR: 6, ANALYST: 6}
LEAST_PASSWORD = 10
_TRIES, _REST_SECONDS = 5, 300.0
_HASHER = PasswordHasher()
_NOBODY = _HASHER.hash(secrets.token_hex(16))


class AccountError(DoudiError):
    """An account that cannot be as asked."""


@dataclass(frozen=True)
class Account:
    """Somebody who may sign in; ``region_code`` is the village, town or district that they see (12 digits).

    ``contact`` is where messages reach them, as Apprise writes it (``mailto://…``, ``json://…``); empty for nowhere.
    """

    name: str
    role: str
    region_code: str
    contact: str = field(default="", repr=False)

    @property
    def is_in_the_field(self) -> bool:
        """Whether it is a village or a town, which learn nothing of what the district keeps to itself."""
        return self.role in FIELD

    @property
    def sees_names(self) -> bool:
        """Whether it works with people: who checks or counts needs no name."""
        return self.role not in (AUDITOR, ANALYST)

    def sees(self, town_code: str, village_code: str) -> bool:
        """Whether a place lies in the account's region; what lies in no known place is the district's."""
        if self.role == VILLAGE:
            return village_code == self.region_code
        if self.role == TOWN:
            return town_code == self.region_code
        return True


def add_account(settings: Settings, account: Account, password: str, by: str) -> None:
    """Add an account, or give one a new role, region and password.

    Raises:
        AccountError: there is no such role, the region is not one of the role's, or the password is too short.
    """
    if account.role not in ROLE_ZH:
        raise AccountError("没有这种岗位", f"the role is one of {', '.join(ROLE_ZH)}")
    if not account.name.strip() or len(account.name) > 60:
        raise AccountError("账号名称应为1到60个字", "an account's name has 1 to 60 characters")
    region, digits = account.region_code, _REGION_DIGITS[account.role]
    is_region = len(region) == 12 and region.isdigit() and set(region[digits:]) <= {"0"}
    if not is_region or (digits > 6 and set(region[digits - 3 : digits]) == {"0"}):
        raise AccountError("岗位与区划代码不相符", "the region code (12 digits) is not one of the role's")
    if len(password) < LEAST_PASSWORD:
        raise AccountError(f"密码至少{LEAST_PASSWORD}位", f"a password has at least {LEAST_PASSWORD} characters")
    if account.contact and not is_address(account.contact):
        raise AccountError("联系地址无法识别", "the contact is no address that Apprise knows")
    row = {**_cells(account), "password_hash": _HASHER.hash(password), "is_closed": False}
    with writing(engine(settings)) as connection:
        connection.execute(delete(ACCOUNT).where(ACCOUNT.c.name == account.name))
        connection.execute(insert(ACCOUNT), [row])
        append(connection, [_about("account_set", account, by)])


def close_account(settings: Settings, name: str, by: str) -> None:
    """Let an account sign in no more; raises AccountError when there is none of that name."""
    with writing(engine(settings)) as connection:
        found = connection.execute(update(ACCOUNT).where(ACCOUNT.c.name == name).values(is_closed=True))
        if not found.rowcount:
            raise AccountError("没有这个账号", "there is no such account")
        append(connection, [_about("account_closed", Account(name, "", ""), by)])


def find_account(settings: Settings, name: str) -> Account | None:
    """An open account by its name."""
    with engine(settings).connect() as connection:
        row = connection.execute(select(ACCOUNT).where(ACCOUNT.c.name == name, ACCOUNT.c.is_closed.is_(False))).first()
    return Account(row.name, row.role, row.region_code, row.contact) if row else None


def open_accounts(settings: Settings) -> list[Account]:
    """Everybody who may sign in."""
    asked = select(ACCOUNT).where(ACCOUNT.c.is_closed.is_(False)).order_by(ACCOUNT.c.name)
    with engine(settings).connect() as connection:
        return [Account(row.name, row.role, row.region_code, row.contact) for row in connection.execute(asked)]


def count_accounts(settings: Settings) -> int:
    """How many accounts there are, closed ones too."""
    with engine(settings).connect() as connection:
        return int(connection.execute(select(func.count()).select_from(ACCOUNT)).scalar_one())


def is_address(address: str) -> bool:
    """Whether messages could be sent there."""
    return bool(Apprise().add(address))


class SignIn:
    """Checks passwords; after five wrong ones an account rests for five minutes."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._failures: dict[str, list[float]] = defaultdict(list)

    def check(self, name: str, password: str) -> Account | None:
        """The account, or nothing: whether the name or the password was wrong is not told."""
        now = monotonic()
        recent = [moment for moment in self._failures[name] if now - moment < _REST_SECONDS]
        self._failures[name] = recent
        if len(recent) >= _TRIES:
            return None
        account = find_account(self._settings, name)
        if _fits(self._hash(name) if account else _NOBODY, password) and account:
            self._failures.pop(name, None)
            return account
        recent.append(now)
        return None

    def _hash(self, name: str) -> str:
        with engine(self._settings).connect() as connection:
            return str(connection.execute(select(ACCOUNT.c.password_hash).where(ACCOUNT.c.name == name)).scalar_one())


def _fits(password_hash: str, password: str) -> bool:
    try:
        return _HASHER.verify(password_hash, password)
    except (VerifyMismatchError, InvalidHashError):
        return False


def _about(event: str, account: Account, by: str) -> Entry:
    detail = {"account": account.name, "role": account.role, "region": account.region_code}
    return Entry(f"{event}|{secrets.token_hex(12)}", "account", event, by, LEAD, detail=detail)


def _cells(account: Account) -> dict[str, str]:
    return {"name": account.name, "role": account.role, "region_code": account.region_code, "contact": account.contact}
