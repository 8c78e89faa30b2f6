"""Run inside ``odoo shell``: build the scripts and styles of all pages before anybody visits."""

# ruff: noqa: F821 (env is there in odoo shell)
env["ir.qweb"]._pregenerate_assets_bundles()
env.cr.commit()
