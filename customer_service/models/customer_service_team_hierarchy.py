from odoo import api, fields, models
from odoo.exceptions import ValidationError


class CustomerServiceTeamHierarchy(models.AbstractModel):
    """Whether a team has parent and child cases, and how they end together.

    A rule counts where the parent is of this team, whichever team works on its children.
    """

    _name = "customer.service.team.hierarchy"
    _description = "Parent and Child Cases of a Team"

    use_hierarchy = fields.Boolean(
        "Parent and Child Cases",
        help="Several cases about the same thing get one parent: agents attach them to it, see "
        "each other's conversations, and answer all at once.",
    )
    close_children_with_parent = fields.Boolean(
        "Closing the Parent Closes All Children",
        help="When a parent is resolved or closed, so are its children.",
    )
    require_children_closed = fields.Boolean(
        "The Parent Waits for Its Children",
        help="A parent can be resolved or closed only when all its children are.",
    )
    close_parent_with_children = fields.Boolean(
        "The Parent Closes with the Last Child",
        help="When the last child is resolved or closed, so is its parent. It opens again when "
        "one of the children does.",
    )

    _closing_rules = models.Constraint(
        "CHECK (NOT (close_children_with_parent AND require_children_closed))",
        "Either closing the parent closes all children, or the parent waits for its children: "
        "choose one of the two.",
    )

    @api.constrains("company_id")
    def _check_company_of_families(self):
        """Let a team not take cases to another company whose parent or children stay behind."""
        # sudo: case - all of its families, whoever may see them
        case = self.env["customer.service.case"].sudo().with_context(active_test=False)
        case.search(
            [("team_id", "in", self.ids), "|", ("parent_id", "!=", False), ("child_count", ">", 0)]
        )._check_company_of_family()

    @api.constrains("close_children_with_parent", "require_children_closed")
    def _check_closing_rules(self):
        # The database says the same; here it is said before anything is written.
        for team in self:
            if team.close_children_with_parent and team.require_children_closed:
                raise ValidationError(
                    self.env._(
                        "Either closing the parent closes all children, or the parent waits for "
                        "its children: choose one of the two for team %(team)s.",
                        team=team.name,
                    )
                )
