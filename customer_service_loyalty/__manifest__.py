{
    "name": "Customer Service: Loyalty",
    "summary": "Coupons and gift cards from the case of a customer",
    "version": "19.0.1.0.0",
    "category": "Services/Customer Service",
    "author": "Customer Service for Odoo",
    "license": "LGPL-3",
    "depends": ["customer_service", "sale_loyalty"],
    "data": [],
    "auto_install": True,
}
