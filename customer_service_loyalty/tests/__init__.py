from . import test_gift
from . import test_gift_at_once
from . import test_gift_mail
from . import test_gift_timeline
from . import test_gift_tour
from . import test_void
