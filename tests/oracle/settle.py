"""Give each person of the random district a life, as departments would report it."""

from __future__ import annotations

from datetime import timedelta

from tests.oracle.district import (
    CATEGORIES,
    CERTIFICATE,
    CHILD,
    COUNT,
    CREMATION,
    CUSTODY,
    DEATH,
    ELDER,
    ELSEWHERE,
    ESTATE,
    EXEMPTION,
    EXTREME,
    FIRST,
    GRADES,
    HOUSEHOLD,
    INJURY,
    MEMBER,
    PAYMENT,
    PAYROLL,
    POPULATION,
    SUBSIDY,
    VEHICLE,
    WINDOW,
    Delivered,
    Fuzz,
    Person,
    Row,
    first,
    last,
    month_of,
)
from tests.oracle.livelihood import earn, need

_PAID_AS = {
    EXTREME: "特困供养金", ELDER: "尊老金", "孤儿": "孤儿基本生活费", "事实无人抚养儿童": "事实无人抚养儿童生活费",
}  # fmt: skip


#: In whose name an account may be held: the last is an institution only while the roster names it.
HOMES = ("西镇敬老院", "阳光之家", "康复工疗厂", "颐和公寓", "南山颐养居")


def settle(seed: int, people: int = 300) -> Delivered:
    """A whole district, delivered."""
    fuzz = Fuzz(seed, people)
    for person in fuzz.people:
        _register(fuzz, person)
        _certificates(fuzz, person)
        _rosters(fuzz, person)
        _belongings(fuzz, person)
        earn(fuzz, person)
        need(fuzz, person)
    _households(fuzz)
    return fuzz.deliver()


def _register(fuzz: Fuzz, person: Person) -> None:
    about: Row = {
        "id_no": person.id_no, "name": person.name, "sex": person.sex, "birth_date": person.born,
        "town": person.town, "village": person.village, "status": "正常", "former_name": person.former_name,
        "father_id_no": None, "mother_id_no": None,
    }  # fmt: skip
    about["register_no"] = f"H{fuzz.people.index(person) // 3}" if fuzz.chance(0.5) else None
    if person.born.year >= 2000 and fuzz.chance(0.9):
        about |= {
            "father_id_no": fuzz.rng.choice(fuzz.people).id_no,
            "mother_id_no": fuzz.rng.choice(fuzz.people).id_no,
        }
    if fuzz.chance(0.04):
        about["birth_date"] = person.born + timedelta(days=1)
    if fuzz.chance(0.97):
        fuzz.fact(POPULATION, about, FIRST)
    if fuzz.chance(0.17):
        _death(fuzz, person, about)
    elif fuzz.chance(0.15):
        _move(fuzz, about)


def _death(fuzz: Fuzz, person: Person, about: Row) -> None:
    died = fuzz.near(fuzz.any_month(3))
    late = fuzz.rng.choice([0, 0, 1, 2])
    month = min(month_of(died) + late, WINDOW[-1])
    if died > last(WINDOW[-1]):
        return
    draw = fuzz.rng.random()
    if draw < 0.6:
        fuzz.fact(CREMATION, {
            "record_no": fuzz.next_number("HH"), "name": fuzz.variant(person), "id_no": fuzz.number(person),
            "sex": person.sex, "age": died.year - person.born.year, "died_on": died,
        }, month)  # fmt: skip
    elif draw < 0.7:
        fuzz.fact(CREMATION, {
            "record_no": fuzz.next_number("HH"), "name": person.name, "sex": person.sex, "died_on": died,
            "age": died.year - person.born.year, "address": f"试验区{person.village}3组",
        }, month)  # fmt: skip
        return
    if draw > 0.4:
        day = min(died + timedelta(days=fuzz.rng.choice([0, 0, 1])), last(WINDOW[-1]))
        fuzz.fact(DEATH, {
            "certificate_no": fuzz.next_number("SW"), "name": fuzz.variant(person), "id_no": person.id_no,
            "died_on": day,
        }, month)  # fmt: skip
    if draw < 0.2 or draw > 0.85:
        gone = min(died + timedelta(days=fuzz.rng.choice([0, 3, -40])), last(WINDOW[-1]))
        told = max(month, month_of(gone), FIRST + 1)
        fuzz.fact(POPULATION, about | {"status": "死亡注销", "status_on": gone}, told)
        if fuzz.chance(0.3) and told + 1 in WINDOW:  # and taken back, from a day on or as if it had never been
            back = fuzz.rng.choice([None, *[fuzz.near(fuzz.any_month(0))] * 3])
            fuzz.fact(POPULATION, about | {"status_on": back}, told + 1)


