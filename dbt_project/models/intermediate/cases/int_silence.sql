{{ decided_for_a_time('silence', ['rule_id', 'town_code']) }}
