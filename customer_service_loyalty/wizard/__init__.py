from . import customer_service_card_void
from . import customer_service_case_gift
