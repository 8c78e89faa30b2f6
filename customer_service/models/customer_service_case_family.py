from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..const import SPOKEN_MESSAGE_TYPES, UNRESOLVED

#: So many children are shown in the tab; the list shows all of them.
_MOST_CHILDREN = 80

_FIELDS_READ = [
    "active",
    "awaiting_reply",
    "child_count",
    "customer_label",
    "last_message_date",
    "last_message_preview",
    "last_message_private",
    "name",
    "number",
    "parent_id",
    "stage_id",
    "status",
    "user_id",
]


class CustomerServiceCaseFamily(models.AbstractModel):
    """What an agent sees of parent and children, and what they do with them."""

    _name = "customer.service.case.family"
    _description = "Parent and Children on the Screen"

    # ------------------------------------------------------------------------------------------
    # Seen
    # ------------------------------------------------------------------------------------------

    @api.readonly
    def family(self):
        """Describe parent and children of one case, as far as the user may read them.

        :return: dict with ``parent`` and ``children`` (see :meth:`_family_member`), how many
            children are ``hidden`` from the user and how many ``more`` there are, the ``rules``
            of the team in words, and what the user may do (``may_attach``)
        """
        self.ensure_one()
        self.check_access("read")
        # sudo: case - who belongs to the family; its members are read with the user's own rights
        root = self.sudo().parent_id or self.sudo()
        children = self._family_children(root)
        parent = root.sudo(False)._filtered_access("read")
        total = root.child_count
        readable = total
        if len(children) < min(total, _MOST_CHILDREN):
            readable = len(children)
        elif total > _MOST_CHILDREN:
            readable = self._with_archived().search_count([("parent_id", "=", root.id)])
        return {
            "is_child": root != self,
            "has_family": bool(total),
            "parent_number": root.number,
            "parent": self._family_member(parent) if parent else False,
            "children": [self._family_member(child) for child in children],
            "hidden": total - readable,
            "more": readable - len(children),
            "rules": root._closing_rule_texts(),
            "may_attach": self.has_access("write") and root.use_hierarchy,
        }

    def _with_archived(self):
        return self.with_context(active_test=False)

    def _family_children(self, root):
        """Return the children that the user may read, the open ones first."""
        return self._with_archived().search_fetch(
            [("parent_id", "=", root.id)], _FIELDS_READ, order="status, id", limit=_MOST_CHILDREN
        )

    def _family_member(self, case):
        """Describe one case of the family for the screen."""
        # sudo: stage, res.users - words and colour of the status, name of a colleague
        stage, user = case.stage_id.sudo(), case.user_id.sudo()
        return {
            "id": case.id,
            "is_current": case == self,
            "number": case.number,
            "name": case.name,
            "customer": case.customer_label or "",
            "is_archived": not case.active,
            "status": case.status,
            "stage": stage.name,
            "color": stage.color,
            "user_id": user.id,
            "user_name": user.name or "",
            "awaiting_reply": case.awaiting_reply,
            "date": case.last_message_date,
            "preview": case.last_message_preview or "",
            "is_private": case.last_message_private,
        }

    def _closing_rule_texts(self):
        """Return in words how this case and its children end together."""
        texts = {
            "close_children_with_parent": self.env._(
                "When the parent is resolved or closed, so are its children."
            ),
            "require_children_closed": self.env._(
                "The parent can be resolved or closed when all its children are."
            ),
            "close_parent_with_children": self.env._(
                "When the last child is resolved or closed, so is the parent."
            ),
        }
        return [text for name, text in texts.items() if self._has_rule(name)]

    def _portal_family(self, limit=20):
        """Return the other cases of this family that the visitor may read, the newest first.

        Parent and siblings may be of other customers, whom nobody else gets to know. Whoever
        comes by the signed link of one case sees that one only.

        :param int limit: how many at most
        :return: cases in sudo, for the customer's page
        """
        self.ensure_one()
        user = self.env.user
        # sudo: case - who belongs to the family; what the visitor may read is looked at below
        root = self.sudo().parent_id or self.sudo()
        if user._is_public() or not self.sudo(False).has_access("read"):
            return root.browse()
        own = self._portal_domain()
        if user._is_internal():  # a preview of the customer's page
            own = Domain("partner_id", "=", self.partner_id.id) & Domain("is_automatic", "=", False)
        family = Domain("id", "=", root.id) | Domain("parent_id", "=", root.id)
        found = root.search(
            family & own & Domain("id", "!=", self.id), order="id desc", limit=limit
        )
        return found.sudo(False)._filtered_access("read").sudo()

    # ------------------------------------------------------------------------------------------
    # Done
    # ------------------------------------------------------------------------------------------

    def action_attach_children(self):
        """Choose cases that become children of this one, of the same customer or order first."""
        self._check_may_be_parent()
        return self._attach_action(
            "children",
            self.env._("Attach Cases to %(case)s", case=self.number),
            Domain("parent_id", "=", False) & Domain("child_count", "=", 0),
        )

    def action_attach_to_parent(self):
        """Choose the case that becomes the parent of this one."""
        self.ensure_one()
        self._check_use_hierarchy()
        return self._attach_action(
            "parent",
            self.env._("Attach %(case)s to a Parent", case=self.number),
            Domain("parent_id", "=", False),
        )

    def _attach_action(self, mode, title, domain):
        """Return the client action that lets the user choose the other side.

        :param str mode: "children" or "parent", which is to be chosen
        :param str title: of the dialog
        :param Domain domain: which cases can be chosen at all
        """
        same = Domain(self._domain_same_customer() or Domain.FALSE)
        if self.sale_order_id:
            same |= Domain("sale_order_id", "=", self.sale_order_id.id)
        if same.is_false():  # a case of nobody: whatever is still to be done
            label, first = self.env._("Unresolved"), Domain("status", "in", UNRESOLVED)
        else:
            label, first = self.env._("Same customer or order"), same
        domain &= Domain("id", "!=", self.id) & Domain("company_id", "=", self.company_id.id)
        domain &= Domain("is_automatic", "=", False) & Domain("merged_into_id", "=", False)
        return {
            "type": "ir.actions.client",
            "tag": "customer_service_attach",
            "name": title,
            "params": {
                "case_id": self.id,
                "mode": mode,
                "title": title,
                "domain": list(domain),
                "first_domain": list(first),
                "first_label": label,
            },
        }

    def attach_children(self, child_ids, other_customer_agreed=False):
        """Attach existing cases to this one.

        :param list child_ids: ids of the cases that become children
        :param bool other_customer_agreed: the user said yes to cases of other customers
        :return: True, or the action that asks whether other customers are meant
        """
        self._check_may_be_parent()
        return self._attach_or_ask(self.browse(child_ids), self, other_customer_agreed)

    def attach_to_parent(self, parent_id, other_customer_agreed=False):
        """Attach these cases to another one.

        :param int parent_id: the case that becomes the parent
        :param bool other_customer_agreed: the user said yes to another customer
        :return: True, or the action that asks whether another customer is meant
        """
        return self._attach_or_ask(self, self.browse(parent_id), other_customer_agreed)

    @api.model
    def _attach_or_ask(self, children, parent, other_customer_agreed=False):
        """Attach cases to a parent; ask first where they are of another customer than it.

        :param customer.service.case children: with the user's own rights
        :param customer.service.case parent: with the user's own rights
        """
        parent.ensure_one()
        parent.check_access("read")
        children.check_access("write")
        parent._check_use_hierarchy()
        others = children.filtered(lambda child: not child._is_of_same_customer(parent))
        if not others or other_customer_agreed:
            children.with_context(other_customer_agreed=bool(others)).write(
                {"parent_id": parent.id}
            )
            return True
        return {
            "type": "ir.actions.client",
            "tag": "customer_service_attach_confirm",
            "params": {
                "parent_id": parent.id,
                "child_ids": children.ids,
                "parent": self._choice_label(parent),
                "others": [self._choice_label(child) for child in others],
            },
        }

    @api.model
    def _choice_label(self, case):
        """Return number, subject and customer of a case in one line."""
        return " · ".join(filter(None, [case.number, case.name, case.customer_label]))

    def action_detach(self):
        """Let these cases have no parent any more."""
        self.check_access("write")
        if not self.parent_id:
            raise UserError(self.env._("This case has no parent."))
        self.filtered("parent_id").write({"parent_id": False})
        return True

    def action_new_child(self):
        """Start a new child of this case."""
        return self._child_action(self.env._("New Child of %(case)s", case=self.number))

    def action_clone_as_child(self):
        """Start a child with the content of this case."""
        return self._child_action(
            self.env._("Clone %(case)s as a Child", case=self.number), default_with_content=True
        )

    def _child_action(self, title, **context):
        self._check_may_be_parent()
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": "customer.service.case.child",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_case_id": self.id, **context},
        }

    def action_open_children(self):
        """Open the list of the children of this case."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_service.customer_service_case_action"
        )
        return {
            **action,
            "name": self.env._("Children of %(case)s", case=self.number),
            "domain": [("parent_id", "=", self.id)],
            "context": {"active_test": False},
        }

    def _check_may_be_parent(self):
        """Make sure that this case can get children.

        :raise UserError: it is a child itself, or its team has no hierarchy
        """
        self._check_use_hierarchy()
        if self.parent_id:
            raise UserError(
                self.env._(
                    "%(case)s is a child of %(parent)s and so has no children of its own.",
                    case=self.number,
                    parent=self.parent_number,
                )
            )

    def _copy_history_to(self, case):
        """Copy what was said here to another case, as internal notes; nobody is told.

        The customer has read it once. Files are not doubled, both cases show the same ones.

        :param customer.service.case case: a new case
        """
        self.check_access("read")
        # sudo: mail.message - the whole conversation, what colleagues noted too
        message = self.env["mail.message"].sudo()
        spoken = self.sudo().message_ids.filtered(
            lambda one: one.message_type in SPOKEN_MESSAGE_TYPES
        )
        if not spoken:
            return
        note_id = self._xmlid_id("mail.mt_note")
        message.create(
            [
                {
                    "model": case._name,
                    "res_id": case.id,
                    "date": one.date,
                    "message_type": one.message_type,
                    "subtype_id": note_id,
                    "is_internal": True,
                    "author_id": one.author_id.id,
                    "email_from": one.email_from,
                    "reply_to": one.reply_to,
                    "subject": one.subject,
                    "body": one.body,
                    "attachment_ids": [(6, 0, one.attachment_ids.ids)],
                    "customer_service_sender_check": one.customer_service_sender_check,
                    "customer_service_machine": one.customer_service_machine,
                }
                for one in spoken.sorted("id")
            ]
        )
        case._message_log(
            body=self.env._(
                "The conversation was copied from %(case)s. Here it is internal, all of it.",
                case=self._number_link(),
            )
        )
