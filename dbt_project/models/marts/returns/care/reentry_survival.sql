with

survival as (
    select * from {{ ref('int_reentry_survival') }}
)

select
    la_code,
    return_kind,
    months,
    returns,
    came_back,
    still_followed,
    longest_followed_days,
    round(100 * (1 - stayed_home), 6) as came_back_share,
    round(100 * standard_error, 6) as standard_error,
    round(100 * (1 - stayed_upper_95), 6) as share_lower_95,
    round(100 * (1 - stayed_lower_95), 6) as share_upper_95
from survival
