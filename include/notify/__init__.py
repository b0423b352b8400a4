"""Telling officers what waits for them: a digest a day, without a name or a number of anybody."""
