"""Run inside ``odoo shell`` of the demo database: connects it to the demo's mail system and warms
it up.

SCRIPT_ARGUMENTS: the mail domain, the support address, and "warm" to draw up the web client's
files, a line each.
"""

# ruff: noqa: F821 (env is there in odoo shell)
import os

DOMAIN, SUPPORT_ADDRESS, WARM = os.environ["SCRIPT_ARGUMENTS"].splitlines()
NAME = "Demo (stays on this machine)"


def set_alias_domain():
    """Let the shop receive mail for its own domain."""
    domain = env["mail.alias.domain"].search([("name", "=", DOMAIN)], limit=1)
    if not domain:
        domain = env["mail.alias.domain"].create(
            {
                "name": DOMAIN,
                "bounce_alias": "bounce",
                "catchall_alias": "catchall",
                "default_from": "notifications",
            }
        )
    env["res.company"].search([("alias_domain_id", "!=", domain.id)]).alias_domain_id = domain


def upsert(model, values):
    """Write a record called NAME, made where it is missing."""
    record = env[model].with_context(active_test=False).search([("name", "=", NAME)], limit=1)
    if record:
        record.write(values)
        return record
    return env[model].create({"name": NAME, **values})


def set_servers():
    """Outgoing and incoming mail; the ports are written anew on every start."""
    upsert(
        "ir.mail_server",
        {
            "smtp_host": "127.0.0.1",
            "smtp_port": 25,
            "smtp_encryption": "none",
            "smtp_authentication": "login",
            "sequence": 1,
        },
    )
    values = {
        "server_type": "imap",
        "server": "127.0.0.1",
        "port": 143,
        "is_ssl": False,
        "user": "support",
        "password": "support",
        "state": "done",
        "active": True,
    }
    case = env["ir.model"].search([("model", "=", "customer.service.case")])
    if case:
        values["object_id"] = case.id
    if "customer_service_team_id" in env["fetchmail.server"]._fields:
        name = SUPPORT_ADDRESS.partition("@")[0]
        team = env["customer.service.team"].search([("alias_name", "=", name)], limit=1)
        values["customer_service_team_id"] = team.id
    upsert("fetchmail.server", values)


def set_crons():
    """Fetch and send mail every minute."""
    for name in ("mail.ir_cron_mail_gateway_action", "mail.ir_cron_mail_scheduler_action"):
        cron = env.ref(name, raise_if_not_found=False)
        if cron:
            cron.write({"active": True, "interval_number": 1, "interval_type": "minutes"})


set_alias_domain()
set_servers()
set_crons()
env.cr.commit()
if WARM == "warm":
    env["ir.qweb"]._pregenerate_assets_bundles()
    env.cr.commit()
