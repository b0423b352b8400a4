{{ config(schema='restricted', contract={'enforced': true}) }}
select
    alert_no,
    event_key,
    evidence_restricted as evidence
from {{ ref('int_rules__alerts') }}
where episode_number = episode_count
