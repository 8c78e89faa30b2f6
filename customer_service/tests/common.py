"""What the tests of this app share: a shop with two teams, its people and their mail."""

from email.message import EmailMessage

from odoo.addons.mail.tests.common import MailCommon, mail_new_test_user


class CustomerServiceCommon(MailCommon):
    """Two teams, one agent of each kind, a customer, a colleague of the customer, a stranger.

    ``MailCommon`` brings the alias domain and records what would be sent instead of sending it.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("pl_PL")
        cls.env["res.lang"]._activate_lang("ja_JP")
        cls.Case = cls.env["customer.service.case"]
        cls._create_people()
        cls._create_teams()

    @classmethod
    def _create_people(cls):
        company = {"company_id": cls.company_admin.id, "company_ids": [(4, cls.company_admin.id)]}
        for name, group in (
            ("agent_own", "group_agent"),
            ("agent_team", "group_agent_team"),
            ("supervisor", "group_supervisor"),
            ("administrator", "group_administrator"),
        ):
            user = mail_new_test_user(
                cls.env,
                login=f"cs_{name}",
                name=name.replace("_", " ").title(),
                groups=f"base.group_user,customer_service.{group}",
                notification_type="inbox",
                signature=f"--{name}",
                **company,
            )
            setattr(cls, name, user)
        cls.outsider = mail_new_test_user(
            cls.env, login="cs_outsider", name="No Agent", groups="base.group_user", **company
        )
        cls.customer_company = cls.env["res.partner"].create(
            {"name": "Lampy Kowalska", "is_company": True, "email": "office@lampy.example"}
        )
        cls.customer, cls.colleague = cls.env["res.partner"].create(
            [
                {
                    "name": "Anna Kowalska",
                    "email": "anna@lampy.example",
                    "phone": "+48 601 234 567",
                    "lang": "pl_PL",
                    "parent_id": cls.customer_company.id,
                },
                {
                    "name": "Piotr Nowak",
                    "email": "piotr@lampy.example",
                    "lang": "pl_PL",
                    "parent_id": cls.customer_company.id,
                },
            ]
        )
        cls.other_customer = cls.env["res.partner"].create(
            {"name": "Bob Baker", "email": "bob@baker.example", "lang": "en_US"}
        )
        cls.portal_user, cls.portal_colleague, cls.portal_other = (
            mail_new_test_user(
                cls.env,
                login=f"cs_portal_{partner.id}",
                groups="base.group_portal",
                partner_id=partner.id,
                name=partner.name,
                email=partner.email,
                lang=partner.lang,
                **company,
            )
            for partner in (cls.customer, cls.colleague, cls.other_customer)
        )

    @classmethod
    def _create_teams(cls):
        cls.team, cls.other_team = cls.env["customer.service.team"].create(
            [
                {
                    "name": "Shop Support",
                    "alias_name": "shop.support",
                    "sequence": 1,
                    "company_id": cls.company_admin.id,
                    "member_ids": [(6, 0, (cls.agent_own | cls.agent_team).ids)],
                },
                {
                    "name": "Returns",
                    "alias_name": "returns",
                    "sequence": 2,
                    "company_id": cls.company_admin.id,
                },
            ]
        )

    @classmethod
    def _create_case(cls, **values):
        """Make a case of the first team for the customer, without mail or followers."""
        return cls.Case.with_context(mail_create_nosubscribe=True).create(
            {
                "name": "Where is my lamp?",
                "team_id": cls.team.id,
                "partner_id": cls.customer.id,
                **values,
            }
        )

    @classmethod
    def _create_colleague(cls, name, groups):
        """Make a supervisor who has other roles in the company besides.

        :param str name: of which login and name are made
        :param str groups: their external ids, with commas between
        """
        return mail_new_test_user(
            cls.env,
            login=f"cs_{name}",
            name=name.replace("_", " ").title(),
            groups=f"base.group_user,customer_service.group_supervisor,{groups}",
            company_id=cls.company_admin.id,
            company_ids=[(4, cls.company_admin.id)],
        )

    @classmethod
    def _create_order(cls, partner, **values):
        """Make an order of one service for a customer."""
        product = cls.env["product.product"].create(
            {"name": "Lamp", "type": "service", "list_price": 40.0}
        )
        return cls.env["sale.order"].create(
            {
                "partner_id": partner.id,
                "company_id": cls.company_admin.id,
                "order_line": [(0, 0, {"product_id": product.id, "product_uom_qty": 1})],
                **values,
            }
        )

    def _press(self, record, button, user, **values):
        """Press a button that opens a dialog, and fill it in.

        :param str button: its method
        :return: the saved dialog
        """
        action = getattr(record.with_user(user), button)()
        dialog = self.env[action["res_model"]].with_user(user)
        return dialog.with_context(**action["context"]).create(values)

    def _mail(self, body="Where is my lamp?", **headers):
        """Return the bytes of a mail to the first team.

        :param str body: its plain text
        :param headers: header fields by name, with ``_`` for ``-``; None leaves one out
        """
        message = EmailMessage()
        fields = {
            "From": "Anna Kowalska <anna@lampy.example>",
            "To": self.team.address,
            "Subject": "My order",
            "Message-Id": f"<{self._testMethodName}-{self._mail_number()}@lampy.example>",
            **{name.replace("_", "-"): value for name, value in headers.items()},
        }
        for name, value in fields.items():
            if value is not None:
                message[name] = value
        message.set_content(body)
        return message.as_bytes()

    def _mail_number(self):
        self._mail_count = getattr(self, "_mail_count", 0) + 1
        return self._mail_count

    def _receive(self, raw):
        """Let the gateway process the bytes of a mail.

        :return: the case that was made or continued, none where the mail was ignored
        """
        case_id = self.env["mail.thread"].message_process(False, raw)
        return self.Case.browse(case_id or [])

    def _reply(self, case, user=None, body="We look into it.", **values):
        """Let an agent answer the customer in the back office."""
        return (
            case.with_user(user or self.agent_team)
            .message_post(
                body=body, message_type="comment", subtype_xmlid="mail.mt_comment", **values
            )
            .sudo()
        )

    def _note(self, case, user=None, body="Check the stock first.", **values):
        """Let an agent write an internal note."""
        return (
            case.with_user(user or self.agent_team)
            .message_post(body=body, message_type="comment", subtype_xmlid="mail.mt_note", **values)
            .sudo()
        )
