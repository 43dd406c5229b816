"""The tables of accounts, flows, sessions and letters. Times are milliseconds since 1970; ids are random text."""

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, MetaData, String, Table, Text

metadata = MetaData()

# `address` is as typed, for letters; `address_key` is its canonical form, for looking up.
users = Table(
    "users",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("address", String(254), nullable=False),
    Column("address_key", String(254), nullable=False, unique=True),
    Column("password", String(200), nullable=False),
    Column("lang", String(2), nullable=False),
    Column("created_ms", BigInteger, nullable=False),
)

# A sign-up or a reset under way, bound to one browser by its cookie (only the cookie's hash is kept).
# `challenge` names the one code that is alive; the code itself is derived from it and stored nowhere.
flows = Table(
    "flows",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("purpose", String(10), nullable=False),
    Column("address", String(254), nullable=False),
    Column("address_key", String(254), nullable=False),
    Column("user_id", String(32), nullable=True),
    Column("password", String(200), nullable=False, server_default=""),
    Column("lang", String(2), nullable=False),
    Column("newsletter", Integer, nullable=False, server_default="0"),
    Column("return_to", String(800), nullable=False, server_default=""),
    Column("challenge", String(64), nullable=False),
    Column("sent_ms", BigInteger, nullable=False),
    Column("expires_ms", BigInteger, nullable=False),
    Column("tries", Integer, nullable=False, server_default="0"),
    Column("resends", Integer, nullable=False, server_default="0"),
    # waiting: a code is awaited; proved: a reset whose code was given; used; dead: revoked or a reset replaced it.
    Column("state", String(8), nullable=False),
)
Index("flows_by_address", flows.c.address_key)

sessions = Table(
    "sessions",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("user_id", String(32), ForeignKey("users.id", ondelete="CASCADE"), nullable=False),
    Column("created_ms", BigInteger, nullable=False),
    Column("seen_ms", BigInteger, nullable=False),
    Column("agent", String(200), nullable=False, server_default=""),
    Column("return_to", String(800), nullable=False, server_default=""),
)
Index("sessions_by_user", sessions.c.user_id)

outbox = Table(
    "outbox",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("kind", String(24), nullable=False),
    Column("lang", String(2), nullable=False),
    Column("recipient", String(254), nullable=False),
    Column("facts", Text, nullable=False),
    Column("created_ms", BigInteger, nullable=False),
    Column("expires_ms", BigInteger, nullable=True),
    Column("next_ms", BigInteger, nullable=False),
    Column("lease_ms", BigInteger, nullable=False, server_default="0"),
    Column("tries", Integer, nullable=False, server_default="0"),
    Column("state", String(8), nullable=False),
)
Index("outbox_waiting", outbox.c.state, outbox.c.next_ms)

subscriptions = Table(
    "subscriptions",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("address", String(254), nullable=False),
    Column("address_key", String(254), nullable=False, unique=True),
    Column("lang", String(2), nullable=False),
    Column("state", String(10), nullable=False),
    Column("created_ms", BigInteger, nullable=False),
    Column("changed_ms", BigInteger, nullable=False),
)

# Append-only: who agreed to what, in which words, when and where; and who withdrew.
consents = Table(
    "consents",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("address_key", String(254), nullable=False),
    Column("act", String(12), nullable=False),
    Column("wording", String(24), nullable=False),
    Column("lang", String(2), nullable=False),
    Column("page", String(300), nullable=False, server_default=""),
    Column("at_ms", BigInteger, nullable=False),
)

# Generic cell rate algorithm: the one number it needs is the moment from which a key is free again.
limits = Table(
    "limits",
    metadata,
    Column("key", String(80), primary_key=True),
    Column("free_ms", BigInteger, nullable=False),
)
