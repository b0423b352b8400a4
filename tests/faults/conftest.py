"""The faults are tried on the small district that the tests of ingest use."""

from __future__ import annotations

from tests.ingest.conftest import bare_district, district, hurried, regions_home, schemas_home

__all__ = ["bare_district", "district", "hurried", "regions_home", "schemas_home"]
