from . import customer_service_case_gifts
from . import customer_service_case
from . import loyalty_card
