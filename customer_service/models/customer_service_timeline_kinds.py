from odoo import api, models


class CustomerServiceTimelineKinds(models.AbstractModel):
    """What kinds of entries a timeline has, and the words for what happens."""

    _name = "customer.service.timeline.kinds"
    _description = "Kinds of Entries of Timelines"

    @api.model
    def _timeline_kinds(self):
        """Return the kinds of entries there are, in the order of their filters.

        Another app that tells of more adds its own.

        :return: ``{kind: {"label", "icon", "model", "events": {event: label}}}``; an event without
            a label is shown by its kind alone
        """
        return {
            "message": self._timeline_kind(self.env._("Message"), "fa-envelope-o"),
            "note": self._timeline_kind(self.env._("Internal Note"), "fa-sticky-note-o"),
            "interaction": self._timeline_kind(self.env._("Contact"), "fa-phone"),
            "case": self._timeline_kind(
                self.env._("Case"),
                "fa-life-ring",
                open=self.env._("Case open"),
                pending=self.env._("Case pending"),
                resolved=self.env._("Case resolved"),
                closed=self.env._("Case closed"),
            ),
            **self._timeline_kinds_of_sales(),
            "document": self._timeline_kind(
                self.env._("Document"), "fa-files-o", made=self.env._("Made from the case")
            ),
        }

    @api.model
    def _timeline_kind(self, label, icon, model=None, **events):
        """Return one kind.

        :param str label: what it is called
        :param str icon: class of Font Awesome
        :param str model: of which all of its records are; the kind is only for those who may
            read such records. None where it depends on the entry
        :param events: what is said of each of its events
        """
        return {"label": label, "icon": icon, "model": model, "events": events}

    @api.model
    def _timeline_kinds_of_sales(self):
        """Return the kinds of what the shop sells, bills and is paid."""
        return {
            "order": self._timeline_kind(
                self.env._("Order"),
                "fa-shopping-bag",
                draft=self.env._("Quotation made"),
                sent=self.env._("Quotation sent"),
                sale=self.env._("Order confirmed"),
                cancel=self.env._("Order cancelled"),
            ),
            "invoice": self._timeline_kind(
                self.env._("Invoice"),
                "fa-file-text-o",
                model="account.move",
                posted=self.env._("Invoice posted"),
                partial=self.env._("Invoice partly paid"),
                paid=self.env._("Invoice paid"),
                reversed=self.env._("Invoice reversed"),
                cancel=self.env._("Invoice cancelled"),
            ),
            "credit_note": self._timeline_kind(
                self.env._("Credit Note"),
                "fa-undo",
                model="account.move",
                posted=self.env._("Credit note posted"),
                partial=self.env._("Credit note partly paid back"),
                paid=self.env._("Credit note paid back"),
                reversed=self.env._("Credit note reversed"),
                cancel=self.env._("Credit note cancelled"),
            ),
            "payment": self._timeline_kind(
                self.env._("Payment"),
                "fa-credit-card",
                model="account.payment",
                inbound=self.env._("Payment received"),
                outbound=self.env._("Payment sent"),
                canceled=self.env._("Payment cancelled"),
                rejected=self.env._("Payment rejected"),
            ),
        }
