"""The month's worklists: a workbook a town, each village alone besides, and the district's own list.

Written beside their place and swapped in as one folder; the same publication gives the same bytes.
"""

from __future__ import annotations

import shutil
from collections import defaultdict
from pathlib import Path
from typing import Any

from include import runs
from include.alerts.list_book import write_book
from include.alerts.list_sheet import ListPage
from include.alerts.open_alerts import OpenAlert, Region, RuleWords, read_open_alerts, read_regions, read_rules
from include.periods import Month
from include.privacy import guarded
from include.settings import Settings, private_folder
from include.warehouse.publication import Publication, open_pair, standing

_FORBIDDEN_IN_FILE_NAMES = str.maketrans(dict.fromkeys('/\\:*?"<>|', "_"))
_NO_VILLAGE = "未定村居"


@guarded("deliver")
def write(settings: Settings, run_id: str) -> dict[str, Any]:
    """Lay the run's publication, or else the standing one, out as worklists; returns the record of ``deliver.json``."""
    publication = _publication_of(settings, run_id)
    month = Month.parse(publication.read_manifest()["as_of"])
    pair = open_pair(settings, publication)
    try:
        alerts = read_open_alerts(pair)
        towns = read_regions(pair, "town")
        villages = read_regions(pair, "village")
        rules = read_rules(pair)
    finally:
        pair.close()
    folder = _folder(settings, publication, month)
    temporary = folder.with_name(f".new_{folder.name}")
    shutil.rmtree(temporary, ignore_errors=True)
    private_folder(temporary)
    workbooks = _write_folder(temporary, month, alerts, rules, towns, villages)
    _swap(temporary, folder)
    record = {
        "folder": str(folder),
        "workbooks": workbooks,
        "alerts": len(alerts),
        "district_alerts": sum(alert.is_for_district for alert in alerts),
        "version": publication.version,
    }
    runs.write(settings, run_id, "deliver", record)
    return record


def _publication_of(settings: Settings, run_id: str) -> Publication:
    """What this run published (a replay lies beside the standing publication), else what stands."""
    if runs.done(settings, run_id, "publish"):
        record = runs.read(settings, run_id, "publish")
        if record["is_replay"]:
            return Publication(settings.home, record["version"], is_replay=True)
    return standing(settings)


def _folder(settings: Settings, publication: Publication, month: Month) -> Path:
    root = settings.outbox / "worklists"
    return root / "replay" / publication.version if publication.is_replay else root / str(month)


def _write_folder(
    folder: Path,
    month: Month,
    alerts: list[OpenAlert],
    rules: dict[str, RuleWords],
    towns: list[Region],
    villages: list[Region],
) -> int:
    district = [alert for alert in alerts if alert.is_for_district]
    local = defaultdict(list)
    for alert in alerts:
        if not alert.is_for_district:
            local[alert.town_code].append(alert)
    ask_the_district = frozenset(alert.group for alert in district)
    page = ListPage("区级核实", _title("区级核实", month), district, with_places=True)
    write_book(folder / "district.xlsx", month, [page], rules)
    workbooks = 1
    names = _unique_names(towns)
    for town in towns:
        own = [village for village in villages if village.parent_code == town.code]
        pages = _village_pages(month, town, own, local[town.code], ask_the_district)
        _write_town(folder, names[town.code], month, town, own, pages, rules)
        workbooks += 1 + len(own)
    return workbooks


def _village_pages(
    month: Month, town: Region, villages: list[Region], alerts: list[OpenAlert], ask_the_district: frozenset[str]
) -> dict[str, ListPage]:
    """A page for each village, with or without alerts; alerts of no village of the town come under the empty code."""
    known = {village.code: village.name for village in villages}
    by_village = defaultdict(list)
    for alert in alerts:
        by_village[alert.village_code if alert.village_code in known else ""].append(alert)
    pages = {}
    for code, name in {**known, "": _NO_VILLAGE}.items():
        if code or by_village[code]:
            title = _title(f"{town.name} {name}", month)
            pages[code] = ListPage(name, title, by_village[code], ask_the_district)
    return pages


def _write_town(
    folder: Path,
    name: str,
    month: Month,
    town: Region,
    villages: list[Region],
    pages: dict[str, ListPage],
    rules: dict[str, RuleWords],
) -> None:
    """A town's workbook, with a sheet for each village that has alerts, and each village's own beside it."""
    town_folder = private_folder(folder / name)
    village_names = _unique_names(villages)
    for village in villages:
        write_book(town_folder / f"{village_names[village.code]}.xlsx", month, [pages[village.code]], rules)
    with_alerts = [page for page in pages.values() if page.alerts]
    shown = with_alerts or [ListPage(town.name, _title(town.name, month), [])]
    summary = (_title(town.name, month), [(page.sheet_name, page.alerts) for page in pages.values()])
    write_book(folder / f"{name}.xlsx", month, shown, rules, summary)


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
