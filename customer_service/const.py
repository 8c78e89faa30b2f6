"""Values that several models, views and tests of this app share."""

#: What a case can be, whatever the shop calls its stages. The order is the life of a case.
STATUSES = [
    ("open", "Open"),
    ("pending", "Pending"),
    ("resolved", "Resolved"),
    ("closed", "Closed"),
]

#: Work that is not done: everything that lists, counters and partial indexes mean by "open".
UNRESOLVED = ("open", "pending")

#: Work that is done. A customer who writes brings it back.
DONE = ("resolved", "closed")

#: '0' low … '3' urgent, the host's star widget.
PRIORITIES = [
    ("0", "Low"),
    ("1", "Normal"),
    ("2", "High"),
    ("3", "Urgent"),
]

#: Who begins a contact.
ORIGINATORS = [
    ("customer", "Customer"),
    ("agent", "Agent"),
    ("automatic", "Automatic"),
]

#: Code of the ``ir.sequence`` that numbers cases, one for each company.
SEQUENCE_CODE = "customer.service.case"

#: Code of the host's sequences that number orders.
ORDER_SEQUENCE_CODE = "sale.order"

#: Message types by which people (and not the system) speak in a conversation.
SPOKEN_MESSAGE_TYPES = ("comment", "email", "email_outgoing")

#: Length of the first words of the last message that lists show.
PREVIEW_LENGTH = 120

#: What people outside the company may read of their own cases over the API. Whatever is not
#: named here stays inside; what their page shows besides is rendered for them.
PORTAL_READABLE_FIELDS = frozenset(
    {
        "access_url",
        "access_warning",
        "active",
        "commercial_partner_id",
        "company_id",
        "create_date",
        "display_name",
        "email_from",
        "id",
        "is_automatic",
        "is_continued",
        "lang",
        "last_public_message_date",
        "name",
        "number",
        "partner_id",
        "partner_name",
        "portal_status",
        "product_id",
        "sale_order_id",
        "stage_id",
        "status",
        "team_id",
        "user_id",
    }
)

#: Limits of one answer in the portal: files, bytes of all of them together, characters.
PORTAL_MAX_FILES = 10
PORTAL_MAX_SIZE = 25 * 1024**2
PORTAL_MAX_TEXT = 50_000

#: The same words by the same person within this time are a second press of the button.
PORTAL_REPEAT_SECONDS = 30

#: Header of mail that a team hands on instead of keeping it; what bears it is never taken in.
FORWARDED_HEADER = "X-Customer-Service-Forwarded"

#: Headers of mail that this app sends by itself, so that no machine answers it (RFC 3834).
AUTOMATIC_HEADERS = {
    "Auto-Submitted": "auto-replied",
    "X-Auto-Response-Suppress": "All",
    "Precedence": "auto_reply",
}

#: Message on the bus of the web client: what an agent's clock shows has changed.
CLOCK_EVENT = "customer_service.clock"

#: What a route or a type may demand to be on the case first. Nothing else of a case can be
#: demanded or filled in that way. Fields that an installation lacks are left out.
INTAKE_FIELDS = (
    "partner_name",
    "customer_company",
    "phone",
    "email_from",
    "sale_order_id",
    "order_email",
    "product_id",
    "product_version",
    "verified_product_id",
    "verified_version",
    "type_id",
    "description",
)

#: An escalation that somebody still has to do something about.
ESCALATION_RUNNING = ("open", "advised")
