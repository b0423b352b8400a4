with snapshot as (

    select
        validity.delivery_id,
        validity.dataset,
        validity.part_code,
        validity.sequence,
        validity.period,
        validity.position,
        delivery.rows_accepted,
        delivery.received_at
    from {{ ref('int_delivery_validity') }} as validity
    inner join {{ ref('int_delivery') }} as delivery on validity.delivery_id = delivery.delivery_id

),

paired as ( -- beside the last one of an earlier period

    select
        newer.dataset,
        newer.delivery_id,
        newer.period,
        newer.rows_accepted,
        newer.received_at,
        older.rows_accepted as rows_before
    from snapshot as newer
    inner join snapshot as older
        on newer.dataset = older.dataset
        and newer.part_code = older.part_code
        and newer.sequence = older.sequence
        and older.period < newer.period
    qualify row_number() over (
        partition by newer.delivery_id order by older.position desc nulls last
    ) = 1

),

unusual as (

    select
        in_force.month,
        paired.dataset,
        paired.period,
        '行数与上期相差过大' as fact,
        sum(paired.rows_before) as rows_before,
        sum(paired.rows_accepted) as rows_now,
        max(paired.received_at) as received_at
    from paired
    inner join {{ ref('int_delivery_in_force') }} as in_force on paired.delivery_id = in_force.delivery_id
    where abs(paired.rows_accepted - paired.rows_before)
        > {{ parameter('snapshot_drift', 'in_force.month') }} * paired.rows_before
    group by in_force.month, paired.dataset, paired.period

),

late as (

    select
        month,
        dataset,
        newest_period as period,
        '没有按时报送，数据已过期' as fact,
        cast(null as bigint) as rows_before,
        cast(null as bigint) as rows_now,
        newest_received_at as received_at
    from {{ ref('int_dataset_month') }}
    where is_stale

),

found as (

    select * from unusual
    union all
    select * from late

)

select
    found.month,
    '' as programme,
    'delivery' as subject_type,
    cast(null as string) as person_key,
    cast(null as string) as household_key,
    found.dataset || '|' || cast(found.period as string) as event_key,
    'high' as severity,
    cast(0 as decimal(18, 2)) as amount_at_risk,
    'M1' as match_grade,
    cast(null as string) as town_code,
    cast(null as string) as village_code,
    {{ json_object([
        ('事实', 'found.fact'),
        ('数据', 'dataset.title_zh'),
        ('最近所属年月', 'substr(cast(found.period as string), 1, 7)'),
        ('上期行数', 'found.rows_before'),
        ('本期行数', 'found.rows_now'),
    ]) }} as evidence,
    {{ json_object([
        ('数据', 'found.dataset'),
        ('上期行数', 'found.rows_before'),
        ('本期行数', 'found.rows_now'),
    ]) }} as evidence_restricted,
    found.received_at,
    {{ nobody_left_out() }} as left_out
from found
inner join {{ ref('int_dataset') }} as dataset on found.dataset = dataset.dataset
