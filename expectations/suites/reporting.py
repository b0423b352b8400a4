"""Reports: their figures are those of the facts they add up."""

from __future__ import annotations

from expectations.suites.core import within_window
from expectations.vocabulary import Suite, no_rows, not_null, rows_at_least, table_suite


def suites() -> list[Suite]:
    """The suites of schema ``reporting``."""
    return [
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
    ]
