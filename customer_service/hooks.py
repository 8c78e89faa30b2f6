"""What happens once, when the app is installed."""


def post_init_hook(env):
    """Give every company that exists already its own sequence of case numbers.

    :param odoo.api.Environment env: superuser environment of the installation
    """
    env["res.company"].search([])._create_case_sequence()
