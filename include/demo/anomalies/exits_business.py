"""E06 posts and shares in enterprises, E07 businesses of one's own without declared income."""

from __future__ import annotations

from collections.abc import Iterable

from include.demo.anomalies.pools import Pools
from include.demo.anomalies.subjects import Subject, Subjects
from include.demo.casebook import Casebook
from include.demo.moments import EMPTY, day
from include.demo.programmes.assistance import CODES, DIBAO, EDGE, RIGID, SINGLE

_FIRM, _SHOP, _COOPERATIVE = "企业", "个体工商户", "农民专业合作社"
_CODES = {_FIRM: "91320614", _SHOP: "92320614", _COOPERATIVE: "93320614"}
_TITLES = {_FIRM: "商贸有限公司", _SHOP: "小吃店", _COOPERATIVE: "农机专业合作社"}


def plant(book: Casebook, pools: Pools) -> None:
    """Plant the two rules."""
    subjects = Subjects(book, pools)
    _enterprises(subjects)
    _enterprise_near_misses(subjects)
    _shops(subjects)
    _shop_near_misses(subjects)


def _post(
    subjects: Subjects,
    subject: Subject,
    shown: Iterable[int],
    *,
    kind: str = _FIRM,
    role: str = "法定代表人",
    capital: int = EMPTY,
    founded_on: int = EMPTY,
    status: str = "存续",
) -> str:
    """A post of a member in the register of some months; returns the business's number."""
    rows = subjects.book.world.extra.setdefault("business", [])
    serial = len(rows) + 1
    number = f"{_CODES[kind]}MB{serial:08d}"
    rows.append(
        {
            "person": subject[2],
            "number": number,
            "title": f"海门区顺达{serial}号{_TITLES[kind]}",
            "kind": kind,
            "role": role,
            "capital": capital,
            "founded_on": day(2017, 4, 6) if founded_on == EMPTY else founded_on,
            "status": status,
            "shown": set(shown),
        }
    )
    return number


def _enterprises(subjects: Subjects) -> None:
    book = subjects.book
    roles = ("法定代表人", "董事", "监事", "经理")
    for place, subject in enumerate(subjects.headed(DIBAO, "E06/post", book.amount(30, 4), (20, 75))):
        begin, end = ((0, 10), (3, 10), (2, 7))[place % 3]
        number = _post(subjects, subject, range(begin, end), role=roles[place % 4])
        subjects.find("E06", subject, number, range(begin, end), "medium", "post")
    for place, subject in enumerate(subjects.headed(DIBAO, "E06/shareholder", 2, (20, 75))):
        # the hundred thousandth yuan makes the difference
        capital, severity = ((10_000_000, "high"), (9_999_999, "medium"))[place]
        number = _post(subjects, subject, range(10), role="股东", capital=capital)
        subjects.find("E06", subject, number, range(10), severity, "shareholder")
    for subject in subjects.headed(DIBAO, "E06/exemption_ends", 2, (20, 75)):
        number = _post(subjects, subject, range(10), capital=50_000_000)
        subjects.exempt(subject, "企业", number, "冒名登记", day(2021, 5, 31))
        subjects.find("E06", subject, number, range(5, 10), "high", "exemption_ends")
    for subject in subjects.headed(DIBAO, "E06/returning", 2, (20, 75)):
        number = _post(subjects, subject, (0, 1, 5, 6, 7, 8, 9), role="监事")
        subjects.find("E06", subject, number, (0, 1, 5, 6, 7, 8, 9), "medium", "returning")
    for code in (SINGLE, EDGE):
        for subject in subjects.headed(code, f"E06/{code}", 2, (20, 75)):
            number = _post(subjects, subject, range(4, 10), role="股东", capital=30_000_000)
            subjects.find("E06", subject, number, range(4, 10), "high", CODES[code])
    for subject in subjects.extreme("E06/extreme"):
        number = _post(subjects, subject, range(1, 10), role="监事")
        subjects.find("E06", subject, number, range(1, 10), "medium", "extreme_poverty")


