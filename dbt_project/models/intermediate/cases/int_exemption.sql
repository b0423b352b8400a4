{{ decided_for_a_time('exemption', ['alert_no']) }}
