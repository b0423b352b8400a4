"""What a publication changed of months that had been published before, beside the one it follows.

A late or corrected delivery changes months that people have read, paid by and acted on. The two published pairs are
compared as they lie, so the list says what readers saw change, whatever the reason was.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import duckdb

from include.periods import Month
from include.warehouse.recall import EARLIER_IDENTITY, EARLIER_MARTS

ENROLMENT, MEANS, PAYMENT, ALERT = "名册", "家庭经济状况", "发放", "预警"
APPEARED, VANISHED, CHANGED = "新增", "消失", "变更"
FOUND, CLEARED, RECALLED = "新发现", "消除", "撤回"
CORRECTED, LATE, CURRENT = "更正", "迟报", "当期"


@dataclass(frozen=True)
class Compared:
    """A published table, what tells its rows apart, and which of their values are told when they change."""

    kind: str
    table: str
    keys: tuple[str, ...]
    month: str
    values: dict[str, str]


COMPARED = (
    Compared(
        ENROLMENT,
        "core.fct_enrolment_month",
        ("month", "programme", "person_key", "household_key"),
        "month",
        {
            "status": "状态",
            "entitled_amount": "应发金额",
            "recorded_amount": "名册金额",
            "paid_amount": "实发金额",
        },
    ),
    Compared(
        MEANS,
        "core.fct_household_means_month",
        ("month", "household_key"),
        "month",
        {
            "income_per_capita": "人均月收入",
            "standard": "保障标准",
            "assessed_tier": "核定类别",
            "recorded_tier": "名册类别",
            "entitled_amount": "应发金额",
            "recorded_amount": "名册金额",
        },
    ),
    Compared(
        PAYMENT,
        "core.fct_payment",
        ("payment_no",),
        "paid_month",
        {"benefit_month": "所属年月", "amount": "金额", "kind": "类型", "result": "结果"},
    ),
)

_CARRIED = ("programme", "person_key", "household_key")
_ALERTS = f"""
create or replace temp table alert_change as
with paired as (
    select
        now.alert_no, now.programme, now.person_key, now.household_key, now.rule_id,
        now.state, now.first_month, now.last_month, now.severity, now.amount_at_risk,
        earlier.state as earlier_state, earlier.first_month as earlier_first, earlier.last_month as earlier_last,
        earlier.severity as earlier_severity, earlier.amount_at_risk as earlier_amount,
        earlier.alert_no is not null and earlier.state <> 'recalled' as was_there
    from monitoring.fct_alert as now
    left join {EARLIER_MARTS}.monitoring.fct_alert as earlier on earlier.alert_no = now.alert_no
),
told as (
    select *, first_month as month, '{FOUND}' as what, '' as field, null as old_value, null as new_value
    from paired where not was_there and state <> 'recalled' and first_month <= $common
    union all
    select *, last_month, '{RECALLED}', '', null, null from paired where was_there and state = 'recalled'
    union all
    select *, earlier_last, '{CLEARED}', '最近年月', cast(earlier_last as varchar), cast(last_month as varchar)
    from paired where was_there and state <> 'recalled' and last_month < earlier_last
    union all
    select *, last_month, '{CHANGED}', '开始年月', cast(earlier_first as varchar), cast(first_month as varchar)
    from paired where was_there and state <> 'recalled' and last_month >= earlier_last and first_month <> earlier_first
        and earlier_first <= $common and first_month <= $common
    union all
    select *, last_month, '{CHANGED}', '严重程度', earlier_severity, severity
    from paired where was_there and state <> 'recalled' and last_month = earlier_last and severity <> earlier_severity
    union all
    select *, last_month, '{CHANGED}', '涉及金额', cast(earlier_amount as varchar), cast(amount_at_risk as varchar)
    from paired where was_there and state <> 'recalled' and last_month = earlier_last
        and amount_at_risk <> earlier_amount
)
select
    '{ALERT}' as kind, told.month, told.programme, told.person_key, told.household_key, told.rule_id,
    told.alert_no as number, told.what, told.field, told.old_value, told.new_value
from told
"""
_NAMED = f"""
select
    change.kind, change.month, coalesce(change.programme, ''), coalesce(change.rule_id, ''),
    coalesce(rule.title_zh, ''), coalesce(person.name, earlier_person.name, ''),
    coalesce(person.id_no, earlier_person.id_no),
    coalesce(household.head_name, earlier_household.head_name, ''),
    coalesce(household.household_no, earlier_household.household_no, ''),
    change.number, change.what, change.field, change.old_value, change.new_value
from temp.change as change
left join monitoring.dim_rule as rule on rule.rule_id = change.rule_id
left join identity.restricted.person_identity as person on person.person_key = change.person_key
left join {EARLIER_IDENTITY}.restricted.person_identity as earlier_person
    on earlier_person.person_key = change.person_key
left join identity.restricted.household_identity as household on household.household_key = change.household_key
left join {EARLIER_IDENTITY}.restricted.household_identity as earlier_household
    on earlier_household.household_key = change.household_key
