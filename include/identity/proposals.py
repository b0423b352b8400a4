"""What the standing publication proposes to people: rows without a usable number, and pairs of numbers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time
from pathlib import Path

from rich.console import Console

from include.contracts import load_contracts
from include.journal.exports import note_export
from include.periods import Month
from include.privacy import guarded, last_four
from include.settings import Settings, private_folder, put_in_place
from include.sheet_style import Style, made_on_day, open_book, row_height, set_up_page, write_title
from include.warehouse.publication import open_pair, standing

KINDS = {
    "no_number": "来文无身份证号",
    "refused_number": "身份证号不合规被退",
    "unknown_number": "在册但户籍库无此号",
    "two_numbers": "同人两号（D04）",
}
_HEADS = ("情形", "数据集", "交付", "行号", "拟对应的人", "尾号", "人员标识", "另一人标识", "把握")
_WIDTHS = [20.0, 22.0, 20.0, 8.0, 12.0, 8.0, 36.0, 36.0, 10.0]

_QUERY = """
select
    link.kind, link.dataset, link.delivery_id, link.row_number, person.name, person.id_no, link.person_key,
    '' as other_key, link.match_probability
from quality.fct_identity_link as link
inner join identity.restricted.person_identity as person on link.person_key = person.person_key
where link.is_above_threshold
union all
select
    'two_numbers', '', '', null, person.name, person.id_no, alert.person_key,
    replace(replace(evidence.event_key, alert.person_key, ''), '|', ''), null
from monitoring.fct_alert as alert
inner join identity.restricted.alert_evidence as evidence on alert.alert_no = evidence.alert_no
inner join identity.restricted.person_identity as person on alert.person_key = person.person_key
where alert.rule_id = 'D04' and alert.state = 'open'
order by 1, 2, 3, 4, 7, 8
"""


@dataclass(frozen=True)
class Proposal:
    """One thing for a person to look at: a row and whom it may speak of, or two numbers that look like one person."""

    kind: str
    dataset: str
    delivery_id: str
    row_number: int | None
    name: str
    number_end: str
    person_key: str
    other_key: str
    probability: float | None

    def cells(self) -> list[str]:
        """As a line of the district's list."""
        titles = {name: contract.title_zh for name, contract in load_contracts().items()}
        return [
            KINDS[self.kind], titles.get(self.dataset, self.dataset), self.delivery_id,
            "" if self.row_number is None else str(self.row_number), self.name, self.number_end,
            self.person_key, self.other_key, "" if self.probability is None else f"{self.probability:.3f}",
        ]  # fmt: skip


def read_proposals(settings: Settings) -> list[Proposal]:
    """Every proposal of the standing publication, read from its pair."""
    with open_pair(settings, standing(settings)) as pair:
        return [
            Proposal(kind, dataset, delivery, row, name or "", last_four(id_no), key, other, chance and float(chance))
            for kind, dataset, delivery, row, name, id_no, key, other, chance in pair.execute(_QUERY).fetchall()
        ]


@guarded("proposals")
def write_proposals(settings: Settings) -> Path:
    """Write the district's list of proposals; the same publication gives the same sheet."""
    proposals = read_proposals(settings)
    month = Month.parse(standing(settings).read_manifest()["as_of"])
    path = private_folder(settings.outbox / "identity") / "proposals.xlsx"
    with put_in_place(path) as temporary:
        _write_book(temporary, proposals, month)
    note_export(settings, "identity_proposals", standing(settings).version, proposals=len(proposals))
    return path


def _write_book(path: Path, proposals: list[Proposal], month: Month) -> None:
    book = open_book(path, "身份待核清单", datetime.combine(made_on_day(month), time(12)))
    sheet, style = book.add_worksheet("身份待核"), Style(book)
    set_up_page(sheet, "身份待核清单", _WIDTHS, header_row=2)
    note = "以下仅为线索，请核对证件原件后决定；确认是同一人的两个号，由区级合并（可撤销）。规则结论不受此表影响。"
    write_title(sheet, style, "身份待核清单", note, len(_HEADS) - 1)
    for column, head in enumerate(_HEADS):
        sheet.write_string(2, column, head, style.head())
    for row, proposal in enumerate(proposals, start=3):
        cells = proposal.cells()
        sheet.set_row(row, row_height(cells, _WIDTHS))
        for column, text in enumerate(cells):
            sheet.write_string(row, column, text, style.cell())
    book.close()


def show_proposals(settings: Settings, console: Console) -> int:
    """Print every proposal by keys, without a name or number, and where the district's list lies."""
    proposals = read_proposals(settings)
    for proposal in proposals:
        place = f"{proposal.dataset} {proposal.delivery_id} {proposal.row_number}" if proposal.dataset else ""
        chance = "" if proposal.probability is None else f"{proposal.probability:.3f}"
        console.print(" ".join((KINDS[proposal.kind], place, proposal.person_key, proposal.other_key, chance)).rstrip())
    console.print(f"{len(proposals)} 条待核 to look at: {write_proposals(settings)}")
    return 0
