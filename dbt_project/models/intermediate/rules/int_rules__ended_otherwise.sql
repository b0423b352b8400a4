{{ config(materialized='view') }}
-- Months in which a household's row says that it ended by death or by moving away: that is no leaving.
select household_key, month
from {{ ref('int_household_month') }}
where end_reason like '%死亡%' or end_reason like '%迁出%'
