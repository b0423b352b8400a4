with linked as (
    select
        *,
        person_key as holder_key,
        'id_no' as link
    from {{ ref('int_certificate_in_force') }}
    union all
    -- The number on the certificate is another person's than the row's: it links whoever has no row of their own.
    select
        other.*,
        other.certificate_person_key as holder_key,
        'certificate_no' as link
    from {{ ref('int_certificate_in_force') }} as other
    left join {{ ref('int_certificate_in_force') }} as own
        on other.month = own.month and other.certificate_person_key = own.person_key
    where other.certificate_person_key <> other.person_key and own.person_key is null
),

chosen as (
    select * from linked
    where issued_on is null or issued_on <= last_day(month)
    qualify row_number() over (
        partition by month, holder_key
        order by issued_on desc nulls last, certificate_no desc nulls last
    ) = 1
),

ever as (
    select
        holder_key,
        min(month) as first_month
    from linked
    group by holder_key
),

present as (
    select months.month, ever.holder_key
    from {{ ref('int_months') }} as months
    inner join ever on ever.first_month <= months.month
)

select
    present.month,
    present.holder_key as person_key,
    chosen.certificate_no,
    chosen.category,
    chosen.grade,
    chosen.status,
    chosen.issued_on,
    chosen.valid_until,
    coalesce(chosen.renewal_pending, false) as renewal_pending,
    coalesce(
        chosen.status = '正常' and (chosen.valid_until is null or chosen.valid_until >= present.month), false
    ) as is_valid,
    chosen.certificate_no is not null as is_any_in_force,
    true as is_any_ever,
    chosen.name,
    chosen.name_folded,
    chosen.name_pattern,
    chosen.id_no_status,
    chosen.link,
    coalesce(chosen.link = 'certificate_no', false) as by_certificate,
    case when chosen.link = 'certificate_no' or chosen.id_no_status = 'upgraded15' then 'M3' else 'M1' end as match_grade,
    chosen.town_code,
    chosen.village_code,
    chosen.delivery_id,
    chosen.received_at
from present
left join chosen on present.month = chosen.month and present.holder_key = chosen.holder_key
