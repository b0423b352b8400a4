"""Whatever leaves the system as files stands in the chain: which files, of which publication, and nobody's name."""

from __future__ import annotations

from pathlib import Path

from include import runs
from include.alerts import worklists
from include.journal.entries import first_broken, read
from include.journal.schema import engine
from tests.small_warehouse import IDENTITY_NUMBERS, NAMES, RUN_ID, VERSION, make_publication


def test_lists_are_noted_once_a_publication_and_name_nobody(tmp_path: Path) -> None:
    settings = make_publication(tmp_path)
    worklists.write(settings, RUN_ID)
    with engine(settings).connect() as connection:
        entries = [one.entry for one in read(connection)]
        assert first_broken(connection) is None
    (export,) = [entry for entry in entries if entry.kind == "export"]
    assert (export.event, export.role) == ("worklists", "system")
    assert export.detail == {"version": VERSION, "files": 6, "alerts": 3}
    assert runs.read(settings, RUN_ID, "deliver")["journal"]["entries"] == len(entries)
    assert not [entry for entry in entries for secret in (*NAMES, *IDENTITY_NUMBERS) if secret in str(entry)]
