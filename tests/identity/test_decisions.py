"""Decisions on numbers: written once, resolved in their order, refused where they contradict each other."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from include.identity.decisions import (
    MERGE,
    SPLIT,
    ContradictoryDecisionError,
    Decision,
    merged_into,
    person_key,
    read_decisions,
    record,
    write_aliases,
)
from include.journal.entries import read
from include.journal.schema import engine as journal
from include.privacy import DoudiError
from include.settings import Settings, private_folder
from include.warehouse import engine

A, B, C, D = ("a" * 64, "b" * 64, "c" * 64, "d" * 64)


def said(*words: str) -> list[Decision]:
    """``AB`` merges B into A, ``-AB`` splits the two, a minute apart."""
    start = datetime(2021, 3, 1, 8, tzinfo=UTC)
    hashes = {"A": A, "B": B, "C": C, "D": D}
    return [
        Decision(
            SPLIT if word.startswith("-") else MERGE, hashes[word[-2]], hashes[word[-1]],
            (start + timedelta(minutes=place)).isoformat(timespec="microseconds"), "区救助科", "核对证件原件",
        )
        for place, word in enumerate(words)
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ([], {}),
        (["AB"], {B: A}),
        (["AB", "AC"], {B: A, C: A}),
        (["AB", "CA"], {B: C, A: C}),  # a chain ends where nobody was merged further
        (["AB", "CA", "DC"], {B: D, A: D, C: D}),
        (["AB", "-AB"], {}),
        (["AB", "-BA"], {}),  # a split names the two in either order
        (["AB", "CA", "-CA"], {B: A}),  # taking back the second merge leaves the first
        (["AB", "-AB", "BA"], {A: B}),
    ],
)
def test_merges_and_splits_count_in_their_order(words: list[str], expected: dict[str, str]) -> None:
    assert merged_into(said(*words)) == expected


@pytest.mark.parametrize(
    "words",
    ["AA", "AB AB", "AB CB", "AB BA", "AB CA BC", "-AB", "AB -AC", "AB -AB -AB"],
)
def test_what_contradicts_an_earlier_decision_is_refused_in_both_languages(words: str) -> None:
    with pytest.raises(ContradictoryDecisionError) as refused:
        merged_into(said(*words.split()))
    told = str(refused.value)
    assert any("一" <= character <= "鿿" for character in told)
    assert any("a" <= character <= "z" for character in told)
    assert "P" in told
    assert not {A, B, C} & set(told.split())


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A home whose warehouse has seen A to D."""
    home = Settings(home=tmp_path)
    private_folder(home.warehouse)
    with engine.connect(home) as connection:
        engine.attach_warehouse(connection, home, home.warehouse / "warehouse.duckdb", read_only=False)
        connection.execute("CREATE SCHEMA wh.intermediate")
        connection.execute("CREATE TABLE wh.intermediate.int_person_seen (person_key VARCHAR, person_secret VARCHAR)")
        people = [(person_key(secret), secret) for secret in (A, B, C, D)]
        connection.executemany("INSERT INTO wh.intermediate.int_person_seen VALUES (?, ?)", people)
    return home


def test_a_decision_is_a_file_that_is_never_written_again(settings: Settings) -> None:
    first = record(settings, MERGE, person_key(A), person_key(B), "区救助科", "核对证件原件")
    (path,) = (settings.state / "identity").glob("*.json")
    before = path.read_bytes()
    record(settings, SPLIT, person_key(A), person_key(B), "区救助科", "查明系两人")
    assert path.read_bytes() == before
    assert path.stat().st_mode & 0o077 == 0
    assert [each.kind for each in read_decisions(settings)] == [MERGE, SPLIT]
    told = json.loads(before)
    assert told["keep_person"] == person_key(A)
    assert path.stem == first.decision_id


def test_decisions_stand_in_the_journal_without_anybody_of_whom_they_are(settings: Settings) -> None:
    merge = record(settings, MERGE, person_key(A), person_key(B), "区救助科", "核对证件原件")
    record(settings, SPLIT, person_key(A), person_key(B), "区救助科", "查明系两人")
    with journal(settings).connect() as connection:
        entries = [one.entry for one in read(connection)]
    assert [(entry.kind, entry.event, entry.account) for entry in entries] == [
        ("identity", "merge", "区救助科"), ("identity", "split", "区救助科"),
    ]  # fmt: skip
    assert entries[0].detail == {"decision": merge.decision_id}


def test_what_was_not_yet_decided_is_not_known(settings: Settings) -> None:
    merge = record(settings, MERGE, person_key(A), person_key(B), "区救助科", "核对证件原件")
    before = datetime.fromisoformat(merge.decided_at) - timedelta(microseconds=1)
    assert write_aliases(settings, before.isoformat()) == ""
    path = Path(write_aliases(settings, merge.decided_at))
    assert json.loads(path.read_text()) == {"person_secret": B, "canonical_secret": A}


def test_a_refused_decision_leaves_nothing_behind(settings: Settings) -> None:
    record(settings, MERGE, person_key(A), person_key(B), "区救助科", "核对证件原件")
    with pytest.raises(ContradictoryDecisionError):
        record(settings, MERGE, person_key(B), person_key(A), "区救助科", "核对证件原件")
    assert len(read_decisions(settings)) == 1
    assert not list((settings.state / "identity").glob("*.tmp"))


@pytest.mark.parametrize("key", ["320625193804120410", "P123", ""])
def test_a_citizen_number_is_no_person_key_and_is_not_repeated(settings: Settings, key: str) -> None:
    with pytest.raises(DoudiError) as refused:
        record(settings, MERGE, key, person_key(A), "区救助科", "核对证件原件")
    assert "320625193804120410" not in str(refused.value)


@pytest.mark.parametrize(("by", "reason"), [("", "看过"), ("区救助科", " "), ("区救助科", "320625193804120410 重号")])
def test_who_and_why_are_said_and_hold_no_number(settings: Settings, by: str, reason: str) -> None:
    with pytest.raises(DoudiError):
        record(settings, MERGE, person_key(A), person_key(B), by, reason)
    assert read_decisions(settings) == []