def _move(fuzz: Fuzz, about: Row) -> None:
    moved = fuzz.near(fuzz.any_month(2))
    places = ["南京市玄武区", "试验区西镇东街", "试验县某村", "上海市", None, "江苏省南通市试验市", "外省某地"]
    gone = about | {"status": "迁出", "status_on": moved, "destination": fuzz.rng.choice(places)}
    period = max(FIRST + 1, min(month_of(moved), WINDOW[-1]))
    fuzz.fact(POPULATION, gone, period)
    if fuzz.chance(0.2) and period + 1 in WINDOW and month_of(moved) < period + 1:
        fuzz.fact(POPULATION, about | {"status_on": first(period + 1)}, period + 1)


def _certificates(fuzz: Fuzz, person: Person) -> None:
    if not fuzz.chance(0.4):
        return
    seen: set[str] = set()
    for _ in range(fuzz.rng.choice([1, 1, 1, 2])):
        category, grade = fuzz.rng.randrange(7), fuzz.rng.randrange(4)
        number = f"{person.id_no}{category + 1}{grade + 1}"
        if fuzz.chance(0.05):
            number = f"{person.id_no}{fuzz.rng.randrange(1, 8)}{fuzz.rng.randrange(1, 5)}"
        if number in seen:
            continue
        seen.add(number)
        issued = None if fuzz.chance(0.08) else fuzz.near(fuzz.any_month(4)) if fuzz.chance(0.5) else first(FIRST - 30)
        valid = fuzz.near(fuzz.any_month(4)) if fuzz.chance(0.35) else None
        fuzz.say(CERTIFICATE, {
            "certificate_no": number, "id_no": person.id_no, "name": fuzz.variant(person, 0),
            "category": CATEGORIES[category], "grade": GRADES[grade], "issued_on": issued, "valid_until": valid,
            "status": fuzz.rng.choice(["正常"] * 6 + ["冻结", "注销", "过期", "迁出"]),
            "renewal_pending": fuzz.rng.choice(["是", "否", "否", None]), "town": person.town,
            "village": person.village,
        })  # fmt: skip


def _where(fuzz: Fuzz, person: Person) -> Row:
    return {"name": person.name, "id_no": fuzz.number(person), "town": person.town, "village": person.village}


