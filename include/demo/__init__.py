"""A synthetic district: twelve towns, their residents, and ten months of what seventeen departments send."""

from __future__ import annotations

from include.demo.making import make_deliveries

__all__ = ["make_deliveries"]
