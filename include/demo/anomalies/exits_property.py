"""E03 vehicles, E05 real estate and E08 pay from the treasury in low-income households."""

from __future__ import annotations

from collections.abc import Iterable

from include.demo.anomalies.pools import Pools
from include.demo.anomalies.subjects import Subject, Subjects
from include.demo.casebook import Casebook
from include.demo.moments import EMPTY, WINDOW, day, first_day, month_iso
from include.demo.programmes.assistance import CODES, DIBAO, EDGE, RIGID, SINGLE, SUPPORTER

_ALL = range(10)


def plant(book: Casebook, pools: Pools) -> None:
    """Plant the three rules."""
    subjects = Subjects(book, pools)
    _vehicles(book, subjects)
    _vehicle_near_misses(book, subjects)
    _estates(book, subjects)
    _estate_near_misses(book, subjects)
    _payroll(book, subjects, pools)


def _car(
    book: Casebook,
    person: int,
    shown: Iterable[int],
    *,
    registered_on: int = EMPTY,
    kind: str = "小型汽车",
    status: str = "正常",
) -> str:
    rows = book.world.extra.setdefault("vehicle", [])
    plate = f"苏F{len(rows) + 10_001:05d}"  # five digits: no plate of the register looks like that
    rows.append(
        {
            "person": person,
            "plate": plate,
            "kind": kind,
            "shown": dict.fromkeys(shown, status),
            "registered_on": day(2016, 5, 9) if registered_on == EMPTY else registered_on,
        }
    )
    return plate


def _vehicles(book: Casebook, subjects: Subjects) -> None:
    usual = book.amount(60, 2)
    for place, subject in enumerate(subjects.household(DIBAO, "E03/medium", usual)):
        begin, end = ((0, 10), (2, 10), (4, 8))[place % 3]
        status = ("正常", "停驶", "违法未处理", "查封", "逾期未检验")[place % 5]
        subjects.find(
            "E03",
            subject,
            _car(book, subject[2], range(begin, end), status=status),
            range(begin, end),
            "medium",
            "one_car",
        )
    for code in (SINGLE, EDGE, RIGID):
        for subject in subjects.household(code, f"E03/{code}"):
            kind = ("小型汽车", "大型汽车", "小型新能源汽车", "挂车")[code]
            subjects.find(
                "E03", subject, _car(book, subject[2], range(3, 10), kind=kind), range(3, 10), "medium", CODES[code]
            )
    for subject in subjects.extreme("E03/extreme"):
        subjects.find("E03", subject, _car(book, subject[2], range(1, 6)), range(1, 6), "medium", "extreme_poverty")
    _cars_that_change(book, subjects)


def _cars_that_change(book: Casebook, subjects: Subjects) -> None:
    for subject in subjects.household(DIBAO, "E03/two"):
        first, second = _car(book, subject[2], _ALL), _car(book, subject[2], range(4, 10), kind="小型新能源汽车")
        subjects.find("E03", subject, first, _ALL, lambda index: "high" if index >= 4 else "medium", "two_cars")
        subjects.find("E03", subject, second, range(4, 10), "high", "two_cars")
    for subject in subjects.household(DIBAO, "E03/new"):
        subjects.find(
            "E03",
            subject,
            _car(book, subject[2], range(5, 10), registered_on=day(2021, 6, 3)),
            range(5, 10),
            "high",
            "new_car",
        )
    for subject in subjects.household(DIBAO, "E03/ageing"):
        plate = _car(book, subject[2], _ALL, registered_on=day(2019, 4, 15))
        subjects.find("E03", subject, plate, _ALL, lambda index: "high" if index <= 3 else "medium", "ageing_car")
    for subject in subjects.household(DIBAO, "E03/exemption_ends"):
        plate = _car(book, subject[2], _ALL)
        subjects.exempt(subject, "车辆", plate, "谋生用车", day(2021, 4, 30))
        subjects.find("E03", subject, plate, range(4, 10), "medium", "exemption_ends")
    for subject in subjects.household(DIBAO, "E03/returning"):
        plate = _car(book, subject[2], [1, 2, 3, 7, 8, 9])
        subjects.find("E03", subject, plate, [1, 2, 3, 7, 8, 9], "medium", "returning")


