with known as (
    select
        delivery_id,
        dataset,
        {{ month_from_period('period') }} as period,
        part,
        coalesce(part_code, part, '') as part_code,
        coalesce(sequence, '') as sequence,
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
        drift,
        run_id,
        contract_version
    from {{ read_ledger() }}
    where {{ utc_timestamp('received_at') }} <= {{ utc_timestamp("'" ~ var('known_at') ~ "'") }}
),

-- A decision that came later is not known yet: the delivery is still held.
decided as (
    select
        delivery_id,
        decision,
        {{ utc_timestamp('decided_at') }} as decided_at,
        decided_by,
        reason
    from {{ read_decisions() }}
    where {{ utc_timestamp('decided_at') }} <= {{ utc_timestamp("'" ~ var('known_at') ~ "'") }}
)

select
    known.delivery_id,
    known.dataset,
    known.period,
    known.part,
    known.part_code,
    known.sequence,
    known.source_name,
    known.sha256,
    known.bytes,
    known.received_at,
    known.encoding,
    known.format,
    known.rows_read,
    known.rows_accepted,
    known.rows_quarantined,
    known.rows_duplicate,
    case decided.decision when 'released' then 'accepted' when 'refused' then 'quarantined' else known.status end as status,
    coalesce(decided.reason, known.reason) as reason,
    decided.decision,
    decided.decided_at,
    decided.decided_by,
    known.drift,
    known.run_id,
    known.contract_version
from known
left join decided on known.delivery_id = decided.delivery_id and known.status = 'held'
