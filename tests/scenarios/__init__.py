"""One small district in which every rule meets the people it must find and those it must leave alone."""
