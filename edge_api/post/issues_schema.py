"""The tables of the newsletter's issues. Times are whole milliseconds since 1970, in UTC.

None of them holds an address: a delivery names a subscription, whose row goes when its owner asks for it.
"""

from sqlalchemy import Column, Index, Integer, String, Table, Text

from ..schema import language, metadata, time_of

# An issue in one language, frozen when its sending begins: `text` is the editor's Markdown. The three counts are
# written when nothing of it waits any more, and outlive the deliveries.
issues = Table(
    "issues",
    metadata,
    Column("id", String(20), primary_key=True),
    language(key=True),
    Column("subject", String(200), nullable=False),
    Column("text", Text, nullable=False),
    time_of("begun_ms"),
    time_of("ended_ms", optional=True),
    Column("sent", Integer),
    Column("dropped", Integer),
    Column("dead", Integer),
)

# One letter of an issue to one subscription: the primary key is why nobody gets it twice. `letter` is its row in the
# outbox, `outcome` is waiting, sent, dropped (the subscription ended meanwhile) or dead.
deliveries = Table(
    "deliveries",
    metadata,
    Column("issue", String(20), primary_key=True),
    Column("subscription", String(32), primary_key=True),
    language(),
    Column("letter", String(32), nullable=False, unique=True),
    Column("outcome", String(8), nullable=False),
    Index("ix_deliveries_issue_lang_outcome", "issue", "lang", "outcome"),
)

# Interviews that an issue could have told of: whatever is not here is new.
announced = Table(
    "announced",
    metadata,
    Column("slug", String(200), primary_key=True),
    language(key=True),
    Column("issue", String(20), nullable=False),
)
