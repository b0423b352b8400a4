"""The month's worklists: a workbook a town, each village alone besides, and the district's own list.

Written beside their place and swapped in as one folder; the same publication gives the same bytes.
"""

from __future__ import annotations

import shutil
from collections import defaultdict
from collections.abc import Container, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from include import runs
from include.alerts.list_book import write_book
from include.alerts.list_sheet import ListPage
from include.alerts.open_alerts import MonthOfAlerts, OpenAlert, Region, read_month
from include.alerts.sample_visits import RULE_ID, WORDS, unanswered_visits
from include.cases.dispatch import dispatch, sent_out
from include.cases.list_id import DISTRICT, ListId, signed
from include.journal.entries import head
from include.journal.exports import note_export
from include.journal.schema import engine
from include.periods import Month
from include.privacy import guarded
from include.settings import Settings, private_folder
from include.warehouse.publication import Publication, open_pair, standing

_FORBIDDEN_IN_FILE_NAMES = str.maketrans(dict.fromkeys('/\\:*?"<>|', "_"))
_NO_VILLAGE = "未定村居"
_SAMPLE, _SAMPLE_TITLE = "抽样走访", "抽样走访（随机抽取的无预警家庭，用于估计查全率；村居清单上只写入户走访）"


@guarded("deliver")
def write(settings: Settings, run_id: str) -> dict[str, Any]:
    """Lay the run's publication, or else the standing one, out as worklists; returns the record of ``deliver.json``."""
    publication = publication_of(settings, run_id)
    month = Month.parse(publication.read_manifest()["as_of"])
    pair = open_pair(settings, publication)
    try:
        material, visits = read_month(pair, month), unanswered_visits(pair, month)
    finally:
        pair.close()
    told = sent_out(settings, [alert.alert_no for alert in material.recalled])
    material = replace(material, recalled=[alert for alert in material.recalled if alert.alert_no in told])
    folder = _folder(settings, publication, month)
    temporary = folder.with_name(f".new_{folder.name}")
    shutil.rmtree(temporary, ignore_errors=True)
    private_folder(temporary)
    workbooks = _Lists(temporary, material, visits, settings.identity_key()).write()
    _swap(temporary, folder)
    listed = {alert.alert_no: alert.episode for alert in (*material.alerts, *visits)}
    record = {
        "folder": str(folder),
        "workbooks": workbooks,
        "alerts": len(material.alerts),
        "district_alerts": sum(alert.is_for_district for alert in material.alerts),
        "recalled": len(material.recalled),
        "sample_visits": len(visits),
        "quiet": material.quiet,
        "flooding": sorted({flood.name for flood in material.floods}),
        "in_doubt": sorted(material.in_doubt),
        "dispatched": 0 if publication.is_replay else dispatch(settings, listed, str(month)),
        "version": publication.version,
    }
    note_export(settings, "worklists", publication.version, files=workbooks, alerts=len(material.alerts))
    with engine(settings).connect() as connection:
        entries, digest = head(connection)
    record["journal"] = {"entries": entries, "head": digest}
    runs.write(settings, run_id, "deliver", record)
    return record


def publication_of(settings: Settings, run_id: str) -> Publication:
    """What this run published (a replay lies beside the standing publication), else what stands."""
    if runs.done(settings, run_id, "publish"):
        record = runs.read(settings, run_id, "publish")
        if record["is_replay"]:
            return Publication(settings.home, record["version"], is_replay=True)
    return standing(settings)


def _folder(settings: Settings, publication: Publication, month: Month) -> Path:
    root = settings.outbox / "worklists"
    return root / "replay" / publication.version if publication.is_replay else root / str(month)