def _rosters(fuzz: Fuzz, person: Person) -> None:
    if person.born.year < 1946 and fuzz.chance(0.7):
        age = 2024 - person.born.year
        amount = 50 if age < 90 else 100 if age < 100 else 300
        if fuzz.chance(0.2):
            amount = fuzz.rng.choice([50, 100, 300, 0, 51])
        row = _where(fuzz, person) | fuzz.term() | {"birth_date": person.born, "monthly_amount": amount}
        fuzz.say(ELDER, row)
        _pay(fuzz, person, row, "尊老金")
    elif person.born.year < 1946 and fuzz.chance(0.15):
        fuzz.say(ELSEWHERE, {
            "id_no": person.id_no, "name": fuzz.variant(person, 0.3), "region": "某外县",
            "programme": fuzz.rng.choice(["尊老金", "尊老金", "低保"]),
            "start_month": fuzz.rng.choice([None, fuzz.any_month()]),
            "status": fuzz.rng.choice(["在享", "在享", "终止"]),
        })  # fmt: skip
    elif fuzz.chance(0.05):
        fuzz.say(ELSEWHERE, {
            "id_no": person.id_no, "name": fuzz.variant(person), "region": "某外县", "start_month": None,
            "status": "在享",
            "programme": fuzz.rng.choice(["低保", "特困", "困难残疾人生活补贴", "重度残疾人护理补贴", "尊老金"]),
        })  # fmt: skip
    if 1930 <= person.born.year < 2000 and fuzz.chance(0.2):
        row = (
            _where(fuzz, person)
            | fuzz.term()
            | {
                "support_mode": fuzz.rng.choice(["分散", "分散", "集中"]),
                "area_kind": fuzz.rng.choice(["农村", "城市", None]),
                "institution": fuzz.rng.choice([None, None, None, "南山颐养居"]),
                "basic_amount": fuzz.rng.choice([1040, 1010, 1945]),
                "next_review_on": fuzz.review(),
            }
        )
        row["start_month"] = fuzz.rng.choice([row["start_month"], FIRST - 30])
        fuzz.say(EXTREME, row)
        _pay(fuzz, person, row | {"monthly_amount": row["basic_amount"]}, "特困供养金")
    for subsidy, tiers in (
        ("困难残疾人生活补贴", ["低保内重残", "低保内非重残", "低保外重残", "三四级智力精神", "一户多残依老养残"]),
        ("重度残疾人护理补贴", ["护理"]),
    ):
        if fuzz.chance(0.2):
            row = _where(fuzz, person) | fuzz.term() | {
                "subsidy": subsidy, "tier": fuzz.rng.choice(tiers), "monthly_amount": 90,
                "disability_category": fuzz.rng.choice([*CATEGORIES, None]),
                "disability_grade": fuzz.rng.choice([*GRADES, None]),
                "certificate_no": f"{person.id_no}{fuzz.rng.randrange(1, 8)}{fuzz.rng.randrange(1, 5)}",
            }  # fmt: skip
            fuzz.say(SUBSIDY, row)
            _pay(fuzz, person, row, subsidy)
    if person.born.year >= 2000 and fuzz.chance(0.7):
        kinds = ["孤儿", "事实无人抚养儿童", "重残重病儿童", "重残重病儿童", "低保家庭儿童", "其他困境儿童"]
        kind = fuzz.rng.choice(kinds)
        guardian = fuzz.rng.choice([None, fuzz.people[fuzz.people.index(person) - 1], fuzz.rng.choice(fuzz.people)])
        row = (
            _where(fuzz, person)
            | fuzz.term()
            | {
                "kind": kind,
                "monthly_amount": 1000,
                "placement": fuzz.rng.choice([None, "散居", "机构"]),
                "determined_until": fuzz.rng.choice([None, fuzz.any_month(1)]),
                "guardian_name": guardian and guardian.name,
                "guardian_id_no": guardian and guardian.id_no,
            }
        )
        del row["end_month"]
        fuzz.say(CHILD, row)
        _pay(fuzz, person, row, _PAID_AS.get(kind, "困境儿童生活费"))


def _pay(fuzz: Fuzz, person: Person, row: Row, programme: str) -> None:
    if fuzz.chance(0.1):
        return  # the money never came
    style = fuzz.rng.random()
    paid = 0
    place = fuzz.people.index(person)
    account = fuzz.rng.choice([None, f"A{place}", f"A{place}", f"A{place - place % 4}"])
    other = fuzz.people[place - place % 3]
    held_by = fuzz.rng.choice(
        [None, *[fuzz.variant(person, 0)] * 3, other.name, other.former_name, fuzz.rng.choice(HOMES)]
    )
    for month in WINDOW:
        if row["status"] != "在享" or row["start_month"] > month or (row.get("end_month") or month) < month:
            continue
        payment: Row = {
            "batch_no": f"P{month}", "programme": programme, "household_no": row.get("household_no"),
            "name": person.name, "id_no": fuzz.number(person), "town": person.town, "benefit_month": month,
            "paid_month": month, "amount": row["monthly_amount"], "kind": "正常", "result": "成功",
            "account_name": held_by, "account_no": account,
        }  # fmt: skip
        draws = [payment]
        if style < 0.3 and fuzz.chance(0.35):
            draws.append(payment | {"result": fuzz.rng.choice(["成功", "成功", "退汇"])})
        if style < 0.5 and fuzz.chance(0.2):
            draws[0] = payment | {"kind": "补发", "paid_month": month + fuzz.rng.randrange(2)}
        if style < 0.5 and fuzz.chance(0.2):
            draws[0] = draws[0] | {"result": "退汇"}
        if style < 0.6 and paid and fuzz.chance(0.25):
            amount = row["monthly_amount"] * fuzz.rng.choice([1, 1, 2])
            back = fuzz.rng.choice([month, max(FIRST, month - 1)])
            draws.append(payment | {"kind": "扣回", "amount": amount, "benefit_month": back})
        for draw in draws:
            paid += 1
            if draw["paid_month"] in WINDOW:
                sent = draw | {"payment_no": fuzz.next_number("FF")}
                fuzz.fact(PAYMENT, sent, draw["paid_month"])
                if fuzz.chance(0.03) and month + 2 in WINDOW:  # the bank's word on it comes two months later
                    fuzz.fact(PAYMENT, sent | {"result": "退汇"}, month + 2)


