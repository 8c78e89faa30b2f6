from . import test_words
from . import test_spellcheck
from . import test_spellcheck_access
from . import test_spellcheck_tour
