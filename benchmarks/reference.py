"""The sixty rules in pandas, step by step as ``reference.sql`` says them; for the benchmark alone.

Months are whole numbers, twelve a year, so that a day's month is compared without dates. Money is in floats, rounded
where it meets a line. Gives one frame: rule, programme, month, and whom or what the rule finds, by number. All that has
come is read: it knows no earlier moment, and nobody who was merged.
"""

from __future__ import annotations

import json
import re
import sys
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from include.bench import Meter
from include.privacy import guarded, mask_logging
from include.settings import DBT_PROJECT, Settings
from include.warehouse import ledger

ROSTERS = [
    "civil_affairs.assistance_household", "civil_affairs.assistance_member", "civil_affairs.extreme_poverty",
    "civil_affairs.disability_subsidy", "civil_affairs.elder_allowance", "civil_affairs.child_welfare",
]  # fmt: skip
HOUSEHOLD, MEMBER, EXTREME, SUBSIDY, ELDER, CHILD = ROSTERS
FACTS = {
    "civil_affairs.payment", "civil_affairs.cremation", "civil_affairs.marriage", "civil_affairs.verification_result",
    "public_security.population", "public_security.exit_entry", "health.death_certificate", "finance.payroll",
    "human_resources.contribution", "medical_insurance.settlement", "taxation.personal_income",
    "natural_resources.real_estate", "housing_fund.contribution", "verification_centre.asset_check",
    "emergency.incident", "hotline.ticket",
}  # fmt: skip
STALE_AFTER = {
    "human_resources.work_injury": 4, "public_security.exit_entry": 4, "education.enrolment": 9,
    "civil_affairs.region": 9999, "civil_affairs.verification_result": 9999, "emergency.incident": 9999,
}  # fmt: skip
BY_TOWN = {HOUSEHOLD, MEMBER, ELDER}
DIBAO, SUBSIDIES = ("dibao", "dibao_single"), ("disability_living", "disability_nursing")
CHILDREN = ["orphan", "unattended_child", "child_in_difficulty"]
EDGE = ("dibao_edge", "rigid_expenditure")
LOW_INCOME = (*DIBAO, "extreme_poverty", *EDGE)
NAMES = ["name", "name_folded", "name_pattern"]
ALWAYS = 10**6
_OF_NUMBERS = {"bad_length", "bad_date", "bad_checksum", "masked", "lost_precision"}
_UNUSED = re.compile("_key$|_status$|^(raw|member|sheet|row_number)$")

Frame, Column = pd.DataFrame, pd.Series


def month_of(day: Column) -> Column:
    """The month of each day as a number; NaN of none."""
    return day.dt.year * 12 + day.dt.month - 1


def last_day(m: Column) -> Column:
    """The last day of each month."""
    ends = (m.to_numpy().astype("int64") + 1 - 1970 * 12).astype("datetime64[M]").astype("datetime64[s]")
    return pd.Series(ends, index=m.index) - pd.Timedelta(days=1)


def by_first(day: Column, m: Column) -> Column:
    """Whether a day is the first of the month or earlier."""
    return month_of(day - pd.Timedelta(days=1)) < m


def to_last(day: Column, m: Column) -> Column:
    """Whether a day is empty, or the last of the month or later."""
    return day.isna() | (month_of(day + pd.Timedelta(days=1)) > m)


def celebrated(born: Column) -> Column:
    """Birthdays; of whoever was born on 29 February, 1 March."""
    return born.mask((born.dt.month == 2) & (born.dt.day == 29), born + pd.Timedelta(days=1))


def born_by(id_no: Column) -> Column:
    """The birth date that a citizen number tells."""
    return pd.to_datetime(id_no.str[6:14], format="%Y%m%d", errors="coerce").astype("datetime64[s]")


def sex_by(id_no: Column) -> Column:
    """The sex that a citizen number tells."""
    return id_no.str[16].map({digit: "男" if int(digit) % 2 else "女" for digit in "0123456789"})


def years(born: Column, m: Column) -> Column:
    """Whole years between the birth month and the month."""
    return (m - month_of(born)) // 12


def yes(flag: Column) -> Column:
    """True where a flag says so, and not where it is empty."""
    return flag.eq(True).fillna(False).astype(bool)


def joined(rows: Frame, columns: list[str]) -> Column:
    """Some columns as one text; none where one of them is empty."""
    first, *more = (rows[name].astype("str") for name in columns)
    return first.str.cat(more, sep="|") if more else first


def is_in(one: Frame, other: Frame, on: list[str], other_on: list[str] | None = None) -> np.ndarray:
    """Which rows have a partner."""
    return pd.MultiIndex.from_frame(one[on]).isin(pd.MultiIndex.from_frame(other[other_on or on]))


def fits(row: Frame, former: str | None = "former") -> Column:
    """M1 and M2, of a row's names and those that end in _s: without a name it fits by its number alone."""
    (one, one_folded, one_pattern), (two, two_folded, two_pattern) = (
        [row[name + suffix] for name in NAMES] for suffix in ("", "_s")
    )
    same = one.isna() | two.isna() | one.eq(two) | one_folded.eq(two_folded)
    if former:
        same |= one.eq(row[former]) | two.eq(row[former])
    same = same.fillna(False).astype(bool)
    for pattern, texts in ((one_pattern, (two, two_folded)), (two_pattern, (one, one_folded))):
        for place in row.index[~same & pattern.notna()]:
            like = re.escape(pattern[place]).replace("_", ".").replace("%", ".*")
            same[place] |= any(isinstance(text[place], str) and re.fullmatch(like, text[place]) for text in texts)
    return same


def meet(one: Frame, other: Frame, on: tuple[str, ...] = ("m", "id_no")) -> Frame:
    """Rows of both about one person, where the names fit; the columns of the second end in _s."""
    kept = other.rename(columns={name: f"{name}_s" for name in other.columns if name not in on})
    both = one.merge(kept, on=list(on))
    return both[fits(both)].copy()


