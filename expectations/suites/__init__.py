"""The publication suites: what must be true of the marts before they replace the standing publication."""

from __future__ import annotations

from expectations.suites import core, monitoring, privacy, quality, reporting
from expectations.vocabulary import Suite


def publication_suites() -> list[Suite]:
    """Every publication suite, in the order they are shown."""
    return [*core.suites(), *monitoring.suites(), *reporting.suites(), *quality.suites(), *privacy.suites()]
