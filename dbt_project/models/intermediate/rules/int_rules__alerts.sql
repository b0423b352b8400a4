-- The newest episode of each rule × programme × subject × event key speaks for the alert.
with numbered as (

    select
        *,
        row_number() over (
            partition by rule_id, programme, subject_type, subject_key, event_key order by first_month asc nulls last
        ) as episode_number,
        count(*) over (partition by rule_id, programme, subject_type, subject_key, event_key) as episode_count
    from {{ ref('int_rules__episodes') }}

),

secret as (

    select
        numbered.*,
        coalesce(subject_secret.secret, numbered.subject_key) as secret
    from numbered
    left join {{ ref('int_rules__subject_secret') }} as subject_secret
        on numbered.subject_type = subject_secret.subject_type
        and numbered.subject_key = subject_secret.subject_key

)

select
    *,
    rule_id || '-' || upper(substr(
        {{ sha256_hex("secret || '|' || rule_id || '|' || programme || '|' || event_key") }}, 1, 20
    )) as alert_no,
    {{ sha256_hex("secret || '|' || event_key") }} as hashed_event_key
from secret
