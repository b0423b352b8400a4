"""Data findings: what a person can see is wrong in the data."""

from __future__ import annotations

import numpy as np
import pandas as pd

from benchmarks.in_pandas.delivered import (
    ALWAYS,
    ELDER,
    FACTS,
    NAMES,
    STALE_AFTER,
    Column,
    Frame,
    born_by,
    fits,
    is_in,
    month_of,
    sex_by,
)
from benchmarks.in_pandas.payments import Payments

_OF_NUMBERS = {"bad_length", "bad_date", "bad_checksum", "masked", "lost_precision"}


class Findings(Payments):
    """D01 to D12."""

    def findings(self) -> None:
        """D01 to D12."""
        speaking = pd.concat([
            self.in_force[["m", "delivery"]],
            self.delivery[self.delivery.dataset.isin(FACTS)].rename(columns={"period": "m"})[["m", "delivery"]],
        ])  # fmt: skip
        refused, damaged = [], []
        for dataset in self.delivery.dataset.unique():
            rows = self.landed(dataset, "quarantined")
            said = rows.reasons.map(lambda reasons: {reason["reason"] for reason in reasons})
            refused += list(rows._delivery[said.map(lambda reasons: not reasons.isdisjoint(_OF_NUMBERS))])
            rows = self.landed(dataset)
            for name in rows.columns:
                if name == "address" or f"{name}_pattern" in rows:
                    texts = rows[name] if name == "address" else rows[name][rows[f"{name}_pattern"].notna()]
                    bad = texts.dropna().astype(str).str.contains("\ufffd|锟斤拷|[\ue000-\uf8ff\U000f0000-\U0010fffd]")
                    damaged += list(rows._delivery[bad.index[bad]].unique())
        self.hit("D01", speaking[speaking.delivery.isin(refused)], "", "delivery")
        self.hit("D12", speaking[speaking.delivery.isin(damaged)], "", "delivery")
        self._numbers()
        self._two_names()
        self._two_numbers()
        self._households()
        self._late()

    def _numbers(self) -> None:
        register = self.register
        wrong = register[
            (register.birth_date != born_by(register.id_no))
            | (register.sex.notna() & (register.sex != sex_by(register.id_no)))
        ]
        wrong = wrong.merge(self.months, how="cross")
        self.hit("D02", wrong[(wrong.valid_from <= wrong.m) & (wrong.valid_to > wrong.m)], "", "id_no")
        elder = self.roster[(self.roster.dataset == ELDER) & self.roster.birth_date.notna()]
        self.hit("D02", elder[elder.birth_date != born_by(elder.id_no)], "", "id_no")
        burnt = self.cremation[self.cremation.id_no.notna() & self.cremation.sex.notna()]
        burnt = burnt[burnt.sex != sex_by(burnt.id_no)].merge(self.months, how="cross")
        self.hit("D02", burnt[month_of(burnt.died_on) <= burnt.m], "", "id_no")
        rows = self.certified
        kind = rows.category.map(
            {name: str(n) for n, name in enumerate(["视力", "听力", "言语", "肢体", "智力", "精神", "多重"], 1)}
        )
        grade = rows.grade.map({name: str(n) for n, name in enumerate(["一级", "二级", "三级", "四级"], 1)})
        self.hit("D07", rows[rows.certificate_no.str.upper().str[:20] != rows.id_no + kind + grade], "", "id_no")

    def _two_names(self) -> None:
        columns = ["id_no", *NAMES]
        listed = self.roster[["m", *columns]].drop_duplicates().merge(self.former, on="id_no", how="left")
        ids = set(listed.id_no)
        said, noted = [], []

        def add(to: list[Frame], rows: Frame, prefix: str = "", **when: Column | int) -> None:
            part = rows[[f"{prefix}{name}" for name in columns]].set_axis(columns, axis=1).assign(**when)
            to.append(part[part.id_no.isin(ids) & part.name.notna()])

        for dataset in self.in_force.dataset.unique():
            rows = self.snapshot(dataset)
            for prefix in ("", "head_", "guardian_"):
                if f"{prefix}id_no" in rows and f"{prefix}name" in rows:
                    add(said, rows, prefix, m=rows.m)
        add(noted, self.register, since=self.register.valid_from, until=self.register.valid_to)
        add(noted, self.estate, since=self.estate._period, until=self.estate.until)
        facts = [
            (self.cremation, "died_on"), (self.proof, "died_on"), (self.payment, "benefit_month"),
            (self.fact("finance.payroll", "id_no", "unit", "month"), "month"),
            (self.fact("human_resources.contribution", "id_no", "month", "employer", "scheme"), "month"),
            (self.fact("taxation.personal_income", "id_no", "payer", "item", "month"), "month"),
            (self.fact("housing_fund.contribution", "id_no", "month", "employer"), "month"),
            (self.bill, "settled_on"), (self.fact("public_security.exit_entry", "id_no", "exited_on"), "exited_on"),
            (self.fact("emergency.incident", "incident_no", "name"), "occurred_on"),
        ]  # fmt: skip
        for rows, day in facts:
            add(noted, rows, since=month_of(rows[day]), until=ALWAYS)
        wed = self.fact("civil_affairs.marriage", "certificate_no")
        for prefix in ("male_", "female_"):
            add(noted, wed, prefix, since=month_of(wed.registered_on), until=ALWAYS)
        one = listed.merge(pd.concat(said).drop_duplicates(), on=["m", "id_no"], suffixes=("", "_s"))
        two = listed.merge(pd.concat(noted).drop_duplicates(), on="id_no", suffixes=("", "_s"))
        two = two[(two.since <= two.m) & (two.until > two.m)]
        for rows in (one[one.name != one.name_s], two[two.name != two.name_s]):
            self.hit("D03", rows[~fits(rows)], "", "id_no")

    def _two_numbers(self) -> None:
        rows = self.roster[self.roster.role.fillna("共同生活") == "共同生活"]
        homes = self.home[["m", "household_no", "village"]].rename(columns={"village": "home_village"})
        rows = rows.merge(homes, on=["m", "household_no"], how="left")
        register = self.register[self.register.valid_to == ALWAYS].set_index("id_no").birth_date
        rows["village"] = rows.village.fillna(rows.home_village)
        rows["born"] = rows.id_no.map(register).fillna(born_by(rows.id_no))
        rows = rows[["m", "id_no", "name", "village", "born"]].dropna().drop_duplicates()
        pair = rows.merge(rows, on=["m", "name", "village", "born"], suffixes=("", "_s"))
        pair = pair[pair.id_no < pair.id_no_s]
        self.hit("D04", pair.assign(subject=pair.id_no + "|" + pair.id_no_s), "")

    def _households(self) -> None:
        rows = self.home
        headless = ~is_in(rows, self.member, ["m", "household_no", "id_no"])
        self.hit("D05", rows[rows.phone.isna() | rows.address.isna() | headless], "", "household_no")
        heads = self.member[self.member.relation.isin(["本人", "户主"])].groupby(["m", "household_no"]).size()
        heads = pd.MultiIndex.from_frame(rows[["m", "household_no"]]).map(heads.to_dict().get)
        count = np.array([head or 0 for head in heads])
        self.hit("D10", rows[(rows.together != rows.member_count) | (count != 1)], "", "household_no")
        rows = rows[self._holds(rows) | (rows.status == "暂停")]
        over = rows.authorised_on.isna() | (month_of(rows.authorised_on) > rows.m)
        self.hit("D11", rows[over | (month_of(rows.authorised_until) < rows.m)], "", "household_no")

    def _late(self) -> None:
        newest = self.delivery.merge(self.months, how="cross").query("period <= m")
        newest = newest.groupby(["m", "dataset"], as_index=False).period.max()
        self.newest = newest.assign(is_stale=newest.m - newest.period > newest.dataset.map(STALE_AFTER).fillna(1))
        stale = self.newest[self.newest.is_stale]
        older = self.delivery.rename(columns={"period": "older", "rows_accepted": "rows_before"})
        pairs = self.in_force.merge(older[["dataset", "part", "older", "rows_before"]], on=["dataset", "part"])
        pairs = pairs[pairs.older < pairs.period].drop_duplicates(["m", "delivery"], keep="last")
        jumps = pairs[(pairs.rows_accepted - pairs.rows_before).abs() > (0.3 * pairs.rows_before).round(6)]
        for rows in (stale, jumps):
            self.hit("D08", rows.assign(subject=rows.dataset + "|" + self.text(rows.period)), "")
