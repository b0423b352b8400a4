with came as (

    select
        delivery.dataset,
        delivery.period,
        sum(case when delivery.status <> 'duplicate' then 1 else 0 end) as files,
        sum(case when delivery.status = 'duplicate' then 1 else 0 end) as files_repeated,
        sum(case when delivery.status <> 'duplicate' then delivery.rows_read else 0 end) as rows_read,
        sum(case when delivery.status = 'accepted' then delivery.rows_accepted else 0 end) as rows_accepted,
        sum(case when delivery.status <> 'duplicate' then delivery.rows_quarantined else 0 end) as rows_quarantined,
        sum(case when delivery.status <> 'duplicate' then delivery.rows_duplicate else 0 end) as rows_duplicate,
        sum(match.rows_with_number) as rows_with_number,
        sum(match.rows_registered) as rows_registered
    from {{ ref('int_delivery') }} as delivery
    left join {{ ref('int_delivery_match') }} as match on delivery.delivery_id = match.delivery_id
    where delivery.period is not null
    group by delivery.dataset, delivery.period

),

-- A running number at the edge of a sheet is no drift: clerks number their rows.
drift as (

    select
        drifted.dataset,
        drifted.period,
        count(distinct drifted.element) as columns_drifted
    from {{ list_rows(ref('int_delivery'), ['dataset', 'period', 'status'], 'drift') }} as drifted
    where drifted.status <> 'duplicate' and drifted.element <> '序号'
    group by drifted.dataset, drifted.period

)

select
    cast(came.dataset as string) as dataset,
    cast(came.period as date) as period,
    cast(came.files as integer) as files,
    cast(came.files_repeated as integer) as files_repeated,
    cast(coalesce(came.rows_read, 0) as bigint) as rows_read,
    cast(coalesce(came.rows_accepted, 0) as bigint) as rows_accepted,
    cast(coalesce(came.rows_quarantined, 0) as bigint) as rows_quarantined,
    cast(coalesce(came.rows_duplicate, 0) as bigint) as rows_duplicate,
    cast({{ share('came.rows_quarantined', 'came.rows_read') }} as decimal(9, 6)) as refused_share,
    cast(came.rows_with_number as bigint) as rows_with_number,
    cast(came.rows_registered as bigint) as rows_registered,
    cast({{ share('came.rows_registered', 'came.rows_with_number') }} as decimal(9, 6)) as match_rate,
    cast(coalesce(drift.columns_drifted, 0) as integer) as columns_drifted
from came
inner join {{ ref('int_dataset') }} as dataset on came.dataset = dataset.dataset
left join drift on came.dataset = drift.dataset and came.period = drift.period
