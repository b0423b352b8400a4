"""The sixty rules in pandas, step by step as ``reference.sql`` says them; for the benchmark alone.

Months are whole numbers, twelve a year, so that a day's month is compared without dates. Money is in floats, rounded
where it meets a line. Gives one frame: rule, programme, month, and whom or what the rule finds, by number. All that has
come is read: it knows no earlier moment, and nobody who was merged.
"""
