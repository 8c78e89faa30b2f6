from . import customer_service_case_deliveries
from . import customer_service_case_goods
from . import customer_service_case
from . import sale_order
from . import sale_order_line
from . import stock_move
from . import stock_picking
