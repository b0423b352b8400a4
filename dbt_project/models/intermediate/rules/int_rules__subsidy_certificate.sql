with holder as ( -- 重残重病儿童 only where a certificate was ever seen: the others are there for an illness

    select holder.*
    from {{ ref('int_rules__holder') }} as holder
    left join {{ ref('int_certificate_month') }} as seen
        on holder.person_key = seen.person_key and holder.month = seen.month
    where holder.programme in ('disability_living', 'disability_nursing')
        or (holder.kind = '重残重病儿童' and seen.is_any_ever)

),

certificate as (

    select * from {{ ref('int_certificate_month') }}
    where is_any_in_force

),

linked as ( -- by the person's number; failing that, by the first eighteen of the number on the roster

    select
        holder.*,
        coalesce(own.person_key, other.person_key) as certificate_key,
        own.person_key is null and other.person_key is not null as is_by_number
    from holder
    left join certificate as own on holder.person_key = own.person_key and holder.month = own.month
    left join certificate as other on holder.certificate_person_key = other.person_key and holder.month = other.month

),

found as ( -- nobody's certificate is nobody else's either: without one the grade is the roster's own

    select
        linked.*,
        certificate.certificate_no as found_no,
        certificate.category as found_category,
        certificate.grade as found_grade,
        certificate.status as found_status,
        certificate.valid_until,
        coalesce(certificate.renewal_pending, false) as renewal_pending,
        coalesce(certificate.is_valid, false) as is_valid,
        greatest(linked.received_at, coalesce(certificate.received_at, linked.received_at)) as found_at,
        {{ match_grade(
            'linked', 'certificate', 'linked.former_name', '(certificate.by_certificate or linked.is_by_number)'
        ) }} as match_grade
    from linked
    left join certificate on linked.certificate_key = certificate.person_key and linked.month = certificate.month

)

select * from found