class Reference:
    """What was delivered, and what the rules find in it."""

    def __init__(self, landing: Path, as_of: int) -> None:
        self.landing, self.seeds, self.hits = landing, DBT_PROJECT / "seeds", []
        self.delivery = self._deliveries()
        first = self.delivery.period[self.delivery.dataset == HOUSEHOLD].min()
        self.months = pd.DataFrame({"m": range(first, as_of + 1)})
        self.in_force = self._in_force()
        self.landed, self.policy = cache(self._landed), self._policy()
        self.standard = self.policy[self.policy.parameter == "dibao_standard"].merge(
            self.policy.query("parameter == 'dibao_uplift' and category == '未成年人'")[["m", "value"]],
            on="m", how="left", suffixes=("", "_of_minors"),
        )  # fmt: skip

    def _deliveries(self) -> Frame:
        rows = []
        for path in self.landing.glob("*/*/*/delivery.json"):
            entry, decision = json.loads(path.read_text()), path.with_name("decision.json")
            released = decision.exists() and json.loads(decision.read_text())["decision"] == "released"
            if entry["status"] == "accepted" or (entry["status"] == "held" and released):
                part = entry["part_code"] if entry["part_code"] is not None else entry["part"] or ""
                period = int(entry["period"][:4]) * 12 + int(entry["period"][4:]) - 1
                rows.append((entry["delivery_id"], entry["dataset"], period, part, entry["received_at"],
                             entry["rows_accepted"], path.parent))  # fmt: skip
        names = ["delivery", "dataset", "period", "part", "received_at", "rows_accepted", "folder"]
        return pd.DataFrame(rows, columns=names).sort_values(["period", "received_at", "delivery"], ignore_index=True)

    def _in_force(self) -> Frame:
        """Of a snapshot, per part, the newest period up to the month: a whole file replaces every part."""
        rows = []
        snapshots = self.delivery[~self.delivery.dataset.isin(FACTS)]
        for dataset, came in snapshots.groupby("dataset"):
            for m in self.months.m:
                parts: dict[str, tuple] = {}
                for row in came[came.period <= m].itertuples(index=False):
                    if row.part == "" or (
                        dataset not in BY_TOWN and any(x.period < row.period for x in parts.values())
                    ):
                        parts = {}
                    parts[row.part] = row
                rows += [(m, *row) for row in parts.values()]
        return pd.DataFrame(rows, columns=["m", *self.delivery.columns])

    def _landed(self, dataset: str, file: str = "data") -> Frame:
        """The rows of all deliveries of a dataset, with period and moment of arrival; of the owner as of the person."""
        tables = []
        for row in self.delivery[self.delivery.dataset == dataset].itertuples():
            if not (row.folder / f"{file}.parquet").exists():
                continue
            table = pq.read_table(row.folder / f"{file}.parquet", partitioning=None)
            table = table.select([name for name in table.column_names if not _UNUSED.search(name)])
            for name in ("delivery", "period", "received_at"):
                table = table.append_column(f"_{name}", pa.repeat(getattr(row, name), len(table)))
            tables.append(table)
        if not tables:
            empty = next(self.landing.glob(f"{dataset}/period=000000/*/{file}.parquet"))
            table = pq.read_table(empty, partitioning=None)
            tables = [table.select([name for name in table.column_names if not _UNUSED.search(name)])]
            for name in ("delivery", "period", "received_at"):
                tables[0] = tables[0].append_column(f"_{name}", pa.nulls(0, pa.string()))
        table = pa.concat_tables(tables, promote_options="permissive")
        for place, column in enumerate(table.schema):
            if pa.types.is_decimal(column.type):
                table = table.set_column(place, column.name, table.column(place).cast(pa.float64()))
        frame = table.to_pandas(date_as_object=False)
        for name in frame.columns[frame.dtypes.map(lambda kind: kind.kind == "M")]:
            frame[name] = frame[name].astype("datetime64[s]")
        return frame.rename(columns=lambda name: name.removeprefix("owner_"))

    def snapshot(self, dataset: str) -> Frame:
        """The rows in force in each month."""
        return self.in_force[["m", "delivery"]].rename(columns={"delivery": "_delivery"}).merge(self.landed(dataset))

    def fact(self, dataset: str, *key: str) -> Frame:
        """One row a key, the latest delivery's."""
        rows = self.landed(dataset).sort_values(["_received_at", "_delivery"], kind="stable")
        return rows.drop_duplicates(list(key), keep="last").reset_index(drop=True)

    def _policy(self) -> Frame:
        rows = pd.read_csv(self.seeds / "policy" / "parameters.csv", parse_dates=["valid_from"])
        rows["category"] = rows.category.fillna("")
        rows = rows.sort_values("valid_from")
        rows["before"] = rows.groupby(["parameter", "category"]).value.shift()
        rows["since"] = month_of(rows.valid_from)
        changed = rows.before.notna() & (rows.before != rows.value)
        rows["changed"] = rows.since.where(changed)
        rows["before"] = rows.before.where(changed)
        rows[["changed", "before"]] = rows.groupby(["parameter", "category"])[["changed", "before"]].ffill()
        each = self.months.merge(rows, how="cross")
        each = each[each.since <= each.m]
        return each.drop_duplicates(["m", "parameter", "category"], keep="last")

    def hit(self, rule_id: str, rows: Frame, programme: str | None = None, subject: str = "subject") -> None:
        """Findings of a rule."""
        said = rows.programme if programme is None else programme
        found = pd.DataFrame({"m": rows.m, "subject": rows[subject], "rule_id": rule_id, "programme": said})
        self.hits.append(found.drop_duplicates())

    def dead(self, rows: Frame, m: str = "m") -> np.ndarray:
        """month(died) < m, by number and name."""
        died = rows[["id_no", "name"]].merge(self.death, on=["id_no", "name"], how="left").died_m
        return (died.to_numpy() < rows[m].to_numpy()).astype(bool)

    def has(self, rows: Frame, *programmes: str) -> np.ndarray:
        """Holds one of them in m, or has a 暂停 row of one."""
        return is_in(rows, self.present[self.present.programme.isin(programmes)], ["m", "id_no"])

    def registered(self, asked: Frame) -> Frame:
        """The register's version that rules in the month, of whoever is alive; what asked says ends in _s."""
        said = asked.rename(columns={name: f"{name}_s" for name in asked.columns if name not in ("m", "id_no")})
        rows = self.register[(self.register.status == "正常") & self.register.id_no.isin(asked.id_no)].merge(
            said, on="id_no"
        )
        rows = rows[(rows.valid_from <= rows.m) & (rows.valid_to > rows.m)]
        return rows[~self.dead(rows)].copy()

    def exempt(self, rows: Frame, kind: str, number: str) -> np.ndarray:
        """Which assets are exempt in their month."""
        return is_in(rows, self.exemption[self.exemption.asset_kind == kind], ["m", number], ["m", "asset_no"])

    def unread(self, rows: Frame, name: str, village: str) -> np.ndarray:
        """Whom a refused row of the programme's roster names with the village."""
        return is_in(rows, self.refusal, ["m", "programme", name, village], ["m", "programme", "name", "village"])

    # --- words ---------------------------------------------------------------------------------------------------
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
        for dataset in ROSTERS:
            came = self.landed(dataset, file)
            if dataset == HOUSEHOLD:
                came = came.rename(columns=lambda name: name.replace("head_", ""))
            key = {HOUSEHOLD: ["household_no"], MEMBER: ["household_no", "id_no"], SUBSIDY: ["subsidy", "id_no"]}
            known_by = {MEMBER: ["name", "household_no"], SUBSIDY: ["name", "village", "subsidy"]}
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
        refused = self.refused[["m", "dataset", "named"]].drop_duplicates()
        carried, last = [], standing
        while len(last):
            last = last.assign(m=last.m + 1)
            last = last[
                is_in(last, refused, ["m", "dataset", "named"]) & ~is_in(last, standing, ["m", "dataset", "key"])
            ]
            carried.append(last)
        self.roster = pd.concat([standing, *carried], ignore_index=True)

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
        home["holds"] = self._holds(home)
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
        gone = self.register[(self.register.status == "死亡注销") & (self.register.valid_to == ALWAYS)]
        on = gone.status_on.fillna(last_day(gone._period))
        recorded = pd.concat([
            self.cremation[[*columns, "died_on"]].assign(source=1), self.proof[[*columns, "died_on"]].assign(source=1),
            gone[columns].assign(died_on=on, source=2),
        ])  # fmt: skip
        recorded = recorded[recorded.id_no.notna()]
        watched = [self.landed("disabled_federation.certificate"), self.landed("rural_affairs.poverty_monitor")]
        sources = [self.roster[self.roster.dataset != HOUSEHOLD], self.payment, self.register, *watched]
        known = pd.concat([rows.loc[rows.id_no.isin(recorded.id_no), columns] for rows in sources])
        known = known.drop_duplicates().merge(self.former, on="id_no", how="left")
        death = meet(known, recorded, ("id_no",)).sort_values(["source_s", "died_on_s"])
        death = death.drop_duplicates(["id_no", "name"])
        self.death = death[["id_no", "name"]].assign(died_on=death.died_on_s, died_m=month_of(death.died_on_s))

    def _read_certificates(self) -> None:
        own = self.snapshot("disabled_federation.certificate")
        other = own.assign(id_no=own.certificate_no.str[:18])
        other = other[(other.id_no.str.len() == 18) & (other.id_no != own.id_no) & ~is_in(other, own, ["m", "id_no"])]
        rows = pd.concat([own, other])
        rows = rows[rows.issued_on.isna() | (month_of(rows.issued_on) <= rows.m)]
        rows = rows.sort_values(["issued_on", "certificate_no"], na_position="first")
        rows = rows.drop_duplicates(["m", "id_no"], keep="last")
        lasts = rows.valid_until.isna() | (month_of(rows.valid_until) >= rows.m)
        rows["is_valid"], rows["is_severe"] = (rows.status == "正常") & lasts, rows.grade.isin(["一级", "二级"])
        self.certificate = rows.reset_index(drop=True)
        self.valid = self.certificate[self.certificate.is_valid]

    # --- exit ----------------------------------------------------------------------------------------------------
    def exits(self) -> None:
        """E01 to E22."""
        holder, person = self.holder, self.person
        dead = holder[self.dead(holder)]
        lone = self.cremation[self.cremation.id_no.isna() & self.cremation.name.notna()].assign(
            m=lambda c: month_of(c.died_on)
        )
        fit = self._living(lone).query("sex == sex_s")
        ages = (fit.m - month_of(fit.birth_date)) // 12
        fit = fit[(ages - fit.age_s).abs() <= 1]
        fit = fit[self._named_in(fit.address_s, fit.village) | self._named_in(fit.address_s, fit.town)]
        fit = fit[fit.groupby("record_no_s").id_no.transform("nunique") == 1].drop_duplicates("record_no_s")
        fit = meet(holder, fit[["id_no", *NAMES, "died_on_s"]].rename(columns={"died_on_s": "died_on"}), ("id_no",))
        fit = fit[(month_of(fit.died_on_s) < fit.m) & ~is_in(fit, dead, ["m", "id_no"])]
        gone = pd.concat([dead, fit])
        self.hit("E01", gone, subject="id_no")
        pension = self.snapshot("human_resources.pension")
        stopped = pension[(pension.status != "正常") & pension.stop_reason.fillna("").str.contains("死亡|失踪|未认证")]
        stopped = stopped[stopped.stopped_on.isna() | (month_of(stopped.stopped_on) <= stopped.m)]
        hinted = pd.concat([meet(holder, stopped), holder[years(holder.born, holder.m) > 110]])
        self.hit("E02", hinted[~is_in(hinted, gone, ["m", "programme", "id_no"])], subject="id_no")

        self.car = self.snapshot("public_security.vehicle")
        self.car = self.car[
            self.car.plate_kind.isin(["大型汽车", "小型汽车", "小型新能源汽车", "挂车"])
            & self.car.status.isin(["正常", "停驶", "违法未处理", "查封", "逾期未检验"])
        ]
        cars = meet(person, self.car)
        self.hit("E03", cars[~self.exempt(cars, "车辆", "plate_no_s")])
        self._estates()
        self.post = self.snapshot("market_regulation.business").query("status == '存续'")
        office = self.post.role.isin(["法定代表人", "董事", "监事", "经理"]) | (
            (self.post.role == "股东") & (self.post.capital > 0)
        )
        self.post = self.post.assign(is_office=(self.post.business_kind == "企业") & office)
        posts = meet(person, self.post)
        posts = posts[~self.exempt(posts, "企业", "credit_code_s")]
        self.hit("E06", posts[posts.is_office_s & posts.programme.isin([*DIBAO, "extreme_poverty", "dibao_edge"])])
        own = (posts.role_s == "经营者") & (posts.business_kind_s == "个体工商户") & (posts.business == 0)
        own &= by_first(posts.founded_on_s, posts.m - 3) & posts.programme.isin([*DIBAO, "dibao_edge"])
        self.hit("E07", posts[own])
        pay = self.fact("finance.payroll", "id_no", "unit", "month")
        pay = meet(self.low, pay[pay.post.isin(["公务员", "事业编制", "编外聘用"])], ("id_no",))
        self.hit("E08", pay[(month_of(pay.month_s) <= pay.m) & (month_of(pay.month_s) >= pay.m - 2)])
        self._earnings()
        self._checks()

        custody = self.snapshot("justice.custody")
        custody = custody[
            custody.kind.isin(["服刑", "羁押", "强制隔离戒毒"]) & (month_of(custody.start_on) < custody.m)
        ]
        self.custody = custody[to_last(custody.end_on, custody.m)]
        self.hit("E14", meet(holder, self.custody), subject="id_no")
        moved = self.register[(self.register.status == "迁出") & self.register.destination.fillna("").ne("")]
        moved = meet(holder, moved, ("id_no",))
        moved = moved[
            (moved.valid_from_s <= moved.m) & (moved.valid_to_s > moved.m) & (month_of(moved.status_on_s) < moved.m)
        ]
        inside = moved.destination_s.str.contains("|".join(map(re.escape, self.district)))
        self.hit("E15", moved[~inside], subject="id_no")
        self._marriages()
        self._subsidised()

        enrolled = self.snapshot("education.enrolment")
        grown = holder[years(holder.born, holder.m) >= 18]
        grown = grown[grown.programme.isin(CHILDREN) | ((grown.programme == "dibao") & yes(grown.in_school))]
        left = meet(grown, enrolled)
        left = left[month_of(left.graduates_on_s) < left.m - 3]
        self.hit("E19", pd.concat([grown[~is_in(grown, enrolled, ["m", "id_no"])], left]), subject="id_no")
        abroad = meet(holder, self.fact("public_security.exit_entry", "id_no", "exited_on"), ("id_no",))
        away = abroad.entered_on_s.isna() | (month_of(abroad.entered_on_s) > abroad.m)
        self.hit("E20", abroad[away & ((last_day(abroad.m) - abroad.exited_on_s).dt.days >= 90)], subject="id_no")
        home = self.home[self.home.holds]
        over = (home.programme == "dibao") & (home.status == "渐退") & (month_of(home.grace_until) < home.m)
        self.hit("E21", home[over], subject="household_no")
        self.hit("E22", home[month_of(home.next_review_on) < home.m], subject="household_no")
        alone = holder[(holder.programme == "extreme_poverty") & (month_of(holder.next_review_on) < holder.m)]
        self.hit("E22", alone, subject="id_no")

    def _living(self, asked: Frame) -> Frame:
        """Registered people of a name in a month; what asked says ends in _s."""
        rows = self.register[(self.register.status == "正常") & self.register.name.isin(asked.name)]
        said = asked.rename(columns={name: f"{name}_s" for name in asked.columns if name not in ("m", "name")})
        rows = rows.merge(said, on="name")
        rows = rows[(rows.valid_from <= rows.m) & (rows.valid_to > rows.m)]
        return rows[~self.dead(rows)].copy()

    def _named_in(self, address: Column, region: Column) -> np.ndarray:
        names = region.map(self.place)
        pairs = zip(address, names, strict=True)
        return np.array([isinstance(a, str) and isinstance(n, str) and n in a for a, n in pairs], dtype=bool)

    def regions(self) -> None:
        """Names of towns and villages, and every name of the district."""
        rows = self.snapshot("civil_affairs.region").sort_values("m")
        rows = rows[(rows.level != "区县") | (rows.m == rows.m.max())].drop_duplicates("region_code", keep="last")
        self.place = rows.set_index("region_code").name
        district = rows[rows.level == "区县"]
        former = [name.strip() for text in district.former_names.dropna() for name in re.split("[；;、]", text)]
        self.district = [name for name in [*district.name, *former] if name]

    def _estates(self) -> None:
        rows = self.landed("natural_resources.real_estate").sort_values(["_period", "_received_at", "_delivery"])
        rows["until"] = rows.groupby(["unit_no", "id_no"])._period.shift(-1).fillna(ALWAYS)
        self.estate = rows[rows._period < rows.until]
        unit = meet(
            self.person,
            self.estate[(self.estate.status == "现势") & ~self.estate.use.isin(["车位", "储藏"])],
            ("id_no",),
        )
        unit = unit[(unit._period_s <= unit.m) & (unit.until_s > unit.m)]
        unit = unit[~self.exempt(unit, "房产", "unit_no_s")]
        since = month_of(unit.registered_on_s)
        bought = (unit.acquired_by_s == "购买") & (since >= unit.m - 24) & (since <= unit.m)
        unit = unit.assign(inherited=unit.acquired_by_s == "继承", share=unit.share_s.fillna(1), bought=bought)
        unit = unit.groupby(["m", "programme", "subject", "unit_no_s"], as_index=False).agg(
            use=("use_s", "first"), inherited=("inherited", "all"), share=("share", "sum"), bought=("bought", "any")
        )
        unit = unit[~(unit.inherited & (unit.share.round(6) < 0.5))]
        dwellings = (unit.use == "住宅").groupby([unit.m, unit.programme, unit.subject]).transform("sum")
        trade = unit.use.isin(["商业", "办公", "工业", "仓储"])
        self.hit("E05", unit[trade | unit.bought | (dwellings > 1)])

    def _earnings(self) -> None:
        """Estimated income of a head and month reaches S, or 1.5 S; in a year of the household."""
        key = ["m", "programme", "subject", "id_no"]
        earner = self.person[(self.person.status != "渐退") & self.person.net.notna() & self.person["size"].notna()]
        earner = earner.merge(self.standard[["m", "value"]], on="m")
        multiple = np.where(earner.programme.isin(["dibao", "extreme_poverty"]), 1, 1.5)
        earner["line"] = 12 * earner["size"] * earner.value * multiple
        earner["without_wage"] = earner.net - earner.wage_income.fillna(0)
        earner["without_pension"] = earner.net - earner.pension_income.fillna(0)
        earner = earner[[*key, *NAMES, "former", "line", "without_wage", "without_pension"]]
        poor = earner[earner.programme.isin([*DIBAO, "dibao_edge", "extreme_poverty"])]

        def reached(rows: Frame, rule_id: str, income: Column, less: str = "without_wage") -> None:
            about = earner.drop_duplicates(key).set_index(key).loc[income.index]
            is_over = (about[less] + income).round(4) >= about.line.round(4)
            self.hit(rule_id, income[is_over].reset_index())

        paid = self.fact("human_resources.contribution", "id_no", "month", "employer", "scheme").query(
            "scheme == '单位'"
        )
        paid = (
            self._recent(meet(poor, paid, ("id_no",)), 5)
            .groupby(key)
            .agg(months=("month_s", "nunique"), base=("base_s", "sum"))
        )
        paid = paid[paid.months >= 3]
        reached(poor, "E09", 12 * paid.base / paid.months)
        pension = meet(poor, self.snapshot("human_resources.pension").query("status == '正常'"))
        less = pension.basic_amount_s.fillna(0).where(pension.scheme_s == "城乡居民", 0)
        pension["amount"] = pension.monthly_amount_s.fillna(0) - less
        reached(poor, "E10", 12 * pension.groupby(key).amount.sum(), "without_pension")
        taxed = self.fact("taxation.personal_income", "id_no", "payer", "item", "month")
        taxed = self._recent(meet(earner[earner.programme != "extreme_poverty"], taxed, ("id_no",)), 11)
        reached(earner, "E11", taxed.groupby(key).income_s.sum())
        fund = self._recent(
            meet(poor, self.fact("housing_fund.contribution", "id_no", "month", "employer"), ("id_no",)), 3
        )
        fund = fund[fund.month_s == fund.groupby(key).month_s.transform("max")].copy()
        rate = fund.employee_rate_s.where(fund.employee_rate_s <= 1, fund.employee_rate_s / 100)
        fund["wage"] = (fund.employee_amount_s / rate.where(rate > 0)).round(5)
        reached(poor, "E12", 12 * fund.groupby(key).wage.sum(min_count=1).dropna())

    @staticmethod
    def _recent(rows: Frame, months: int) -> Frame:
        on = month_of(rows.month_s)
        return rows[(on <= rows.m) & (on >= rows.m - months)]

    def _checks(self) -> None:
        key = ["m", "programme", "subject"]
        check = self.fact("verification_centre.asset_check", "check_no", "id_no").drop(columns="household_no")
        rows = self.person.merge(check, on="id_no")
        on = month_of(rows.checked_on)
        rows = rows[(on <= rows.m) & (on >= rows.m - 12)]
        newest = rows.sort_values(["checked_on", "check_no"]).drop_duplicates(key, keep="last")
        rows = rows.merge(newest[[*key, "check_no"]], on=[*key, "check_no"])
        rows["value"] = rows[["stock_value", "fund_value", "bond_value"]].sum(axis=1)
        rows["over"] = yes(rows.deposit_over) | yes(rows.household_deposit_over)
        sums = rows.groupby(key, as_index=False).agg(value=("value", "sum"), over=("over", "any"))
        rows = newest.merge(sums, on=key).merge(self.standard[["m", "value"]], on="m", suffixes=("", "_s"))
        lasts = rows.authorised_until.isna() | (rows.authorised_until >= rows.checked_on)
        rows = rows[(rows.programme == "extreme_poverty") | ((rows.authorised_on <= rows.checked_on) & lasts)]
        kept = self.exemption[self.exemption.asset_kind == "存款"]
        free = self.person[is_in(self.person, kept, ["m", "id_no"]) | is_in(self.person, kept, ["m", "household_no"])]
        limit = np.where(rows.programme.isin(EDGE), 36, 24) * rows.value_s * rows["size"]
        self.hit("E13", rows[(rows.over | (rows.value >= limit)) & ~is_in(rows, free, key)])

    def _marriages(self) -> None:
        person, key = self.person, ["m", "programme", "subject", "spouse"]
        alone = (person.programme == "dibao_single") & yes(person.covered) & yes(person.single_person)
        alone |= (person.programme == "extreme_poverty") | ((person.programme == "dibao") & (person.together == 1))
        rows, sides = self.fact("civil_affairs.marriage", "certificate_no"), []
        for own, other in (("male", "female"), ("female", "male")):
            side = rows[["kind", "registered_on"]].assign(spouse=rows[f"{other}_id_no"], id_no=rows[f"{own}_id_no"])
            for name in NAMES:
                side[name] = rows[f"{own}_{name}"]
            sides.append(side)
        side = meet(person[alone], pd.concat(sides), ("id_no",)).rename(columns={"spouse_s": "spouse"})
        side = side[month_of(side.registered_on_s) <= side.m]
        apart = side[side.kind_s == "离婚"].groupby(key).registered_on_s.max().rename("apart_on").reset_index()
        wed = side[(side.kind_s == "结婚") & (month_of(side.registered_on_s) > month_of(side.start_month))].merge(
            apart, on=key, how="left"
        )
        wed = wed[wed.apart_on.isna() | (wed.apart_on <= wed.registered_on_s)]
        self.hit("E16", wed[~is_in(wed, person, key, ["m", "programme", "subject", "id_no"])])

    def _subsidised(self) -> None:
        """Subsidies with the certificate; a child for whom none was ever seen is there for an illness."""
        seen = self.certificate.groupby("id_no").m.min()
        holder = self.holder
        child = (holder.kind == "重残重病儿童") & (holder.id_no.map(seen) <= holder.m)
        rows = holder[holder.programme.isin(SUBSIDIES) | child].copy()
        own = is_in(rows, self.certificate, ["m", "id_no"])
        rows["link"] = rows.id_no.where(own, rows.certificate_no.str[:18])
        said = self.certificate.rename(columns={name: f"{name}_s" for name in self.certificate.columns if name != "m"})
        rows = rows.merge(said.rename(columns={"id_no_s": "link"}).assign(there=True), on=["m", "link"], how="left")
        none = rows.there.isna()
        rows = rows[none | fits(rows)].assign(none=none)
        severe, mind = rows.grade_s.isin(["一级", "二级"]), rows.category_s.isin(["智力", "精神", "多重"])
        mild = rows.category_s.isin(["听力", "言语"])
        unfit = (rows.tier.isin(["护理", "低保内重残", "低保外重残"]) & ~severe) | ((rows.tier == "低保外重残") & mild)
        unfit |= (rows.tier == "三四级智力精神") & ~mind
        wait = yes(rows.renewal_pending_s) & (rows.m <= month_of(rows.valid_until_s) + 3)
        self.hit("E18", rows[(rows.none | ~yes(rows.is_valid_s) | unfit) & ~wait], subject="id_no")
        differs = rows.disability_category.notna() & (rows.disability_category != rows.category_s)
        differs |= rows.disability_grade.notna() & (rows.disability_grade != rows.grade_s)
        self.hit("P07", rows[differs & ~rows.none & rows.programme.isin(SUBSIDIES)], subject="id_no")

    # --- cover ---------------------------------------------------------------------------------------------------
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
        old = old[~self.has(old, SUBSIDIES[1], "extreme_poverty") & ~is_in(old, self.injury, ["m", "id_no"])]
        self.hit("C04", old[~self.unread(old, "name", "village")], subject="id_no")
        rows = meet(holder[holder.programme.isin(DIBAO)], self.valid)
        rows = rows[
            by_first(rows.issued_on_s, rows.m - 2) & ~self.dead(rows) & ~is_in(rows, self.injury, ["m", "id_no"])
        ]
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
        elder = elder[~is_in(elder, self.elsewhere[self.elsewhere.programme == "尊老金"], ["m", "id_no"])]
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
        rows = self.refused
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
        held = home[home.holds & (home.programme == "dibao") & (home.covered_rows > 0)][["m", "household_no"]]
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
        died = pd.concat([self.death[["id_no", "died_on"]], recorded]).merge(self.months, how="cross")
        died = died[month_of(died.died_on) <= died.m]
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

    # --- payment -------------------------------------------------------------------------------------------------
    def payments(self) -> None:
        """P01 to P17; P07 stands beside E18."""
        holder = self.holder
        self._paid()
        received = self.received
        for rows in (holder, received):
            relief = rows[rows.programme == "extreme_poverty"]
            self.hit("P01", meet(rows[rows.programme.isin(SUBSIDIES)], relief), subject="id_no")
        injured = meet(holder[holder.programme.isin(SUBSIDIES)], self.injury)
        self.hit("P02", injured, subject="id_no")
        living = meet(holder[holder.programme == SUBSIDIES[0]], holder[holder.programme.isin(CHILDREN[:2])])
        self.hit("P03", living, subject="id_no")
        child = received[received.programme.isin(CHILDREN)]
        child = meet(child, child)
        later = child.programme.map(CHILDREN.index) > child.programme_s.map(CHILDREN.index)
        self.hit("P03", child[later], subject="id_no")
        twice = meet(holder[holder.programme.isin(DIBAO)], holder)
        other = twice.programme_s.isin(DIBAO) & (twice.household_no < twice.household_no_s)
        self.hit("P04", twice[other | (twice.programme_s == "extreme_poverty")], "dibao", "id_no")
        names = pd.read_csv(self.seeds / "codes" / "programmes.csv")
        away = meet(holder, self.elsewhere)
        basic = away.programme_s.isin(["低保", "特困"])
        label = away.programme.map(names.set_index("programme").out_of_area_label)
        relief = away.programme.isin([*DIBAO, "extreme_poverty"])
        self.hit("P05", away[(basic & relief) | (~basic & (label == away.programme_s))], subject="id_no")
        tiered, dibao = holder[holder.programme == SUBSIDIES[0]], holder[holder.programme.isin(DIBAO)]
        outside = meet(tiered[tiered.tier == "低保外重残"], dibao)
        inside = tiered[tiered.tier.str.startswith("低保内") & ~is_in(tiered, dibao, ["m", "id_no"])]
        self.hit("P06", pd.concat([outside, inside]), subject="id_no")
        self._tariffs()
        owed = self.paid[self.paid.result == "成功"].merge(self.death, on=["id_no", "name"])
        owed = owed[month_of(owed.benefit_month) > owed.died_m]
        owed["sign"] = owed.amount.where(owed.kind != "扣回", -owed.amount.abs())
        owed = owed.drop(columns="m").merge(self.months, how="cross")
        owed = owed[month_of(owed.paid_month) <= owed.m]
        owed = owed.groupby(["m", "programme", "id_no", "died_on"], as_index=False).sign.sum()
        self.hit("P09", owed[owed.sign.round(2) > 0], subject="id_no")
        self._dibao_amounts()
        self._uplifts()
        self._accounts()
        self._batches()
        care = meet(holder[holder.programme == SUBSIDIES[1]], self.snapshot("medical_insurance.long_term_care"))
        lasts = care.end_on_s.isna() | (month_of(care.end_on_s) >= care.m)
        self.hit("P15", care[lasts & (month_of(care.start_on_s) <= care.m)], subject="id_no")

    def _paid(self) -> None:
        names = pd.read_csv(self.seeds / "codes" / "programmes.csv")
        home = self.home[self.home.label == "低保"]
        newest = home.sort_values("m").drop_duplicates("household_no", keep="last").set_index("household_no").programme
        rows = self.payment.assign(m=month_of(self.payment.benefit_month))
        filed = home[["m", "household_no", "programme"]].rename(columns={"programme": "filed"})
        rows = rows.merge(filed, on=["m", "household_no"], how="left")
        filed = rows.filed.fillna(rows.household_no.map(newest)).fillna("dibao")
        label = rows.programme.map(names.dropna(subset="payment_label").set_index("payment_label").programme)
        self.paid = rows.assign(programme=label.mask(rows.programme == "低保金", filed))
        counts = (self.paid.result == "成功") & self.paid.kind.isin(["正常", "补发"])
        self.received = self.paid[counts].merge(self.former, on="id_no", how="left")

    def _tariffs(self) -> None:
        bands = self.policy[self.policy.parameter == "elder_tariff"]
        bands = bands.assign(age=bands.category.astype(int))[["m", "age", "value"]].sort_values("age")

        def tariff(rows: Frame, age: Column) -> np.ndarray:
            asked = pd.DataFrame({"m": rows.m, "age": age.fillna(-1).astype(int), "row": np.arange(len(rows))})
            found = pd.merge_asof(asked.sort_values("age"), bands.astype({"age": int}), on="age", by="m")
            return found.sort_values("row").value.fillna(0).to_numpy()

        rows = self.holder[(self.holder.programme == "elder_allowance") & self.holder.born.notna()]
        age = years(rows.born, rows.m)
        either = (rows.m - month_of(rows.born)) % 12 == 0
        wrong = (rows.monthly_amount != tariff(rows, age)) & rows.monthly_amount.notna()
        self.hit("P08", rows[wrong & ~(either & (rows.monthly_amount == tariff(rows, age - 1)))], subject="id_no")

    def _dibao_amounts(self) -> None:
        rows = self.home[self.home.holds & (self.home.programme == "dibao") & (self.home.status == "在享")]
        rows = rows.merge(self.standard[["m", "value", "before", "changed", "value_of_minors"]], on="m")

        def due(per_head: Column) -> Column:
            year = 12 * rows["size"]
            gap = (
                year * per_head * (rows.covered_rows + rows.value_of_minors.fillna(0) * rows.minors)
                - rows.covered_rows * rows.net
            )
            whole = np.ceil((gap / year).round(6)).clip(lower=0)
            return whole.where(rows.net.round(2) < (year * per_head).round(2), 0).where(
                rows.net.notna() & per_head.notna()
            )

        differs = (rows.monthly_amount - due(rows.value)).abs() > rows["size"]
        self.hit("P10", rows[differs], subject="household_no")
        before = (rows.monthly_amount - due(rows.before)).abs() <= rows["size"]
        old = month_of(rows.start_month) < rows.changed
        self.hit("P17", rows[differs & before & old], subject="household_no")
        basic = self.policy[self.policy.parameter == "extreme_poverty_basic"][["m", "category", "before", "changed"]]
        rows = self.holder[self.holder.programme == "extreme_poverty"]
        rows = rows.merge(basic, left_on=["m", "area_kind"], right_on=["m", "category"])
        old = (rows.basic_amount == rows.before) & (month_of(rows.start_month) < rows.changed)
        self.hit("P17", rows[old], subject="id_no")

    def _uplifts(self) -> None:
        rows = self.holder
        eighteen = celebrated(rows.born)
        on = month_of(eighteen) + 18 * 12
        grown = (on < rows.m) | ((on == rows.m) & (eighteen.dt.day == 1))
        dibao = rows.programme.isin(DIBAO)
        self.hit("P11", rows[dibao & (rows.uplift == "未成年人") & grown], subject="id_no")
        over = (rows.kind == "重残重病儿童") & (month_of(rows.determined_until) < rows.m)
        self.hit("P11", rows[over], subject="id_no")
        severe = rows[dibao & (rows.uplift == "重残")]
        certified = meet(severe, self.certificate)
        weak = certified[~(certified.is_valid_s & certified.is_severe_s)]
        self.hit("P11", pd.concat([severe[~is_in(severe, self.certificate, ["m", "id_no"])], weak]), subject="id_no")

    def _accounts(self) -> None:
        payee = self.paid.assign(m=month_of(self.paid.paid_month))
        payee = payee[
            (payee.result == "成功") & (payee.kind != "扣回") & payee.account_no.notna() & payee.m.isin(self.months.m)
        ]
        apart = self.roll[(self.roll.support_mode == "集中") | (self.roll.placement == "机构")]
        payee = payee[~is_in(payee, apart, ["m", "id_no"])]
        many = payee.groupby(["m", "account_no"]).id_no.transform("nunique") > 2
        words = pd.read_csv(self.seeds / "codes" / "institution_words.csv")
        odd = payee[payee.account_name.notna()].rename(columns={f"account_{name}": f"{name}_s" for name in NAMES})
        odd = odd[~fits(odd, None)]
        for word in words.itertuples():
            odd = odd[~((odd.name_s.str.len() >= word.least_length) & odd.name_s.str.endswith(word.ending))]

        asked = pd.concat([payee[many], odd])[["m", "id_no"]].drop_duplicates()
        member = self.member[self.member.role == "共同生活"]
        child = self.roster[self.roster.guardian_id_no.notna()]
        register = self.register[self.register.register_no.notna()].merge(self.months, how="cross")
        register = register[(register.valid_from <= register.m) & (register.valid_to > register.m)]
        kin = pd.concat([
            member[["m", "id_no", *NAMES]].assign(tie="household" + member.household_no),
            register[["m", "id_no", *NAMES]].assign(tie="register" + register.register_no),
            child[["m", "id_no", *NAMES]].assign(tie="guardian" + child.guardian_id_no),
        ])  # fmt: skip
        housed = payee[payee.household_no.notna()]
        bound = pd.concat([
            kin[is_in(kin, asked, ["m", "id_no"])][["m", "id_no", "tie"]],
            housed[["m", "id_no"]].assign(tie="household" + housed.household_no),
            asked.assign(tie="guardian" + asked.id_no),
        ]).drop_duplicates()  # fmt: skip
        tied = payee[many][["m", "account_no", "id_no"]].drop_duplicates().merge(bound, on=["m", "id_no"])
        tied["head"] = tied.id_no
        while True:
            head = tied.groupby(["m", "account_no", "tie"])["head"].transform("min")
            head = head.groupby([tied.m, tied.account_no, tied.id_no]).transform("min")
            if head.equals(tied["head"]):
                break
            tied["head"] = head
        groups = tied.groupby(["m", "account_no"], as_index=False)["head"].nunique()
        self.hit("P12", groups[groups["head"] > 2], "", "account_no")

        odd = odd.reset_index(drop=True).assign(row=lambda rows: rows.index)
        called = odd[["row", "m", "id_no", *(f"{name}_s" for name in NAMES)]]
        guardian = child[["m", "id_no"]].assign(**{name: child[f"guardian_{name}"] for name in NAMES})
        near = pd.concat([
            called.merge(bound, on=["m", "id_no"]).merge(kin.drop(columns="id_no"), on=["m", "tie"]),
            called.merge(guardian[guardian.name.notna()], on=["m", "id_no"]),
        ]).reset_index(drop=True)  # fmt: skip
        near = near[fits(near, None)]
        self.hit("P12", odd[~odd.row.isin(near.row)], "", "account_no")

    def _batches(self) -> None:
        def pays(programme: Column) -> Column:
            return programme.where(programme != "dibao_single", "dibao")

        cash = [*DIBAO, "extreme_poverty", *SUBSIDIES, "elder_allowance", *CHILDREN]
        holder = self.holder[self.holder.programme.isin(cash)]
        theirs = holder[holder.programme.isin(DIBAO)].groupby(["m", "id_no"], as_index=False).household_no.min()
        paid = self.received[self.received.programme.isin(cash)]
        paid = paid.merge(theirs.rename(columns={"household_no": "own"}), on=["m", "id_no"], how="left")
        house = paid.household_no.fillna(paid.own).where(paid.programme.isin(DIBAO))
        paid = paid.assign(subject=house.fillna(paid.id_no), pays=pays(paid.programme))
        held = holder.assign(subject=holder.household_no.fillna(holder.id_no), pays=pays(holder.programme))
        owed = held.groupby(["m", "pays", "subject"], as_index=False).agg(
            programme=("programme", "min"), amount=("monthly_amount", "max"), town=("town", "max")
        )
        key = ["m", "pays", "subject"]
        regular = paid[paid.kind == "正常"]
        twice = regular.groupby(["m", "programme", "subject"], as_index=False).size()
        self.hit("P13", twice[twice["size"] > 1])

        unheld = regular[regular.m.isin(self.months.m) & ~is_in(regular, owed, key)]
        unheld = unheld.groupby(key, as_index=False).agg(
            programme=("programme", "max"), id_no=("id_no", "max"), name=("name", "max")
        )
        register = (
            self.register[(self.register.valid_to == ALWAYS) & self.register.village.notna()].set_index("id_no").village
        )
        newest = self.roll.sort_values("m").drop_duplicates("id_no", keep="last").set_index("id_no").village
        lives = unheld.id_no.map(register).fillna(unheld.id_no.map(newest))
        house = unheld.merge(self.home[["m", "household_no", "village"]], left_on=["m", "subject"],
                             right_on=["m", "household_no"], how="left").village  # fmt: skip
        unheld["village"] = house.set_axis(unheld.index).fillna(lives)
        self.hit("P14", unheld[~self.unread(unheld, "name", "village")])
        due = owed[owed.amount > 0]
        due = due[~is_in(due, paid, key)]
        before = due.assign(m=due.m + 1)
        self.hit("P14", due[is_in(due, before, key)])

        sides = pd.concat([
            owed[owed.amount > 0][["m", "programme", "town", "amount"]].assign(rows=1),
            self.paid[(self.paid.kind == "正常") & self.paid.programme.isin(cash)].assign(
                amount=lambda row: -row.amount, rows=-1
            )[["m", "programme", "town", "amount", "rows"]],
        ])  # fmt: skip
        sides["town"] = sides.town.fillna("")
        sides = sides[sides.m.isin(month_of(self.payment.benefit_month)) & sides.m.isin(self.months.m)]
        sides = sides.groupby(["m", "programme", "town"], as_index=False).sum()
        money = (sides.amount.round(4).abs() >= 0.01) & (sides.programme != "extreme_poverty")
        sides["subject"] = sides.programme + "|" + sides.town + "|" + self.text(sides.m)
        self.hit("P16", sides[(sides.rows != 0) | money])

    @staticmethod
    def text(m: Column) -> Column:
        """A month as the first day that ISO writes."""
        return m.astype(int).map(lambda month: f"{month // 12:04d}-{month % 12 + 1:02d}-01").astype(object)

    # --- data findings -------------------------------------------------------------------------------------------
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
        rows = self.snapshot("disabled_federation.certificate")
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
        rows = self.home[self.home.holds | (self.home.status == "暂停")]
        headless = ~is_in(rows, self.member, ["m", "household_no", "id_no"])
        self.hit("D05", rows[rows.phone.isna() | rows.address.isna() | headless], "", "household_no")
        heads = self.member[self.member.relation.isin(["本人", "户主"])].groupby(["m", "household_no"]).size()
        heads = pd.MultiIndex.from_frame(rows[["m", "household_no"]]).map(heads.to_dict().get)
        count = np.array([head or 0 for head in heads])
        self.hit("D10", rows[(rows.together != rows.member_count) | (count != 1)], "", "household_no")
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

    def found(self) -> Frame:
        """Everything that a rule finds in a month in which all that it names is there and not stale."""
        for step in (self.regions, self.words, self.exits, self.covers, self.payments, self.findings):
            step()
        fresh = self.newest[~self.newest.is_stale].groupby("m").dataset.agg(set)
        rosters = pd.read_csv(self.seeds / "rules" / "programme_roster.csv").groupby("programme").dataset.agg(set)
        evaluated = []
        for rule in pd.read_csv(self.seeds / "rules" / "rule_catalogue.csv", keep_default_na=False).itertuples():
            every, one_of = (set(filter(None, text.split(";"))) for text in (rule.requires, rule.requires_any))
            for programme in rule.programmes.split(";"):
                needs = every | (rosters[programme] if str(rule.needs_roster) == "True" and programme else set())
                evaluated += [(rule.rule_id, programme, m) for m in self.months.m
                              if needs <= fresh[m] and (not one_of or one_of & fresh[m])]  # fmt: skip
        hits = pd.concat(self.hits).drop_duplicates()
        kept = is_in(
            hits, pd.DataFrame(evaluated, columns=["rule_id", "programme", "m"]), ["rule_id", "programme", "m"]
        )
        return hits[kept].reset_index(drop=True)


def find_all(settings: Settings) -> Frame:
    """Every finding over a landing folder: rule_id, programme, m (a month's number), month (its first day), subject."""
    as_of = ledger.month_to_monitor(settings, ledger.known_deliveries(settings))
    found = Reference(settings.landing, as_of.first.year * 12 + as_of.first.month - 1).found()
    return found.assign(month=Reference.text(found.m))


def _main(settings: Settings) -> None:
    with Meter() as meter:
        meter.begin("pandas")
        find_all(settings)
    sys.stdout.write(json.dumps(vars(meter.costs["pandas"])) + "\n")


if __name__ == "__main__":
    mask_logging()
    with guarded("bench pandas"):
        _main(Settings.from_environment())
