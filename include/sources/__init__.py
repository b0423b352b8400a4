"""Databases and APIs: a pull becomes a file, and the desk takes it in like any delivered one."""

from include.sources.connections import SourceConnection, from_facts, parse
from include.sources.departments import Pulled, pull_department
from include.sources.errors import SourceError

__all__ = ["Pulled", "SourceConnection", "SourceError", "from_facts", "parse", "pull_department"]
