from datetime import datetime

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL

from ..models.customer_service_contact_point import MAIN_FIELDS
from ..tools.person_name import whole_name_keys

#: What a contact is found by, which the host keeps of only one of two that are merged.
_TOLD = ("name", "email", "phone", "zip")


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    """Merging two customers loses nothing of either, and is for supervisors.

    The host moves everything that refers to a contact. What it loses is kept here: a follower, or
    the fate of a mail, where both contacts have one; the second address and phone number; the
    second portal login; the company that records of the contact count for.
    """

    _inherit = "base.partner.merge.automatic.wizard"

    def _merge(self, partner_ids, dst_partner=None, extra_checks=True):
        partners = self.env["res.partner"].browse(partner_ids).exists()
        self._check_may_merge(partners)
        if len(partners) < 2:
            return super()._merge(partner_ids, dst_partner, extra_checks)
        told = {partner.id: {name: partner[name] for name in _TOLD} for partner in partners}
        sees_company = {
            partner.id: (partner.commercial_partner_id, partner.portal_company_cases)
            for partner in partners
        }
        idle_users, holder = self._set_second_logins_aside(partners, dst_partner)
        result = super()._merge(partner_ids, dst_partner, extra_checks)
        kept = partners.exists()
        if len(kept) == 1:
            self._keep_what_they_told(kept, told)
            self._give_back_logins(idle_users, holder, kept)
            self._keep_rights_in_portal(kept, sees_company)
            self._follow_company(kept)
            self._close_reports(kept)
        return result

    def _check_may_merge(self, partners):
        """Make sure that the user may merge contacts, if any of them is a customer with cases.

        :raise AccessError: an agent, or somebody else than a supervisor
        """
        user = self.env.user
        if self.env.su or user.has_group("customer_service.group_supervisor"):
            return
        is_agent = user.has_group("customer_service.group_agent")
        if is_agent or partners._count_by_customer("customer.service.case"):
            raise AccessError(
                self.env._(
                    "Only supervisors merge customers. Report the two as duplicates instead, a "
                    "supervisor will look at them."
                )
            )

    # ------------------------------------------------------------------------------------------
    # Portal
    # ------------------------------------------------------------------------------------------

    def _set_second_logins_aside(self, partners, dst_partner):
        """Let go of all logins but one, where several customers who log in are merged.

        A contact with two logins would have one password reset for both, so the one that was
        used last stays, and the others are archived. Employees are left to the host, which refuses.

        :return: the users that are set aside, and the contact that has them meanwhile
        """
        # sudo: res.users - logins of customers belong to the merge
        users = partners.with_context(active_test=False).sudo().user_ids
        if len(users) < 2 or any(not user._is_portal() for user in users):
            return users.browse(), self.env["res.partner"]
        stays = users.sorted(
            lambda user: (
                user.active,
                user.login_date or datetime.min,
                user.partner_id == dst_partner,
            )
        )[-1]
        # sudo: res.partner - as above
        holder = self.env["res.partner"].sudo().create({"name": self.env._("Being merged")})
        idle = users - stays
        idle.write({"active": False, "partner_id": holder.id})
        return idle, holder

    def _give_back_logins(self, users, holder, kept):
        """Hang archived logins on the contact that stays, and say so there."""
        if not users:
            return
        users.partner_id = kept
        holder.unlink()
        # sudo: res.users - as above
        active = kept.sudo().user_ids[:1]
        kept.message_post(
            body=self.env._(
                "This customer had several logins. %(login)s stays, archived: %(archived)s",
                login=active.login or "–",
                archived=", ".join(users.mapped("login")),
            )
        )

    def _keep_rights_in_portal(self, kept, sees_company):
        """See to it that nobody sees more of a company than one of us has allowed.

        :param dict sees_company: company, and whether all of it is seen, by contact before
        """
        kept.portal_company_cases = any(
            sees and company == kept.commercial_partner_id
            for company, sees in sees_company.values()
        )
        # Which contact a user is was changed behind the host's back, and evaluated rules are kept.
        self.env.registry.clear_cache()

    # ------------------------------------------------------------------------------------------
    # What the host drops
    # ------------------------------------------------------------------------------------------

    @api.model
    def _update_foreign_keys_generic(self, model, src_records, dst_record):
        if model == "res.partner":
            self._drop_doubles(src_records, dst_record)
        return super()._update_foreign_keys_generic(model, src_records, dst_record)

    @api.model
    def _drop_doubles(self, src_records, dst_record):
        """Delete those rows that would be there twice, such as two followers of one case.

        Where one row cannot move, the host deletes all that have to.
        """
        self.env.flush_all()
        ids = tuple((src_records | dst_record).ids)
        for table, column, index_columns, predicate in self._unique_indexes():
            others = [SQL.identifier(name) for name in index_columns if name != column]
            self.env.cr.execute(
                SQL(
                    """
                    DELETE FROM %(table)s WHERE ctid IN (
                        SELECT ctid FROM (
                            SELECT ctid, row_number() OVER (
                                PARTITION BY %(others)s ORDER BY %(column)s = %(kept)s DESC
                            ) AS place
                            FROM %(table)s
                            WHERE %(column)s IN %(ids)s AND %(filled)s AND %(predicate)s
                        ) AS doubles WHERE place > 1
                    )
                    """,
                    table=SQL.identifier(table),
                    column=SQL.identifier(column),
                    others=SQL(", ").join(others),
                    filled=SQL(" AND ").join(SQL("%s IS NOT NULL", name) for name in others),
                    kept=dst_record.id,
                    ids=ids,
                    # what PostgreSQL itself says of the index
                    predicate=SQL((predicate or "TRUE").replace("%", "%%")),
                )
            )

    @api.model
    def _unique_indexes(self):
        """Return where a contact together with something else may be only once.

        :return: a list of table, column of the contact, columns of the index, and its condition
        """
        self.env.cr.execute(
            """
            SELECT cl.relname, fk.attname,
                   (SELECT array_agg(att.attname) FROM pg_attribute att
                     WHERE att.attrelid = ix.indrelid AND att.attnum = ANY(ix.indkey)),
                   pg_get_expr(ix.indpred, ix.indrelid)
              FROM pg_constraint con
              JOIN pg_class cl ON cl.oid = con.conrelid
              JOIN pg_attribute fk ON fk.attrelid = cl.oid AND fk.attnum = con.conkey[1]
              JOIN pg_index ix ON ix.indrelid = cl.oid AND fk.attnum = ANY(ix.indkey)
             WHERE con.contype = 'f' AND array_length(con.conkey, 1) = 1
               AND con.confrelid = 'res_partner'::regclass
               AND ix.indisunique AND NOT ix.indisprimary AND ix.indexprs IS NULL
               AND ix.indnatts > 1
          ORDER BY cl.relname, ix.indexrelid
            """
        )
        return self.env.cr.fetchall()

    @api.model
    def _update_reference_fields(self, src_partners, dst_partner):
        self._drop_double_followers(src_partners, dst_partner)
        return super()._update_reference_fields(src_partners, dst_partner)

    @api.model
    def _drop_double_followers(self, src_partners, dst_partner):
        """Drop who follows both contacts from the one that goes; the host would drop everybody."""
        # sudo: mail.followers - of contacts that are merged
        follower = self.env["mail.followers"].sudo()
        following = follower.search(
            [
                ("res_model", "=", "res.partner"),
                ("res_id", "in", (src_partners | dst_partner).ids),
            ]
        ).sorted(lambda row: row.res_id != dst_partner.id)
        seen, doubles = set(), follower.browse()
        for row in following:
            if row.partner_id.id in seen:
                doubles |= row
            seen.add(row.partner_id.id)
        doubles.unlink()

    def _keep_what_they_told(self, kept, told):
        """Keep the second address, number and name, so that the customer is found by them.

        :param dict told: what the contacts were found by before the merge
        """
        # sudo: contact point, identity - whoever merges may do all of it
        points = self.env["customer.service.contact.point"].sudo()
        identity = self.env["customer.service.identity"].sudo()
        kept.sudo()._drop_main_from_further()
        for partner_id, values in told.items():
            if partner_id == kept.id:
                continue
            for kind, name in MAIN_FIELDS.items():
                points._keep(kept.sudo(), kind, values[name])
            if set(whole_name_keys(values["name"])) - set(whole_name_keys(kept.name)):
                identity.create(
                    {
                        "name": values["name"],
                        "zip": values["zip"],
                        "other": self.env._("A contact that was merged"),
                        "partner_id": kept.id,
                        "company_id": (kept.company_id or self.env.company).id,
                    }
                )
        kept._note_further_addresses()

    def _follow_company(self, kept):
        """Let what is stored of the company follow where the contact is now.

        The host writes references in SQL, so nothing that is computed from them knows.
        """
        self.env.invalidate_all()
        # sudo: res.partner - all records of the customer, whoever may see them
        family = kept.sudo().with_context(active_test=False)
        family = family.search([("id", "child_of", kept.ids)])
        family.modified(["parent_id"])
        self.env.flush_all()

    def _close_reports(self, kept):
        """Settle what was reported of contacts that are one now."""
        # sudo: duplicate report - also those of other companies and colleagues
        reports = self.env["customer.service.duplicate.report"].sudo()
        reports.search(
            [
                ("state", "=", "open"),
                ("partner_id", "=", kept.id),
                ("duplicate_partner_id", "=", kept.id),
            ]
        ).write(
            {
                "state": "merged",
                "decision_user_id": self.env.uid,
                "decision_date": fields.Datetime.now(),
            }
        )
