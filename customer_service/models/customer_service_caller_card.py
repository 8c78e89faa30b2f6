from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_amount, html2plaintext

from ..const import DONE, UNRESOLVED
from .customer_service_alert_matching import Subject

#: Open cases are numbered on the card, and the keyboard has nine digits.
_MOST_OPEN_CASES = 9
_MOST_DONE_CASES = 3
_MOST_CONTACTS = 5
_MOST_ORDERS = 6
_MOST_PRODUCTS = 6

#: What the look-up finds, and what stands for a person among it.
_CARD_MODELS = (
    "res.partner",
    "customer.service.identity",
    "customer.service.case",
    "customer.service.interaction",
    "sale.order",
)


class CustomerServiceCallerCard(models.AbstractModel):
    """What an agent wants to see at once about the person on the line.

    Everything is read with the rights of whoever asks, in a number of queries that does not
    depend on how much there is.
    """

    _name = "customer.service.caller.card"
    _description = "Caller Card"

    @api.model
    @api.readonly
    def caller_card(self, model, record_id):
        """Tell who somebody is and what they have with us.

        :param str model: a customer, an unregistered person, or the order, case or interaction
            of one
        :param int record_id: id of the record, as the look-up gives it
        :return: dict with ``person``, ``cases``, ``contacts``, ``orders``, ``products``,
            ``notes``, ``sticky_notes``, ``alerts`` and ``candidates``; ``case`` or ``order``
            holds what was asked for where it was no person; ``person["model"]`` is False where a
            case or an interaction is nobody's
        :raise AccessError: the user is no agent
        :raise UserError: the model stands for no person
        """
        self.check_access("read")
        if model not in _CARD_MODELS:
            raise UserError(self.env._("This stands for no person."))
        record = self.env[model].browse(record_id)
        record.check_access("read")
        person = self._caller_card_person(record)
        domain = self._caller_card_domain(person)
        open_cases, done_cases = self._caller_card_cases(domain)
        orders = self._caller_card_orders(person)
        card = {
            "person": self._caller_card_person_values(person, record),
            "cases": self._caller_card_case_values(open_cases + done_cases),
            "contacts": self._caller_card_contacts(domain),
            "orders": self._caller_card_order_values(orders),
            "products": self._caller_card_products(person),
            "notes": self._caller_card_notes(person),
            "sticky_notes": self._caller_card_sticky_notes(person, record),
            "alerts": self._caller_card_alerts(person, record),
            "candidates": self._caller_card_candidates(person),
        }
        if model == "customer.service.case":
            card["case"] = self._caller_card_case_values(record)[0]
        elif model == "sale.order":
            card["order"] = self._caller_card_order_values(record)[0]
        return card

    @api.model
    def _caller_card_person(self, record):
        """Return the customer or the unregistered person whom a record belongs to, or none."""
        partner = record if record._name == "res.partner" else record.partner_id
        if partner or record._name == "sale.order":
            return partner
        identity = record if record._name == "customer.service.identity" else record.identity_id
        identity = identity and identity._final()
        return identity.partner_id or identity

    @api.model
    def _caller_card_domain(self, person):
        """Return the domain of what a person has among cases and interactions."""
        if not person:
            return Domain.FALSE
        if person._name == "customer.service.identity":
            return Domain("identity_id", "=", person.id)
        return Domain("commercial_partner_id", "=", person.commercial_partner_id.id)

    # who

    @api.model
    def _caller_card_person_values(self, person, record):
        if not person:
            return self._caller_card_nobody(record)
        values = {
            "model": person._name,
            "id": person.id,
            "name": person.display_name,
            "company": False,
            "tags": [],
            "phones": [person.phone] if person.phone else [],
            "emails": [person.email] if person.email else [],
            "figures": False,
            "lang": False,
            "tz": False,
            "place": person.zip or False,
            "since": fields.Date.to_string(person.create_date),
        }
        if person._name == "res.partner":
            values.update(self._caller_card_customer_values(person))
        return values

    @api.model
    def _caller_card_nobody(self, record):
        """Return what a case or an interaction that is nobody's says about its person."""
        is_case = record._name == "customer.service.case"
        email = record.email_normalized if is_case else record.email
        return {
            "model": False,
            "id": False,
            "name": (is_case and record.partner_name) or "",
            "company": False,
            "tags": [],
            "phones": [record.phone] if record.phone else [],
            "emails": [email] if email else [],
            "figures": False,
            "lang": False,
            "tz": False,
            "place": False,
            "since": False,
        }

    @api.model
    def _caller_card_customer_values(self, partner):
        languages = dict(self.env["res.lang"].get_installed())
        company = partner.commercial_partner_id
        return {
            "name": partner.name or partner.display_name,
            "company": company.name if company != partner else False,
            "tags": [{"name": tag.name, "color": tag.color} for tag in partner.category_id],
            "phones": partner._phones(),
            "emails": partner._emails(),
            "figures": partner._figures_label(),
            "lang": languages.get(partner.lang, False),
            "tz": partner.tz,
            "place": " ".join(filter(None, [partner.zip, partner.city])) or False,
        }

    @api.model
    def _caller_card_notes(self, person):
        """Return the notes on a person as text, empty where there are none."""
        if not person:
            return ""
        if person._name == "customer.service.identity":
            return person.other or ""
        return html2plaintext(person.comment or "").strip()

    @api.model
    def _caller_card_sticky_notes(self, person, record):
        """Return the sticky notes on a customer, their company and the case the card is about.

        :return: list of dicts: ``name`` of what it sticks to, and see ``_note_values`` of the note
        """
        case = self._caller_card_case(record)
        partner = self._caller_card_partner(person)
        partners = partner | partner.commercial_partner_id
        by_place = self.env["customer.service.sticky.note"]._by_place(case, partners)
        return [
            {"name": place.display_name, **values}
            for place, notes in by_place.items()
            for values in notes._note_values()
        ]

    @api.model
    def _caller_card_alerts(self, person, record):
        """Return what must not be overlooked, by the rules that apply here.

        :param record person: a customer, an unregistered person, or none
        :param record record: what the card was asked for; alerts about a case where it is one
        :return: list of dicts with ``word``, ``text`` and ``kind``, see ``_alerts_of``
        """
        case = self._caller_card_case(record)
        subject = Subject(
            case,
            self._caller_card_partner(person),
            case.company_id or self.env.company,
            case.team_id or self.env.user.customer_service_team_ids,
        )
        (alerts,) = self.env["customer.service.alert"]._alerts_of([subject])
        return alerts

    @api.model
    def _caller_card_case(self, record):
        """Return the case a card was asked for, none where it was something else."""
        case = self.env["customer.service.case"]
        return record if record._name == case._name else case

    @api.model
    def _caller_card_partner(self, person):
        """Return the customer a card is of, none where it is somebody else's."""
        partner = self.env["res.partner"]
        return person if person and person._name == partner._name else partner

    @api.model
    def _caller_card_candidates(self, person):
        """Return whom an unregistered person may be, as the look-up describes people."""
        if not person or person._name != "customer.service.identity":
            return []
        return person._candidates()

    # what they have

    @api.model
    def _caller_card_cases(self, domain):
        """Return the open cases, urgent ones first, and the last that are done."""
        case = self.env["customer.service.case"]
        domain &= Domain("is_automatic", "=", False)
        return (
            case.search(domain & Domain("status", "in", UNRESOLVED), limit=_MOST_OPEN_CASES),
            case.search(
                domain & Domain("status", "in", DONE), limit=_MOST_DONE_CASES, order="id desc"
            ),
        )

    @api.model
    def _caller_card_case_values(self, cases):
        status_names = dict(cases._fields["status"]._description_selection(self.env))
        return [
            {
                "id": case.id,
                "number": case.number,
                "name": case.name,
                "is_open": case.status in UNRESOLVED,
                "status": case.stage_id.name or status_names[case.status],
                "color": case.stage_id.color,
                "priority": case.priority,
                "date": fields.Datetime.to_string(
                    case.last_customer_message_date or case.create_date
                ),
                "user": case.user_id.name or False,
                "type": case.type_id.name or False,
                "order": case.sale_order_id.name or False,
                "order_id": case.sale_order_id.id or False,
                "person": case.customer_label,
                "follow_up": case.follow_up or False,
                "waiting": case.awaiting_reply,
            }
            for case in cases
        ]

    @api.model
    def _caller_card_contacts(self, domain):
        """Return the last interactions with a person, newest first."""
        interactions = self.env["customer.service.interaction"].search(
            domain, limit=_MOST_CONTACTS, order="date desc, id desc"
        )
        originators = dict(interactions._fields["originator"]._description_selection(self.env))
        actions = interactions.action_ids
        readable = set(actions.case_id._filtered_access("read").ids)
        return [
            {
                "id": interaction.id,
                "date": fields.Datetime.to_string(interaction.date),
                "channel": interaction.channel_id.name or False,
                "originator": originators.get(interaction.originator),
                "user": interaction.user_id.name or False,
                "minutes": round(interaction.duration * 60),
                "matters": [
                    {
                        "number": action.case_id.number,
                        "name": action.case_id.name,
                        "text": action.description or action.follow_up or False,
                        "solved": action.is_solved,
                    }
                    for action in interaction.action_ids
                    if action.case_id.id in readable
                ],
            }
            for interaction in interactions
        ]

    @api.model
    def _caller_card_orders(self, person):
        """Return the orders of a customer, those that are under way first."""
        order = self.env["sale.order"]
        if not person or person._name != "res.partner":
            return order
        domain = Domain("commercial_partner_id", "=", person.commercial_partner_id.id)
        under_way = self._caller_card_open_order_domain()
        newest = "date_order desc, id desc"
        found = order.search(domain & under_way, limit=_MOST_ORDERS, order=newest)
        if len(found) < _MOST_ORDERS:
            found += order.search(
                domain & ~under_way & Domain("state", "!=", "cancel"),
                limit=_MOST_ORDERS - len(found),
                order=newest,
            )
        return found

    @api.model
    def _caller_card_open_order_domain(self):
        """Return the domain of orders in which something is still to come."""
        return Domain("state", "in", ("draft", "sent")) | (
            Domain("state", "=", "sale") & Domain("invoice_status", "=", "to invoice")
        )

    @api.model
    def _caller_card_order_is_open(self, order):
        return bool(order.filtered_domain(self._caller_card_open_order_domain()))

    @api.model
    def _caller_card_order_values(self, orders):
        states = dict(orders._fields["state"]._description_selection(self.env))
        products = self._caller_card_first_products(orders)
        return [
            {
                "id": order.id,
                "name": order.name,
                "date": fields.Datetime.to_string(order.date_order),
                "total": format_amount(self.env, order.amount_total, order.currency_id),
                "state": states[order.state],
                "is_open": self._caller_card_order_is_open(order),
                "product": products.get(order.id, False),
                "person": order.partner_id.display_name,
            }
            for order in orders
        ]

    @api.model
    def _caller_card_first_products(self, orders):
        """Return the name of the first product of each order by its id, whatever its length."""
        line = self.env["sale.order.line"]
        first = line._read_group(
            [("order_id", "in", orders.ids), ("product_id", "!=", False)], ["order_id"], ["id:min"]
        )
        lines = line.browse([line_id for _order, line_id in first])
        return {line.order_id.id: line.product_id.display_name for line in lines}

    @api.model
    def _caller_card_products(self, person):
        """Return what a customer bought, the last first."""
        if not person or person._name != "res.partner":
            return []
        lines = self.env["sale.order.line"]._purchases_of(
            person.commercial_partner_id, limit=_MOST_PRODUCTS
        )
        return [
            {"id": product.id, "name": product.display_name, "quantity": quantity}
            for product, quantity, _date in lines
        ]