class _Lists:
    """Writes the workbooks of one month into one folder."""

    def __init__(self, folder: Path, material: MonthOfAlerts, visits: list[OpenAlert], key: str) -> None:
        self._folder, self._material, self._visits, self._key = folder, material, visits, key
        self._rules = {**material.rules, RULE_ID: WORDS}
        self._district = [alert for alert in material.alerts if alert.is_for_district]
        self._ask_the_district = frozenset(alert.group for alert in self._district)

    def write(self) -> int:
        """Write the district's list, then each town's; returns how many workbooks there are."""
        recalled = [alert for alert in self._material.recalled if alert.is_for_district]
        page = self._page("区级核实", "区级核实", self._district, recalled)
        sample = replace(self._page(_SAMPLE, _SAMPLE_TITLE, self._visits), with_places=True)
        self._write_book(self._folder / "district.xlsx", DISTRICT, [page, *([sample] if self._visits else [])])
        names = _unique_names(self._material.towns)
        return 1 + sum(self._write_town(town, names[town.code]) for town in self._material.towns)

    def _write_town(self, town: Region, name: str) -> int:
        """A town's workbook, with a sheet for each village that has alerts, and each village's own beside it."""
        villages = [village for village in self._material.villages if village.parent_code == town.code]
        pages = self._village_pages(town, villages)
        names = _unique_names(villages)
        town_folder = private_folder(self._folder / name)
        for village in villages:
            self._write_book(town_folder / f"{names[village.code]}.xlsx", village.code, [pages[village.code]])
        with_alerts = [page for page in pages.values() if page.alerts or page.recalled]
        self._write_book(
            self._folder / f"{name}.xlsx",
            town.code,
            with_alerts or [self._page(town.name, town.name, [])],
            (_title(town.name, self._material.month), [(page.sheet_name, page.alerts) for page in pages.values()]),
        )
        return 1 + len(villages)

    def _village_pages(self, town: Region, villages: list[Region]) -> dict[str, ListPage]:
        """A page for each village, with or without alerts; alerts of no known village come under the empty code."""
        known = {village.code: village.name for village in villages}
        told = [*self._material.alerts, *self._visits]
        alerts, recalled = (self._by_village(each, town, known) for each in (told, self._material.recalled))
        shown = {**known, **({"": _NO_VILLAGE} if alerts[""] or recalled[""] else {})}
        return {
            code: self._page(name, f"{town.name} {name}", alerts[code], recalled[code]) for code, name in shown.items()
        }

    @staticmethod
    def _by_village(alerts: list[OpenAlert], town: Region, known: Container[str]) -> defaultdict[str, list[OpenAlert]]:
        """A town's alerts, but for those that the district keeps to itself, by village; empty where it is not known."""
        found = defaultdict(list)
        for alert in alerts:
            if alert.town_code == town.code and not alert.is_for_district:
                found[alert.village_code if alert.village_code in known else ""].append(alert)
        return found

    def _page(
        self, sheet_name: str, place: str, alerts: list[OpenAlert], recalled: Sequence[OpenAlert] = ()
    ) -> ListPage:
        is_district = alerts is self._district
        return ListPage(
            sheet_name=sheet_name,
            title=_title(place, self._material.month),
            alerts=alerts,
            recalled=tuple(recalled),
            ask_the_district=frozenset() if is_district else self._ask_the_district,
            with_places=is_district,
            received_on=self._material.received_on,
        )

    def _write_book(
        self,
        path: Path,
        place: str,
        pages: list[ListPage],
        summary: tuple[str, list[tuple[str, list[OpenAlert]]]] | None = None,
    ) -> None:
        month = self._material.month
        file_id = signed(self._key, ListId(str(month), place))
        write_book(path, month, pages, self._rules, file_id, summary)


def _title(place: str, month: Month) -> str:
    return f"{place}　{month.year}年{month.number}月预警核查清单"


def _unique_names(regions: list[Region]) -> dict[str, str]:
    """A file name for each region; two of one name are told apart by their code."""
    plain = {region.code: region.name.translate(_FORBIDDEN_IN_FILE_NAMES).strip(" .") for region in regions}
    taken = list(plain.values())
    return {
        code: name if name and taken.count(name) == 1 and name != "district" else f"{name}_{code}"
        for code, name in plain.items()
    }


def _swap(temporary: Path, folder: Path) -> None:
    private_folder(folder.parent)
    old = folder.with_name(f".old_{folder.name}")
    shutil.rmtree(old, ignore_errors=True)
    if folder.exists():
        folder.rename(old)
    temporary.rename(folder)
    shutil.rmtree(old, ignore_errors=True)
