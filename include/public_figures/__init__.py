"""What everybody may see: a month's figures without any small group in them, as a page of pictures and as sheets."""

from include.public_figures.writing import write

__all__ = ["write"]
