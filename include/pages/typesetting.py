"""Pages and pictures set by typst, in the Chinese font that a package brings; no other font is looked for."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import typst


def compiler(template: Path) -> typst.Compiler:
    """A compiler for one template; it keeps its fonts loaded, so one serves many pages."""
    return typst.Compiler(input=str(template), font_paths=list(_font_folders()), ignore_system_fonts=True)


def _font_folders() -> Iterator[str]:
    """Where the Chinese font of the package lies; the package itself, which draws with it, is not loaded."""
    found = find_spec("mplfonts")
    for folder in (found.submodule_search_locations or ()) if found else ():
        yield str(Path(folder) / "fonts")
