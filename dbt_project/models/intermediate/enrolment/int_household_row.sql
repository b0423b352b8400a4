{{ config(materialized='view') }}
-- The household's head is the name by which a refused row may still be known.
select *, head_name as name from {{ ref('stg_civil_affairs__assistance_household') }}
