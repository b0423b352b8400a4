"""The words of the rules: register, rosters, households, who holds what, who died, the certificate."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from benchmarks.in_pandas.delivered import (
    ALWAYS,
    CERTIFICATE,
    CHILD,
    ELDER,
    EXTREME,
    HOUSEHOLD,
    MEMBER,
    NAMES,
    ROSTERS,
    SUBSIDIES,
    SUBSIDY,
    Column,
    Delivered,
    Frame,
    born_by,
    fits,
    is_in,
    joined,
    last_day,
    meet,
    month_of,
    yes,
)


class Filed(Delivered):
    """Who is filed where in each month."""

    def words(self) -> None:
        """Register, rosters, households, who holds what, who died, the certificate."""
        self._read_register()
        self._read_rosters()
        self._file_households()
        self._file_people()
        self._read_deaths()
        self._read_certificates()
        self.exemption = self.snapshot("civil_affairs.asset_exemption")
        self.exemption = self.exemption[month_of(self.exemption.valid_until) >= self.exemption.m]

    def _read_register(self) -> None:
        rows = self.landed("public_security.population").copy()
        rows["valid_from"] = month_of(rows.status_on).fillna(0)
        rows = rows.sort_values(
            ["id_no", "_period", "_received_at", "_delivery"], ascending=[True, False, False, False]
        )
        newer = rows.groupby("id_no").valid_from.cummin().groupby(rows.id_no).shift()
        rows["valid_to"] = newer.fillna(ALWAYS)
        rows = rows[rows.valid_from < rows.valid_to]
        before = rows.sort_values("valid_from").drop_duplicates("id_no")
        before = before[before.valid_from > 0]
        before = before.assign(valid_to=before.valid_from, valid_from=0, status="正常", status_on=pd.NaT)
        self.register = pd.concat([rows, before], ignore_index=True)
        named = self.register[self.register.former_name.notna()]
        self.former = named.groupby("id_no", as_index=False).former_name.max().rename(columns={"former_name": "former"})

    def _roster_rows(self, file: str) -> Frame:
        rows = []
        for dataset in [*ROSTERS, CERTIFICATE]:
            came = self.landed(dataset, file)
            if dataset == HOUSEHOLD:
                came = came.rename(columns=lambda name: name.replace("head_", ""))
            key = {
                HOUSEHOLD: ["household_no"], MEMBER: ["household_no", "id_no"], SUBSIDY: ["subsidy", "id_no"],
                CERTIFICATE: ["certificate_no"],
            }  # fmt: skip
            known_by = {MEMBER: ["name", "household_no"]}
            came = came.assign(
                dataset=dataset, key=joined(came, key.get(dataset, ["id_no"])),
                named=joined(came, known_by.get(dataset, ["name", "village"])),
            )  # fmt: skip
            rows.append(came)
        frame = pd.concat(rows, ignore_index=True)
        force = self.in_force[["m", "delivery", "part"]].rename(columns={"delivery": "_delivery"})
        return force.merge(frame, on="_delivery")

    def _read_rosters(self) -> None:
        self.refused = self._roster_rows("quarantined")
        self.refused = self.refused[self.refused.named.notna()]
        rows = self._roster_rows("data").sort_values(["_period", "_received_at", "_delivery"], kind="stable")
        towns = rows[rows.dataset == HOUSEHOLD].sort_values("_received_at").drop_duplicates("household_no", keep="last")
        rows["home_town"] = rows.town.fillna(rows.household_no.map(towns.set_index("household_no").town))
        own = self.in_force[self.in_force.part != ""][["m", "dataset", "part", "period", "received_at"]]
        own = own.rename(columns={"part": "home_town"}).drop_duplicates(["m", "dataset", "home_town"], keep="last")
        rows = rows.merge(own, on=["m", "dataset", "home_town"], how="left")
        newer = (rows.period > rows._period) | ((rows.period == rows._period) & (rows.received_at > rows._received_at))
        rows = rows[~((rows.part == "") & newer)]
        standing = rows.drop_duplicates(["m", "dataset", "key"], keep="last").drop(columns=["period", "received_at"])
        known = standing[["dataset", "key", "named"]].drop_duplicates()  # every name under which a key ever stands
        gap = self.refused[["m", "dataset", "named"]].merge(known, on=["dataset", "named"])
        gap = gap[~is_in(gap, standing, ["m", "dataset", "key"])]
        carried, last = [], standing
        while len(last):
            last = last.assign(m=last.m + 1)
            last = last[is_in(last, gap, ["m", "dataset", "key"])]
            carried.append(last)
        stands = pd.concat([standing, *carried], ignore_index=True)
        self.roster = stands[stands.dataset != CERTIFICATE].reset_index(drop=True)
        self.certified = stands[stands.dataset == CERTIFICATE][["m", *self.landed(CERTIFICATE).columns]]

    def _file_households(self) -> None:
        roster = self.roster
        self.member = roster[roster.dataset == MEMBER].assign(single_person=lambda row: yes(row.single_person))
        together = self.member[self.member.role == "共同生活"]
        items = ["wage_income", "business_income", "property_income", "transfer_income", "other_income"]
        covered = yes(together.covered)
        counted = together.assign(
            covered_rows=covered, minors=covered & (together.uplift == "未成年人"),
            apart=covered & ~together.single_person, income=together[items].sum(axis=1, min_count=1),
            business=together.business_income.fillna(0), together=1,
        ).groupby(["m", "household_no"])[["covered_rows", "minors", "apart", "income", "business", "together"]].sum(
            min_count=1
        )  # fmt: skip
        home = roster[roster.dataset == HOUSEHOLD].rename(columns={"programme": "label"})
        home = home.drop(columns=["uplift", "business_income", "covered"]).merge(
            counted.reset_index(), on=["m", "household_no"], how="left"
        )
        for name in ("covered_rows", "minors", "apart", "together"):
            home[name] = home[name].fillna(0)
        single = (home.covered_rows > 0) & (home.apart == 0)
        home["programme"] = home.label.map({"低保边缘": "dibao_edge", "刚性支出困难": "rigid_expenditure"}).fillna(
            pd.Series(np.where(single, "dibao_single", "dibao"), index=home.index)
        )
        home["holds"] = self._holds(home) & ((home.label != "低保") | (home.covered_rows > 0))
        home["net"] = home.annual_income.fillna(home.income) - home.employment_deduction.fillna(0)
        home["size"] = home.member_count.where(home.member_count >= 1)
        self.home = home

    @staticmethod
    def _holds(row: Frame) -> Column:
        ends = row.end_month.isna() | (month_of(row.end_month) >= row.m)
        return row.status.isin(["在享", "渐退"]) & (month_of(row.start_month) <= row.m) & ends

    def _file_people(self) -> None:
        home, roster = self.home, self.roster
        kept = [
            "m", "household_no", "label", "programme", "status", "holds", "monthly_amount", "town", "village", "net",
            "size", "business", "together", "start_month", "authorised_on", "authorised_until", "covered_rows",
        ]  # fmt: skip
        said = [
            "m", "household_no", "id_no", *NAMES, "role", "covered", "single_person", "uplift", "in_school",
            "wage_income", "pension_income",
        ]  # fmt: skip
        both = self.member[said].merge(home[kept], on=["m", "household_no"])
        listed = both[(both.role == "共同生活") & ((both.label != "低保") | yes(both.covered))].copy()
        listed["programme"] = listed.programme.where(
            listed.label != "低保", np.where(listed.single_person, "dibao_single", "dibao")
        )
        others = roster[~roster.dataset.isin([HOUSEHOLD, MEMBER])].copy()
        others["programme"] = self.of_roster(others)
        others["holds"] = self._holds(others)
        others["monthly_amount"] = others.monthly_amount.where(
            others.dataset != EXTREME, others.basic_amount.fillna(0) + others.care_amount.fillna(0)
        )
        others["household_no"] = None
        roll = pd.concat([listed, others], ignore_index=True).merge(self.former, on="id_no", how="left")
        roll["row"] = np.arange(len(roll))
        about = self.register[self.register.id_no.isin(roll.id_no)]
        about = roll[["row", "m", "id_no", *NAMES, "former"]].merge(
            about[["id_no", *NAMES, "birth_date", "valid_from", "valid_to"]], on="id_no", suffixes=("", "_s")
        )
        about = about[(about.valid_from <= about.m) & (about.valid_to > about.m)]
        about["birth_date"] = about.birth_date.where(fits(about))
        about = about.set_index("row").birth_date
        known = roll.row.isin(about.index)
        roll["born"] = roll.row.map(about).where(known, born_by(roll.id_no)).astype("datetime64[s]")
        self.roll = roll
        self.holder = roll[roll.holds].reset_index(drop=True)
        self.present = roll[roll.holds | (roll.status == "暂停")][["m", "programme", "id_no"]].drop_duplicates()
        low = both[both.holds & both.role.isin(["共同生活", "赡抚扶养人"])].merge(self.former, on="id_no", how="left")
        alone = self.holder[self.holder.programme == "extreme_poverty"]
        alone = alone[["m", "programme", "id_no", *NAMES, "former", "status", "start_month"]].assign(
            subject=alone.id_no, role="共同生活", net=0.0, size=1.0
        )
        self.low = pd.concat([low.assign(subject=low.household_no), alone], ignore_index=True)
        self.person = self.low[self.low.role == "共同生活"].reset_index(drop=True)

    @staticmethod
    def of_roster(row: Frame) -> Column:
        """The programme of a row of a roster of people."""
        found = row.subsidy.map({"困难残疾人生活补贴": SUBSIDIES[0], "重度残疾人护理补贴": SUBSIDIES[1]}).astype(object)
        found = found.mask(row.dataset == EXTREME, "extreme_poverty").mask(row.dataset == ELDER, "elder_allowance")
        child = row.kind.map({"孤儿": "orphan", "事实无人抚养儿童": "unattended_child"}).fillna("child_in_difficulty")
        return found.mask(row.dataset == CHILD, child)

    def _read_deaths(self) -> None:
        columns = ["id_no", *NAMES]
        self.cremation = self.fact("civil_affairs.cremation", "record_no")
        self.proof = self.fact("health.death_certificate", "certificate_no")
        self.payment = self.fact("civil_affairs.payment", "payment_no")
        gone = self.register[self.register.status == "死亡注销"]
        on = gone.status_on.fillna(last_day(gone._period))
        recorded = pd.concat([
            self.cremation[[*columns, "died_on"]].assign(source=1), self.proof[[*columns, "died_on"]].assign(source=1),
            gone[[*columns, "valid_from", "valid_to"]].assign(died_on=on, source=2),
        ])  # fmt: skip
        recorded = recorded[recorded.id_no.notna()]
        watched = [self.landed(CERTIFICATE), self.landed("rural_affairs.poverty_monitor")]
        sources = [self.roster[self.roster.dataset != HOUSEHOLD], self.payment, self.register, *watched]
        known = pd.concat([rows.loc[rows.id_no.isin(recorded.id_no), columns] for rows in sources])
        known = known.drop_duplicates().merge(self.former, on="id_no", how="left")
        death = meet(known, recorded, ("id_no",)).sort_values("died_on_s")
        death = death.assign(died_on=death.died_on_s, died_m=month_of(death.died_on_s))
        spoken = death[death.source_s == 1].drop_duplicates(["id_no", "name"])
        spoken = spoken.assign(valid_from=spoken.died_m, valid_to=ALWAYS)
        said = death[death.source_s == 2].rename(columns={"valid_from_s": "valid_from", "valid_to_s": "valid_to"})
        since = said[["id_no", "name"]].merge(spoken[["id_no", "name", "died_m"]], how="left").died_m
        said["valid_to"] = np.fmin(said.valid_to, since.to_numpy())
        kept = ["id_no", "name", "died_on", "died_m", "valid_from", "valid_to"]
        self.death = pd.concat([spoken[kept], said[kept]]).drop_duplicates(ignore_index=True)

    def _read_certificates(self) -> None:
        own = self.certified
        other = own.assign(id_no=own.certificate_no.str[:18])
        other = other[(other.id_no.str.len() == 18) & (other.id_no != own.id_no) & ~is_in(other, own, ["m", "id_no"])]
        rows = pd.concat([own, other])
        self.certificate_since = rows.groupby("id_no").m.min()
        rows = rows[rows.issued_on.isna() | (month_of(rows.issued_on) <= rows.m)]
        rows = rows.sort_values(["issued_on", "certificate_no"], na_position="first")
        rows = rows.drop_duplicates(["m", "id_no"], keep="last")
        lasts = rows.valid_until.isna() | (month_of(rows.valid_until) >= rows.m)
        rows["is_valid"], rows["is_severe"] = (rows.status == "正常") & lasts, rows.grade.isin(["一级", "二级"])
        self.certificate = rows.reset_index(drop=True)
        self.valid = self.certificate[self.certificate.is_valid]

    def regions(self) -> None:
        """Names of towns and villages, and every name of the district."""
        rows = self.snapshot("civil_affairs.region").sort_values("m")
        rows = rows[(rows.level != "区县") | (rows.m == rows.m.max())].drop_duplicates("region_code", keep="last")
        self.place = rows.set_index("region_code").name
        district = rows[rows.level == "区县"]
        former = [name.strip() for text in district.former_names.dropna() for name in re.split("[；;、]", text)]
        self.district = [name for name in [*district.name, *former] if name]
