"""Every household's page and every village's notice, ``outbox/statements/<YYYYMM>/<town>/<village>/``.

One compiler process holds the font; a page is a JSON text put into a template. The amounts are those of
``reporting.rpt_household_statement`` and ``core.fct_enrolment_month``, to the cent.
"""

from __future__ import annotations

import json
import shutil
from collections import defaultdict
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
_STATEMENTS = """
select
    statement.*, coalesce(household.head_name, person.name, '') as head,
    coalesce(household.household_no, '特困') as household_no,
    coalesce(town.name, '未定镇街') as town, coalesce(village.name, '未定村居') as village
from reporting.rpt_household_statement as statement
left join identity.restricted.household_identity as household on household.household_key = statement.household_key
left join identity.restricted.person_identity as person on person.person_key = statement.person_key
left join core.dim_region as town on town.region_code = statement.town_code
left join core.dim_region as village on village.region_code = statement.village_code
where statement.month = ?
order by statement.town_code, statement.village_code, statement.household_key, statement.person_key
"""
# Whoever lives in the household, and whatever else each of them holds.
_MEMBER = """
with member as (
    select distinct coalesce(household_key, person_key) as subject_key, person_key from core.fct_enrolment_month
    where month = $1 and holds
        and programme in ('dibao', 'dibao_single', 'dibao_edge', 'rigid_expenditure', 'extreme_poverty')
)
"""
_LINES = f"""{_MEMBER}, payment as (
    select programme, coalesce(household_key, person_key) as subject_key, max(paid_month) as paid_month
    from core.fct_payment
    where benefit_month = $1 and result = '成功' and kind <> '扣回'
    group by all
)
select
    member.subject_key, coalesce(person.name, '') as name, enrolment.programme,
    sum(coalesce(enrolment.paid_amount, 0)) as paid, max(payment.paid_month) as paid_month
from member
inner join core.fct_enrolment_month as enrolment
    on enrolment.person_key = member.person_key and enrolment.month = $1 and enrolment.holds
    and (enrolment.household_key is null or enrolment.household_key = member.subject_key)
left join payment
    on payment.programme = enrolment.programme
    and payment.subject_key = coalesce(enrolment.household_key, enrolment.person_key)
left join identity.restricted.person_identity as person on person.person_key = member.person_key
group by member.subject_key, member.person_key, person.name, enrolment.programme
order by member.subject_key, min(enrolment.programme), person.name, member.person_key
"""
_TO_DATE = f"""{_MEMBER}
select member.subject_key, sum(coalesce(enrolment.paid_amount, 0)) as paid
from member
inner join core.fct_enrolment_month as enrolment
    on enrolment.person_key = member.person_key and enrolment.month between date_trunc('year', $1) and $1
    and (enrolment.household_key is null or enrolment.household_key = member.subject_key)
group by member.subject_key
"""


@guarded("statements")
def write(settings: Settings) -> dict[str, Any]:
    """Write the standing publication's pages and notices; returns the folder and how many of each."""
    publication = standing(settings)
    month = Month.parse(publication.read_manifest()["as_of"])
    pair = open_pair(settings, publication)
    try:
        statements = rows(pair, _STATEMENTS, [month.first])
        lines = _lines(pair, month)
        to_date = {row["subject_key"]: row["paid"] for row in rows(pair, _TO_DATE, [month.first])}
    finally:
        pair.close()
    folder = settings.outbox / "statements" / str(month)
    private_folder(folder.parent)
    temporary = folder.with_name(f".new_{folder.name}")
    shutil.rmtree(temporary, ignore_errors=True)
    private_folder(temporary)
    page, notice = compiler(_TEMPLATES / "statement.typ"), compiler(_TEMPLATES / "notice.typ")
    by_village = defaultdict(list)
    for statement in statements:
        town = private_folder(temporary / _plain(statement["town"]))
        place = private_folder(town / _plain(statement["village"]))
        subject = statement["household_key"] or statement["person_key"]
        name = f"{statement['household_no']}_{statement['check_code']}.pdf"
        _put(place / _plain(name), page, page_of(statement, lines[subject], to_date.get(subject, Decimal(0)), month))
        by_village[place].append(statement)
    notices = 0
    for place, told in by_village.items():
        shown = notice_of(told, month)
        if shown["lines"]:
            _put(place / "公示.pdf", notice, shown)
            notices += 1
    shutil.rmtree(folder, ignore_errors=True)
    temporary.rename(folder)
    note_export(settings, "statements", publication.version, statements=len(statements), notices=notices)
    return {"folder": str(folder), "statements": len(statements), "notices": notices}


def page_of(
    statement: dict[str, Any], lines: list[dict[str, Any]], paid_to_date: Decimal, month: Month
) -> dict[str, Any]:
    """What one household's page says; ``paid_to_date`` is what its people were paid in the year so far, yuan."""
    paid = sum((line["paid"] for line in lines), Decimal(0))
    return {
        "title": "社会救助幸福清单",
        "place": f"{statement['town']} {statement['village']}",
        "month_words": f"{month.year}年{month.number}月",
        "head": masked_name(statement["head"]),
        "household_no": statement["household_no"],
        "paid": f"{paid:,.2f}",
        "paid_to_date": f"{paid_to_date:,.2f}",
        "lines": [
            {
                "name": masked_name(line["name"]),
                "programme": PROGRAMMES[line["programme"]],
                "paid": f"{line['paid']:,.2f}" if line["paid"] else "—",
                "paid_month": f"{line['paid_month']:%Y年%m月}" if line["paid"] and line["paid_month"] else "—",
            }
            for line in lines
        ],
        "reason": _reason(statement),
        "next_review": f"{statement['next_review_on']:%Y年%m月}" if statement["next_review_on"] else "由镇街通知",
        "check_code": statement["check_code"],
    }


def notice_of(statements: list[dict[str, Any]], month: Month) -> dict[str, Any]:
    """What a village's notice says: households with money of dibao or extreme poverty, by head and count alone."""
    told = [each for each in statements if each["programme"] in _PUBLIC_WORDS]
    first = statements[0]
    return {
        "title": f"{first['village']}最低生活保障和特困供养公示",
        "month_words": f"{month.year}年{month.number}月",
        "lines": [
            {
                "number": str(number),
                "head": masked_name(each["head"]),
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


def _lines(pair: duckdb.DuckDBPyConnection, month: Month) -> dict[str, list[dict[str, Any]]]:
    lines: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows(pair, _LINES, [month.first]):
        lines[row["subject_key"]].append(row)
    return lines


def _put(path: Path, page: typst.Compiler, data: dict[str, Any]) -> None:
    content = page.compile(sys_inputs={"data": json.dumps(data, ensure_ascii=False)})
    assert isinstance(content, bytes)
    path.touch(mode=0o600)
    path.write_bytes(content)


def _plain(text: str) -> str:
    return text.translate(_FORBIDDEN).strip(" .") or "_"
