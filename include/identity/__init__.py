"""Who is who beyond what a number says: proposed links of people without one, and people's decisions on numbers."""
