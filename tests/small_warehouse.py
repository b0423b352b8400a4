"""A warehouse of a handful of people, with the columns that the interface fixes, for tests of what reads warehouses."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

from include import runs
from include.alerts import worklists
from include.settings import Settings
from include.warehouse.engine import attach_warehouse, connect
from include.warehouse.publish import publish

DISTRICT, TOWN, OTHER_TOWN = "320614000000", "320614416000", "320614107000"
VILLAGE, NEIGHBOUR, OTHER_VILLAGE = "320614416201", "320614416202", "320614107201"
VERSION = "20211105T080000Z-0001"
RUN_ID = "20211105T080000Z-aaaa"

#: Values that must never be seen outside the restricted file.
IDENTITY_NUMBERS = ("320625193804120410", "320684199506011238", "11010519491231002X", "320625194211230624")
CERTIFICATE = "32062519421123062442"
PLATE = "苏F·88A21"
ACCOUNT = "6228480402564890018"
NAMES = ("殷素素", "张翠山", "=cmd|'/c calc'!A1", "欧阳锋")
HOUSEHOLD_NUMBER = "HM-DB-000017"

_TABLES = f"""
create schema wh.core; create schema wh.monitoring; create schema wh.reporting; create schema wh.quality;
create schema wh.restricted; create schema wh.intermediate; create schema wh.staging;
create table wh.intermediate.int_months as
    select cast(month as date) as month from (values ('2021-09-01'), ('2021-10-01')) as months(month);
create table wh.core.dim_region as select * from (values
    ('{DISTRICT}', '海门区', 'district', null), ('{TOWN}', '三星镇', 'town', '{DISTRICT}'),
    ('{OTHER_TOWN}', '正余镇', 'town', '{DISTRICT}'), ('{VILLAGE}', '叠石桥村', 'village', '{TOWN}'),
    ('{NEIGHBOUR}', '汇南村', 'village', '{TOWN}'), ('{OTHER_VILLAGE}', '新桥村', 'village', '{OTHER_TOWN}')
    ) as region(region_code, name, level, parent_code);
create table wh.core.dim_person as select * from (values
    ('P1', '女', 1938, '死亡注销', '{TOWN}', '{VILLAGE}', date '2021-08-01', ['civil_affairs.cremation'], 'ok'),
    ('P2', '男', 1995, '正常', '{TOWN}', '{VILLAGE}', null, []::varchar[], 'ok'),
    ('P3', '男', 1949, '正常', '{TOWN}', '{NEIGHBOUR}', null, []::varchar[], 'ok'),
    ('P4', '女', 1942, '正常', '{OTHER_TOWN}', '{OTHER_VILLAGE}', null, []::varchar[], 'ok')
    ) as person(person_key, sex, birth_year, register_status, town_code, village_code, died_month, death_sources,
    id_status);
create table wh.core.dim_household as select * from (values
    ('H1', 'dibao', '{TOWN}', '{VILLAGE}', date '2021-09-01', null::date)
    ) as household(household_key, programme, town_code, village_code, valid_from, valid_to);
create table wh.core.dim_parameter as select * from (values
    ('dibao_standard', '', date '2020-07-01', null::date, 750::decimal(18, 4), 'yuan', '通政办', 'S')
    ) as parameter(parameter, category, valid_from, valid_to, value, unit, source, grade);
create table wh.core.fct_enrolment_month as select 'P' || person as person_key,
    case when person < 3 then 'H1' end as household_key, case when person < 3 then 'dibao' else 'elder_allowance' end
    as programme, month, '在享' as status, 500::decimal(18, 2) as entitled_amount, 500::decimal(18, 2) as
    recorded_amount, 500::decimal(18, 2) as paid_amount
    from range(1, 5) as people(person) cross join wh.intermediate.int_months;
create table wh.core.fct_household_means_month as select 'H1' as household_key, month, 310::decimal(18, 2) as
    income_per_capita, 750::decimal(18, 2) as standard, 'dibao' as assessed_tier, 'dibao' as recorded_tier,
    440::decimal(18, 2) as entitled_amount, 500::decimal(18, 2) as recorded_amount from wh.intermediate.int_months;
create table wh.core.fct_payment as select 'N' || person || extract(month from month) as payment_no, person_key,
    household_key, programme, month as benefit_month, month as paid_month, paid_amount as amount, '正常' as kind,
    '成功' as result from (select *, substr(person_key, 2) as person from wh.core.fct_enrolment_month);
