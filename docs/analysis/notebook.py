"""A first look at a publication: `.venv/bin/marimo edit docs/analysis/notebook.py`."""

import marimo

app = marimo.App(width="medium")


@app.cell
def _():
    import marimo as mo

    from include.analysis.reading import open_for_questions
    from include.settings import Settings

    marts = open_for_questions(Settings.from_environment())
    return marts, mo


@app.cell
def _(mo):
    mo.md("# 社会救助数据初探\n发布库是假名化的：人和家庭只有标识，没有姓名和号码。The publication is pseudonymised.")


@app.cell
def _(marts, mo):
    months = [
        month for (month,) in marts.sql("select distinct month from core.fct_enrolment_month order by 1").fetchall()
    ]
    month = mo.ui.dropdown({f"{each:%Y-%m}": each for each in months}, value=f"{months[-1]:%Y-%m}", label="月份 month")
    month
    return (month,)


@app.cell
def _(marts, mo, month):
    caseload = marts.execute(
        """
        select programme, town_name, sum(closing) as persons from reporting.rpt_programme_flow_monthly
        where unit = 'person' and month = ? group by all
        """,
        [month.value],
    ).df()
    by_town = caseload.pivot_table(
        index="town_name", columns="programme", values="persons", fill_value=0, margins=True, aggfunc="sum"
    )
    mo.vstack([mo.md("## 各镇在保人数 people by town and programme"), mo.ui.table(by_town.reset_index())])
    return (caseload,)


@app.cell
def _(marts, mo):
    spending = marts.sql(
        """
        select benefit_month as month, programme,
            sum(case when kind = '扣回' then -abs(amount) else amount end) as yuan
        from core.fct_payment where result = '成功' group by all order by all
        """
    ).df()
    mo.vstack(
        [
            mo.md("## 各月发放资金 yuan paid by month"),
            mo.ui.table(spending.pivot(index="month", columns="programme", values="yuan").reset_index()),
        ]
    )


@app.cell
def _(marts, mo, month):
    alerts = marts.execute(
        """
        select alert.rule_id, rule.title_zh, alert.severity, count(*) as alerts, sum(alert.amount_at_risk) as yuan
        from monitoring.fct_alert as alert join monitoring.dim_rule as rule using (rule_id)
        where ? between alert.first_month and alert.last_month group by all order by alerts desc
        """,
        [month.value],
    ).df()
    mo.vstack([mo.md("## 这个月的预警 alerts of the month"), mo.ui.table(alerts)])


if __name__ == "__main__":
    app.run()
