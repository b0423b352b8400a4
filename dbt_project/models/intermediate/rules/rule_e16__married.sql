with member as (

    select * from {{ ref('int_rules__low_income_member') }}
    where role = '共同生活' and programme in ('extreme_poverty', 'dibao_single', 'dibao')

),

household as (

    select month, programme, subject_key, count(*) as members
    from member
    group by month, programme, subject_key

),

assessed_alone as (

    select member.*
    from member
    inner join household
        on member.month = household.month
        and member.programme = household.programme
        and member.subject_key = household.subject_key
    where member.programme = 'extreme_poverty'
        or (member.programme = 'dibao_single' and member.covered and member.single_person)
        or (member.programme = 'dibao' and household.members = 1)

),

side as ( -- each registration as either of the two sees it

    {% for own, other in [('male', 'female'), ('female', 'male')] -%}
    select
        certificate_no,
        kind,
        registered_on,
        received_at,
        {{ own }}_person_key as person_key,
        {{ own }}_name as name,
        {{ own }}_name_folded as name_folded,
        {{ own }}_name_pattern as name_pattern,
        {{ own }}_id_no_status as id_no_status,
        {{ other }}_person_key as spouse_key,
        {{ other }}_name as spouse_name
    from {{ ref('stg_civil_affairs__marriage') }}
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

registered as (

    select
        assessed_alone.*,
        side.certificate_no,
        side.kind,
        side.registered_on,
        side.spouse_key,
        side.spouse_name,
        {{ match_grade('assessed_alone', 'side', 'assessed_alone.former_name') }} as match_grade,
        greatest(assessed_alone.received_at, side.received_at) as found_at
    from assessed_alone
    inner join side on assessed_alone.person_key = side.person_key
    where side.registered_on < {{ plus_months('assessed_alone.month', 1) }}

),

divorced as (

    select month, programme, subject_key, person_key, spouse_key, max(registered_on) as last_divorced_on
    from registered
    where kind = '离婚' and match_grade is not null
    group by month, programme, subject_key, person_key, spouse_key

),

married as (

    select registered.*
    from registered
    left join divorced
        on registered.month = divorced.month
        and registered.programme = divorced.programme
        and registered.subject_key = divorced.subject_key
        and registered.person_key = divorced.person_key
        and registered.spouse_key = divorced.spouse_key
    left join member as spouse
        on registered.month = spouse.month
        and registered.programme = spouse.programme
        and registered.subject_key = spouse.subject_key
        and registered.spouse_key = spouse.person_key
    where registered.kind = '结婚'
        and registered.match_grade is not null
        and registered.registered_on >= {{ plus_months('registered.start_month', 1) }}
        and registered.registered_on >= coalesce(divorced.last_divorced_on, registered.registered_on)
        and spouse.person_key is null

)

select
    married.month,
    married.programme,
    married.subject_type,
    married.person_key,
    married.household_key,
    married.certificate_no as event_key,
    'medium' as severity,
    benefit.paid_amount as amount_at_risk,
    married.match_grade,
    married.town_code,
    married.village_code,
    {{ json_object([
        ('事实', "'按一个人认定以后登记结婚，配偶不在家庭成员之中'"),
        ('登记年月', 'substr(cast(married.registered_on as string), 1, 7)'),
        ('来源', "'婚姻登记'"),
    ]) }} as evidence,
    {{ json_object([
        ('证书编号', 'married.certificate_no'),
        ('登记日期', 'cast(married.registered_on as string)'),
        ('配偶姓名', 'married.spouse_name'),
    ]) }} as evidence_restricted,
    married.found_at as received_at,
    {{ nobody_left_out() }} as left_out
from married
left join {{ ref('int_rules__benefit') }} as benefit
    on married.month = benefit.month
    and married.pay_programme = benefit.pay_programme
    and married.subject_key = benefit.pay_subject_key
