"""Reports: their figures are those of the facts they add up."""

from __future__ import annotations

from expectations.suites.core import within_window
from expectations.vocabulary import Suite, no_rows, not_null, rows_at_least, table_suite


def suites() -> list[Suite]:
    """The suites of schema ``reporting``."""
    return [
        *(
            table_suite(f"reporting.{mart}", not_null("month"), within_window("month"))
            for mart in (
                "rpt_disability_subsidy_monthly",
                "rpt_extreme_poverty_monthly",
                "rpt_child_benefit_monthly",
                "rpt_payment_roster_monthly",
            )
        ),
        table_suite(
            "reporting.rpt_elder_allowance_monthly",
            rows_at_least(1),
            not_null("month"),
            within_window("month"),
            no_rows(
                "paid_as_the_payments_say",
                "select coalesce(report.month, payment.month) as month from "
                "(select month, sum(paid_amount) as paid from {batch} group by month) as report full join "
                "(select benefit_month as month, sum(case kind when '扣回' then -abs(amount) else amount end) as paid "
                "from wh.core.fct_payment where programme = 'elder_allowance' and result = '成功' "
                "and benefit_month in (select month from wh.intermediate.int_months) group by benefit_month) "
                "as payment on payment.month = report.month "
                "where coalesce(report.paid, 0) <> coalesce(payment.paid, 0)",
                "每月支出与发放明细相符",
                "each month's spending equals its payments",
            ),
        ),
        table_suite(
            "reporting.rpt_programme_flow_monthly",
            rows_at_least(1),
            not_null("month"),
            within_window("month"),
            no_rows(
                "flow_adds_up",
                "select flow.month from {batch} as flow where flow.opening + flow.new + flow.transferred_in "
                '- flow."left" - flow.transferred_out <> flow.closing',
                "期初＋新增＋转入－退出－转出＝期末",
                "opening + new + transferred in - left - transferred out = closing",
            ),
            no_rows(
                "opening_is_the_last_closing",
                "select coalesce(now.month, before.month) as month from {batch} as now full join "
                "(select month + interval 1 month as month, programme, town_code, unit, closing from {batch} "
                "where closing > 0 and month < (select max(month) from {batch})) as before "
                "on before.month = now.month and before.programme = now.programme and before.unit = now.unit "
                "and coalesce(before.town_code, '') = coalesce(now.town_code, '') "
                "where coalesce(now.opening, 0) <> coalesce(before.closing, 0) "
                "and coalesce(now.month, before.month) > (select min(month) from {batch})",
                "期初等于上月期末",
                "each opening is the closing of the month before",
            ),
        ),
        table_suite(
            "reporting.rpt_dibao_monthly",
            rows_at_least(1),
            not_null("month"),
            within_window("month"),
            no_rows(
                "spent_as_the_payments_say",
                "select coalesce(report.month, payment.month) as month from "
                "(select month, sum(spending) as spent from {batch} group by month) as report full join "
                "(select benefit_month as month, sum(case kind when '扣回' then -abs(amount) else amount end) as spent "
                "from wh.core.fct_payment where programme in ('dibao', 'dibao_single') and result = '成功' "
                "and benefit_month in (select month from wh.intermediate.int_months) group by benefit_month) "
                "as payment on payment.month = report.month "
                "where coalesce(report.spent, 0) <> coalesce(payment.spent, 0)",
                "低保每月支出与发放明细相符",
                "dibao's spending of each month equals its payments",
            ),
        ),
    ]
