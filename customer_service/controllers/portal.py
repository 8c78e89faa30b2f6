import os
from urllib.parse import urlencode

from odoo import http
from odoo.exceptions import AccessError, MissingError, UserError
from odoo.fields import Domain
from odoo.http import request
from odoo.tools import format_datetime

from odoo.addons.portal.controllers.portal import CustomerPortal, pager

from ..const import PORTAL_MAX_FILES, PORTAL_MAX_SIZE, UNRESOLVED

#: Requests on one page of the list, messages on one page of a conversation.
_CASES_PER_PAGE = 20
_MESSAGES_PER_PAGE = 30


class CustomerServicePortal(CustomerPortal):
    """The customer's requests: the list, one of them, and the three things to do with it."""

    # ------------------------------------------------------------------------------------------
    # Home
    # ------------------------------------------------------------------------------------------

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        domains = {
            "case_open_count": Domain("status", "in", UNRESOLVED),
            "case_waiting_count": request.env["customer.service.case"]._portal_status_domain(
                "waiting"
            ),
        }
        for counter, domain in domains.items():
            if counter in counters:
                values[counter] = self._count_cases(domain)
        return values

    def _count_cases(self, domain):
        """Count those of the visitor's cases that are in a domain."""
        case = request.env["customer.service.case"]
        if not case.has_access("read"):
            return 0
        return case.search_count(case._portal_domain() & domain)

    # ------------------------------------------------------------------------------------------
    # List
    # ------------------------------------------------------------------------------------------

    @http.route(
        ["/my/cases", "/my/cases/page/<int:page>"],
        type="http",
        auth="user",
        website=True,
        readonly=True,
    )
    def portal_my_cases(
        self, page=1, sortby="update", filterby="all", search="", search_in="all", **kwargs
    ):
        """Show the visitor's requests, one page of them.

        :param int page: which page
        :param str sortby: a key of :meth:`_case_sortings`
        :param str filterby: a key of :meth:`_case_filters`
        :param str search: text to look for
        :param str search_in: a key of :meth:`_case_search_inputs`
        """
        sortings, filters = self._case_sortings(), self._case_filters()
        sortby = sortby if sortby in sortings else "update"
        filterby = filterby if filterby in filters else "all"
        search = search.replace("\0", "").strip()
        case = request.env["customer.service.case"]
        domain = case._portal_domain() & filters[filterby]["domain"]
        if search:
            domain &= case._portal_search_domain(search, search_in)
        may_read = case.has_access("read")
        pager_values = pager(
            url="/my/cases",
            total=case.search_count(domain) if may_read else 0,
            page=page,
            step=_CASES_PER_PAGE,
            url_args={
                "sortby": sortby,
                "filterby": filterby,
                **({"search": search, "search_in": search_in} if search else {}),
            },
        )
        if may_read:
            case = case.search(
                domain,
                order=sortings[sortby]["order"],
                limit=_CASES_PER_PAGE,
                offset=pager_values["offset"],
            )
        values = {
            **self._prepare_portal_layout_values(),
            "page_name": "case",
            "default_url": "/my/cases",
            "cases": case.sudo(),  # sudo: case - names of order and person, for the page
            "pager": pager_values,
            "show_people": request.env.user.partner_id.portal_company_cases,
            "is_filtered": bool(search) or filterby != "all",
            "contact_address": self._contact_address(),
            "exact_date": self._exact_date,
            "search": search,
            "search_in": search_in,
            "searchbar_inputs": self._case_search_inputs(),
            "sortby": sortby,
            "searchbar_sortings": sortings,
            "filterby": filterby,
            "searchbar_filters": filters,
        }
        return request.render("customer_service.portal_my_cases", values)

    def _case_sortings(self):
        """Return how the list can be sorted: ``{key: {label, order}}``."""
        return {
            "update": {
                "label": self.env._("Last update"),
                "order": "last_public_message_date desc nulls last, id desc",
            },
            "newest": {"label": self.env._("Newest"), "order": "create_date desc, id desc"},
            "status": {
                "label": self.env._("Status"),
                "order": "stage_id, last_public_message_date desc nulls last, id desc",
            },
        }

    def _case_filters(self):
        """Return how the list can be filtered: ``{key: {label, domain}}``."""
        case = request.env["customer.service.case"]
        words = dict(case._fields["portal_status"]._description_selection(request.env))
        return {
            "all": {"label": self.env._("All"), "domain": Domain.TRUE},
            "open": {
                "label": self.env._("Not solved yet"),
                "domain": Domain("status", "in", UNRESOLVED),
            },
            **{
                key: {"label": label, "domain": case._portal_status_domain(key)}
                for key, label in words.items()
            },
        }

    def _case_search_inputs(self):
        """Return in what the list can be searched, as the host's search bar wants it."""
        return {
            "all": {"input": "all", "label": self.env._("Search in all")},
            "number": {"input": "number", "label": self.env._("Search in number")},
            "subject": {"input": "subject", "label": self.env._("Search in subject")},
            "order": {"input": "order", "label": self.env._("Search in order")},
        }

    def _contact_address(self):
        """Return the mail address that starts a new request, False where there is none."""
        # sudo: team - its public address
        team = request.env["customer.service.team"].sudo()
        domain = [("company_id", "=", request.env.company.id), ("is_public", "=", True)]
        return team.search(domain, limit=1).address

    # ------------------------------------------------------------------------------------------
    # One case
    # ------------------------------------------------------------------------------------------

    @http.route("/my/cases/<int:case_id>", type="http", auth="public", website=True, readonly=True)
    def portal_my_case(self, case_id, access_token=None, page="1", done=None, **kwargs):
        """Show one request to its customer, or to whoever has its signed link.

        :param int case_id: which one
        :param str access_token: the link's signature
        :param str page: of the conversation, the newest messages being page 1
        :param str done: what was just done, a key of :meth:`_thanks`
        """
        case = self._visible_case(case_id, access_token)
        if not case:
            if request.env.user._is_public():
                return request.redirect_query("/web/login", {"redirect": f"/my/cases/{case_id}"})
            return request.redirect("/my/cases")
        final = case._portal_final()
        if final != case:
            return request.redirect(self._url_of(final, access_token))
        page = int(page) if page.isdecimal() and len(page) < 6 else 1
        return self._render_case(case, access_token, page=page, thanks=self._thanks().get(done))

    @http.route(
        "/my/cases/<int:case_id>/answer",
        type="http",
        auth="public",
        methods=["POST"],
        website=True,
    )
    def portal_case_answer(self, case_id, access_token=None, body="", **kwargs):
        """Add what the customer wrote to the conversation.

        :param str body: plain text; the files come as ``attachment``
        """
        return self._act(case_id, access_token, body, "answer")

    @http.route(
        "/my/cases/<int:case_id>/resolve",
        type="http",
        auth="public",
        methods=["POST"],
        website=True,
    )
    def portal_case_resolve(self, case_id, access_token=None, body="", **kwargs):
        """Mark a request as solved; what was written comes first."""
        return self._act(case_id, access_token, body, "resolve")

    @http.route(
        "/my/cases/<int:case_id>/reopen",
        type="http",
        auth="public",
        methods=["POST"],
        website=True,
    )
    def portal_case_reopen(self, case_id, access_token=None, body="", **kwargs):
        """Bring a request back that was solved or closed."""
        return self._act(case_id, access_token, body, "reopen")

    def _act(self, case_id, access_token, text, action):
        """Do one of the three things with a case, then show it; or say why not, text kept.

        :param str action: ``answer``, ``resolve`` or ``reopen``
        """
        case = self._visible_case(case_id, access_token)
        if not case or request.env.user._is_internal():
            # A colleague of ours sees the page as a preview, and answers in the back office.
            raise request.not_found()
        final = case._portal_final()
        if final != case:  # it was merged while the page was open
            case, access_token = final, self._token_of(final, access_token)
        text = text.strip() if isinstance(text, str) else ""
        uploads = request.httprequest.files.getlist("attachment")
        uploads = [file for file in uploads if file.filename]
        problem = case._portal_problem(text, [self._file_size(file) for file in uploads])
        if not problem and action == "answer" and not text and not uploads:
            problem = self.env._("Please write something first.")
        if not problem:
            files = [(self._file_name(file), file.read()) for file in uploads]
            problem = self._try(case, action, text, files)
        if problem:
            return self._render_case(
                case, access_token, problem=problem, text=text, lost_files=bool(uploads)
            )
        arguments = {"done": action, **({"access_token": access_token} if access_token else {})}
        return request.redirect(f"{case.access_url}?{urlencode(arguments)}#done", code=303)

    def _token_of(self, case, access_token):
        """Return the signature that opens a case into which the visitor's own was merged.

        :param customer.service.case case: in sudo
        :param str access_token: the signature of the visitor's own case, if they came by it
        :return: None where they may see the case as who they are
        """
        if not access_token and case.with_user(request.env.user).has_access("read"):
            return None
        return case._portal_ensure_token()

    def _url_of(self, case, access_token):
        """Return the address of a case into which the visitor's own was merged."""
        token = self._token_of(case, access_token)
        signature = f"?{urlencode({'access_token': token})}" if token else ""
        return f"{case.access_url}{signature}"

    def _try(self, case, action, text, files):
        """Run an action as a whole or not at all.

        :return: a sentence to the customer where it failed, else False
        """
        do = {
            "answer": case._portal_answer,
            "resolve": case._portal_resolve,
            "reopen": case._portal_reopen,
        }[action]
        try:
            with request.env.cr.savepoint():
                do(text, files)
        except UserError:
            # The shop's own set-up forbids it; the reason is of no use to a customer.
            case.invalidate_recordset()
            return self.env._("Sorry, this did not work. Please write to us by email.")
        return False

    def _file_size(self, file):
        """Return the size of an uploaded file without reading it."""
        size = file.stream.seek(0, os.SEEK_END)
        file.stream.seek(0)
        return size

    def _file_name(self, file):
        """Return the name of an uploaded file without the folders some browsers send."""
        return file.filename.replace("\\", "/").rsplit("/", 1)[-1][-255:]

    def _visible_case(self, case_id, access_token):
        """Return the case in sudo with the visitor as user, None where they may not see it.

        The host's check returns it with the superuser, in whose name nobody should write.
        """
        if not str(access_token).isascii():
            access_token = None  # the comparison of the host takes ASCII only
        try:
            self._document_check_access("customer.service.case", case_id, access_token)
        except (AccessError, MissingError):
            return None
        # sudo: case - access has just been checked, by right or by signature
        return request.env["customer.service.case"].sudo().browse(case_id)

    def _render_case(
        self, case, access_token, page=1, thanks=None, problem=None, text="", lost_files=False
    ):
        """Render the page of one case.

        :param customer.service.case case: in sudo
        :param str access_token: the link's signature, where the visitor has one
        :param str thanks: what to say after something was done
        :param str problem: why it was not done
        :param str text: what was typed and is not sent yet
        :param bool lost_files: whether there were files, which no server can put back
        """
        user = request.env.user
        is_guest = not case.with_user(user).has_access("read")
        viewer = case.partner_id if user._is_public() else user.partner_id
        messages, has_earlier = case._portal_conversation(viewer, page, _MESSAGES_PER_PAGE)
        response = request.render(
            "customer_service.portal_my_case",
            {
                **self._prepare_portal_layout_values(),
                "page_name": "case",
                "case": case,
                "res_company": case.company_id,
                # Whoever comes by a link sees this request and no way to anything else.
                "no_breadcrumbs": is_guest,
                "is_preview": user._is_internal(),
                "backend_url": f"/mail/view?model={case._name}&res_id={case.id}",
                "access_token": access_token,
                "next_step": case._portal_next_step(),
                "conversation": messages,
                "conversation_page": page,
                "has_earlier": has_earlier,
                "page_url": self._page_url(case, access_token),
                "family": case._portal_family(),
                "order_url": self._order_url(case),
                "order_state": self._order_states().get(case.sale_order_id.state),
                "thanks": thanks,
                "problem": problem,
                "text": text,
                "lost_files": lost_files,
                "max_files": PORTAL_MAX_FILES,
                "max_size": PORTAL_MAX_SIZE,
                "exact_date": self._exact_date,
                "readable_size": self._readable_size,
            },
        )
        # A signed link is for its reader, not for search engines or for other sites' logs.
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
        response.headers["Referrer-Policy"] = "same-origin"
        response.headers["Cache-Control"] = "private, no-cache"
        return response

    def _page_url(self, case, access_token):
        """Return a function from the number of a page of the conversation to its address."""
        signature = {"access_token": access_token} if access_token else {}
        return lambda page: f"{case.access_url}?{urlencode({'page': page, **signature})}"

    def _order_url(self, case):
        """Return the address of the customer's own order page, False where it would not open."""
        order = case.sale_order_id.with_user(request.env.user)
        if not order or request.env.user._is_public() or not order.has_access("read"):
            return False
        return False if case.sale_order_id.state == "draft" else case.sale_order_id.access_url

    def _order_states(self):
        """Return the states of an order in the words of a customer."""
        return {
            "draft": self.env._("Offer"),
            "sent": self.env._("Offer"),
            "sale": self.env._("Ordered"),
            "cancel": self.env._("Cancelled"),
        }

    def _thanks(self):
        """Return what to say after something was done: ``{action: sentence}``."""
        return {
            "answer": self.env._("Thank you, we have your message."),
            "resolve": self.env._("Thank you for telling us. We are glad that it is solved."),
            "reopen": self.env._("Thank you for telling us. We are looking into it again."),
        }

    def _exact_date(self, value):
        """Return date and time in full, in the visitor's time zone where it is known."""
        zone = request.env.user.tz or "UTC"
        text = format_datetime(request.env, value, tz=zone, dt_format="long")
        return text if value else ""

    def _readable_size(self, size):
        """Return a file's size as people write it."""
        if size < 1024**2:
            return self.env._("%(size)s KB", size=max(1, round(size / 1024)))
        return self.env._("%(size)s MB", size=round(size / 1024**2, 1))
