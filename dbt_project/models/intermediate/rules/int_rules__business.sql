-- Posts and shares in businesses that exist; a share counts where capital was subscribed.
select
    delivery.month,
    business.person_key,
    business.name,
    business.name_folded,
    business.name_pattern,
    business.id_no_status,
    business.credit_code,
    business.business_name,
    business.business_kind,
    business.role,
    coalesce(business.capital, 0) as capital,
    business.founded_on,
    business.business_kind = '企业'
    and (
        business.role in ('法定代表人', '董事', '监事', '经理')
        or (business.role = '股东' and coalesce(business.capital, 0) > 0)
    ) as is_enterprise_post,
    business.business_kind = '个体工商户' and business.role = '经营者' as is_own_business,
    business.received_at
from {{ ref('stg_market_regulation__business') }} as business
inner join {{ ref('int_delivery_in_force') }} as delivery on business.delivery_id = delivery.delivery_id
qualify row_number() over (
    partition by delivery.month, business.credit_code, business.person_key, business.role
    order by delivery.position desc nulls last
) = 1
and business.status = '存续'
