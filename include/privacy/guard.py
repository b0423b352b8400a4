"""The wrapper under which every task and command runs: libraries' errors become ours, without their text."""

from __future__ import annotations

import re
from contextlib import ContextDecorator
from pathlib import Path
from traceback import walk_tb
from types import TracebackType

from include.privacy.errors import DoudiError, Place, StepError
from include.privacy.masking import mask_path

_REPOSITORY = Path(__file__).resolve().parents[2]
_LINE = re.compile(r"(?:CSV Error on Line|[Ll]ine|[Rr]ow(?: number)?)[: ]+(\d{1,12})\b")
_COLUMN = re.compile(r"[Cc]olumn(?: name)?[: ]+[\"'`]?([a-z][a-z0-9_]{0,62})[\"'`]?(?![\w])")


class guarded(ContextDecorator):  # noqa: N801 - reads as a verb wherever it is used
    """Run a step so that no exception of DuckDB, dbt, pandas, Great Expectations or Python itself shows data.

    Usable as ``with guarded("build"):`` and as ``@guarded("build")``. Our own errors pass unchanged; any
    other becomes :class:`StepError`, which names the step, the kind of error, the line of our code and, where the
    library tells them, row and column. Its text is dropped, and so is the exception itself: neither
    ``__cause__`` nor ``__context__`` leads back to it.
    """

    def __init__(
        self,
        step: str,
        *,
        delivery: str | None = None,
        file: Path | str | None = None,
        passing: tuple[type[BaseException], ...] = (),
    ) -> None:
        self.step = step
        self.delivery = delivery
        self.file = file
        self.passing = passing

    def __enter__(self) -> guarded:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is None or not isinstance(error, Exception) or isinstance(error, (DoudiError, *self.passing)):
            return
        ours = StepError(self.step, _kind(error), _code_place(trace), _system_reason(error), self._place(error))
        try:
            raise ours from None
        finally:
            ours.__context__ = None  # "from None" only hides it; serialisers of tracebacks would still find it

    def _place(self, error: BaseException) -> Place:
        text = str(error)
        row, column = _LINE.search(text), _COLUMN.search(text)
        return Place(
            delivery=self.delivery,
            file=mask_path(self.file) if self.file else None,
            row=int(row[1]) if row else None,
            column=column[1] if column else None,
        )


def _kind(error: BaseException) -> str:
    module = type(error).__module__.partition(".")[0].lstrip("_")
    return type(error).__name__ if module == "builtins" else f"{module}.{type(error).__name__}"


def _system_reason(error: BaseException) -> str:
    """What the operating system said (disk full, permission denied): it knows no data, at most a file's name."""
    if not isinstance(error, OSError) or error.errno is None:
        return ""
    name = f" ({mask_path(error.filename)})" if isinstance(error.filename, str) else ""
    return f"{error.strerror}{name}"


def _code_place(trace: TracebackType | None) -> str:
    """The innermost line of our own code, as a path inside the repository."""
    place = "?"
    for frame, line in walk_tb(trace):
        path = Path(frame.f_code.co_filename)
        if path.is_relative_to(_REPOSITORY) and "site-packages" not in path.parts:
            place = f"{path.relative_to(_REPOSITORY).as_posix()}:{line}"
    return place
