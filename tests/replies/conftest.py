"""The small district of the intake's tests, whose senders are to be answered."""

from tests.ingest.conftest import bare_district, district, hurried, regions_home, schemas_home

__all__ = ["bare_district", "district", "hurried", "regions_home", "schemas_home"]
