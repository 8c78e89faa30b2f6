from . import customer_service_identity_match
