from . import (
    test_access,
    test_case,
    test_case_conversation,
    test_case_mail_in,
    test_case_mail_out,
    test_case_status,
    test_case_take_at_once,
    test_configuration,
    test_identity,
    test_mail_circle,
    test_res_partner,
    test_sale_order,
)
