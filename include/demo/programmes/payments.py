"""Payments: what the rosters say, paid in the month itself, and what the planted cases add or change."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from include.demo.moments import EMPTY, WINDOW
from include.demo.programmes.assistance import SINGLE
from include.demo.programmes.children import IN_DIBAO, ORPHAN, OTHER, SEVERE, UNATTENDED
from include.demo.tables import Table, code, digits, ids, join, money, months, names, pick, text, words
from include.demo.vocabulary import INSTITUTIONS
from include.demo.world import World

DIBAO_PAY, EXTREME_PAY, LIVING_PAY, NURSING_PAY, ELDER_PAY, ORPHAN_PAY, UNATTENDED_PAY, CHILD_PAY, TEMPORARY_PAY = (
    range(9)
)
LABELS = (
    "低保金",
    "特困供养金",
    "困难残疾人生活补贴",
    "重度残疾人护理补贴",
    "尊老金",
    "孤儿基本生活费",
    "事实无人抚养儿童生活费",
    "困境儿童生活费",
    "临时救助金",
)
CODES = (
    "dibao",
    "extreme_poverty",
    "disability_living",
    "disability_nursing",
    "elder_allowance",
    "orphan",
    "unattended_child",
    "child_in_difficulty",
    "temporary_assistance",
)
NORMAL, BACK, REVERSED = "正常", "补发", "扣回"
KINDS = (NORMAL, BACK, REVERSED)
_CHILD_PAY = {ORPHAN: ORPHAN_PAY, UNATTENDED: UNATTENDED_PAY, SEVERE: CHILD_PAY, IN_DIBAO: CHILD_PAY, OTHER: CHILD_PAY}


_BANK = "62284804"


def account_number(owner: int) -> str:
    """The number of the account of one person."""
    return f"{_BANK}{owner:09d}{owner % 10}"


@dataclass
class Payments:
    """The rows of one month's file; ``institution`` is EMPTY unless an institution's account was paid."""

    programme: np.ndarray
    household: np.ndarray
    person: np.ndarray
    town: np.ndarray
    benefit: np.ndarray
    amount: np.ndarray
    kind: np.ndarray
    success: np.ndarray
    account: np.ndarray
    institution: np.ndarray


def _block(
    programme: np.ndarray | int,
    person: np.ndarray,
    town: np.ndarray,
    amount: np.ndarray,
    benefit: int,
    **other: np.ndarray,
) -> Payments:
    rows = len(person)
    return Payments(
        programme=np.broadcast_to(np.asarray(programme), rows).astype("int64"),
        household=other.get("household", np.full(rows, -1)),
        person=np.asarray(person, dtype="int64"),
        town=town.astype("int64"),
        benefit=np.full(rows, benefit),
        amount=np.asarray(amount, dtype="int64"),
        kind=np.zeros(rows, dtype="int64"),
        success=np.ones(rows, dtype=bool),
        account=other.get("account", np.asarray(person, dtype="int64")),
        institution=other.get("institution", np.full(rows, EMPTY)),
    )


def regular(world: World, index: int) -> Payments:
    """One normal payment for every row that holds, before anything goes wrong."""
    at, people, help_ = WINDOW[index], world.people, world.assistance
    rows = np.flatnonzero(help_.held(index) & (help_.programme <= SINGLE) & (help_.amount[:, index] > 0))
    head = help_.member[help_.head[rows, index]]
    blocks = [
        _block(
            DIBAO_PAY,
            head,
            world.geography.village_town[help_.village[rows]],
            help_.amount[rows, index],
            at,
            household=rows,
        )
    ]
    for programme, roster in (
        (EXTREME_PAY, world.extreme),
        (LIVING_PAY, world.living),
        (NURSING_PAY, world.nursing),
        (ELDER_PAY, world.elders),
    ):
        held = np.flatnonzero(roster.held(index))
        person = roster.person[held]
        institution = np.full(len(held), EMPTY)
        if programme == EXTREME_PAY:
            institution = np.where(roster.facts["in_institution"][held], roster.facts["institution"][held], EMPTY)
        blocks.append(
            _block(programme, person, people.town[person], roster.amount[held, index], at, institution=institution)
        )
    children = world.children
    held = np.flatnonzero(children.held(index) & (children.amount[:, index] > 0))
    person = children.person[held]
    pay = np.array([_CHILD_PAY[kind] for kind in range(5)])[children.facts["kind"][held]]
    guardian = children.facts["guardian"][held]
    institution = np.where(children.facts["in_institution"][held], held % len(INSTITUTIONS), EMPTY)
    blocks.append(
        _block(
            pay,
            person,
            people.town[person],
            children.amount[held, index],
            at,
            account=np.where(guardian >= 0, guardian, person),
            institution=institution,
        )
    )
    return joined(blocks)


def joined(blocks: list[Payments]) -> Payments:
    """Several blocks as one."""
    return Payments(
        **{name: np.concatenate([getattr(block, name) for block in blocks]) for name in Payments.__dataclass_fields__}
    )


def of_month(world: World, index: int) -> Payments:
    """The file's rows: the regular ones with planted changes, returned and repeated transfers, one-off help."""
    rows = regular(world, index)
    _apply_changes(world, rows, index)
    blocks = [rows, _temporary(world, index)]
    returned = _returned(world, rows)
    rows.success[returned] = index == len(WINDOW) - 1
    if index:
        earlier = regular(world, index - 1)
        _apply_changes(world, earlier, index - 1)
        back = _returned(world, earlier)
        again = Payments(**{name: getattr(earlier, name)[back].copy() for name in Payments.__dataclass_fields__})
        again.kind[:] = KINDS.index(BACK)
        blocks.append(again)
    planted = [row for row in world.extra.get("payment", []) if row["file"] == index]
    blocks.extend(_planted(world, row) for row in planted)
    result = joined(blocks)
    for row in world.extra.get("account", []):
        if row["file"] == index:
            result.account[(result.programme == row["programme"]) & (result.person == row["person"])] = row["owner"]
    missing = [row for row in world.extra.get("unpaid", []) if row["file"] == index]
    keep = np.ones(len(result.person), dtype=bool)
    for row in missing:
        keep &= ~((result.programme == row["programme"]) & (result.person == row["person"]) & (result.kind == 0))
    return Payments(**{name: getattr(result, name)[keep] for name in Payments.__dataclass_fields__})


