"""What each department owes: one YAML file a dataset, read into typed, validated objects.

A contract is the only home of these facts: header names, types, what is required, who may see it, which
other wordings are known. Ingest, the acceptance checks and the twin all read it from here.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import yaml

from include.contracts.wording import normalise_header, normalise_wording
from include.periods import Month

CONTRACT_FOLDER = Path(__file__).resolve().parent
TYPES = ("text", "id_no", "name", "date", "month", "money", "int", "number", "bool", "enum", "region")
SENSITIVITIES = ("identity", "health", "finance", "justice", "contact")
DELIVERIES = ("snapshot", "upsert", "append")
CADENCES = ("daily", "weekly", "monthly", "quarterly", "term", "on_change", "on_event")
# The months of one period of each cadence that has periods, and the remainder that its last month leaves: quarters end
# in March, school terms in January and July. What comes as things change or happen is never due.
PERIODS = {"daily": (1, 0), "weekly": (1, 0), "monthly": (1, 0), "quarterly": (3, 0), "term": (6, 1)}
LONGEST_GRACE = 60
TRANSPORTS = ("file", "database", "api")
REGION_LEVELS = ("town", "village")
#: The custom property of a workbook under which a list that we handed out, and that comes back, says which one it is.
FILE_ID = "清单编号"
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the same, eight times as fast where libyaml is there
_COLUMN_FIELDS = {
    "header", "aliases", "type", "level", "required", "sens", "keyed", "holds_id_no", "values", "synonyms", "at_most",
    "label_zh", "description_en",
}  # fmt: skip
_CONTRACT_FIELDS = {
    "dataset", "title_zh", "title_en", "transport", "formats", "encoding", "delivery", "cadence", "due_days",
    "parts", "empty", "key", "columns",
}  # fmt: skip


class ContractError(ValueError):
    """A contract that contradicts itself; the message names the file and the column."""


@dataclass(frozen=True)
class Column:
    """One column a department owes: how its header reads, what its cells mean, who may see them."""

    name: str
    header: str
    type: str
    description_en: str
    label_zh: str
    aliases: tuple[str, ...] = ()
    required: bool = False
    sens: str | None = None
    level: str | None = None
    keyed: bool = False
    holds_id_no: bool = False
    values: tuple[str, ...] = ()
    synonyms: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    at_most: int | None = None

    @cached_property
    def headers(self) -> tuple[str, ...]:
        """Every normalised header this column answers to, its own first; a table's export has its name."""
        texts = (self.header, *self.aliases, self.name, self.name.upper())
        return tuple(dict.fromkeys(normalise_header(text) for text in texts))

    @cached_property
    def wordings(self) -> dict[str, str]:
        """For an enum: each known wording, normalised, with the value it stands for."""
        found = {normalise_wording(value): value for value in self.values}
        for value, others in self.synonyms.items():
            for other in others:
                found.setdefault(normalise_wording(other), value)
        return found


@dataclass(frozen=True)
class Contract:
    """What one dataset must look like when it arrives, and what a delivery of it means."""

    dataset: str
    title_zh: str
    title_en: str
    transport: str
    formats: tuple[str, ...]
    encoding: str
    delivery: str
    cadence: str
    due_days: int | None
    parts: str | None
    empty: str
    key: tuple[str, ...]
    columns: Mapping[str, Column]
    version: str

    @property
    def department(self) -> str:
        """The department that owes it, which is also its folder in the inbox."""
        return self.dataset.partition(".")[0]

    @property
    def short_name(self) -> str:
        """The dataset without its department, as files are named after it."""
        return self.dataset.partition(".")[2]

    def period_ending(self, month: Month) -> tuple[Month, date] | None:
        """The first month of the period that ends with a month, and its due day; None where none ends or is due."""
        if self.due_days is None:
            return None
        length, remainder = PERIODS[self.cadence]
        if month.number % length != remainder:
            return None
        return month.plus(1 - length), month.plus(1).first + timedelta(days=self.due_days - 1)

    @property
    def required_columns(self) -> tuple[Column, ...]:
        """The columns without which a file is refused and a row is bad."""
        return tuple(column for column in self.columns.values() if column.required)

    @property
    def town_column(self) -> str | None:
        """The column that names a row's town, where there is one."""
        return next((column.name for column in self.columns.values() if column.level == "town"), None)

    @property
    def has_regions(self) -> bool:
        """Whether rows name towns or villages, so that the district's regions must be known first."""
        return any(column.type == "region" for column in self.columns.values())


@lru_cache(maxsize=4)
def load_contracts(folder: Path = CONTRACT_FOLDER) -> dict[str, Contract]:
    """Read and validate every contract of a folder, by dataset name."""
    contracts = [read_contract(path) for path in sorted(folder.glob("*__*.yaml"))]
    return {contract.dataset: contract for contract in contracts}


def load_contract(dataset: str) -> Contract:
    """The contract of one dataset, e.g. ``civil_affairs.payment``; KeyError when nobody owes it."""
    return load_contracts()[dataset]


