with refused as (

    select
        delivery_id,
        dataset,
        reason,
        count(distinct coalesce(member, '') || '|' || coalesce(sheet, '') || '|' || cast(row_number as string)) as rows_refused
    from {{ reason_rows(ref('int_quarantined_row'), ['delivery_id', 'dataset', 'member', 'sheet', 'row_number']) }}
    where reason in ('bad_length', 'bad_date', 'bad_checksum', 'masked', 'lost_precision')
    group by delivery_id, dataset, reason

)

select
    standing.month,
    '' as programme,
    'delivery' as subject_type,
    cast(null as string) as person_key,
    cast(null as string) as household_key,
    refused.delivery_id || '|' || refused.reason as event_key,
    'medium' as severity,
    cast(0 as decimal(18, 2)) as amount_at_risk,
    'M1' as match_grade,
    cast(null as string) as town_code,
    cast(null as string) as village_code,
    {{ json_object([
        ('事实', "'交来的身份证号不合规，行已退回'"),
        ('数据', 'dataset.title_zh'),
        ('所属年月', 'substr(cast(delivery.period as string), 1, 7)'),
        ('原因', "case refused.reason
            when 'bad_length' then '位数不对'
            when 'bad_date' then '日期不存在'
            when 'bad_checksum' then '校验位不符'
            when 'masked' then '被遮盖'
            else '丢失精度'
        end"),
        ('行数', 'refused.rows_refused'),
    ]) }} as evidence,
    {{ json_object([
        ('交付', 'refused.delivery_id'),
        ('原因', 'refused.reason'),
        ('行数', 'refused.rows_refused'),
    ]) }} as evidence_restricted,
    delivery.received_at,
    {{ nobody_left_out() }} as left_out
from refused
inner join {{ ref('int_rules__standing_delivery') }} as standing on refused.delivery_id = standing.delivery_id
inner join {{ ref('int_delivery') }} as delivery on refused.delivery_id = delivery.delivery_id
inner join {{ ref('int_dataset') }} as dataset on refused.dataset = dataset.dataset
