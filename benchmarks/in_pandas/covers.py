"""Cover: who is owed something, and nobody applied."""

from __future__ import annotations

import numpy as np
import pandas as pd

from benchmarks.in_pandas.delivered import (
    ALWAYS,
    CERTIFICATE,
    DIBAO,
    EDGE,
    HOUSEHOLD,
    LOW_INCOME,
    MEMBER,
    NAMES,
    SUBSIDIES,
    Frame,
    born_by,
    by_first,
    celebrated,
    fits,
    is_in,
    is_said_of,
    meet,
    month_of,
    years,
    yes,
)
from benchmarks.in_pandas.exits import Exits


class Covers(Exits):
    """C01 to C20."""

    def covers(self) -> None:
        """C01 to C20."""
        holder, home = self.holder, self.home
        self._refusals()
        self._settlements()
        injury = self.snapshot("human_resources.work_injury")
        lasts = injury.end_month.isna() | (month_of(injury.end_month) >= injury.m)
        self.injury = injury[(month_of(injury.start_month) <= injury.m) & lasts]
        severe = self.registered(self.valid)
        severe = severe[fits(severe, "former_name")]
        self._uncovered(severe)
        old = severe[by_first(severe.issued_on_s, severe.m - 2) & severe.is_severe_s].assign(programme=SUBSIDIES[1])
        old = old[~self.has(old, SUBSIDIES[1], "extreme_poverty") & ~is_said_of(old, self.injury, "former_name")]
        self.hit("C04", old[~self.unread(old, "name", "village")], subject="id_no")
        rows = meet(holder[holder.programme.isin(DIBAO)], self.valid)
        rows = rows[by_first(rows.issued_on_s, rows.m - 2) & ~self.dead(rows) & ~is_said_of(rows, self.injury)]
        rows = rows[~self.has(rows, SUBSIDIES[0], "extreme_poverty", "orphan", "unattended_child")]
        lives = self.register[(self.register.status == "正常") & self.register.id_no.isin(rows.id_no)]
        lives = rows[["m", "id_no"]].merge(lives[["id_no", "village", "valid_from", "valid_to"]], on="id_no")
        lives = lives[(lives.valid_from <= lives.m) & (lives.valid_to > lives.m)].drop_duplicates(["m", "id_no"])
        rows = rows.merge(
            lives[["m", "id_no", "village"]], on=["m", "id_no"], how="left", suffixes=("", "_of_register")
        )
        rows = rows.assign(programme=SUBSIDIES[0], village=rows.village_of_register.fillna(rows.village))
        self.hit("C03", rows[~self.unread(rows, "name", "village")], subject="id_no")

        elsewhere = self.snapshot("civil_affairs.out_of_area_recipient")
        began = elsewhere.start_month.isna() | (month_of(elsewhere.start_month) <= elsewhere.m)
        self.elsewhere = elsewhere[(elsewhere.status == "在享") & began]
        eighty = month_of(celebrated(self.register.birth_date)) + 80 * 12
        elder = self.register[eighty < self.months.m.max()][["id_no"]].drop_duplicates().merge(self.months, how="cross")
        elder = self.registered(elder).assign(programme="elder_allowance")
        elder = elder[month_of(celebrated(elder.birth_date)) + 80 * 12 < elder.m]
        elder = elder[~self.has(elder, "elder_allowance")]
        elder = elder[~is_said_of(elder, self.elsewhere[self.elsewhere.programme == "尊老金"], "former_name")]
        self.hit("C05", elder[~self.unread(elder, "name", "village")], subject="id_no")
        self._unemployed()

        harm = self.fact("emergency.incident", "incident_no", "name")
        harm = harm[(harm.casualty.notna() & (harm.casualty != "无")) | yes(harm.house_damage)]
        harm = harm.assign(m=month_of(harm.occurred_on))
        harm = harm[harm.m.isin(self.months.m)]
        hurt = self.registered(harm[harm.id_no.notna()])
        hurt = hurt[fits(hurt, "former_name")]
        self.hit("C09", hurt, "temporary_assistance", "id_no")
        self._orphans()
        self._hardship(hurt)
        near = self._living(harm[harm.id_no.isna()])
        near = near[self._named_in(near.address_s, near.village)]
        near = near[near.groupby(["incident_no_s", "name"]).id_no.transform("nunique") == 1]
        self.hit("C09", near, "temporary_assistance", "id_no")

        edge = home[home.holds & (home.programme == "dibao_edge")].merge(self.standard[["m", "value"]], on="m")
        self.hit("C13", edge[edge.net < 12 * edge["size"] * edge.value], subject="household_no")
        watched = self.snapshot("rural_affairs.poverty_monitor")
        watched = watched[watched.risk_removed.eq(False) & ~self.dead(watched)]
        self.hit("C15", watched[~self.has(watched, *LOW_INCOME)], "dibao", "id_no")
        child = holder[(holder.programme == "dibao") & holder.uplift.fillna("无").isin(["无", "老年人"])]
        child = child[(years(child.born, child.m) < 18) & ~self.dead(child)]
        self.hit("C20", child, subject="id_no")

    def _refusals(self) -> None:
        rows = self.refused[self.refused.dataset != CERTIFICATE]
        people = rows[~rows.dataset.isin([HOUSEHOLD, MEMBER])]
        people = people.assign(programme=self.of_roster(people))
        families = rows[rows.dataset.isin([HOUSEHOLD, MEMBER])].merge(
            self.home[["m", "household_no", "label", "village"]],
            on=["m", "household_no"],
            how="left",
            suffixes=("", "_s"),
        )
        families["village"] = families.village.fillna(families.village_s)
        label = families.programme.fillna(families.label)
        names = {"低保": DIBAO, "低保边缘": ("dibao_edge",), "刚性支出困难": ("rigid_expenditure",)}
        families = families.assign(programme=label.map(names)).explode("programme")
        columns = ["m", "programme", "name", "village"]
        self.refusal = pd.concat([people[columns], families[columns]]).dropna().drop_duplicates()

    def _settlements(self) -> None:
        bill = self.fact("medical_insurance.settlement", "settlement_no")
        codes = pd.read_csv(self.seeds / "codes" / "major_diseases.csv")
        plain = bill.diagnosis.str.upper().str.replace("[. 　]", "", regex=True)
        number, child = {}, {}
        for code in plain.dropna().unique():
            for row in codes[[code.startswith(prefix) for prefix in codes.icd_prefix]].itertuples():
                number[code], child[code] = row.disease_number, row.is_children_only
        bill = bill.assign(disease=plain.map(number), child=plain.map(child), on=month_of(bill.settled_on))
        self.bill = bill
        spent = bill.cash.where(bill.cash > 0).groupby(bill.id_no).sum()
        costly = bill[bill.id_no.isin(spent.index[spent >= 10_000])][["id_no", *NAMES, "cash", "on"]]
        each = costly.merge(self.months, how="cross")
        each = self.registered(each[(each.on <= each.m) & (each.on >= each.m - 11)])
        each = each[fits(each, "former_name")]
        sums = each.groupby(["m", "id_no"], as_index=False).cash_s.sum()
        self.costs = sums[(sums.cash_s.round(2) >= 10_000) & ~self.has(sums, *DIBAO, "extreme_poverty")]
        self.hit("C01", self.costs, "temporary_assistance", "id_no")

        named = self.roll[self.roll.programme.isin(["dibao", *EDGE])][["id_no", *NAMES, "former"]].drop_duplicates()
        settled = meet(named, bill[bill.disease.notna()], ("id_no",))[["id_no", "name", "disease_s", "child_s", "on_s"]]
        settled = settled.drop_duplicates().merge(self.months, how="cross")
        recent = settled[(settled.on_s <= settled.m) & (settled.on_s >= settled.m - 2)]
        before = settled[(settled.on_s < settled.m - 2) & (settled.on_s >= settled.m - 14)]
        recent = recent[~is_in(recent, before, ["m", "id_no", "name", "disease_s"])]
        born = self.register.drop_duplicates("id_no").set_index("id_no").birth_date
        born = recent.id_no.map(born).fillna(born_by(recent.id_no)).astype("datetime64[s]")
        self.disease = recent[~yes(recent.child_s) | (years(born, recent.m) < 18)][
            ["m", "id_no", "name"]
        ].drop_duplicates()
        rows = self.holder[self.holder.programme.isin(EDGE)].merge(self.disease, on=["m", "id_no", "name"])
        self.hit("C07", rows[~self.dead(rows)], subject="id_no")

    def _uncovered(self, certified: Frame) -> None:
        mind = (certified.grade_s == "三级") & certified.category_s.isin(["智力", "精神"])
        rows = certified[certified.is_severe_s | mind]
        rows = rows[~self.has(rows, *DIBAO, "extreme_poverty")].merge(self.former, on="id_no", how="left")
        edge = is_in(rows, self.holder[self.holder.programme == "dibao_edge"], ["m", "id_no"])
        asked = rows[["m", "id_no", *NAMES, "former"]]
        pension = self.snapshot("human_resources.pension").query("status == '正常' and scheme != '城乡居民'")
        paid = self.fact("human_resources.contribution", "id_no", "month", "employer", "scheme").query(
            "scheme == '单位'"
        )
        homes = meet(asked, self.estate[(self.estate.status == "现势") & (self.estate.use == "住宅")], ("id_no",))
        homes = homes[(homes._period_s <= homes.m) & (homes.until_s > homes.m)]
        homes = homes.groupby(["m", "id_no"], as_index=False).unit_no_s.nunique()
        provided = pd.concat([
            meet(asked, pension), self._recent(meet(asked, paid, ("id_no",)), 5), meet(asked, self.car),
            meet(asked, self.post[self.post.is_office]), homes[homes.unit_no_s > 1],
        ])  # fmt: skip
        bare = rows.category_s.isin(["视力", "肢体", "智力", "精神"]) & ~self.has(rows, SUBSIDIES[0])
        bare &= ~is_in(rows, provided, ["m", "id_no"])
        rows = rows.assign(programme=np.where(edge, "dibao_single", SUBSIDIES[0]))[edge | bare]
        self.hit("C02", rows[~self.unread(rows, "name", "village")], subject="id_no")

    def _otherwise(self, rows: Frame) -> np.ndarray:
        """Whether the household's list says, from the month it last held on, that it ended by death or moving."""
        said = self.home[self.home.end_reason.fillna("").str.contains("死亡|迁出")][["m", "household_no"]]
        both = (
            rows.reset_index(drop=True)
            .reset_index()[["index", "m", "held_m", "household_no"]]
            .merge(said, on="household_no", suffixes=("", "_said"))
        )
        both = both[(both.m_said >= both.held_m) & (both.m_said <= both.m)]
        return np.isin(np.arange(len(rows)), both["index"])

    def _earlier(self, rows: Frame) -> Frame:
        """Rows of one of the twelve months before each month."""
        both = rows.rename(columns={"m": "held_m"}).merge(self.months, how="cross")
        return both[(both.held_m < both.m) & (both.held_m >= both.m - 12)]

    def _unemployed(self) -> None:
        holder, home = self.holder, self.home
        held = home[home.holds & (home.programme == "dibao")][["m", "household_no"]]
        gone = self._earlier(held)
        gone = gone[~is_in(gone, held, ["m", "household_no"])]
        gone = gone.groupby(["m", "household_no"], as_index=False).held_m.max()
        gone = gone[~self._otherwise(gone)]
        member = self.member[self.member.role == "共同生活"].rename(columns={"m": "held_m"})
        gone = gone.merge(member[["held_m", "household_no", "id_no", *NAMES]], on=["held_m", "household_no"])
        still = holder[holder.programme.isin(["extreme_poverty", "dibao"])]
        gone = gone[~is_in(gone, still, ["m", "id_no"])].merge(self.former, on="id_no", how="left")
        listed = pd.concat([gone, holder[holder.programme == "dibao_edge"]])[["m", "id_no", *NAMES, "former"]]
        rows = meet(listed, self.snapshot("human_resources.unemployment"))
        self.unemployed = rows[(rows.benefit_months_left_s.fillna(0) <= 1) & ~self.dead(rows)]
        self.hit("C08", self.unemployed, "dibao", "id_no")

    def _orphans(self) -> None:
        known = self.register[["id_no", *NAMES]].drop_duplicates().merge(self.former, on="id_no", how="left")

        def theirs(rows: Frame) -> Frame:
            fit = meet(known, rows, ("id_no",)).rename(columns={"m_s": "m"})
            return pd.concat([rows[~rows.id_no.isin(known.id_no)], fit])[["m", "id_no"]]

        recorded = pd.concat([self.cremation[["id_no", "died_on"]], self.proof[["id_no", "died_on"]]]).dropna()
        recorded = recorded[~recorded.id_no.isin([*self.death.id_no, *self.register.id_no])]
        recorded = recorded.assign(valid_from=0, valid_to=ALWAYS)
        died = pd.concat([self.death[recorded.columns], recorded]).merge(self.months, how="cross")
        died = died[(month_of(died.died_on) <= died.m) & (died.valid_from <= died.m) & (died.valid_to > died.m)]
        unable = pd.concat([
            died[["m", "id_no"]].assign(gone=True), theirs(self.custody).assign(gone=False),
            theirs(self.valid[self.valid.is_severe]).assign(gone=False),
        ]).groupby(["m", "id_no"], as_index=False).gone.any()  # fmt: skip
        child = self.register[
            self.register.father_id_no.isin(unable.id_no) & self.register.mother_id_no.isin(unable.id_no)
        ]
        asked = child[["id_no"]].drop_duplicates().merge(self.months, how="cross")
        rows = self.registered(asked)
        for parent in ("father", "mother"):
            said = unable.rename(columns={"id_no": f"{parent}_id_no", "gone": f"{parent}_gone"})
            rows = rows.merge(said, on=["m", f"{parent}_id_no"])
        rows = rows[(years(rows.birth_date, rows.m) < 18) & ~self.has(rows, "orphan", "unattended_child")]
        both = rows.father_gone & rows.mother_gone
        self.hit("C10", rows.assign(programme=np.where(both, "orphan", "unattended_child")), subject="id_no")

    def _hardship(self, hurt: Frame) -> None:
        keeps = {
            "extreme_poverty": ["dibao", "dibao_edge"],
            "dibao": ["dibao", "dibao_edge"],
            "dibao_single": ["dibao_edge"],
            "dibao_edge": ["dibao_edge"],
        }
        above = self.holder[["m", "id_no"]].assign(programme=self.holder.programme.map(keeps)).explode("programme")
        held = self.holder[self.holder.programme.isin(["dibao", "dibao_edge"])]
        gone = self._earlier(held[["m", "programme", "id_no", *NAMES, "household_no"]])
        gone = gone[~is_in(gone, above, ["m", "id_no", "programme"])]
        gone = gone.sort_values(["held_m", "household_no"], ascending=[False, True])
        gone = gone.drop_duplicates(["m", "id_no", "programme"])
        gone = gone[~self._otherwise(gone)]
        sign = pd.concat([rows[["m", "id_no"]] for rows in (self.costs, self.unemployed, hurt, self.disease)])
        self.hit("C12", gone[is_in(gone, sign, ["m", "id_no"]) & ~self.dead(gone)], subject="id_no")
