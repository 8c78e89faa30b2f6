from . import test_deliveries
from . import test_delivery_facts
from . import test_replacement
from . import test_return
from . import test_return_at_once
from . import test_return_tour
from . import test_stock_timeline
