"""Payment: what was paid twice, wrongly, or to nobody entitled."""

from __future__ import annotations

import numpy as np
import pandas as pd

from benchmarks.in_pandas.covers import Covers
from benchmarks.in_pandas.delivered import (
    ALWAYS,
    CHILDREN,
    DIBAO,
    NAMES,
    SUBSIDIES,
    Column,
    Frame,
    celebrated,
    fits,
    is_in,
    meet,
    month_of,
    years,
)


class Payments(Covers):
    """P01 to P17."""

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
        owed = owed[(owed.valid_from <= owed.m) & (owed.valid_to > owed.m)]
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
        odd = odd[~is_in(odd, self.roster[self.roster.institution.notna()], ["m", "name_s"], ["m", "institution"])]

        asked = pd.concat([payee[many], odd])[["m", "id_no"]].drop_duplicates()
        member = self.member[self.member.role == "共同生活"]
        child = self.roster[self.roster.guardian_id_no.notna()]
        known = self.register.register_no.notna() | self.register.id_no.isin(odd.id_no)
        register = self.register[known].merge(self.months, how="cross")
        register = register[(register.valid_from <= register.m) & (register.valid_to > register.m)]
        shared, own = register[register.register_no.notna()], register[is_in(register, odd, ["m", "id_no"])]
        kin = pd.concat([
            member[["m", "id_no", *NAMES]].assign(tie="household" + member.household_no),
            shared[["m", "id_no", *NAMES]].assign(tie="register" + shared.register_no),
            child[["m", "id_no", *NAMES]].assign(tie="guardian" + child.guardian_id_no),
            own[["m", "id_no", *NAMES]].assign(tie="guardian" + own.id_no),
        ])  # fmt: skip
        once = kin[["m", "id_no", "tie"]].drop_duplicates().merge(self.former, on="id_no")
        kin = pd.concat([kin, once.rename(columns={"former": "name"})])
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
        once = child.guardian_id_no.map(self.former.set_index("id_no").former)
        guardian = pd.concat([guardian, child[["m", "id_no"]].assign(name=once)])
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
        heads = held.merge(self.home[["m", "household_no", "name"]], on=["m", "household_no"], suffixes=("_own", ""))
        named = pd.concat([held, heads])
        unread = named[self.unread(named, "name", "village")]
        self.hit("P14", due[is_in(due, before, key) & ~is_in(due, unread, key)])

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
