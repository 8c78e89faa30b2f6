from . import (
    base_partner_merge_automatic_wizard,
    customer_service_call_back_choice,
    customer_service_case_batch,
    customer_service_case_call_back_promise,
    customer_service_case_escalate,
    customer_service_case_forward,
    customer_service_handling_correct,
    customer_service_case_person,
    customer_service_escalation_answer,
    customer_service_identity_match,
    customer_service_order_write,
    mail_compose_message,
)
