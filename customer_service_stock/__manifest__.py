{
    "name": "Customer Service: Stock",
    "summary": "Returns, deliveries and replacements from the case of a customer",
    "version": "19.0.1.0.0",
    "category": "Services/Customer Service",
    "author": "Customer Service for Odoo",
    "license": "LGPL-3",
    "depends": ["customer_service", "sale_stock"],
    "data": [
        "security/ir.model.access.csv",
        "security/customer_service_stock_rules.xml",
        "wizard/customer_service_case_return_views.xml",
        "wizard/customer_service_case_replace_views.xml",
        "views/customer_service_case_views.xml",
        "views/stock_picking_views.xml",
        "views/sale_order_views.xml",
    ],
    "demo": ["demo/stock_picking_demo.xml"],
    "assets": {
        "web.assets_backend": ["customer_service_stock/static/src/**/*"],
        "web.assets_tests": ["customer_service_stock/static/tests/tours/**/*"],
    },
    "auto_install": True,
}
