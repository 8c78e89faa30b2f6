from . import customer_service_goods_dialog_mixin
from . import customer_service_goods_line_mixin
from . import customer_service_case_credit
from . import customer_service_case_replace
from . import customer_service_case_replace_line
from . import customer_service_case_return
from . import customer_service_case_return_line
