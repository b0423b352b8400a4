with first_roster as (
    select min(period) as month
    from {{ ref('int_delivery') }}
    where dataset = 'civil_affairs.assistance_household' and status = 'accepted'
)

select series.month
from {{ month_series("(select month from first_roster)", "date '" ~ var('as_of') ~ "'") }} as series
