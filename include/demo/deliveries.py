"""Which department sends which dataset, in which form, and who writes it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from include.demo import writing
from include.demo.clerks import style_of
from include.demo.departments import (
    civil_affairs,
    economy,
    events,
    health_insurance,
    human_resources,
    public_money,
    public_security,
    rosters,
)
from include.demo.departments import property as land
from include.demo.moments import WINDOW, month_text
from include.demo.programmes import payments
from include.demo.slips import Slips
from include.demo.tables import Table
from include.demo.world import World

Maker = Callable[["Office", int], list[Table]]


@dataclass
class Office:
    """What the makers of tables share: the world, and the registers that are drawn once."""

    world: World
    slips: Slips
    fleet: public_security.Fleet
    estates: land.Estates


@dataclass(frozen=True)
class Dataset:
    """One dataset: where it goes, how it is written (clerk, export, archive) and what makes its tables."""

    department: str
    name: str
    title: str
    form: str
    make: Maker
    encoding: str = "utf-8"

    @property
    def folder(self) -> Path:
        """Its folder below the inbox."""
        return Path(self.department) / self.name


def _of_world(maker: Callable[[World, int], list[Table]]) -> Maker:
    return lambda office, index: maker(office.world, index)


DATASETS: tuple[Dataset, ...] = (
    Dataset("civil_affairs", "region", "行政区划", "export_csv", _of_world(civil_affairs.region), "utf-8-sig"),
    Dataset("civil_affairs", "assistance_household", "低收入家庭名册", "clerk_xlsx", _of_world(rosters.household)),
    Dataset("civil_affairs", "assistance_member", "救助家庭成员名册", "clerk_xlsx", _of_world(rosters.member)),
    Dataset("civil_affairs", "extreme_poverty", "特困人员名册", "clerk_xlsx", _of_world(rosters.extreme_poverty)),
    Dataset(
        "civil_affairs", "disability_subsidy", "残疾人两项补贴名册", "clerk_xlsx", _of_world(rosters.disability_subsidy)
    ),
    Dataset("civil_affairs", "elder_allowance", "尊老金发放名册", "clerk_either", _of_world(rosters.elder_allowance)),
    Dataset("civil_affairs", "child_welfare", "孤儿和困境儿童名册", "clerk_xlsx", _of_world(rosters.child_welfare)),
    Dataset(
        "civil_affairs",
        "payment",
        "补贴资金发放明细",
        "export_csv",
        lambda office, index: [payments.payment_table(office.world, index)],
        "gb18030",
    ),
    Dataset("civil_affairs", "cremation", "火化登记", "clerk_csv", _of_world(civil_affairs.cremation), "gb18030"),
    Dataset(
        "civil_affairs", "out_of_area_recipient", "外地在享救助人员", "export_csv", _of_world(civil_affairs.out_of_area)
    ),
    Dataset("civil_affairs", "asset_exemption", "财产豁免认定", "clerk_xlsx", _of_world(civil_affairs.asset_exemption)),
    Dataset("public_security", "population", "户籍人口", "export_csv", _of_world(public_security.population)),
    Dataset(
        "public_security",
        "vehicle",
        "机动车登记",
        "export_xlsx",
        lambda office, index: public_security.vehicle(office.world, office.fleet, index),
    ),
    Dataset(
        "health",
        "death_certificate",
        "死亡医学证明",
        "clerk_csv",
        _of_world(civil_affairs.death_certificate),
        "utf-8-sig",
    ),
    Dataset("human_resources", "work_injury", "工伤生活护理费", "clerk_xlsx", _of_world(public_money.work_injury)),
    Dataset(
        "natural_resources",
        "real_estate",
        "不动产登记",
        "export_csv",
        lambda office, index: land.real_estate(office.world, office.estates, index),
    ),
    Dataset("finance", "payroll", "财政供养人员工资", "clerk_xlsx", _of_world(public_money.payroll)),
    Dataset("disabled_federation", "certificate", "残疾人证", "clerk_xlsx", _of_world(public_money.certificate)),
    Dataset("justice", "custody", "在押和戒毒人员", "clerk_csv", _of_world(public_money.custody), "utf-8-sig"),
    Dataset("civil_affairs", "marriage", "婚姻登记", "clerk_csv", _of_world(economy.marriage), "gb18030"),
    Dataset(
        "civil_affairs", "verification_result", "预警核查反馈", "clerk_xlsx", _of_world(events.verification_result)
    ),
    Dataset("public_security", "exit_entry", "出入境记录", "clerk_csv", _of_world(events.exit_entry)),
    Dataset("human_resources", "pension", "养老待遇", "export_csv", _of_world(human_resources.pension)),
    Dataset("human_resources", "contribution", "社会保险缴费", "export_csv", _of_world(human_resources.contribution)),
    Dataset("human_resources", "unemployment", "失业登记", "clerk_xlsx", _of_world(human_resources.unemployment)),
    Dataset(
        "medical_insurance", "settlement", "医疗费用结算", "archive", _of_world(health_insurance.settlement), "gb18030"
    ),
    Dataset(
        "medical_insurance",
        "long_term_care",
        "长期护理保险待遇",
        "clerk_xlsx",
        _of_world(health_insurance.long_term_care),
    ),
    Dataset(
        "taxation",
        "personal_income",
        "个人所得税申报",
        "export_csv",
        _of_world(human_resources.personal_income),
        "gb18030",
    ),
    Dataset(
        "market_regulation", "business", "市场主体任职与投资", "export_csv", _of_world(economy.business), "utf-8-sig"
    ),
    Dataset("housing_fund", "contribution", "住房公积金缴存", "export_csv", _of_world(human_resources.housing_fund)),
    Dataset("education", "enrolment", "在校学生", "export_xlsx", _of_world(economy.enrolment)),
    Dataset(
        "verification_centre",
        "asset_check",
        "家庭经济状况核对反馈",
        "clerk_csv",
        _of_world(economy.asset_check),
        "utf-8-sig",
    ),
    Dataset("rural_affairs", "poverty_monitor", "防止返贫监测对象", "clerk_xlsx", _of_world(economy.poverty_monitor)),
    Dataset("emergency", "incident", "突发事件", "clerk_csv", _of_world(events.incident), "utf-8-sig"),
    Dataset("hotline", "ticket", "涉救助工单", "export_csv", _of_world(events.ticket)),
)


def write_dataset(dataset: Dataset, office: Office, inbox: Path, index: int) -> None:
    """Write every file of a dataset for one month of the window."""
    folder = inbox / dataset.folder
    tables = dataset.make(office, index)
    if dataset.form == "archive":
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        period = month_text(WINDOW[index])
        members = {
            f"{dataset.name}_{period}_{table.part}.csv": writing.archive_member(table, dataset.encoding)
            for table in tables
        }
        writing.write_archive(members, folder / f"{dataset.name}_{period}.zip")
        return
    for table in tables:
        stem = f"{dataset.name}_{month_text(WINDOW[index])}" + (f"_{table.part}" if table.part else "")
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        if dataset.form.startswith("export"):
            _write_export(dataset, office, table, folder / stem, index)
        else:
            _write_by_clerk(dataset, office, table, folder / stem, index)


def _write_export(dataset: Dataset, office: Office, table: Table, path: Path, index: int) -> None:
    if dataset.form == "export_xlsx":
        writing.write_plain_workbook(table, path.with_suffix(".xlsx"))
        return
    spoiled = writing.spoiled_numbers(office.slips, dataset.name, index, table)
    writing.write_plain_csv(table, path.with_suffix(".csv"), dataset.encoding, spoiled)


def _write_by_clerk(dataset: Dataset, office: Office, table: Table, path: Path, index: int) -> None:
    streams = office.world.streams
    # the same clerk writes every month, and now and then somebody stands in
    stands_in = streams.of("stand-in", dataset.name, table.part, index).random() < 0.12
    random = streams.of("clerk", dataset.name, table.part, index if stands_in else "")
    is_csv = dataset.form == "clerk_csv" or (dataset.form == "clerk_either" and random.random() < 0.45)
    style = style_of(random, plain=len(table) > 40_000)
    sheet = writing.Sheet(
        table, dataset.name, index, style, office.slips, streams.of("slips", dataset.name, table.part, index)
    )
    if is_csv:
        encoding = (
            dataset.encoding
            if dataset.form == "clerk_csv"
            else str(np.array(["utf-8-sig", "gb18030"])[int(random.integers(0, 2))])
        )
        writing.write_clerk_csv(sheet, path.with_suffix(".csv"), encoding)
        return
    at = WINDOW[index]
    title = f"海门区{at // 12}年{at % 12 + 1}月{dataset.title}"
    writing.write_clerk_workbook(sheet, path.with_suffix(".xlsx"), title, table.part or "Sheet1")
