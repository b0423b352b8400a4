"""People, households, regions, parameters, enrolment and payments."""

from __future__ import annotations

from expectations.suites.values import LADDER, PROGRAMMES, REGION_LEVELS
from expectations.vocabulary import (
    WARNING,
    Expectation,
    Suite,
    at_least,
    belongs_to,
    in_set,
    no_rows,
    not_null,
    rows_at_least,
    table_suite,
    unique,
)


def suites() -> list[Suite]:
    """The suites of schema ``core``."""
    return [_person(), _household(), _region(), _parameter(), _enrolment(), _means(), _payment()]


def within_window(column: str) -> Expectation:
    """A month column stays inside the months that this build evaluates."""
    return no_rows(
        f"{column}_in_window",
        f'select "{column}" from {{batch}} where "{column}" is not null '
        f'and "{column}" not in (select month from wh.intermediate.int_months)',
        f"{column} 都在监测月份之内",
        f"every {column} lies within the months monitored",
    )


def _person() -> Suite:
    return table_suite(
        "core.dim_person",
        rows_at_least(1),
        not_null("person_key", "id_status"),
        unique("person_key"),
        in_set("sex", ("男", "女")),
        at_least("birth_year", 1880, severity=WARNING),
        belongs_to("town_code", "core.dim_region", "region_code"),
        belongs_to("village_code", "core.dim_region", "region_code"),
        no_rows(
            "died_month_is_a_first",
            "select person_key from {batch} where extract(day from died_month) <> 1",
            "死亡只给出月份（当月一日）",
            "a death is given by its month, as the first of it",
        ),
        no_rows(
            "died_month_has_a_source",
            "select person_key from {batch} where died_month is not null and len(death_sources) = 0",
            "有死亡月份的都有来源",
            "a death has at least one source",
        ),
    )


def _household() -> Suite:
    return table_suite(
        "core.dim_household",
        not_null("household_key", "programme", "valid_from"),
        unique("household_key", "valid_from"),
        in_set("programme", PROGRAMMES),
        belongs_to("village_code", "core.dim_region", "region_code"),
        no_rows(
            "valid_to_after_valid_from",
            "select household_key from {batch} where valid_to < valid_from",
            "有效期的终点不早于起点",
            "a validity never ends before it begins",
        ),
    )


def _region() -> Suite:
    return table_suite(
        "core.dim_region",
        rows_at_least(3),
        not_null("region_code", "name", "level"),
        unique("region_code"),
        in_set("level", REGION_LEVELS),
        no_rows(
            "one_district",
            "select count(*) as districts from {batch} where level = 'district' having count(*) <> 1",
            "恰有一个区县",
            "there is exactly one district",
        ),
        no_rows(
            "parent_exists",
            "select child.region_code from {batch} as child left join wh.core.dim_region as parent "
            "on parent.region_code = child.parent_code "
            "where child.level <> 'district' and parent.region_code is null",
            "每个镇街、村居都有上级",
            "every town and village has its parent",
        ),
    )


def _parameter() -> Suite:
    return table_suite(
        "core.dim_parameter",
        rows_at_least(1),
        not_null("parameter", "valid_from", "value", "source", "grade"),
        unique("parameter", "category", "valid_from"),
        no_rows(
            "no_overlap",
            "select early.parameter from {batch} as early inner join wh.core.dim_parameter as late "
            "on late.parameter = early.parameter and late.category is not distinct from early.category "
            "and late.valid_from > early.valid_from "
            "and late.valid_from < coalesce(early.valid_to, date '9999-12-31')",
            "同一参数的有效期不重叠",
            "no two values of a parameter are valid at once",
        ),
    )


def _enrolment() -> Suite:
    return table_suite(
        "core.fct_enrolment_month",
        rows_at_least(1),
        not_null("person_key", "programme", "month", "status"),
        unique("person_key", "household_key", "programme", "month"),
        in_set("programme", PROGRAMMES),
        at_least("entitled_amount", 0),
        at_least("recorded_amount", 0, severity=WARNING),
        within_window("month"),
        belongs_to("person_key", "core.dim_person", "person_key"),
        belongs_to("household_key", "core.dim_household", "household_key"),
        no_rows(
            "every_month_has_enrolments",
            "select months.month from wh.intermediate.int_months as months "
            "where not exists (select 1 from {batch} as batch where batch.month = months.month)",
            "每个监测月份都有在册记录",
            "every month monitored has enrolments",
            severity=WARNING,
        ),
    )


def _means() -> Suite:
    return table_suite(
        "core.fct_household_means_month",
        not_null("household_key", "month"),
        unique("household_key", "month"),
        within_window("month"),
        in_set("assessed_tier", LADDER),
        in_set("recorded_tier", PROGRAMMES),
        at_least("entitled_amount", 0),
        belongs_to("household_key", "core.dim_household", "household_key"),
    )


def _payment() -> Suite:
    return table_suite(
        "core.fct_payment",
        not_null("payment_no", "person_key", "programme", "benefit_month", "paid_month", "amount", "kind", "result"),
        unique("payment_no"),
        in_set("programme", PROGRAMMES),
        in_set("kind", ("正常", "补发", "扣回")),
        in_set("result", ("成功", "退汇")),
        at_least("amount", 0, severity=WARNING),
        belongs_to("person_key", "core.dim_person", "person_key"),
    )