order by change.month, change.programme, change.household_key, change.person_key, change.number, change.rule_id,
    change.what, change.field, change.old_value, change.new_value
"""
_RECEIVED = f"""
select
    now.dataset, now.period, coalesce(now.part, ''), cast(now.received_at + interval 8 hour as date),
    now.rows_accepted,
    case
        when exists (
            select 1 from {EARLIER_MARTS}.quality.fct_delivery as before
            where before.dataset = now.dataset and before.period = now.period
                and coalesce(before.part, '') = coalesce(now.part, '') and before.status in ('accepted', 'superseded')
        ) then '{CORRECTED}'
        when now.period <= $common then '{LATE}'
        else '{CURRENT}'
    end
from quality.fct_delivery as now
where now.status in ('accepted', 'superseded')
    and not exists (
        select 1 from {EARLIER_MARTS}.quality.fct_delivery as known
        where known.delivery_id = now.delivery_id and known.status in ('accepted', 'superseded')
    )
order by all
"""


@dataclass(frozen=True)
class Change:
    """One value of one published row, or one whole row, that is no longer as it was."""

    kind: str
    month: date
    programme: str
    rule_id: str
    rule_title: str
    name: str
    id_no: str | None
    head_name: str
    household_no: str
    number: str | None
    what: str
    field: str
    old_value: str | None
    new_value: str | None


@dataclass(frozen=True)
class Received:
    """A delivery that the new publication knows and the one before did not."""

    dataset: str
    period: date
    part: str
    received_on: date
    rows: int
    manner: str


@dataclass(frozen=True)
class Changes:
    """All that changed, and the deliveries that came in between."""

    month: Month
    last_compared: Month
    changes: list[Change]
    received: list[Received]

    def counts(self) -> dict[str, int]:
        """How many changes there are of each kind."""
        kinds = (ENROLMENT, MEANS, PAYMENT, ALERT)
        return {kind: sum(change.kind == kind for change in self.changes) for kind in kinds}


def compare(pair: duckdb.DuckDBPyConnection, month: Month, earlier_month: Month) -> Changes:
    """Compare the pair with the one attached as the earlier, in the months that both of them cover."""
    last = min(month, earlier_month)
    common = f"date '{last.first}'"
    pair.execute(_ALERTS.replace("$common", common))
    pair.execute("create or replace temp table change as from temp.alert_change")
    for compared in COMPARED:
        pair.execute(f"create or replace temp table paired as {_paired(pair, compared).replace('$common', common)}")
        for select in _selects(compared):
            pair.execute(f"insert into temp.change {select}")
    changes = [Change(*row) for row in pair.execute(_NAMED).fetchall()]
    received = [Received(*row) for row in pair.execute(_RECEIVED.replace("$common", common)).fetchall()]
    return Changes(month, last, changes, received)


def _selects(compared: Compared) -> list[str]:
    """One query for rows that came or went, and one for each value that changed."""
    known = "select kind, month, programme, person_key, household_key, null as rule_id, number,"
    whole = (
        f"{known} case when was_there then '{VANISHED}' else '{APPEARED}' end, '', null, null "
        "from temp.paired where was_there <> is_there"
    )
    values = [
        f"{known} '{CHANGED}', '{label}', old_{name}, new_{name} "
        f"from temp.paired where was_there and is_there and old_{name} is distinct from new_{name}"
        for name, label in compared.values.items()
    ]
    return [whole, *values]


def _paired(pair: duckdb.DuckDBPyConnection, compared: Compared) -> str:
    """Each row of either table beside its namesake in the other."""
    shared = {row[0] for row in pair.execute(f"describe {compared.table}").fetchall()}

    def either(column: str) -> str:
        return f"coalesce(now.{column}, earlier.{column})" if column in shared else "cast(null as varchar)"

    joined = " and ".join(f"now.{key} is not distinct from earlier.{key}" for key in compared.keys)
    carried = ", ".join(f"{either(column)} as {column}" for column in _CARRIED)
    number = either("payment_no") if compared.kind == PAYMENT else "cast(null as varchar)"
    values = ", ".join(
        f"cast(earlier.{name} as varchar) as old_{name}, cast(now.{name} as varchar) as new_{name}"
        for name in compared.values
    )
    return (
        f"select '{compared.kind}' as kind, {either(compared.month)} as month, {carried}, "
        f"{number} as number, {values}, "
        "earlier.is_row is not null as was_there, now.is_row is not null as is_there "
        f"from (select *, 1 as is_row from {compared.table} where {compared.month} <= $common) as now "
        f"full join (select *, 1 as is_row from {EARLIER_MARTS}.{compared.table} "
        f"where {compared.month} <= $common) as earlier on {joined}"
    )


def plain(value: Any) -> str:
    """A value as text; a first of month as its month."""
    text = "" if value is None else str(value)
    return text[:7] if len(text) == 10 and text.endswith("-01") and text[4] == "-" else text