create table wh.monitoring.dim_rule as select * from (
    select 'E01' as rule_id, '死亡仍在享' as title_zh, 'Still enrolled after death' as title_en, 'exit' as direction,
    'critical' as severity, '社会救助科' as owner, 3 as sla_first_days, 5 as sla_final_days, '第十三条' as legal_basis,
    '火化、死亡证明或户籍注销显示此人已经去世，名册上仍是在享。' as explanation_zh, '' as clears_zh,
    '单人户终止；多人户减员重算' as proposed_action, 'village' as verifier, false as is_district_only,
    true as is_implemented
    union all select 'E14', '在押或强制戒毒', 'In custody', 'exit', 'critical', '社会救助科', 3, 10, '第十三条',
    '名单显示此人整月处于依法限制人身自由的状态。', '', '待区里确认状态', 'district', true, true
    union all select 'C05', '满八十岁未享受尊老金', 'No elder allowance at eighty', 'cover', 'medium', '养老科', 5, 15,
    '尊老金办法', '年满八十周岁，名册上没有尊老金。', '', '上门告知并办理', 'village', false, true
    union all select 'Z' || lpad(cast(number as varchar), 2, '0'), '规则', 'Rule', 'exit', 'low', '科', 3, 5, '条',
    '', '', '', 'village', false, false from range(57) as numbers(number)) as rules;
create table wh.monitoring.fct_rule_evaluation as select rule_id, month, 'evaluated' as status, null::varchar as
    reason, 4 as population, 1 as findings from wh.monitoring.dim_rule cross join wh.intermediate.int_months
    where is_implemented;
create table wh.monitoring.fct_alert as select * from (values
    ('E01-0123456789ABCDEF0123', 'E01', 'exit', 'person', 'dibao', 'P1', 'H1', 'critical', 'open',
     date '2021-09-01', date '2021-10-01', date '2021-10-05', date '2021-10-14', '{TOWN}', '{VILLAGE}', 500, 'M1',
     '{{"去世月份": "2021-08", "来源": ["殡仪馆火化登记"], "去世后已发金额": "500.00"}}', '单人户终止；多人户减员重算'),
    ('E14-0123456789ABCDEF0124', 'E14', 'exit', 'person', 'dibao', 'P2', 'H1', 'critical', 'open',
     date '2021-10-01', date '2021-10-01', date '2021-10-05', date '2021-10-20', '{TOWN}', '{VILLAGE}', 500, 'M1',
     '{{"状态": "请与区里核实"}}', '待区里确认状态'),
    ('C05-0123456789ABCDEF0125', 'C05', 'cover', 'person', 'elder_allowance', 'P3', null, 'medium', 'open',
     date '2021-10-01', date '2021-10-01', date '2021-10-05', date '2021-10-27', '{TOWN}', '{NEIGHBOUR}', 0, 'M1',
     '{{"满八十岁月份": "2021-09"}}', '上门告知并办理'),
    ('C05-0123456789ABCDEF0126', 'C05', 'cover', 'person', 'elder_allowance', 'P4', null, 'medium', 'cleared',
     date '2021-09-01', date '2021-09-01', date '2021-10-05', date '2021-10-27', '{OTHER_TOWN}', '{OTHER_VILLAGE}', 0,
     'M1', '{{"满八十岁月份": "2021-08"}}', '上门告知并办理')
    ) as alert(alert_no, rule_id, direction, subject_type, programme, person_key, household_key, severity, state,
    first_month, last_month, detected_on, due_on, town_code, village_code, amount_at_risk, match_grade, evidence,
    proposed_action);
alter table wh.monitoring.fct_alert add column event_key varchar;
update wh.monitoring.fct_alert set event_key = sha256(alert_no);
alter table wh.monitoring.fct_alert add column episode_count integer;
update wh.monitoring.fct_alert set episode_count = 1;
alter table wh.monitoring.fct_alert add column quiet_reason varchar;
alter table wh.monitoring.fct_alert add column case_state varchar;
alter table wh.monitoring.fct_alert add column spoken_for_by varchar;
alter table wh.monitoring.fct_alert add column repeats varchar;
create table wh.monitoring.fct_rule_standing as select rule_id, 0::bigint as answers, 0::bigint as answers_true,
    null::decimal(9, 6) as precision, null::decimal(9, 6) as precision_low, null::decimal(9, 6) as precision_high,
    0.3::decimal(3, 2) as precision_floor, null::date as released_until, false as is_in_doubt
    from wh.monitoring.dim_rule;
create table wh.monitoring.fct_sample_visit as select 'V00-0123456789ABCDEF0127' as visit_no, date '2021-10-01' as
    month, 'H2' as household_key, '{OTHER_TOWN}' as town_code, '{OTHER_VILLAGE}' as village_code,
    null::varchar as finding, null::date as verified_on where false;
