"""What lies in landing: which rows are in force, names that fit, policy by month."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from include.settings import DBT_PROJECT

ROSTERS = [
    "civil_affairs.assistance_household", "civil_affairs.assistance_member", "civil_affairs.extreme_poverty",
    "civil_affairs.disability_subsidy", "civil_affairs.elder_allowance", "civil_affairs.child_welfare",
]  # fmt: skip
HOUSEHOLD, MEMBER, EXTREME, SUBSIDY, ELDER, CHILD = ROSTERS
CERTIFICATE = "disabled_federation.certificate"
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


def is_said_of(rows: Frame, said: Frame, former: str = "former") -> np.ndarray:
    """Of which rows another list says something under a name that fits."""
    asked = rows[["m", "id_no", *NAMES]].assign(former=rows[former])
    return is_in(rows, meet(asked, said[["m", "id_no", *NAMES]]), ["m", "id_no", "name"])


class Delivered:
    """What was delivered, month by month, and the findings that the rules add to it."""

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
        asked = rows[["id_no", "name"]].assign(on=rows[m], row=np.arange(len(rows)))
        died = asked.merge(self.death, on=["id_no", "name"])
        before = (died.died_m < died.on) & (died.valid_from <= died.on) & (died.valid_to > died.on)
        return np.isin(np.arange(len(rows)), died.row[before])

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
