"""The rule book: a page a rule, made from the catalogue, the rules' own SQL and the publication."""

from include.rule_book.pages import write

__all__ = ["write"]
