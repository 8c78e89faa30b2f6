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

#: Code of the ``ir.sequence`` that numbers cases, one for each company.
SEQUENCE_CODE = "customer.service.case"

#: Message types by which people (and not the system) speak in a conversation.
SPOKEN_MESSAGE_TYPES = ("comment", "email", "email_outgoing")

#: Length of the first words of the last message that lists show.
PREVIEW_LENGTH = 120
