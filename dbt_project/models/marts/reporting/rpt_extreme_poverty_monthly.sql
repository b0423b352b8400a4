{{ roster_beside_payments(['extreme_poverty'], ['area_kind', 'support_mode', 'self_care']) }}
