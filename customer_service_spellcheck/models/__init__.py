from . import customer_service_dictionary_word
from . import customer_service_spellcheck
from . import res_company
from . import res_config_settings