def _enterprise_near_misses(subjects: Subjects) -> None:
    for code, why, changes in (
        (EDGE, "企业已注销", {"status": "注销"}),
        (EDGE, "企业已吊销", {"status": "吊销"}),
        (SINGLE, "股东没有认缴出资", {"role": "股东", "capital": 0}),
        (SINGLE, "农民专业合作社成员", {"kind": _COOPERATIVE, "role": "成员"}),
        (RIGID, "刚性支出困难家庭不适用", {"capital": 50_000_000}),
    ):
        for subject in subjects.headed(code, f"E06/near/{why}", 2, (20, 75)):
            _post(subjects, subject, range(10), **changes)
            subjects.near("E06", subject, why)
    for subject in subjects.headed(DIBAO, "E06/near/exempt", 2, (20, 75)):
        number = _post(subjects, subject, range(10), capital=100_000_000)
        subjects.exempt(subject, "企业", number, "冒名登记", day(2022, 6, 30))
        subjects.near("E06", subject, "已认定豁免")


def _conceal(subjects: Subjects, subject: Subject) -> None:
    """Let a household declare no income from a business, and as much of another kind."""
    help_ = subjects.book.world.assistance
    rows = help_.members_of(subject[1])
    help_.transfer[rows] += help_.business[rows]
    help_.business[rows] = 0


def _shop(subjects: Subjects, subject: Subject, shown: Iterable[int], founded_on: int = EMPTY) -> str:
    return _post(subjects, subject, shown, kind=_SHOP, role="经营者", founded_on=founded_on)


def _shops(subjects: Subjects) -> None:
    book = subjects.book
    for place, subject in enumerate(subjects.headed(DIBAO, "E07/usual", book.amount(50, 3), (20, 75))):
        begin, end = ((0, 10), (4, 10), (1, 6))[place % 3]
        _conceal(subjects, subject)
        number = _shop(subjects, subject, range(begin, end))
        subjects.find("E07", subject, number, range(begin, end), "medium", "old_shop")
    for subject in subjects.headed(DIBAO, "E07/founded", 2, (20, 75)):
        _conceal(subjects, subject)
        # three months after the first of a month begin with that day itself
        number = _shop(subjects, subject, range(2, 10), day(2021, 3, 1))
        subjects.find("E07", subject, number, range(5, 10), "medium", "founded_in_the_window")
    for subject in subjects.headed(DIBAO, "E07/returning", 2, (20, 75)):
        _conceal(subjects, subject)
        number = _shop(subjects, subject, range(10))
        subjects.exempt(subject, "企业", number, "其他", day(2022, 6, 30), (3, 4, 5))
        subjects.find("E07", subject, number, (0, 1, 2, 6, 7, 8, 9), "medium", "returning")
    for code in (SINGLE, EDGE):
        for subject in subjects.headed(code, f"E07/{code}", 2, (20, 75)):
            _conceal(subjects, subject)
            number = _shop(subjects, subject, range(3, 10))
            subjects.find("E07", subject, number, range(3, 10), "medium", CODES[code])


def _shop_near_misses(subjects: Subjects) -> None:
    help_ = subjects.book.world.assistance
    for subject in subjects.headed(EDGE, "E07/near/declared", 2, (20, 60)):
        row = help_.members_of(subject[1])[0]
        shift = min(int(help_.wage[row]), 100_000)
        help_.wage[row] -= shift
        help_.business[row] += shift
        if not help_.business[help_.members_of(subject[1])].any():
            help_.transfer[row] -= 1_200
            help_.business[row] += 1_200
        _shop(subjects, subject, range(10))
        subjects.near("E07", subject, "已申报经营收入")
    for subject in subjects.headed(SINGLE, "E07/near/young", 2, (20, 75)):
        _conceal(subjects, subject)
        _shop(subjects, subject, range(6, 10), day(2021, 7, 2))
        subjects.near("E07", subject, "开业未满三个月")
    for subject in subjects.headed(RIGID, "E07/near/rigid", 2, (20, 75)):
        _conceal(subjects, subject)
        _shop(subjects, subject, range(10))
        subjects.near("E07", subject, "刚性支出困难家庭不适用")
    for subject in subjects.headed(DIBAO, "E07/near/closed", 2, (20, 75)):
        _conceal(subjects, subject)
        _post(subjects, subject, range(10), kind=_SHOP, role="经营者", status="注销")
        subjects.near("E07", subject, "个体工商户已注销")