def _belongings(fuzz: Fuzz, person: Person) -> None:
    owned = {"owner_name": fuzz.variant(person), "owner_id_no": fuzz.number(person)}
    for _ in range(fuzz.rng.choice([0, 0, 0, 0, 1, 2])):
        plate = fuzz.next_number("苏F")
        kinds = ["小型汽车"] * 4 + ["大型汽车", "小型新能源汽车", "挂车", "普通摩托车", "残疾人专用车", "低速车"]
        states = ["正常"] * 5 + ["转出", "被盗抢", "停驶", "注销", "违法未处理", "查封", "达到报废标准", "逾期未检验"]
        fuzz.say(VEHICLE, owned | {
            "plate_no": plate, "plate_kind": fuzz.rng.choice(kinds), "status": fuzz.rng.choice(states),
            "first_registered_on": fuzz.rng.choice([None, first(FIRST - 60), fuzz.near(fuzz.any_month(4) - 24)]),
        })  # fmt: skip
        _exempt(fuzz, person, "车辆", plate)
    for _ in range(fuzz.rng.choice([0, 0, 0, 1, 2, 3])):
        _unit(fuzz, person, owned, fuzz.next_number("单元"))
    if fuzz.chance(0.12):
        unit = fuzz.rng.choice(["甲局", "乙校"])
        post = fuzz.rng.choice(["公务员", "事业编制", "编外聘用", "公益性岗位", "村干部误工"])
        for month in range(FIRST - 4, FIRST + COUNT):
            if fuzz.chance(0.35):
                fuzz.fact(PAYROLL, {
                    "id_no": person.id_no, "name": fuzz.variant(person, 0.06), "unit": unit, "post": post,
                    "month": month, "amount": 3000,
                }, month)  # fmt: skip
    if fuzz.chance(0.2):
        start = fuzz.near(fuzz.any_month(2))
        end = fuzz.rng.choice([None, last(fuzz.any_month(0)), fuzz.near(fuzz.any_month(0))])
        kind = fuzz.rng.choice(["服刑", "羁押", "强制隔离戒毒", "社区矫正", "监外执行"])
        row = {"id_no": person.id_no, "name": fuzz.variant(person), "kind": kind, "start_on": start, "end_on": end}
        fuzz.say(CUSTODY, row)
    if fuzz.chance(0.08):
        start_month = fuzz.any_month(6)
        end_month = fuzz.rng.choice([None, fuzz.any_month(0)])
        name = fuzz.variant(person, 0.2)
        fuzz.say(INJURY, {"id_no": person.id_no, "name": name, "start_month": start_month, "end_month": end_month})


def _unit(fuzz: Fuzz, person: Person, owned: Row, unit: str) -> None:
    since = [first(FIRST - 60), fuzz.near(fuzz.any_month(4) - 24), fuzz.near(fuzz.any_month(2))]
    uses = ["住宅"] * 5 + ["商业", "办公", "工业", "仓储", "车位", "储藏", "其他"]
    row = owned | {
        "unit_no": unit, "use": fuzz.rng.choice(uses),
        "share": fuzz.rng.choice([None, 1, 0.5, 0.49, 0.3]), "status": "现势" if fuzz.chance(0.9) else "历史",
        "acquired_by": fuzz.rng.choice(["购买", "继承", "继承", "自建", "拆迁安置", "赠与", None]),
        "registered_on": fuzz.rng.choice(since),
    }  # fmt: skip
    delivered = max(FIRST, min(month_of(row["registered_on"]), WINDOW[-1]))
    fuzz.fact(ESTATE, row, delivered)
    other = fuzz.people[(fuzz.people.index(person) + 1) % len(fuzz.people)]
    if fuzz.chance(0.3):
        fuzz.fact(ESTATE, row | {"owner_name": other.name, "owner_id_no": other.id_no}, delivered)
    if fuzz.chance(0.15) and delivered + 1 in WINDOW:
        fuzz.fact(ESTATE, row | {"status": "历史"}, fuzz.rng.randrange(delivered + 1, FIRST + COUNT))
    _exempt(fuzz, person, "房产", unit)


