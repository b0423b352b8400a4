"""The six rosters of the civil-affairs bureau."""

from __future__ import annotations

import numpy as np

from include.demo.departments.planted import planted
from include.demo.moments import EMPTY, FOREVER, WINDOW, age_in_month, last_day
from include.demo.programmes.assistance import DIBAO, EDGE, FILED_AS, LIVES_HERE, SINGLE, UPLIFTS
from include.demo.programmes.children import KINDS
from include.demo.programmes.disability import CATEGORIES, GRADES, TIERS
from include.demo.programmes.extreme import CARE
from include.demo.programmes.roster import Roster
from include.demo.programmes.standards import CARE_SHARE, EXTREME_RURAL, EXTREME_URBAN, STANDARD
from include.demo.rendering import plain_texts
from include.demo.tables import (
    Column,
    Table,
    code,
    days,
    digits,
    ids,
    join,
    money,
    months,
    names,
    nothing,
    pick,
    text,
    whole,
    words,
    yes,
)
from include.demo.vocabulary import INSTITUTIONS
from include.demo.world import World

_WHO, _WHERE, _WHAT, _WHEN = "基本信息", "属地信息", "保障信息", "起止信息"


def place(world: World, village: np.ndarray, group: str = _WHERE) -> tuple[Column, Column]:
    """镇街 and 村居 of villages."""
    geography = world.geography
    return (
        code("镇街", geography.village_town[village], geography.town_name, "town", group),
        code("村居", village, geography.village_name, "village", group),
    )


def by_town(world: World, table: Table, village: np.ndarray) -> list[Table]:
    """One table a town, named by its town."""
    town = world.geography.village_town[village]
    return [table.take(np.flatnonzero(town == at), str(name)) for at, name in enumerate(world.geography.town_name)]


def next_review(base: np.ndarray, at: int) -> np.ndarray:
    """The next yearly review after a month, so that none is overdue."""
    end = int(last_day(at))
    year = np.datetime64(end, "D").astype("datetime64[Y]")
    this_year = int(year.astype("datetime64[D]").astype("int64")) + base
    return np.where(this_year > end, this_year, this_year + 365)


def _overdue(world: World, reviews: np.ndarray, subjects: np.ndarray, name: str, index: int) -> np.ndarray:
    """Reviews of households or people, where planted ones are still due on a day of their own."""
    due = {row[name]: row["due_on"] for row in planted(world, "review", index)}
    return np.array([due.get(subject, review) for subject, review in zip(subjects.tolist(), reviews, strict=True)])


def _authorisations(world: World, households: np.ndarray, index: int) -> tuple[np.ndarray, np.ndarray]:
    """Days on which households' authorisations were signed, with the application, and end; and the planted ones."""
    signed, until = last_day(world.assistance.start[households]), nothing(len(households))
    for row in planted(world, "authorisation", index):
        signed[households == row["household"]] = row["signed_on"]
        until[households == row["household"]] = row["until"]
    return signed, until


def _stated(world: World, values: np.ndarray, subjects: np.ndarray, column: str, index: int) -> np.ndarray:
    """A column of a roster, where planted rows state something else of a household or person."""
    slips = {row["subject"]: row["value"] for row in planted(world, "stated", index) if row["column"] == column}
    if not slips:
        return values
    stated = np.array(values, dtype=object if values.dtype.kind not in "iu" else values.dtype)
    for place, subject in enumerate(subjects.tolist()):
        if subject in slips:
            stated[place] = slips[subject]
    return stated


