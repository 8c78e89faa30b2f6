{
    "name": "Customer Service: Loyalty",
    "summary": "Coupons and gift cards from the case of a customer",
    "version": "19.0.1.0.0",
    "category": "Services/Customer Service",
    "author": "Customer Service for Odoo",
    "license": "LGPL-3",
    "depends": ["customer_service", "sale_loyalty"],
    "data": [
        "security/ir.model.access.csv",
        "security/customer_service_loyalty_rules.xml",
        "wizard/customer_service_case_gift_views.xml",
        "wizard/customer_service_card_void_views.xml",
        "views/customer_service_case_views.xml",
        "views/loyalty_card_views.xml",
    ],
    "demo": ["demo/loyalty_demo.xml"],
    "assets": {
        "web.assets_backend": ["customer_service_loyalty/static/src/**/*"],
        "web.assets_tests": ["customer_service_loyalty/static/tests/tours/**/*"],
    },
    "auto_install": True,
}
