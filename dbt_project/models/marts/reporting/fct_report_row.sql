{% set key_of_payment = ['person_key', 'payment_no', 'delivery_id'] -%}
{{ report_rows(
    'rpt_dibao_monthly', 'int_report_dibao', dibao_figure_names(),
    ['town_code', 'household_key'] + key_of_payment
) }}
union all
{{ report_rows(
    'rpt_programme_flow_monthly', 'int_report_flow',
    ['opening', 'new', 'transferred_in', 'left', 'transferred_out', 'closing'],
    ['town_code', 'programme', 'unit', 'person_key', 'household_key', 'delivery_id']
) }}
union all
{{ report_rows(
    'rpt_elder_allowance_monthly', 'int_report_elder_allowance',
    ['persons', 'entitled_amount', 'recorded_amount', 'paid_amount', 'new_persons', 'ended_persons'],
    ['town_code', 'age_band'] + key_of_payment
) }}
{% for report, programmes, dimensions in [
    (
        'rpt_disability_subsidy_monthly', ['disability_living', 'disability_nursing'],
        ['tier', 'disability_category', 'disability_grade'],
    ),
    ('rpt_extreme_poverty_monthly', ['extreme_poverty'], ['area_kind', 'support_mode', 'self_care']),
    ('rpt_child_benefit_monthly', ['orphan', 'unattended_child', 'child_in_difficulty'], ['kind', 'placement']),
] -%}
union all
{{ report_rows(
    report, 'int_report_roster', ['persons', 'recorded_amount', 'paid_amount'],
    ['town_code', 'programme'] + dimensions + key_of_payment, programmes
) }}
{% endfor -%}
union all
{{ report_rows(
    'rpt_payment_roster_monthly', 'int_report_payment_roster',
    ['households', 'persons', 'payees', 'recorded_amount', 'paid_amount', 'off_roster_amount'],
    ['town_code', 'programme', 'household_key'] + key_of_payment
) }}
union all
{{ report_rows(
    'rpt_alert_performance', 'int_report_alert',
    ['detected', 'verified', 'true', 'false', 'on_time', 'overdue', 'newly_covered', 'stopped', 'recovered'],
    ['town_code', 'rule_id', 'person_key', 'household_key', 'alert_no']
) }}
