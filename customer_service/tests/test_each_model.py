"""Who gets at the models of the app at all."""

from odoo.tests import tagged

from odoo.addons.mail.tests.common import mail_new_test_user

from .common import CustomerServiceCommon

#: Models of which people outside may read something: their own cases, in the fields for them.
READ_OUTSIDE = {"customer.service.case"}


@tagged("post_install", "-at_install")
class TestEachModel(CustomerServiceCommon):
    """Who gets at the models of the app at all, also at those that are added one day."""

    def _models(self):
        """Return the names of all models that have a table and are ours."""
        return sorted(
            name
            for name, model in self.env.items()
            if name.startswith("customer.service.") and not model._abstract
        )

    def test_nobody_outside_gets_at_any_model(self):
        public = self.env.ref("base.public_user")
        for name in self._models():
            for user in (self.portal_user, public):
                model = self.env[name].with_user(user)
                for operation in ("read", "write", "create", "unlink"):
                    allowed = (
                        name in READ_OUTSIDE and operation == "read" and user == self.portal_user
                    )
                    with self.subTest(model=name, user=user.login, operation=operation):
                        self.assertEqual(model.has_access(operation), allowed)

    def test_colleagues_without_a_role_get_at_no_model(self):
        for name in self._models():
            # The address book of the shop is everybody's.
            allowed = name == "customer.service.contact.point"
            with self.subTest(model=name):
                self.assertEqual(
                    self.env[name].with_user(self.outsider).has_access("read"), allowed
                )

    def test_every_dialog_is_its_users_own(self):
        rules = self.env["ir.rule"].search([("groups", "=", False)])
        own = {rule.model_id.model for rule in rules if "create_uid" in (rule.domain_force or "")}
        for name in self._models():
            if self.env[name]._transient:
                with self.subTest(model=name):
                    self.assertIn(name, own)

    def test_agents_of_another_company_read_nothing_of_this_one(self):
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        stranger = mail_new_test_user(
            self.env,
            login="cs_elsewhere",
            groups="base.group_user,customer_service.group_administrator",
            company_id=elsewhere.id,
            company_ids=[(6, 0, elsewhere.ids)],
        )
        for record in self._records_of_this_company():
            with self.subTest(record=record):
                self.assertTrue(record.with_user(self.administrator).has_access("read"))
                theirs = record.with_user(stranger).with_company(elsewhere)
                self.assertFalse(theirs.has_access("read"))
                self.assertFalse(theirs.search([("id", "=", record.id)]))

    def _records_of_this_company(self):
        """Return a record of each model that the app keeps of a customer and of a company."""
        self.team.use_hierarchy = True
        customer = self.env["res.partner"].create(
            {"name": "Ours", "email": "ours@x.example", "company_id": self.company_admin.id}
        )
        parent, merged = self._create_case(partner_id=customer.id), self._create_case(
            partner_id=customer.id
        )
        child = self._create_case(partner_id=customer.id, parent_id=parent.id)
        company = {"company_id": self.company_admin.id}
        merge = self.env["customer.service.case.merge"].with_user(self.supervisor)
        answer = self.env["customer.service.answer.all"].with_user(self.administrator)
        answer = answer._begin(child.with_user(self.administrator), parent)
        return [
            parent,
            merge._merge(parent.with_user(self.supervisor), merged.with_user(self.supervisor)),
            answer,
            answer.line_ids,
            *self.env["customer.service.sticky.note"].create(
                [{"text": "Rude", "case_id": parent.id}, {"text": "VIP", "partner_id": customer.id}]
            ),
            self.env["customer.service.alert"].create(
                {"name": "Late", "text": "Late again", "about": "case", **company}
            ),
            self.env["customer.service.panel.fact"].create(
                {"name": "City", "path": "city", "section": "customer", **company}
            ),
            self.env["customer.service.contact.point"].create(
                {"partner_id": customer.id, "kind": "email", "value": "second@x.example"}
            ),
        ]