def _exempt(fuzz: Fuzz, person: Person, kind: str, number: str) -> None:
    if fuzz.chance(0.2):
        fuzz.say(EXEMPTION, {
            "household_no": "某户", "id_no": person.id_no, "asset_kind": kind, "asset_no": number, "reason": "其他",
            "valid_until": fuzz.near(fuzz.any_month(1)),
        })  # fmt: skip


def _households(fuzz: Fuzz) -> None:
    free = [person for person in fuzz.people if fuzz.chance(0.6)]
    while free:
        people, free = free[: (size := fuzz.rng.choice([1, 2, 2, 3, 4]))], free[size:]
        if fuzz.chance(0.06):
            people.append(fuzz.rng.choice(fuzz.people))
        _household(fuzz, list(dict.fromkeys(people)))


def _household(fuzz: Fuzz, people: list[Person]) -> None:
    number, head, months = fuzz.next_number("JT"), people[0], fuzz.stay()
    programme = fuzz.rng.choice(["低保"] * 4 + ["低保边缘"] * 2 + ["刚性支出困难"])
    row = fuzz.term() | {
        "household_no": number, "programme": programme, "head_name": head.name, "head_id_no": head.id_no,
        "town": head.town, "village": head.village, "monthly_amount": fuzz.rng.choice([300, 500, 800]),
        "member_count": len(people) if fuzz.chance(0.9) else fuzz.rng.choice([0, 1, 2]),
        "annual_income": fuzz.rng.choice([None, *(840 * 3 * len(people) * part for part in range(8))]),
        "employment_deduction": fuzz.rng.choice([None, 600]), "grace_until": None, "end_reason": None,
        "next_review_on": fuzz.review(), "phone": fuzz.rng.choice(["13900000000"] * 9 + [None]),
        "address": fuzz.rng.choice(["某村1组"] * 9 + [None]),
        "authorised_on": fuzz.rng.choice([None, *[first(FIRST - 6)] * 6, fuzz.near(fuzz.any_month(1))]),
        "authorised_until": fuzz.rng.choice([None, None, fuzz.near(fuzz.any_month(0))]),
    }  # fmt: skip
    if fuzz.chance(0.14):
        row |= {"status": "渐退", "grace_until": fuzz.rng.choice([None, fuzz.any_month(1)])}
    fuzz.say(HOUSEHOLD, row, months)
    single, nobody = fuzz.chance(0.3), fuzz.chance(0.08)
    for place, person in enumerate(people):
        role = fuzz.rng.choice(["共同生活"] * 7 + ["赡抚扶养人"] * 2 + ["扶养人家庭成员"]) if place else "共同生活"
        covered = programme == "低保" and not nobody and role == "共同生活" and (not place or fuzz.chance(0.7))
        alone = "是" if covered and (single or fuzz.chance(0.05)) else fuzz.rng.choice(["否", None])
        fuzz.say(MEMBER, {
            "household_no": number, "name": person.name, "id_no": fuzz.number(person), "role": role,
            "covered": "是" if covered else "否", "single_person": alone,
            "relation": fuzz.rng.choice(["户主"] * 12 + ["子"]) if place == 0 else "其他",
            "in_school": fuzz.rng.choice(["是", "否", None]),
            "uplift": fuzz.rng.choice([None, "无", "未成年人", "重残", "老年人"]),
            "business_income": fuzz.rng.choice([None, 0, 1000]), "property_income": None, "other_income": None,
            "wage_income": fuzz.rng.choice([None, 0, 6000]), "transfer_income": fuzz.rng.choice([None, 2400]),
            "pension_income": fuzz.rng.choice([None, 2400]),
        }, months)  # fmt: skip
    if programme == "低保":
        _pay(fuzz, head, row, "低保金")
