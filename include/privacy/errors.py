"""Our own errors: bilingual, naming the place, never quoting a value."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Place:
    """Where something went wrong, in words that identify no person."""

    delivery: str | None = None
    file: str | None = None
    row: int | None = None
    column: str | None = None

    def __str__(self) -> str:
        parts = (
            ("交付 delivery", self.delivery),
            ("文件 file", self.file),
            ("行 row", self.row),
            ("列 column", self.column),
        )
        return "; ".join(f"{label} {value}" for label, value in parts if value is not None)


class DoudiError(Exception):
    """The base of every error whose text is ours, and therefore fit to be shown and logged.

    Only these keep their text under :func:`include.privacy.guarded`; whoever writes such a text
    names files, rows, columns and rules in it, and never a value from the data.
    """

    def __init__(self, chinese: str, english: str, place: Place | None = None) -> None:
        self.chinese = chinese
        self.english = english
        self.place = place or Place()
        where = str(self.place)
        super().__init__(f"{chinese} / {english}" + (f" [{where}]" if where else ""))


class StepError(DoudiError):
    """A step of the pipeline stopped on an error of a library, whose text stays behind."""

    def __init__(self, step: str, kind: str, code_place: str, detail: str = "", place: Place | None = None) -> None:
        self.step = step
        self.kind = kind
        self.code_place = code_place
        after = f": {detail}" if detail else ""
        super().__init__(
            f"步骤“{step}”未能完成：{kind}（{code_place}）{after}",
            f"step {step!r} could not be finished: {kind} at {code_place}{after}",
            place,
        )
