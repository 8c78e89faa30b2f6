from . import test_case, test_case_conversation, test_case_status
