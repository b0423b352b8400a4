"""Every household's page and every village's notice, ``outbox/statements/<YYYYMM>/<town>/<village>/``.

One compiler process holds the font; a page is a JSON text put into a template. What was paid is ``core.fct_payment``,
to the cent: to the household as it is filed, and to its people, whatever roster they are on or not.
"""

from __future__ import annotations

import json
import shutil
from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import typst

from include.alerts.open_alerts import PROGRAMMES
from include.journal.exports import note_export
from include.pages.typesetting import compiler
from include.periods import Month
from include.privacy import guarded
from include.settings import Settings, private_folder
from include.warehouse.publication import open_pair, standing
from include.warehouse.workbench import rows

_TEMPLATES = Path(__file__).parent
_FORBIDDEN = str.maketrans(dict.fromkeys('/\\:*?"<>|', "_"))
#: 单人保 would tell of an illness or a disability.
_PUBLIC_WORDS = {"dibao": "低保", "dibao_single": "低保", "extreme_poverty": "特困"}
_PAID_TO_HOUSEHOLDS = ("dibao", "dibao_single")
_NOTHING = "—"
_UNNAMED = "（不公开）"
_STATEMENTS = """
select
    statement.*, coalesce(household.head_name, person.name, '') as head,
    coalesce(household.household_no, '特困') as household_no,
    coalesce(person.birth_date + to_years(grown_up.age) <= statement.month, false) as is_head_grown_up,
    coalesce(town.name, '未定镇街') as town, coalesce(village.name, '未定村居') as village
from reporting.rpt_household_statement as statement
left join identity.restricted.household_identity as household on household.household_key = statement.household_key
left join identity.restricted.person_identity as person
    on person.person_key = coalesce(statement.person_key, household.head_person_key)
left join (
    select cast(value as integer) as age from core.dim_parameter where parameter = 'adult_age'
    and valid_from <= $1 and (valid_to is null or valid_to > $1)
) as grown_up on true
left join core.dim_region as town on town.region_code = statement.town_code
left join core.dim_region as village on village.region_code = statement.village_code
where statement.month = $1
order by statement.town_code, statement.village_code, statement.household_key, statement.person_key
"""
# Who is told of on a page: those whom its programme names. What is paid to somebody is told on one page, the one of
# that person alone where there is one; what is paid to a household, on its own.
_PAGES = """
with page as (
    select coalesce(household_key, person_key) as subject_key
    from reporting.rpt_household_statement where month = $1
), member as (
    select distinct page.subject_key, enrolment.person_key
    from page inner join core.fct_enrolment_month as enrolment
        on page.subject_key
            = case enrolment.programme when 'extreme_poverty' then enrolment.person_key else enrolment.household_key end
    where enrolment.month = $1 and enrolment.holds and enrolment.person_key is not null
), home as (
    select person_key, coalesce(max(subject_key) filter (subject_key = person_key), min(subject_key)) as subject_key
    from member group by person_key
), told as (
    select
        coalesce(page.subject_key, home.subject_key) as subject_key, payment.person_key, payment.programme,
        payment.benefit_month, payment.paid_month, payment.kind,
        case payment.kind when '扣回' then -abs(payment.amount) else payment.amount end as amount
    from core.fct_payment as payment
    left join page on page.subject_key = payment.household_key
    left join home on home.person_key = payment.person_key
    where payment.result = '成功' and payment.benefit_month between date_trunc('year', $1) and $1
        and coalesce(page.subject_key, home.subject_key) is not null
)
"""
_LINES = f"""{_PAGES}, held as (
    select distinct home.subject_key, enrolment.person_key, enrolment.programme
    from core.fct_enrolment_month as enrolment inner join home on home.person_key = enrolment.person_key
    where enrolment.month = $1 and enrolment.holds and enrolment.household_key is null
    union
    select distinct member.subject_key, enrolment.person_key, enrolment.programme
    from core.fct_enrolment_month as enrolment inner join member
        on member.subject_key = enrolment.household_key and member.person_key = enrolment.person_key
    where enrolment.month = $1 and enrolment.holds
), paid as (
    select subject_key, person_key, programme, sum(amount) as paid,
        max(paid_month) filter (kind <> '扣回') as paid_month
    from told where benefit_month = $1 group by all
)
select subject_key, programme, coalesce(person.name, '') as name, paid.paid, paid.paid_month
from held full join paid using (subject_key, person_key, programme)
left join identity.restricted.person_identity as person using (person_key)
order by subject_key, programme, paid.paid is null, name, person_key
"""
_TO_DATE = f"{_PAGES} select subject_key, sum(amount) as paid from told group by subject_key"


@dataclass(frozen=True)
class Household:
    """A household in the statements' mart, what each of its people holds or was paid, and the year's sum in yuan."""

    statement: dict[str, Any]
    lines: list[dict[str, Any]]
    paid_to_date: Decimal


@guarded("statements")
def write(settings: Settings) -> dict[str, Any]:
    """Write the standing publication's pages and notices; returns the folder and how many of each."""
    publication = standing(settings)
    month = Month.parse(publication.read_manifest()["as_of"])
    pair = open_pair(settings, publication)
    try:
        households = read(pair, month)
    finally:
        pair.close()
    folder = settings.outbox / "statements" / str(month)
    private_folder(folder.parent)
    temporary = folder.with_name(f".new_{folder.name}")
    shutil.rmtree(temporary, ignore_errors=True)
    private_folder(temporary)
    page, notice = compiler(_TEMPLATES / "statement.typ"), compiler(_TEMPLATES / "notice.typ")
    by_village = defaultdict(list)
    for household in households:
        statement = household.statement
        town = private_folder(temporary / _plain(statement["town"]))
        place = private_folder(town / _plain(statement["village"]))
        name = f"{statement['household_no']}_{statement['check_code']}.pdf"
        _put(place / _plain(name), page, page_of(household, month))
        by_village[place].append(statement)
    notices = 0
    for place, told in by_village.items():
        shown = notice_of(told, month)
        if shown["lines"]:
            _put(place / "公示.pdf", notice, shown)
            notices += 1
    shutil.rmtree(folder, ignore_errors=True)
    temporary.rename(folder)
    note_export(settings, "statements", publication.version, statements=len(households), notices=notices)
    return {"folder": str(folder), "statements": len(households), "notices": notices}


