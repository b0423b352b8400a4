"""The data dictionary: every published table and column in both languages, as a page and as a sheet."""

from include.dictionary.writing import write

__all__ = ["write"]
