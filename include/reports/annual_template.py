"""Makes the year's report anew as a template: ``python -m include.reports.annual_template``.

The bureau may change its words and its looks in a word processor; what stands in double braces is filled in from the
publication (``include.reports.annual``).
"""

from __future__ import annotations

from pathlib import Path

from docx import Document
from docx.document import Document as WordDocument
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

TEMPLATE = Path(__file__).with_name("annual_work_report.docx")
_TEXT_WIDTH, _FIRST_COLUMN = 16.6, 3.9  # centimetres
_TITLE_FONT, _TEXT_FONT = "方正小标宋简体", "仿宋_GB2312"

_OPENING = (
    "截至{{ year }}年{{ month }}月底，{{ district }}在保低收入人口{{ low_income_persons }}人。"
    "低保标准为每人每月{{ standard }}元{{ standard_growth }}。"
    "本年共发放各类资金{{ money_total }}万元{{ money_growth }}，其中一至十月发放尊老金{{ elder_to_october }}万元，"
    "{{ month }}月在享{{ elder_persons }}人。"
)
_CHECKED = (
    "本年线上核对家庭{{ families_compared }}户{{ families_growth }}，"
    "上门核查{{ families_visited }}户、预警{{ verified }}条。"
    "年内新纳入{{ newly_covered }}人，清退{{ cleared_out }}人。"
)
_FOUND = (
    "数据比对共发现预警{{ found }}条：提示应退或需重算的{{ exits }}条，提示应保未保的{{ covers }}条，"
    "待遇发放方面{{ payments }}条，数据质量方面{{ qualities }}条。"
    "经核查属实{{ is_true }}条，不属实{{ is_false }}条，尚在办理{{ waiting }}条；追缴资金{{ recovered }}元。"
)
_FOUND_BY = "预警所依据的外部门数据，按条数依次为：{{ found_by }}。一条预警可以依据几个部门的数据。"


def make(path: Path = TEMPLATE) -> Path:
    """Write the template; returns its path."""
    document = Document()
    _set_up(document)
    _line(document, "{{ district }}{{ year }}年社会救助和福利补贴工作情况", size=20, font=_TITLE_FONT, is_centred=True)
    _line(document, "（一月至{{ month }}月　数据版本 {{ version }}）", size=12, is_centred=True)
    _heading(document, "一、保障标准和资金")
    _line(document, _OPENING, is_indented=True)
    _table(
        document,
        ["项目", "户数", "人数", "新增人数", "退出人数", "发放资金（万元）", "资金比上年同期"],
        "programmes",
        ["title", "households", "persons", "new", "left", "money", "growth"],
    )
    _line(document, "各月发放资金（万元）", size=12, is_centred=True)
    _line(document, "{{ chart }}", size=12, is_centred=True)
    _heading(document, "二、核对和动态管理")
    _line(document, _CHECKED, is_indented=True)
    _heading(document, "三、动态监测和主动发现")
    _line(document, _FOUND, is_indented=True)
    _line(document, _FOUND_BY, is_indented=True)
    _table(
        document,
        ["镇街", "发现预警", "上门核查", "属实", "不属实", "超期"],
        "towns",
        ["title", "detected", "verified", "is_true", "is_false", "overdue"],
    )
    _line(document, "以上各数取自发布库 reporting.rpt_annual_work_report 和 rpt_alert_performance。", size=10)
    document.save(str(path))
    return path


def _set_up(document: WordDocument) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.2)
    section.top_margin = section.bottom_margin = Cm(2.5)
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = _TEXT_FONT, Pt(14)
    normal.element.rPr.rFonts.set(qn("w:eastAsia"), _TEXT_FONT)


def _line(
    document: WordDocument,
    text: str,
    size: float = 14,
    font: str = _TEXT_FONT,
    is_centred: bool = False,
    is_indented: bool = False,
) -> None:
    paragraph = document.add_paragraph()
    if is_centred:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    if is_indented:
        paragraph.paragraph_format.first_line_indent = Pt(28)
    paragraph.paragraph_format.line_spacing = 1.4
    _write(paragraph.add_run(text), size, font)


def _heading(document: WordDocument, text: str) -> None:
    paragraph = document.add_paragraph()
    paragraph.paragraph_format.keep_with_next = True
    paragraph.paragraph_format.space_before = Pt(8)
    _write(paragraph.add_run(text), 15, "黑体")


def _table(document: WordDocument, headers: list[str], rows: str, fields: list[str]) -> None:
    """A table whose middle row comes again for each of ``rows``; the rows around it hold the loop and vanish."""
    table = document.add_table(rows=4, cols=len(headers), style="Table Grid")
    lines = [
        headers,
        ["{%tr for row in " + rows + " %}"],
        ["{{ row." + name + " }}" for name in fields],
        ["{%tr endfor %}"],
    ]
    table.autofit = False
    rest = (_TEXT_WIDTH - _FIRST_COLUMN) / (len(headers) - 1)
    for place, column in enumerate(table.columns):
        column.width = Cm(rest if place else _FIRST_COLUMN)
    for number, texts in enumerate(lines):
        for place, text in enumerate(texts):
            table.cell(number, place).width = table.columns[place].width
            paragraph = table.cell(number, place).paragraphs[0]
            paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(2)
            is_number = number == 2 and place > 0
            paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT if is_number else WD_ALIGN_PARAGRAPH.CENTER
            _write(paragraph.add_run(text), 10, "黑体" if number == 0 else _TEXT_FONT)
    document.add_paragraph().paragraph_format.line_spacing = 0.6


def _write(run, size: float, font: str) -> None:  # type: ignore[no-untyped-def]
    run.font.size, run.font.name = Pt(size), font
    run._element.rPr.rFonts.set(qn("w:eastAsia"), font)


if __name__ == "__main__":
    make()
