from . import customer_service_case_gifts
from . import customer_service_case
from . import customer_service_card_timeline
from . import customer_service_timeline_entry
from . import loyalty_card
