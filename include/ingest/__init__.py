"""Files in, landing and ledger out: one contract, one reader, one generated statement a file."""
