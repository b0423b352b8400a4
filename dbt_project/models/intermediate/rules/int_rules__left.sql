-- left(X, m): held X within twelve months, holds in the month neither X nor a programme above it, and did not die or
-- move away.
with holder as (

    select holder.*, rung.ladder
    from {{ ref('int_rules__holder') }} as holder
    inner join {{ ref('programmes') }} as rung on holder.programme = rung.programme
    where rung.ladder is not null

),

held as (

    select * from holder
    where programme in ('dibao', 'dibao_edge')

),

subject as (

    select distinct person_key, programme, ladder from held

),

kept as ( -- months with the programme or one above it; the outer join below is then one of equal keys

    select distinct subject.person_key, subject.programme, holder.month
    from subject
    inner join holder on subject.person_key = holder.person_key
    where subject.programme = holder.programme or subject.ladder < holder.ladder

),

absent as (

    select months.month, subject.person_key, subject.programme
    from subject
    cross join {{ ref('int_months') }} as months
    left join kept
        on subject.person_key = kept.person_key
        and subject.programme = kept.programme
        and months.month = kept.month
    where kept.person_key is null

),

gone as ( -- with the row by which it was held last

    select
        absent.month,
        {{ plus_months('held.month', 1) }} as left_month,
        {{ all_but('held', 'month') }}
    from absent
    inner join held
        on absent.person_key = held.person_key
        and absent.programme = held.programme
        and held.month < absent.month
    where held.month >= {{ plus_months('absent.month', '-' ~ parameter('left_window_months', 'absent.month')) }}
    qualify row_number() over (
        partition by absent.month, absent.person_key, absent.programme
        order by held.month desc nulls last, held.household_key asc nulls last
    ) = 1

)

select gone.*
from gone
left join {{ ref('int_rules__ended_otherwise') }} as ended
    on gone.household_key = ended.household_key
    and gone.left_month <= {{ plus_months('ended.month', 1) }}
    and gone.month >= ended.month
where ended.household_key is null
