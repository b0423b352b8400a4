"""``outbox/changes``: one workbook for the district whenever a publication changed months that had been published."""

from __future__ import annotations

from typing import Any

from include import runs
from include.alerts.changes import compare
from include.alerts.changes_book import write_changes
from include.alerts.worklists import publication_of
from include.journal.exports import note_export
from include.periods import Month
from include.privacy import guarded
from include.settings import Settings, private_folder, put_in_place
from include.warehouse.publication import Publication, open_pair
from include.warehouse.recall import attach_as_earlier


@guarded("deliver")
def write(settings: Settings, run_id: str) -> dict[str, Any]:
    """List what the run's publication, or else the standing one, changed of the one it follows.

    Returns the record of ``changes.json``. Nothing changed, no file; a replay, a first publication and one whose
    predecessor is no longer kept are compared with nothing.
    """
    publication = publication_of(settings, run_id)
    manifest = publication.read_manifest()
    record: dict[str, Any] = {"version": publication.version, "follows": None, "counts": {}, "file": None}
    follows = manifest.get("follows")
    if follows and not publication.is_replay:
        record |= _compare(settings, publication, Publication(settings.home, follows), Month.parse(manifest["as_of"]))
    if record["file"]:
        note_export(settings, "change_lists", publication.version)
    runs.write(settings, run_id, "changes", record)
    return record


def _compare(settings: Settings, publication: Publication, earlier: Publication, month: Month) -> dict[str, Any]:
    pair = open_pair(settings, publication)
    try:
        if not attach_as_earlier(pair, settings, earlier):
            return {}
        changes = compare(pair, month, Month.parse(earlier.read_manifest()["as_of"]))
    finally:
        pair.close()
    record: dict[str, Any] = {"follows": earlier.version, "counts": changes.counts()}
    if changes.changes:
        path = private_folder(settings.outbox / "changes") / f"{month}_{publication.version}.xlsx"
        with put_in_place(path) as temporary:
            write_changes(temporary, changes)
        record["file"] = str(path)
    return record
