with abroad as (

    select
        holder.*,
        crossing.exited_on,
        {{ days_between('crossing.exited_on', last_day_of('holder.month')) }} as days_abroad,
        {{ match_grade('holder', 'crossing', 'holder.former_name') }} as match_grade,
        greatest(holder.received_at, crossing.received_at) as found_at
    from {{ ref('int_rules__holder') }} as holder
    inner join {{ ref('stg_public_security__exit_entry') }} as crossing on holder.person_key = crossing.person_key
    where crossing.entered_on is null or crossing.entered_on >= {{ plus_months('holder.month', 1) }}

)

select
    abroad.month,
    abroad.programme,
    'person' as subject_type,
    abroad.person_key,
    cast(null as string) as household_key,
    cast(abroad.exited_on as string) as event_key,
    'medium' as severity,
    benefit.share_amount as amount_at_risk,
    abroad.match_grade,
    abroad.town_code,
    abroad.village_code,
    {{ json_object([
        ('事实', "'出境已久，至月底没有入境记录'"),
        ('出境年月', 'substr(cast(abroad.exited_on as string), 1, 7)'),
        ('至月底天数', 'abroad.days_abroad'),
        ('来源', "'出入境记录'"),
    ]) }} as evidence,
    {{ json_object([
        ('出境日期', 'cast(abroad.exited_on as string)'),
        ('至月底天数', 'abroad.days_abroad'),
    ]) }} as evidence_restricted,
    abroad.found_at as received_at,
    {{ nobody_left_out() }} as left_out
from abroad
left join {{ ref('int_rules__benefit') }} as benefit
    on abroad.month = benefit.month
    and abroad.pay_programme = benefit.pay_programme
    and abroad.pay_subject_key = benefit.pay_subject_key
where abroad.match_grade is not null
    and abroad.days_abroad >= {{ parameter('absence_days', 'abroad.month') }}
