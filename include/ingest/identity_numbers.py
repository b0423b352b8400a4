"""Citizen numbers as SQL: normalised, 15 digits upgraded, length, date and check digit tested.

The area code is not held against the birth year: nearly every elder's number carries a code that did not exist
yet when the person was born.
"""

from __future__ import annotations

CHECK_CHARACTERS = "10X98765432"
OLDEST = 120
PLAIN = r"[1-9][0-9]{16}[0-9X]"


def spelling_sql(text: str) -> str:
    """The number without blanks, quotes and look-alikes of X; fifteen digits may have been a number, and end in .0."""
    cleaned = f"""upper(regexp_replace(translate({text}, '×✕╳χХ', 'XXXXX'), '[\\s''’‘`´"“”]', '', 'g'))"""
    return (
        f"CASE WHEN regexp_full_match({text}, '{PLAIN}') THEN {text} "
        f"WHEN regexp_full_match({text}, '[1-9][0-9]{{14}}[.]0') THEN left({text}, 15) ELSE nullif({cleaned}, '') END"
    )


def eighteen_sql(spelling: str) -> str:
    """The number in eighteen characters: as it is, or upgraded from fifteen; NULL for any other shape."""
    seventeen = f"(left({spelling}, 6) || '19' || substr({spelling}, 7))"
    check = check_sql(*halves_sql(seventeen))
    return (
        f"CASE WHEN regexp_full_match({spelling}, '{PLAIN}') THEN {spelling} "
        f"WHEN regexp_full_match({spelling}, '[1-9][0-9]{{14}}') THEN {seventeen} || {check} END"
    )


def halves_sql(number: str) -> tuple[str, str]:
    """The first nine digits and the eight after them, as two integers."""
    return f"try_cast(left({number}, 9) AS INTEGER)", f"try_cast(substr({number}, 10, 8) AS INTEGER)"


def check_sql(high: str, low: str) -> str:
    """The check character that the first seventeen digits, given as two integers, ask for.

    The weight of a digit is 2 to the power of its place, counted from the check digit on, modulo 11.
    """
    total = f"{2**9 % 11} * {_binary_sql(high, 9)} + 2 * {_binary_sql(low, 8)}"
    return f"'{CHECK_CHARACTERS}'[CAST(({total}) % 11 AS INTEGER) + 1]"


def _binary_sql(number: str, digits: int) -> str:
    """The decimal digits of an integer, read as if each place counted twice the one behind it.

    A digit is ``number // 10**place - 10 * (number // 10**(place + 1))``; summed up, each quotient remains once.
    """
    rest = " - ".join(f"{2 ** (place + 2)} * ({number} // {10**place})" for place in range(1, digits))
    return f"({number} - {rest})"


def birth_sql(eighteen: str) -> str:
    """The birth date inside the number, NULL when there is no such day."""
    return f"try_strptime(substr({eighteen}, 7, 8), '%Y%m%d')"


def fits_sql(eighteen: str, high: str, low: str) -> str:
    """Whether the check character is the one that the digits, also given as two integers, ask for."""
    return f"ends_with({eighteen}, {check_sql(high, low)})"


def fault_sql(spelling: str, eighteen: str, birth: str, fits: str, today: str) -> str:
    """Why the number cannot stand, as a reason code; NULL for a sound one and for none.

    A number that went through a spreadsheet ends in zeros, or reads 3.2E+17: it is never guessed. No number was
    ever issued with the sequence 000, so one that ends in four zeros has lost its end whatever its check digit.
    Nobody is born tomorrow or older than anybody in the country ever was.
    """
    return f"""CASE
        WHEN {spelling} IS NULL THEN NULL
        WHEN {eighteen} IS NULL THEN CASE
            WHEN regexp_full_match({spelling}, '[+]?[0-9]([.][0-9]+)?E[+]?[0-9]+|[0-9]{{16,20}}[.]0*')
                THEN 'lost_precision'
            WHEN regexp_matches({spelling}, '[*●■█]|X{{2,}}|[0-9]#+|[?]{{2,}}') THEN 'masked'
            ELSE 'bad_length' END
        WHEN ends_with({eighteen}, '000') AND (ends_with({eighteen}, '0000') OR NOT {fits}) THEN 'lost_precision'
        WHEN coalesce({birth} > {today} OR {birth} < {today} - INTERVAL {OLDEST} YEAR, true) THEN 'bad_date'
        WHEN NOT {fits} THEN 'bad_checksum' END"""
