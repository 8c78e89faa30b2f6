import ast
import logging
from typing import NamedTuple

import psycopg2

from odoo import api, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import SQL
from odoo.tools.rendering_tools import parse_inline_template

_logger = logging.getLogger(__name__)

#: So many records of one rule are named for one customer, the newest ones.
_MOST_MATCHES = 3

#: What a domain raises that does not fit the model (any more).
DOMAIN_ERRORS = (
    AttributeError,
    KeyError,
    NotImplementedError,
    SyntaxError,
    TypeError,
    UserError,
    ValueError,
    psycopg2.Error,
)


class Subject(NamedTuple):
    """Whom and what alerts are looked for: a case, a caller, or both.

    ``case`` and ``partner`` may be empty records; ``teams`` are those whose alerts are shown.
    """

    case: models.BaseModel
    partner: models.BaseModel
    company: models.BaseModel
    teams: models.BaseModel


class CustomerServiceAlertMatching(models.AbstractModel):
    """Which rules of alerts apply: one query for all rules, however many cases and records.

    Everything is searched with the rights of the reader, so that nobody learns what is in a case
    they may not see. Invoices alone are searched for everybody, see :meth:`_model_of`.
    """

    _name = "customer.service.alert.matching"
    _description = "Which Alerts Apply"
    _inherit = ["customer.service.panel.path"]

    # Kinds of rules

    @api.model
    def _about_models(self):
        """Return the model that the rules of each kind look at."""
        return {
            "case": "customer.service.case",
            "customer": "res.partner",
            "order": "sale.order",
            "invoice": "account.move",
        }

    @api.model
    def _about_closed(self):
        """Return the kinds that are looked at for readers who have no right to them.

        The administrator decides that agents are told; the records stay closed to them.
        """
        return {"invoice"}

    @api.model
    def _model_of(self, about):
        """Return the model of a kind of rules, with the rights with which it is searched."""
        model = self.env[self._about_models()[about]].with_context(active_test=False)
        # sudo: account.move - agents are told of an invoice as far as the rule's text says
        return model.sudo() if about in self._about_closed() else model

    @api.model
    def _scope(self, about, subjects):
        """Return the domain of what belongs to one of these subjects."""
        if about == "case":
            return Domain("id", "in", [subject.case._origin.id for subject in subjects])
        partners = [subject.partner._origin for subject in subjects if subject.partner]
        customers = [partner.commercial_partner_id.id for partner in partners]
        if about == "customer":
            return Domain("id", "in", [*customers, *(partner.id for partner in partners)])
        companies = Domain("company_id", "in", [subject.company.id for subject in subjects])
        if about == "order":
            return companies & Domain("commercial_partner_id", "in", customers)
        return companies & Domain("partner_id.commercial_partner_id", "in", customers)

    @api.model
    def _belongs(self, about, record, subject):
        """Tell whether what a rule found is this subject's."""
        if about == "case":
            return record == subject.case._origin
        customer = subject.partner._origin.commercial_partner_id
        if about == "customer":
            return bool(record) and record in (subject.partner._origin | customer)
        owner = record.sudo().partner_id.commercial_partner_id  # sudo: any - compared, not shown
        return bool(customer) and owner == customer and record.company_id == subject.company

    # Matching

    def _alerts_of(self, subjects):
        """Return what must not be overlooked about each of these subjects.

        :param list subjects: of :class:`Subject`, read by the user
        :return: a list for each subject of dicts in the order of the rules: ``key``, ``rule``
            (id), ``word``, ``text``, ``kind`` (a colour of the web client), ``model`` and
            ``res_id`` of the order or invoice where the user may open it, else False
        """
        names = ["name", "text", "about", "domain", "color", "company_id", "team_ids"]
        rules = self.search_fetch([], names)
        found, broken = rules._matches(subjects) if rules and subjects else ({}, rules.browse())
        tells_administrator = self.env.user.has_group("customer_service.group_administrator")
        result = []
        for subject in subjects:
            alerts = []
            for rule in rules.filtered(lambda rule, subject=subject: rule._fits(subject)):
                alerts += rule._alerts_among(found.get(rule, ()), subject)
                if rule in broken and tells_administrator:
                    alerts.append(rule._broken_values())
            result.append(alerts)
        return result

    def _fits(self, subject):
        """Tell whether this rule is one of the company and the teams of a subject."""
        if self.company_id and self.company_id != subject.company:
            return False
        return not self.team_ids or bool(self.team_ids & subject.teams)

    def _matches(self, subjects):
        """Search what these rules find about all subjects at once.

        A rule that cannot be evaluated finds nothing; the others still do.

        :return: the records by rule, and the rules that cannot be evaluated
        """
        # Nothing of the user may be undone with a query that fails.
        self.env.flush_all()
        try:
            with self.env.cr.savepoint(flush=False):
                return self._run_together(subjects)
        except psycopg2.Error:  # rare: one of them breaks the query of all
            return self._matches_apart(subjects)

    def _matches_apart(self, subjects):
        """Search with one rule after the other, as :meth:`_matches`."""
        found, broken = {}, self.browse()
        for rule in self:
            try:
                with self.env.cr.savepoint(flush=False):
                    one, failed = rule._run_together(subjects)
            except psycopg2.Error:
                one, failed = {}, rule
            found.update(one)
            broken |= failed
        return found, broken

    def _run_together(self, subjects):
        """Run the searches of these rules as one query.

        :return: as :meth:`_matches`
        :raise psycopg2.Error: the query of one of them fails
        """
        parts, broken = [], self.browse()
        for rule in self:
            try:
                query = rule._query(subjects)
            except AccessError:  # not for this reader
                continue
            except DOMAIN_ERRORS as error:
                if isinstance(error, psycopg2.Error):
                    raise
                broken |= rule
                continue
            if not query.is_empty():
                # OFFSET 0: what the customer has is found first and put in order then; else the
                # newest of everybody's are read until three of theirs are among them.
                parts.append(
                    SQL(
                        "(SELECT %s, found.id FROM (%s OFFSET 0) found"
                        " ORDER BY found.id DESC LIMIT %s)",
                        rule.id,
                        query.select(),
                        _MOST_MATCHES * len(subjects),
                    )
                )
        found = {}
        if parts:
            self.env.cr.execute(SQL(" UNION ALL ").join(parts), log_exceptions=False)
            for rule_id, record_id in self.env.cr.fetchall():
                rule = self.browse(rule_id)
                found.setdefault(rule, []).append(record_id)
        for rule, ids in found.items():
            found[rule] = rule._model_of(rule.about).browse(sorted(ids, reverse=True))
        return found, broken

    def _query(self, subjects):
        """Return the search of this rule among what belongs to these subjects."""
        scope = self._scope(self.about, subjects)
        return self._model_of(self.about)._search(scope & self._parsed_domain())

    def _parsed_domain(self):
        """Return the domain of this rule.

        :raise ValueError: it is none, or holds more than plain values
        """
        try:
            conditions = ast.literal_eval(self.domain or "[]")
        except (SyntaxError, TypeError, ValueError) as error:
            raise ValueError(
                self.env._("they must be a list of plain values, without expressions.")
            ) from error
        return Domain(conditions)

    # What is shown

    def _alerts_among(self, records, subject):
        """Return the alerts of this rule for those of the found records that are a subject's.

        The same sentence is not said twice, and nothing is said without a sentence.
        """
        alerts = []
        for record in records:
            if not self._belongs(self.about, record, subject):
                continue
            values = self._alert_values(record)
            if values["text"] not in ["", *(alert["text"] for alert in alerts)]:
                alerts.append(values)
        return alerts

    def _alert_values(self, record):
        """Return what is shown of this rule about a record that it found, or an empty one."""
        opens = self.about not in ("case", "customer") and record
        may_open = opens and record.sudo(False)._filtered_access("read")
        return {
            "key": f"{self.id}-{record.id}",
            "rule": self.id,
            "word": self.name or "",
            "text": self._filled_text(record),
            "kind": self.color,
            "model": record._name if may_open else False,
            "res_id": record.id if may_open else False,
        }

    def _broken_values(self):
        """Return what administrators are shown in place of a rule that cannot be evaluated."""
        return {
            "key": f"{self.id}-broken",
            "rule": self.id,
            "word": self.env._("Broken"),
            "text": self.env._(
                "The alert “%(alert)s” cannot be evaluated any more. Agents do not see this.",
                alert=self.name,
            ),
            "kind": "secondary",
            "model": self._name,
            "res_id": self.id,
        }

    def _filled_text(self, record):
        """Return the text of this rule with its ``{{ object.field ||| otherwise }}`` filled in.

        Nothing in it is ever evaluated, fields are followed one by one.
        """
        parts, reached = [], {}
        for literal, expression, otherwise in parse_inline_template(self.text or ""):
            parts.append(literal)
            if expression:
                path = expression.removeprefix("object.")
                value = record and self._text_at(record, path, reached)
                parts.append(value or otherwise.strip() or ("" if record else "…"))
        return "".join(parts)

    @api.model
    def _placeholders(self, text):
        """Return the expressions between double braces in a text."""
        return [
            expression
            for _literal, expression, _otherwise in parse_inline_template(text or "")
            if expression
        ]
