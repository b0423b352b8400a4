{{ roster_beside_payments(['orphan', 'unattended_child', 'child_in_difficulty'], ['kind', 'placement']) }}
