"""Exit: who holds what they may no longer be entitled to."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from benchmarks.in_pandas.delivered import (
    ALWAYS,
    CHILDREN,
    DIBAO,
    EDGE,
    NAMES,
    SUBSIDIES,
    Column,
    Frame,
    by_first,
    fits,
    is_in,
    last_day,
    meet,
    month_of,
    to_last,
    years,
    yes,
)
from benchmarks.in_pandas.filed import Filed


class Exits(Filed):
    """E01 to E22."""

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
        limit = np.where(rows.programme.isin(EDGE), 36, 24) * rows.value_s * rows["size"].fillna(0)
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
        holder = self.holder
        child = (holder.kind == "重残重病儿童") & (holder.id_no.map(self.certificate_since) <= holder.m)
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
