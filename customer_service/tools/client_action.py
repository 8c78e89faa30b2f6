"""What the web client is to do next: open a dialog, say what was done."""


def dialog(model, name, **defaults):
    """Return the action that opens a form in a dialog.

    :param str model: of the form
    :param str name: its title
    :param defaults: values of its fields
    """
    return {
        "type": "ir.actions.act_window",
        "name": name,
        "res_model": model,
        "views": [(False, "form")],
        "target": "new",
        "context": {f"default_{field}": value for field, value in defaults.items()},
    }


def close_dialog(reload=False):
    """Return the action that closes a dialog.

    :param bool reload: whether what stands behind it is read again
    """
    action = {"type": "ir.actions.act_window_close"}
    if reload:
        action["infos"] = {"reload": True}
    return action


def reload_view():
    """Return the action that reads the view anew, where the browser is."""
    return {"type": "ir.actions.client", "tag": "soft_reload"}


def notification(message, then=None, links=(), sticky=False, kind="success"):
    """Return the action that says that something was done.

    :param str message: with a ``%s`` for each link
    :param dict then: the next action, else the dialog is closed
    :param links: records, each shown by its name
    :param bool sticky: whether it stays until somebody closes it
    :param str kind: ``success``, ``info``, ``warning`` or ``danger``
    """
    params = {
        "type": kind,
        "message": message,
        "sticky": sticky,
        "next": then or close_dialog(),
    }
    if links:
        params["links"] = [
            {"label": record.display_name, "url": f"/odoo/{record._name}/{record.id}"}
            for record in links
        ]
    return {"type": "ir.actions.client", "tag": "display_notification", "params": params}