def _vehicle_near_misses(book: Casebook, subjects: Subjects) -> None:
    cases = {
        "已注销": {"status": "注销"},
        "已转出": {"status": "转出"},
        "达到报废标准": {"status": "达到报废标准"},
        "普通摩托车": {"kind": "普通摩托车"},
        "残疾人专用车": {"kind": "残疾人专用车"},
        "拖拉机": {"kind": "拖拉机"},
    }
    for why, changes in cases.items():
        for programme, home, person, _ in subjects.household(DIBAO, f"E03/near/{why}"):
            _car(book, person, _ALL, **changes)  # type: ignore[arg-type]
            book.near("E03", programme, person, why, home)
    for subject in subjects.household(DIBAO, "E03/near/exempt", book.amount(25, 2)):
        subjects.exempt(subject, "车辆", _car(book, subject[2], _ALL), "就医用车", day(2022, 6, 30))
        book.near("E03", subject[0], subject[2], "已认定豁免", subject[1])
    for home in book.take_households(subjects.pools.households[DIBAO], 2, "E03/near/supporter"):
        supporter = book.take(subjects.pools.bystanders, 1, f"E03/near/supporter/{home}")[0]
        book.world.assistance.add_member(home, supporter, role=SUPPORTER, relation="儿子")
        _car(book, supporter, _ALL)
        book.near("E03", "dibao", supporter, "车主是赡养人，不共同生活", home)


def _unit(
    book: Casebook,
    person: int,
    registered_on: int,
    *,
    use: str = "住宅",
    way: str = "自建",
    share: float = 1.0,
    until: int = 10,
    unit: str = "",
) -> str:
    rows = book.world.extra.setdefault("real_estate", [])
    unit = unit or f"320684999001GB{len(rows) + 1:05d}F{len(rows) + 1:08d}"
    window = range(10)
    first = next((index for index in window if registered_on < first_day(WINDOW[index] + 1)), 0)
    sent = {first: "现势"}
    if until < 10:
        sent[until] = "历史"
    rows.append(
        {
            "person": person,
            "unit": unit,
            "use": use,
            "way": way,
            "share": share,
            "registered_on": registered_on,
            "sent": sent,
        }
    )
    return unit


def _estates(book: Casebook, subjects: Subjects) -> None:
    for use in ("商业", "办公", "工业", "仓储"):
        for place, subject in enumerate(subjects.household(DIBAO, f"E05/{use}")):
            until = (10, 6)[place]
            unit = _unit(book, subject[2], day(2012, 3, 6), use=use, until=until)
            subjects.find("E05", subject, unit, range(until), "high", "commercial")
    for place, subject in enumerate(subjects.household(DIBAO, "E05/two_homes", book.amount(60, 2))):
        _unit(book, subject[2], day(2006, 5, 8))
        begin, until = ((0, 10), (3, 10), (0, 7))[place % 3]
        unit = _unit(book, subject[2], day(2021, 4, 12) if begin else day(2015, 9, 1), until=until)
        subjects.find("E05", subject, unit, range(begin, until), "medium", "two_homes")
    for code in (SINGLE, EDGE, RIGID):
        for subject in subjects.household(code, f"E05/{code}"):
            _unit(book, subject[2], day(2006, 5, 8))
            subjects.find("E05", subject, _unit(book, subject[2], day(2017, 2, 7)), _ALL, "medium", CODES[code])
    for subject in subjects.extreme("E05/extreme"):
        subjects.find(
            "E05", subject, _unit(book, subject[2], day(2014, 2, 7), use="商业"), _ALL, "high", "extreme_poverty"
        )
    _bought_and_inherited(book, subjects)


def _bought_and_inherited(book: Casebook, subjects: Subjects) -> None:
    for subject in subjects.household(DIBAO, "E05/bought"):
        subjects.find(
            "E05", subject, _unit(book, subject[2], day(2021, 5, 18), way="购买"), range(4, 10), "high", "bought"
        )
    for subject in subjects.household(DIBAO, "E05/bought_long_ago"):
        subjects.find(
            "E05", subject, _unit(book, subject[2], day(2019, 4, 10), way="购买"), range(4), "high", "bought_ages"
        )
    help_ = book.world.assistance
    for home in book.take_households(subjects.pools.larger_dibao, 2, "E05/inherited"):
        one, other = (int(help_.member[row]) for row in help_.members_of(home)[:2])
        _unit(book, one, day(2004, 5, 8))
        unit = _unit(book, one, day(2018, 5, 8), way="继承", share=0.3)
        _unit(book, other, day(2018, 5, 8), way="继承", share=0.3, unit=unit)
        subjects.find("E05", ("dibao", home, one, "household"), unit, _ALL, "medium", "inherited_together")


