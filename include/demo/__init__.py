"""A synthetic district: twelve towns, their residents, and what seventeen departments send about them for ten months."""

from __future__ import annotations

from include.demo.making import make_deliveries

__all__ = ["make_deliveries"]