create table wh.monitoring.fct_alert_event as select alert_no, 'raised' as event, timestamp '2021-10-05 08:00:00' as at,
    'system' as by_role, '{{}}' as detail from wh.monitoring.fct_alert;
create table wh.monitoring.mart_low_income_monitoring as select household_key, month, '{TOWN}' as town_code,
    '{VILLAGE}' as village_code, 100 as risk_score, 2 as member_count, 2 as flag_count,
    programme as recorded_tier, 'E01 40；E14 60' as risk_parts from wh.core.fct_enrolment_month
    where household_key is not null group by all;
create table wh.monitoring.mart_disability_subsidy_monitoring as select person_key, month, '{TOWN}' as town_code,
    '{VILLAGE}' as village_code, 3 as risk_score from wh.core.fct_enrolment_month where false;
create table wh.monitoring.mart_elder_allowance_monitoring as select person_key, month, '{TOWN}' as town_code,
    '{VILLAGE}' as village_code, 3 as risk_score from wh.core.fct_enrolment_month where programme = 'elder_allowance';
create table wh.monitoring.mart_child_monitoring as from wh.monitoring.mart_disability_subsidy_monitoring;
create table wh.monitoring.mart_uncovered_monitoring as from wh.monitoring.mart_disability_subsidy_monitoring;
create table wh.reporting.rpt_elder_allowance_monthly as select month, '{TOWN}' as town_code, 2 as persons,
    1000::decimal(18, 2) as paid_amount from wh.intermediate.int_months;
create table wh.reporting.rpt_disability_subsidy_monthly as from wh.reporting.rpt_elder_allowance_monthly limit 0;
create table wh.reporting.rpt_extreme_poverty_monthly as from wh.reporting.rpt_disability_subsidy_monthly;
create table wh.reporting.rpt_child_benefit_monthly as from wh.reporting.rpt_disability_subsidy_monthly;
create table wh.reporting.rpt_payment_roster_monthly as from wh.reporting.rpt_disability_subsidy_monthly;
create table wh.reporting.rpt_programme_flow_monthly as select month, 'elder_allowance' as programme, '{TOWN}' as
    town_code, 'person' as unit, 2 as opening, 0 as new, 0 as transferred_in, 0 as "left", 0 as transferred_out,
    2 as closing from wh.intermediate.int_months;
create table wh.reporting.rpt_dibao_monthly as select months.month, '{TOWN}' as town_code, coalesce(sum(
    case payment.kind when '扣回' then -abs(payment.amount) else payment.amount end), 0)::decimal(18, 2) as spending
    from wh.intermediate.int_months as months left join wh.core.fct_payment as payment
    on payment.benefit_month = months.month and payment.result = '成功'
    and payment.programme in ('dibao', 'dibao_single') group by months.month;
create table wh.reporting.rpt_recall_monthly as select month, 2::bigint as households, 1::bigint as alerted,
    0::bigint as alerted_answered, 0::bigint as alerted_true, 0::bigint as drawn, 0::bigint as answered,
    0::bigint as missed, null::decimal(9, 6) as recall, null::decimal(9, 6) as recall_low,
    null::decimal(9, 6) as recall_high from wh.intermediate.int_months;
create table wh.quality.fct_delivery as select sha256('delivery')[:32] as delivery_id, 'civil_affairs.payment' as
    dataset, date '2021-10-01' as period, '' as part, 'payment_202110.csv' as source_name, sha256('bytes') as sha256,
    timestamp '2021-11-05 08:00:00' as received_at, 'gb18030' as encoding, 9 as rows_read, 8 as rows_accepted,
    1 as rows_quarantined, 0 as rows_duplicate, 'accepted' as status, null::varchar as reason;
create table wh.quality.fct_quarantined_row as select delivery_id, '' as member, '' as sheet, 7 as row_number,
    'id_no' as column_name, 'bad_checksum' as reason from wh.quality.fct_delivery;
create table wh.quality.fct_dataset_scorecard as select dataset, period, 1 as files, 0 as files_repeated, rows_read,
    rows_accepted, rows_quarantined, rows_duplicate, 0.111111::decimal(9, 6) as refused_share,
    8::bigint as rows_with_number, 6::bigint as rows_registered, 0.75::decimal(9, 6) as match_rate,
    0 as columns_drifted from wh.quality.fct_delivery;