def address(world: World, village: np.ndarray, salt: np.ndarray) -> object:
    """A made-up address: district, town, village, group and house."""
    geography = world.geography
    groups = [
        f"{name}组"
        for name in ("一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二", "十三", "十四")
    ]
    return join(
        pick([f"南通市海门区{name}" for name in geography.town_name], geography.village_town[village]),
        pick(list(geography.village_name), village),
        pick(groups, salt % 14),
        digits(salt // 14 % 90 + 1, 1),
        "号",
    )


def household(world: World, index: int) -> list[Table]:
    """低保、低保边缘、刚性支出困难家庭, a file a town."""
    help_, people, at = world.assistance, world.people, WINDOW[index]
    rows = np.flatnonzero(help_.shown(index) & (help_.head[:, index] >= 0))
    head = help_.member[help_.head[rows, index]]
    programme = help_.programme[rows]
    village, ended = help_.village[rows], at > help_.last[rows]
    signed_on, authorised_until = _authorisations(world, rows, index)
    reviews = next_review(help_.review_day[rows], at)
    status = help_.status(index)[rows]
    grace = np.where(np.isin(status, ("渐退", "终止")), help_.grace_until[rows], EMPTY)
    paid = np.where(np.isin(programme, (DIBAO, SINGLE)), help_.amount[rows, index], 0)
    homes = np.array(address(world, village, help_.register[rows]), dtype=object)
    phones = np.array(join("13", digits((help_.register[rows] * 7919 + 1_000_003) % 10**9, 9)), dtype=object)
    table = Table(
        [
            text("家庭编号", help_.number[rows], _WHO),
            words("救助类型", np.array(FILED_AS)[programme], _WHO),
            names("户主姓名", people, head, _WHO),
            ids("户主身份证号", people, head, _WHO),
            words("城乡类别", np.where(world.geography.village_is_urban[village], "城市", "农村"), _WHERE),
            *place(world, village),
            text("家庭住址", _stated(world, homes, rows, "address", index), _WHERE),
            text("联系电话", _stated(world, phones, rows, "phone", index), _WHERE),
            whole("共同生活人数", _stated(world, help_.count[rows, index], rows, "member_count", index), _WHAT),
            whole("保障人数", help_.covered_count[rows, index], _WHAT),
            money("家庭年收入", help_.annual_income(index)[rows], _WHAT),
            money("就业成本扣减", nothing(len(rows)), _WHAT),
            money("年刚性支出", np.where(programme > EDGE, 6_000_000, EMPTY), _WHAT),
            words("财产核对结论", np.full(len(rows), "符合"), _WHAT),
            money("月保障金额", np.where(programme <= SINGLE, paid, EMPTY), _WHAT),
            code("分类", help_.review_day[rows] % 3, ("A", "B", "C"), group=_WHAT),
            months("起始年月", help_.start[rows], _WHEN),
            months("终止年月", np.where(ended, help_.last[rows], EMPTY), _WHEN),
            text("终止原因", np.where(ended, help_.reason[rows], ""), _WHEN),
            words("状态", status, _WHEN),
            months("渐退截止年月", grace, _WHEN),
            days("下次复核日期", _overdue(world, reviews, rows, "household", index), _WHEN),
            days("授权书签署日期", signed_on, _WHEN),
            days("授权书有效期至", authorised_until, _WHEN),
        ],
        head,
    )
    table.marks["household"] = rows
    return by_town(world, table, village)


def member(world: World, index: int) -> list[Table]:
    """救助家庭成员及赡抚扶养人, a file a town."""
    help_, people, at = world.assistance, world.people, WINDOW[index]
    shown = help_.present(index) & (help_.head[help_.member_household, index] >= 0)
    rows = np.flatnonzero(shown)
    rows = rows[np.lexsort((rows, help_.member_household[rows]))]
    home, person = help_.member_household[rows], help_.member[rows]
    lives_here = help_.role[rows] == LIVES_HERE
    age = age_in_month(people.birth[person], at)
    is_head = help_.head[home, index] == rows
    relation = np.where(is_head, "本人", np.where(help_.relation[rows] == "本人", "其他亲属", help_.relation[rows]))
    disability, grade = _disability(world, person, help_.certificate[rows])
    health = np.select([disability >= 0, help_.is_ill[rows], age > 70], ["残疾", "重病", "一般"], "健康")
    single = (help_.programme[home] == SINGLE) & help_.covered[rows]
    property_income = np.zeros(len(rows), dtype="int64")
    still_at_school = [row["person"] for row in planted(world, "in_school", index)]
    table = Table(
        [
            text("家庭编号", help_.number[home], _WHO),
            names("姓名", people, person, _WHO),
            ids("身份证号", people, person, _WHO),
            text("与户主关系", relation, _WHO),
            words("成员角色", np.where(lives_here, "共同生活", "赡抚扶养人"), _WHO),
            yes("是否保障对象", help_.covered[rows], _WHAT),
            yes("是否单人保", single, _WHAT),
            words("健康状况", health, _WHAT),
            code("残疾类别", disability, CATEGORIES, group=_WHAT),
            code("残疾等级", grade, GRADES, group=_WHAT),
            words(
                "劳动能力",
                np.select([age < 16, age >= 60, disability >= 0], ["无", "部分丧失", "部分丧失"], "有"),
                _WHAT,
            ),
            yes("是否在校", ((age >= 7) & (age < 18)) | np.isin(person, still_at_school), _WHAT),
            code("分类施保类型", help_.uplift(index, people)[rows], UPLIFTS, group=_WHAT),
            money("工资性收入", help_.wage[rows], "家庭收入（元/年）"),
            money("经营净收入", help_.business[rows], "家庭收入（元/年）"),
            money("财产净收入", property_income, "家庭收入（元/年）"),
            money("转移净收入", help_.transfer[rows], "家庭收入（元/年）"),
            money("其中养老金", help_.pension[rows], "家庭收入（元/年）"),
            money("其他收入", property_income, "家庭收入（元/年）"),
        ],
        person,
    )
    table.marks["household"] = home
    return by_town(world, table, help_.village[home])


def _disability(world: World, person: np.ndarray, known: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    row_of = np.full(len(world.people), -1, dtype="int64")
    row_of[world.certificates.person] = np.arange(len(world.certificates))
    row = np.where(known > 0, row_of[person], -1)
    category = np.where(row >= 0, world.certificates.category[row].astype("int64"), EMPTY)
    grade = np.where(row >= 0, world.certificates.grade[row].astype("int64"), EMPTY)
    return category, grade


def _ends(world: World, roster: Roster, rows: np.ndarray, index: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """End month, reason and status of roster rows."""
    at = WINDOW[index]
    ended = (at > roster.last[rows]) & (roster.last[rows] != FOREVER)
    person = roster.person[rows]
    natural = np.where(world.people.died_on[person] != EMPTY, "死亡", "户籍迁出")
    reason = np.where(ended, np.where(roster.reason[rows] != "", roster.reason[rows], natural), "")
    status = np.where(ended, "终止", np.where(roster.paused[rows, index], "暂停", "在享"))
    return np.where(ended, roster.last[rows], EMPTY), reason, status


def extreme_poverty(world: World, index: int) -> list[Table]:
    """特困人员."""
    roster, people = world.extreme, world.people
    rows = np.flatnonzero(roster.shown(index))
    person, facts = roster.person[rows], roster.facts
    village = people.village[person]
    end, reason, status = _ends(world, roster, rows, index)
    share = np.array([CARE_SHARE[word] for word in CARE])[facts["care"][rows]]
    basic = np.where(facts["urban"][rows], EXTREME_URBAN, EXTREME_RURAL)
    housed = facts["in_institution"][rows]
    reviews = next_review(facts["review_day"][rows], WINDOW[index])
    table = Table(
        [
            names("姓名", people, person, _WHO),
            ids("身份证号", people, person, _WHO),
            *place(world, village),
            words("城乡类别", np.where(facts["urban"][rows], "城市", "农村"), _WHERE),
            words("供养方式", np.where(housed, "集中", "分散"), _WHAT),
            text(
                "供养机构",
                np.where(housed, np.array(INSTITUTIONS, dtype=object)[facts["institution"][rows]], ""),
                _WHAT,
            ),
            code("自理能力", facts["care"][rows], CARE, group=_WHAT),
            money("基本生活费", basic, _WHAT),
            money("照料护理费", share * STANDARD[index] // 100, _WHAT),
            months("起始年月", roster.start[rows], _WHEN),
            months("终止年月", end, _WHEN),
            text("终止原因", reason, _WHEN),
            words("状态", status, _WHEN),
            days("下次复核日期", _overdue(world, reviews, person, "person", index), _WHEN),
        ],
        person,
    )
    return [table]


def disability_subsidy(world: World, index: int) -> list[Table]:
    """残疾人两项补贴: both subsidies in one list."""
    tables = []
    for roster, subsidy in ((world.living, "困难残疾人生活补贴"), (world.nursing, "重度残疾人护理补贴")):
        rows = np.flatnonzero(roster.shown(index))
        person, facts = roster.person[rows], roster.facts
        village = world.people.village[person]
        end, reason, status = _ends(world, roster, rows, index)
        numbers = certificate_numbers(world, facts["certificate"][rows])
        tables.append(
            Table(
                [
                    words("补贴项目", np.full(len(rows), subsidy), _WHO),
                    code("补贴档次", facts["tier"][rows], TIERS, group=_WHO),
                    names("姓名", world.people, person, _WHO),
                    ids("身份证号", world.people, person, _WHO),
                    text("残疾人证号", numbers, _WHO),
                    code("残疾类别", facts["category"][rows], CATEGORIES, group=_WHAT),
                    code("残疾等级", facts["grade"][rows], GRADES, group=_WHAT),
                    words("城乡类别", np.where(world.geography.village_is_urban[village], "城市", "农村"), _WHERE),
                    *place(world, village),
                    money("月补贴额", roster.amount[rows, index], _WHAT),
                    months("起始年月", roster.start[rows], _WHEN),
                    months("终止年月", end, _WHEN),
                    text("终止原因", reason, _WHEN),
                    words("状态", status, _WHEN),
                ],
                person,
            )
        )
    return [_stacked(tables)]


def _stacked(tables: list[Table]) -> Table:
    columns = []
    for place_, column in enumerate(tables[0].columns):
        others = [table.columns[place_] for table in tables]
        if column.kind in ("text", "name", "id"):
            joined = np.concatenate([np.asarray(plain_texts(other), dtype=object) for other in others])
            columns.append(Column(column.header, column.kind, joined, group=column.group))
        elif column.kind == "code" and len({str(other.words) for other in others}) > 1:
            joined = np.concatenate([plain_texts(other) for other in others])
            columns.append(words(column.header, joined, column.group))
        else:
            values = np.concatenate([np.asarray(other.values) for other in others])
            columns.append(Column(column.header, column.kind, values, column.words, column.group))
    return Table(columns, np.concatenate([table.person for table in tables]))


def certificate_numbers(world: World, rows: np.ndarray) -> object:
    """Certificate numbers of certificate rows; a negative row is a paper nobody ever saw."""
    certificates = world.certificates
    known = np.maximum(rows, 0)
    person = world.people.id_no.take(certificates.person[known])
    tail = certificates.tails()[known]
    suffix = pick(["", "B1"], certificates.reissued[known].astype("int64"))
    return join(person, digits(tail, 2), suffix)


def elder_allowance(world: World, index: int) -> list[Table]:
    """尊老金, a file a town."""
    roster, people = world.elders, world.people
    rows = np.flatnonzero(roster.shown(index))
    person = roster.person[rows]
    village = people.village[person]
    end, reason, status = _ends(world, roster, rows, index)
    table = Table(
        [
            names("姓名", people, person),
            ids("身份证号", people, person),
            days("出生日期", _stated(world, people.birth[person], person, "birth", index)),
            *place(world, village, ""),
            money("月发放标准", roster.amount[rows, index]),
            months("起始年月", roster.start[rows]),
            months("终止年月", end),
            text("终止原因", reason),
            words("状态", status),
        ],
        person,
    )
    return by_town(world, table, village)


def child_welfare(world: World, index: int) -> list[Table]:
    """孤儿、事实无人抚养儿童、困境儿童."""
    roster, people = world.children, world.people
    rows = np.flatnonzero(roster.shown(index))
    person, facts = roster.person[rows], roster.facts
    village = people.village[person]
    end, _, status = _ends(world, roster, rows, index)
    return [
        Table(
            [
                code("儿童类别", facts["kind"][rows], KINDS, group=_WHO),
                words("养育方式", np.where(facts["in_institution"][rows], "机构", "散居"), _WHO),
                names("姓名", people, person, _WHO),
                ids("身份证号", people, person, _WHO),
                names("监护人姓名", people, facts["guardian"][rows], _WHO),
                ids("监护人身份证号", people, facts["guardian"][rows], _WHO),
                *place(world, village),
                money("月保障金额", roster.amount[rows, index], _WHAT),
                months("认定期截止年月", facts["until"][rows], _WHEN),
                months("起始年月", roster.start[rows], _WHEN),
                months("终止年月", end, _WHEN),
                words("状态", status, _WHEN),
            ],
            person,
        )
    ]
