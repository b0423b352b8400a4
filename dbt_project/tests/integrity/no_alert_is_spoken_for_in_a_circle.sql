-- Whoever follows the alerts that speak for a quiet one comes to one that speaks for itself: four reasons leave no more steps.
select alert.alert_no
from {{ ref('fct_alert') }} as alert
inner join {{ ref('fct_alert') }} as first_speaker on alert.spoken_for_by = first_speaker.alert_no
inner join {{ ref('fct_alert') }} as second_speaker on first_speaker.spoken_for_by = second_speaker.alert_no
inner join {{ ref('fct_alert') }} as third_speaker on second_speaker.spoken_for_by = third_speaker.alert_no
inner join {{ ref('fct_alert') }} as fourth_speaker on third_speaker.spoken_for_by = fourth_speaker.alert_no
where fourth_speaker.spoken_for_by is not null
