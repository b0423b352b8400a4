{{ decided_for_a_time('release', ['rule_id']) }}
