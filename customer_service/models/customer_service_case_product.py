from odoo import api, fields, models
from odoo.exceptions import UserError


class CustomerServiceCaseProduct(models.AbstractModel):
    """What the customer says it is about, and what one of us has made sure of.

    Both are kept: an answer about the wrong model or version does harm, and what the customer
    called it is what they search for. A type may demand that somebody makes sure before the first
    answer.
    """

    _name = "customer.service.case.product"
    _description = "Declared and Verified Product of a Case"

    product_version = fields.Char(
        "Version",
        help="Version, model or serial number as the customer told it.",
    )
    verified_product_id = fields.Many2one(
        "product.product",
        index="btree_not_null",
        copy=False,
        help="The product that one of us has made sure of.",
    )
    verified_version = fields.Char(
        copy=False,
        help="The version, model or serial number that one of us has made sure of.",
    )
    product_differs = fields.Boolean(
        "Differs from What the Customer Told", compute="_compute_product_differs"
    )
    must_verify_product = fields.Boolean(
        compute="_compute_must_verify_product",
        help="The type of this case demands that the product is verified before the first answer.",
    )

    @api.depends("product_id", "product_version", "verified_product_id", "verified_version")
    def _compute_product_differs(self):
        for case in self:
            version = (case.product_version or "").strip().casefold()
            verified_version = (case.verified_version or "").strip().casefold()
            case.product_differs = bool(case.verified_product_id) and (
                bool(case.product_id and case.product_id != case.verified_product_id)
                or bool(version and version != verified_version)
            )

    @api.depends("type_id.require_verified_product", "verified_product_id", "message_count_agent")
    def _compute_must_verify_product(self):
        for case in self:
            case.must_verify_product = (
                case.type_id.require_verified_product
                and not case.verified_product_id
                and not case.message_count_agent
            )

    def action_verify_product(self):
        """Record that what the customer told of the product is right.

        :raise UserError: no product is named
        """
        for case in self:
            if not case.product_id:
                raise UserError(
                    self.env._(
                        "Choose the product of %(case)s first, then it can be verified.",
                        case=case.display_name,
                    )
                )
            case.write(
                {
                    "verified_product_id": case.product_id.id,
                    "verified_version": case.product_version,
                }
            )
        return True

    def product_to_verify(self):
        """Return what has to be verified before this case is answered.

        :return: ``product`` and ``version`` as the customer told them, or False where nothing has
            to be done
        """
        self._check_may_answer()
        if not self.must_verify_product:
            return False
        # sudo: product - its name
        product = self.product_id.sudo()
        return {"product": product.display_name or False, "version": self.product_version or False}

    def composer_data(self):
        return {**super().composer_data(), "product_to_verify": self.product_to_verify()}

    def message_post(self, *, message_type="notification", **kwargs):
        if message_type == "comment" and not self.env.user.share and self._is_public(kwargs):
            author = self.env["res.partner"].browse(kwargs.get("author_id"))
            self._check_product_verified(author or self.env.user.partner_id)
        return super().message_post(message_type=message_type, **kwargs)

    def _check_product_verified(self, author):
        """Make sure that the first answer is about the product that the customer really has.

        :param res.partner author: who writes; customers may always
        :raise UserError: the type demands that it is verified, and nobody has done so
        """
        # sudo: case - the rule holds whatever the author may read
        case = self.sudo()
        if author.partner_share or not case.must_verify_product:
            return
        if case.product_id:
            hint = self.env._(
                "Is it %(product)s? Then press “It Is as Told” on the case. Else choose the "
                "verified product.",
                product=" ".join(
                    filter(None, [case.product_id.display_name, case.product_version])
                ),
            )
        else:
            hint = self.env._("Ask the customer which product it is, and choose it on the case.")
        raise UserError(
            self.env._(
                "Cases of type “%(type)s” get their first answer when the product is verified. "
                "%(hint)s",
                type=case.type_id.name,
                hint=hint,
            )
        )
