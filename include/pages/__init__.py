"""Pages for eyes: one HTML text each, printable, without any reference to another file or host."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

from include.pages.policy_words import category_words, parameter_title, unit_words
from include.settings import put_in_place

_COMMON = Path(__file__).parent


def render(template: Path, **values: Any) -> str:
    """A template beside its writer, which may extend ``base.html.j2`` and import ``charts.html.j2`` from here."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader([template.parent, _COMMON]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        yuan=yuan, signed=signed, parameter_title=parameter_title, unit=unit_words, category=category_words
    )
    return environment.get_template(template.name).render(**values)


def put_page(path: Path, text: str) -> None:
    """Put a page in its place at once, so that nobody reads half of it; only the owner may read it."""
    with put_in_place(path) as temporary:
        temporary.write_text(text, encoding="utf-8")


def yuan(amount: Decimal | float, places: int = 0) -> str:
    """An amount with its thousands apart."""
    return f"{amount:,.{places}f}"


def signed(number: Decimal | float, places: int = 0) -> str:
    """A change, with its sign; nothing has none."""
    text = f"{abs(number):,.{places}f}"
    return text if float(text.replace(",", "")) == 0 else f"{'+' if number > 0 else '−'}{text}"
