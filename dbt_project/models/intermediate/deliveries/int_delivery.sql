with ledger as (
    select
        delivery_id,
        dataset,
        {{ month_from_period('period') }} as period,
        part,
        coalesce(part_code, part, '') as part_code,
        source_name,
        sha256,
        bytes,
        {{ utc_timestamp('received_at') }} as received_at,
        encoding,
        format,
        rows_read,
        rows_accepted,
        rows_quarantined,
        rows_duplicate,
        status,
        reason,
        run_id,
        contract_version
    from {{ read_ledger() }}
)

select * from ledger
where received_at <= {{ utc_timestamp("'" ~ var('known_at') ~ "'") }}