create table wh.quality.fct_dataset_freshness as select 'civil_affairs.payment' as dataset, month,
    '发放明细' as title_zh, 'monthly' as cadence, date '2021-11-05' as due_on,
    timestamp '2021-11-05 08:00:00' as received_at, 0 as days_late,
    false as is_late, month as newest_period, timestamp '2021-11-05 08:00:00' as newest_received_at,
    0 as months_behind, false as is_missing, false as is_stale, null::integer as towns_expected,
    null::integer as towns_missing, null::integer as towns_stale, null::varchar as towns_behind_zh,
    null::varchar as reason_zh, null::varchar as reason_en from wh.intermediate.int_months;
"""


def settings_of(home: Path) -> Settings:
    """Settings of a test's own home, with keys of its own."""
    return Settings(home=home, environment={"WAREHOUSE_KEY": "a" * 64, "IDENTITY_KEY": "b" * 64})


def make_warehouse(settings: Settings, version: str = VERSION, changes: str = "") -> Path:
    """Build ``warehouse/building_<version>.duckdb``; ``changes`` are statements on ``wh.`` run at the end."""
    settings.warehouse.mkdir(parents=True, exist_ok=True)
    path = settings.warehouse / f"building_{version}.duckdb"
    connection = connect(replace(settings, memory_limit="500MB"))
    attach_warehouse(connection, settings, path, read_only=False)
    connection.execute(_TABLES)
    connection.execute(_restricted())
    if changes:
        connection.execute(changes)
    connection.execute("CHECKPOINT wh")
    connection.close()
    return path


def make_run(
    settings: Settings,
    run_id: str = RUN_ID,
    version: str = VERSION,
    checks: list[dict[str, object]] | None = None,
    is_replay: bool = False,
) -> None:
    """Leave the records that a run has when its gate opens."""
    runs.begin(settings, run_id)
    settings.warehouse.mkdir(parents=True, exist_ok=True)
    build = {"status": "built", "version": version, "as_of": "202110", "known_at": None, "is_replay": is_replay}
    build["path"] = str(settings.warehouse / f"building_{version}.duckdb")
    runs.write(settings, run_id, "build", build)
    record = {**build, "fingerprint": version}
    (settings.warehouse / f"building_{version}.json").write_text(json.dumps(record), encoding="utf-8")
    passed = {
        "run_id": run_id, "suite": "dbt", "check_name": "unique_dim_person_person_key", "target": "dim_person",
        "severity": "critical", "status": "passed", "observed": "0", "expected": "0", "failed_rows": 0,
    }  # fmt: skip
    runs.write(settings, run_id, "checks_dbt", [passed] if checks is None else checks)


def _restricted() -> str:
    people = ", ".join(
        f"('P{place}', '{number}', '{name.replace(chr(39), chr(39) * 2)}', date '1940-01-01')"
        for place, (number, name) in enumerate(zip(IDENTITY_NUMBERS, NAMES, strict=True), start=1)
    )
    return f"""
create table wh.restricted.person_identity as select *, case when person_key = 'P1' then date '2021-08-09' end as
    died_on, case when person_key = 'P4' then '{CERTIFICATE}' end as certificate_no
    from (values {people}) as person(person_key, id_no, name, birth_date);
create table wh.restricted.household_identity as select 'H1' as household_key, '{HOUSEHOLD_NUMBER}' as household_no,
    '{NAMES[0]}' as head_name, '叠石桥村二组三号' as address, '13812340001' as phone;
create table wh.restricted.alert_evidence as select alert_no, event_key, '{{"号牌": "{PLATE}", "账号": "{ACCOUNT}"}}' as
    evidence from wh.monitoring.fct_alert;
create table wh.restricted.quarantined_row as select delivery_id, member, sheet, row_number, column_name,
    '{IDENTITY_NUMBERS[1]}' as raw_text from wh.quality.fct_quarantined_row;
create table wh.restricted.department_month as select * from (values
    ('P1', date '2021-09-01', 'medical'), ('P2', date '2021-09-01', 'employment'),
    ('P2', date '2021-10-01', 'employment'), ('P2', date '2021-10-01', 'custody')) as said(person_key, month, fact);
create table wh.staging.stg_secret as select '{IDENTITY_NUMBERS[1]}' as id_no, '{NAMES[1]}' as name;
"""


def make_publication(home: Path, changes: str = "") -> Settings:
    """A home whose small warehouse, with some ``changes``, was published and whose lists were handed out."""
    settings = settings_of(home)
    make_warehouse(settings, changes=changes)
    make_run(settings)
    runs.write(settings, RUN_ID, "gate", {"verdict": "green"})
    publish(settings, RUN_ID)
    worklists.write(settings, RUN_ID)
    return settings
