{{ config(materialized='view') }}
-- A refused row of one subsidy keeps nobody in the other.
select *, subsidy as kind from {{ ref('stg_civil_affairs__disability_subsidy') }}
