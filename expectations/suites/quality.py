"""The ledger: every row of every delivery is accounted for."""

from __future__ import annotations

from expectations.suites.values import DELIVERY_STATES
from expectations.vocabulary import (
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
    """The suites of schema ``quality``; run and check results are added by publish, after the gate."""
    return [_delivery(), _quarantined_row(), _dataset_freshness(), _dataset_scorecard()]


def _delivery() -> Suite:
    counts = ("rows_read", "rows_accepted", "rows_quarantined", "rows_duplicate")
    return table_suite(
        "quality.fct_delivery",
        rows_at_least(1),
        not_null("delivery_id", "dataset", "sha256", "received_at", "status", *counts),
        unique("delivery_id"),
        in_set("status", DELIVERY_STATES),
        [at_least(count, 0) for count in counts],
        no_rows(
            "every_row_accounted_for",
            "select delivery_id from {batch} where rows_read <> rows_accepted + rows_quarantined + rows_duplicate",
            "读入行数 = 接收 + 隔离 + 重复",
            "rows read = accepted + quarantined + duplicates",
        ),
        no_rows(
            "refusal_has_a_reason",
            "select delivery_id from {batch} where status in ('held', 'quarantined') and coalesce(reason, '') = ''",
            "被拒收、暂挂的都写明原因",
            "what was refused or held says why",
        ),
    )


def _quarantined_row() -> Suite:
    return table_suite(
        "quality.fct_quarantined_row",
        not_null("delivery_id", "row_number", "reason"),
        belongs_to("delivery_id", "quality.fct_delivery", "delivery_id"),
        no_rows(
            "as_many_as_the_ledger_says",
            "select counted.delivery_id from (select delivery_id, count(distinct (member, sheet, row_number)) as found "
            "from {batch} group by delivery_id) as counted inner join wh.quality.fct_delivery as delivery "
            "on delivery.delivery_id = counted.delivery_id where counted.found <> delivery.rows_quarantined",
            "隔离行数与台账一致",
            "as many quarantined rows as the ledger counts",
        ),
    )


def _dataset_freshness() -> Suite:
    return table_suite(
        "quality.fct_dataset_freshness",
        rows_at_least(1),
        not_null("dataset", "month", "is_late", "is_stale", "is_missing"),
        unique("dataset", "month"),
        no_rows(
            "silence_has_a_reason",
            "select dataset from {batch} where (is_missing or is_stale or is_late) and coalesce(reason_zh, '') = ''",
            "缺报、过期、迟报都写明原因",
            "what is missing, stale or late says why",
        ),
    )


def _dataset_scorecard() -> Suite:
    counts = ("files", "files_repeated", "rows_read", "rows_accepted", "rows_quarantined", "rows_duplicate")
    return table_suite(
        "quality.fct_dataset_scorecard",
        rows_at_least(1),
        not_null("dataset", "period", "columns_drifted", *counts),
        unique("dataset", "period"),
        [at_least(count, 0) for count in (*counts, "columns_drifted", "rows_with_number", "rows_registered")],
        no_rows(
            "no_more_than_came",
            "select dataset from {batch} where rows_registered > rows_with_number or rows_with_number > rows_accepted "
            "or rows_accepted + rows_quarantined + rows_duplicate > rows_read",
            "比中的不多于有证件号的，有证件号的不多于接收的，接收、退回、重复之和不多于读入的",
            "no more known than named, no more named than accepted, no more accepted, refused or double than read",
        ),
    )
