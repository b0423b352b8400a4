select
    person_secret,
    canonical_secret
from {{ read_person_aliases() }}
