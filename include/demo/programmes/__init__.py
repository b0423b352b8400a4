"""Who receives what: the rosters of the civil-affairs bureau and the certificates behind them."""