def _estate_near_misses(book: Casebook, subjects: Subjects) -> None:
    for why, changes in {
        "车位": {"use": "车位"},
        "储藏室": {"use": "储藏"},
        "继承份额二成": {"way": "继承", "share": 0.2},
        "其他用途": {"use": "其他"},
    }.items():
        for programme, home, person, _ in subjects.household(DIBAO, f"E05/near/{why}"):
            _unit(book, person, day(2003, 4, 3))
            _unit(book, person, day(2018, 4, 3), **changes)  # type: ignore[arg-type]
            book.near("E05", programme, person, why, home)
    for subject in subjects.household(DIBAO, "E05/near/exempt"):
        subjects.exempt(
            subject, "房产", _unit(book, subject[2], day(2011, 4, 3), use="商业"), "冒名登记", day(2023, 1, 31)
        )
        book.near("E05", subject[0], subject[2], "已认定豁免", subject[1])
    for programme, home, person, _ in subjects.household(DIBAO, "E05/near/bought_before"):
        _unit(book, person, day(2018, 11, 20), way="购买")
        book.near("E05", programme, person, "购买已满二十四个月", home)
    help_ = book.world.assistance
    for home in book.take_households(subjects.pools.larger_dibao, 2, "E05/near/co_owned"):
        one, other = (int(help_.member[row]) for row in help_.members_of(home)[:2])
        unit = _unit(book, one, day(2005, 4, 3), share=0.5)
        _unit(book, other, day(2005, 4, 3), share=0.5, unit=unit)
        book.near("E05", "dibao", one, "同一不动产单元由两人共有", home)


def _pay(book: Casebook, person: int, unit: str, post: str, months: Iterable[int]) -> None:
    book.world.add("payroll", person=person, unit=unit, post=post, shown=set(months))


def _earns(subjects: Subjects, subject: Subject, unit: str, begin: int, end: int, severity: str, limb: str) -> None:
    """Write a spell of pay down: it is found until two months after its end."""
    key = f"{unit}|{month_iso(WINDOW[begin])}"
    subjects.find("E08", subject, key, range(begin, min(end + 2, 9) + 1), severity, limb)


def _payroll(book: Casebook, subjects: Subjects, pools: Pools) -> None:
    for place, post in enumerate(("公务员", "事业编制", "编外聘用")):
        for turn, subject in enumerate(subjects.household(DIBAO, f"E08/{post}")):
            begin, end = ((0, 9), (2, 5))[turn]
            unit = f"海门区{('档案馆', '水务站', '环境监测站')[place]}"
            _pay(book, subject[2], unit, post, range(begin, end + 1))
            _earns(
                subjects,
                subject,
                unit,
                begin,
                end,
                "critical",
                f"member_{('official', 'institution', 'contract')[place]}",
            )
    for code in (SINGLE, EDGE, RIGID):
        for subject in subjects.household(code, f"E08/{code}"):
            _pay(book, subject[2], "海门区城市管理站", "编外聘用", range(4, 10))
            _earns(subjects, subject, "海门区城市管理站", 4, 9, "critical", CODES[code])
    for subject in subjects.extreme("E08/extreme"):
        _pay(book, subject[2], "海门区文化馆", "编外聘用", range(1, 4))
        _earns(subjects, subject, "海门区文化馆", 1, 3, "critical", "extreme_poverty")
    _supporters_and_spells(book, subjects, pools)


def _supporters_and_spells(book: Casebook, subjects: Subjects, pools: Pools) -> None:
    help_ = book.world.assistance
    for turn, home in enumerate(book.take_households(pools.households[DIBAO], book.amount(4, 2), "E08/supporter")):
        supporter = book.take(pools.bystanders, 1, f"E08/supporter/{home}")[0]
        help_.add_member(home, supporter, role=SUPPORTER, relation="女儿")
        begin = (0, 3)[turn % 2]
        _pay(book, supporter, "海门区第三中学", "事业编制", range(begin, 10))
        _earns(subjects, ("dibao", home, supporter, "household"), "海门区第三中学", begin, 9, "medium", "supporter")
    for subject in subjects.household(DIBAO, "E08/two_spells"):
        _pay(book, subject[2], "海门区气象站", "编外聘用", [0, 1, 6, 7, 8, 9])
        _earns(subjects, subject, "海门区气象站", 0, 1, "critical", "first_spell")
        _earns(subjects, subject, "海门区气象站", 6, 9, "critical", "second_spell")
    for post in ("公益性岗位", "村干部误工", "网格员补贴"):
        for programme, home, person, _ in subjects.household(DIBAO, f"E08/near/{post}", book.amount(12, 2)):
            _pay(book, person, "海门区便民服务中心", post, _ALL)
            book.near("E08", programme, person, post, home)