def read_contract(path: Path) -> Contract:
    """Read one contract file; ContractError names what is wrong with it."""
    content = path.read_bytes()
    document = yaml.load(content, Loader=_LOADER)  # noqa: S506 - both are safe loaders
    if not isinstance(document, dict):
        raise ContractError(f"{path.name}: 不是契约文件 / not a contract")
    _refuse_unknown(path.name, document, _CONTRACT_FIELDS)
    try:
        columns = {name: _column(path.name, name, facts) for name, facts in document["columns"].items()}
        contract = Contract(
            dataset=document["dataset"],
            title_zh=document["title_zh"],
            title_en=document["title_en"],
            transport=document["transport"],
            formats=tuple(document["formats"]),
            encoding=document.get("encoding", "utf-8"),
            delivery=document["delivery"],
            cadence=document["cadence"],
            due_days=document.get("due_days"),
            parts=document.get("parts"),
            empty=document.get("empty", "allowed"),
            key=tuple(document["key"]),
            columns=columns,
            version=hashlib.sha256(content).hexdigest()[:16],
        )
    except KeyError as missing:
        raise ContractError(f"{path.name}: 缺少 / missing {missing}") from None
    _validate(path, contract)
    return contract


def _column(file_name: str, name: str, facts: dict[str, Any]) -> Column:
    place = f"{file_name}: {name}"
    _refuse_unknown(place, facts, _COLUMN_FIELDS)
    column = Column(
        name=name,
        header=facts["header"],
        type=facts["type"],
        description_en=facts["description_en"],
        label_zh=facts.get("label_zh", facts["header"]),
        aliases=tuple(facts.get("aliases", ())),
        required=facts.get("required", False),
        sens=facts.get("sens"),
        level=facts.get("level"),
        keyed=facts.get("keyed", False),
        holds_id_no=facts.get("holds_id_no", False),
        values=tuple(facts.get("values", ())),
        synonyms={value: tuple(others) for value, others in facts.get("synonyms", {}).items()},
        at_most=facts.get("at_most"),
    )
    _expect(column.type in TYPES, place, "类型未知 / unknown type")
    _expect(column.sens is None or column.sens in SENSITIVITIES, place, "敏感级别未知 / unknown sens")
    _expect(
        (column.level in REGION_LEVELS) == (column.type == "region"), place, "区划级别不符 / level fits regions only"
    )
    _expect(column.at_most is None or column.type == "money", place, "上限仅限金额 / at_most fits money only")
    _expect(bool(column.values) == (column.type == "enum"), place, "枚举值不符 / values fit enums only")
    _expect(set(column.synonyms) <= set(column.values), place, "同义词无对应值 / synonyms of an unknown value")
    _expect(column.type == "text" or not (column.keyed or column.holds_id_no), place, "仅文本列可加密标识 / not text")
    _expect(bool(column.description_en.strip()) and bool(column.label_zh.strip()), place, "缺少说明 / no description")
    owners = {normalise_wording(value): value for value in column.values}
    for value, others in column.synonyms.items():
        for other in others:
            owner = owners.setdefault(normalise_wording(other), value)
            _expect(owner == value, place, f"一词两义 / one wording for two values: {other}")
    return column


def _validate(path: Path, contract: Contract) -> None:
    place = path.name
    _expect(
        path.stem == contract.dataset.replace(".", "__"), place, "文件名与数据集不符 / file name and dataset differ"
    )
    _expect(contract.delivery in DELIVERIES, place, "交付方式未知 / unknown delivery")
    _expect(contract.cadence in CADENCES, place, "频率未知 / unknown cadence")
    is_due = contract.cadence in PERIODS
    _expect(
        is_due == (contract.due_days is not None), place, "报送期限与频率不符 / due_days fits cadences with periods"
    )
    _expect(
        not is_due or (type(contract.due_days) is int and 1 <= contract.due_days <= LONGEST_GRACE),
        place,
        f"报送期限应为 1 至 {LONGEST_GRACE} 天 / due_days is 1 to {LONGEST_GRACE}",
    )
    _expect(contract.transport in TRANSPORTS, place, "传输方式未知 / unknown transport")
    _expect(contract.parts in (None, "town"), place, "分片方式未知 / unknown parts")
    _expect(contract.empty in ("allowed", "refused"), place, "空文件规则未知 / unknown rule for empty files")
    _expect(set(contract.key) <= set(contract.columns) and bool(contract.key), place, "主键列不存在 / key not a column")
    owners: dict[str, str] = {}
    for column in contract.columns.values():
        for header in column.headers:
            owner = owners.setdefault(header, column.name)
            _expect(owner == column.name, place, f"两列共用表头 / two columns share the header {header}")
    _expect(
        sum(column.level == "town" for column in contract.columns.values()) <= 1, place, "多个镇街列 / several towns"
    )


def _refuse_unknown(place: str, facts: Mapping[str, Any], known: set[str]) -> None:
    unknown = sorted(set(facts) - known)
    _expect(not unknown, place, f"未知字段 / unknown field: {', '.join(unknown)}")


def _expect(holds: bool, place: str, message: str) -> None:
    if not holds:
        raise ContractError(f"{place}: {message}")