def _returned(world: World, rows: Payments) -> np.ndarray:
    """Transfers that came back from the bank; the next month pays them again."""
    alive = (world.people.died_on[rows.person] == EMPTY) & (world.people.moved_on[rows.person] == EMPTY)
    return np.flatnonzero(alive & ~world.reserved[rows.person] & ((rows.person * 31 + rows.benefit * 17) % 997 == 3))


def _apply_changes(world: World, rows: Payments, index: int) -> None:
    for change in world.extra.get("payment_change", []):
        if change["file"] != index:
            continue
        hit = (rows.programme == change["programme"]) & (rows.person == change["person"])
        rows.success[hit] = False


def _planted(world: World, row: dict[str, Any]) -> Payments:
    person = np.array([row["person"]])
    block = _block(
        int(row["programme"]),
        person,
        np.array([row["town"]]),
        np.array([row["amount"]]),
        int(row["benefit"]),
        household=np.array([row.get("household", -1)]),
    )
    block.kind[:] = KINDS.index(str(row["kind"]))
    block.success[:] = bool(row.get("success", True))
    return block


def _temporary(world: World, index: int) -> Payments:
    people, random = world.people, world.streams.of("temporary", index)
    pool = np.flatnonzero(
        people.is_registered
        & (people.died_on == EMPTY)
        & (people.moved_on == EMPTY)
        & ~world.reserved
        & (people.birth < 12_000)
    )
    person = np.sort(random.choice(pool, max(2, round(120 * world.scale)), replace=False))
    return _block(
        TEMPORARY_PAY, person, people.town[person], random.integers(8, 60, len(person)) * 10_000, WINDOW[index]
    )


def payment_table(world: World, index: int) -> Table:
    """救助和补贴资金发放明细 of one month."""
    rows = of_month(world, index)
    order = np.lexsort((rows.person, rows.benefit, rows.town, rows.programme))
    rows = Payments(**{name: getattr(rows, name)[order] for name in Payments.__dataclass_fields__})
    at, count = WINDOW[index], len(rows.person)
    period = f"{at // 12}{at % 12 + 1:02d}"
    people, help_ = world.people, world.assistance
    numbers = np.append(help_.number, "")[np.where(rows.household >= 0, rows.household, len(help_))]
    housed = rows.institution != EMPTY
    payer = np.where(housed, -1, rows.account)
    account_name = np.where(
        housed,
        np.array(INSTITUTIONS, dtype=object)[np.where(housed, rows.institution, 0)],
        np.array(people.name.take(pa.array(rows.account)).to_pylist(), dtype=object),
    )
    account = np.where(housed, 990_000_000 + rows.institution, np.maximum(payer, 0))
    numbers_of_accounts = join(_BANK, digits(account, 9), pick("0123456789", account % 10))
    return Table(
        [
            text("发放流水号", join(period, digits(rows.programme + 1, 2), digits(np.arange(count) + 1, 7))),
            text("发放批次", join(period, "-", digits(rows.programme + 1, 2))),
            code("发放项目", rows.programme, LABELS),
            text("家庭编号", np.where(numbers == "", "", numbers)),
            names("姓名", people, rows.person),
            ids("身份证号", people, rows.person),
            code("镇街", rows.town, world.geography.town_name, "town"),
            months("所属年月", rows.benefit),
            months("发放年月", np.full(count, at)),
            money("金额", rows.amount),
            code("发放类型", rows.kind, KINDS),
            text("开户名", account_name),
            text("账号", numbers_of_accounts),
            words("发放结果", np.where(rows.success, "成功", "退汇")),
        ],
        rows.person,
        marks={
            "benefit": rows.benefit,
            "programme": rows.programme,
            "town": rows.town,
            "kind": rows.kind,
            "household": rows.household,
        },
    )