def read(pair: duckdb.DuckDBPyConnection, month: Month) -> list[Household]:
    """Every household of a publication's month, by place."""
    lines = defaultdict(list)
    for row in rows(pair, _LINES, [month.first]):
        lines[row["subject_key"]].append(row)
    to_date = {row["subject_key"]: row["paid"] for row in rows(pair, _TO_DATE, [month.first])}
    found = []
    for statement in rows(pair, _STATEMENTS, [month.first]):
        subject = statement["household_key"] or statement["person_key"]
        found.append(Household(statement, lines[subject], to_date.get(subject, Decimal(0))))
    return found


def page_of(household: Household, month: Month) -> dict[str, Any]:
    """What one household's page says."""
    statement = household.statement
    paid = sum((line["paid"] or Decimal(0) for line in household.lines), Decimal(0))
    return {
        "title": "社会救助幸福清单",
        "place": f"{statement['town']} {statement['village']}",
        "month_words": f"{month.year}年{month.number}月",
        "head": masked_name(statement["head"]),
        "household_no": statement["household_no"],
        "paid": f"{paid:,.2f}",
        "paid_to_date": f"{household.paid_to_date:,.2f}",
        "lines": [
            {
                "name": masked_name(line["name"]),
                "programme": PROGRAMMES[line["programme"]],
                "paid": _paid(line, household.lines),
                "paid_month": f"{line['paid_month']:%Y年%m月}" if line["paid_month"] else _NOTHING,
            }
            for line in household.lines
        ],
        "reason": _reason(statement),
        "next_review": f"{statement['next_review_on']:%Y年%m月}" if statement["next_review_on"] else "由镇街通知",
        "check_code": statement["check_code"],
    }


def _paid(line: dict[str, Any], lines: list[dict[str, Any]]) -> str:
    """What somebody was paid; for a programme that a household is paid as one, it stands with who was paid."""
    if line["paid"] is not None:
        return f"{line['paid']:,.2f}"
    is_paid_together = line["programme"] in _PAID_TO_HOUSEHOLDS and any(
        each["paid"] is not None for each in lines if each["programme"] == line["programme"]
    )
    return "按户发放" if is_paid_together else _NOTHING


def notice_of(statements: list[dict[str, Any]], month: Month) -> dict[str, Any]:
    """What a village's notice says: households with money of dibao or extreme poverty, by head and count alone.

    A head who is a child, or whose age nobody knows, has no name there, not even a masked one.
    """
    told = [each for each in statements if each["programme"] in _PUBLIC_WORDS]
    first = statements[0]
    return {
        "title": f"{first['village']}最低生活保障和特困供养公示",
        "month_words": f"{month.year}年{month.number}月",
        "lines": [
            {
                "number": str(number),
                "head": masked_name(each["head"]) if each["is_head_grown_up"] else _UNNAMED,
                "programme": _PUBLIC_WORDS[each["programme"]],
                "people": str(each["covered_count"]),
                "paid": f"{each['paid_amount']:,.2f}",
            }
            for number, each in enumerate(told, 1)
        ],
    }


def masked_name(name: str) -> str:
    """A name with its middle hidden: 张*, 张*三."""
    if len(name) < 2:
        return name
    return name[0] + "*" * max(1, len(name) - 2) + (name[-1] if len(name) > 2 else "")


def _reason(statement: dict[str, Any]) -> str:
    """How the amount comes about, in words."""
    programme = statement["programme"]
    if programme == "extreme_poverty":
        return "特困供养金由基本生活标准和照料护理标准相加得出，按月发放。"
    if programme in ("dibao_edge", "rigid_expenditure"):
        return "本户按规定认定，不按月发放低保金；遇到困难可申请临时救助和医疗、教育、住房等专项救助。"
    if statement["income_per_capita"] is None or statement["standard"] is None:
        return f"核定每月 {statement['recorded_amount'] or 0:,.2f} 元。"
    uplift = statement["uplift_amount"] or 0
    return (
        f"低保标准每人每月 {statement['standard']:,.2f} 元，本户月人均收入 {statement['income_per_capita']:,.2f} 元，"
        f"保障 {statement['covered_count']} 人，补足差额"
        + (f"，另加分类施保金 {uplift:,.2f} 元" if uplift else "")
        + _rounding(statement)
        + f"；核定每月 {statement['recorded_amount'] or 0:,.2f} 元。"
    )


def _rounding(statement: dict[str, Any]) -> str:
    """Where the amount due was rounded up: from what to what."""
    before, due = statement["unrounded_amount"], statement["entitled_amount"]
    return f"，共 {before:,.2f} 元，进位为 {due:,.2f} 元" if before and due > before else ""


def _put(path: Path, page: typst.Compiler, data: dict[str, Any]) -> None:
    content = page.compile(sys_inputs={"data": json.dumps(data, ensure_ascii=False)})
    assert isinstance(content, bytes)
    path.touch(mode=0o600)
    path.write_bytes(content)


def _plain(text: str) -> str:
    return text.translate(_FORBIDDEN).strip(" .") or "_"
