"""A share of what was counted, with what chance leaves open."""

from __future__ import annotations

from dataclasses import dataclass

from scipy.stats import binomtest  # type: ignore[import-untyped]


@dataclass(frozen=True)
class Share:
    """How many of how many, with Wilson's interval at 95 per cent; empty where nothing was counted."""

    right: int
    of: int

    @property
    def value(self) -> float | None:
        """The share."""
        return self.right / self.of if self.of else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """Lower and upper bound."""
        if not self.of:
            return None
        bounds = binomtest(self.right, self.of).proportion_ci(method="wilson")
        return float(bounds.low), float(bounds.high)
