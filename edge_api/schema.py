"""The tables of accounts, letters and the newsletter. Times are whole milliseconds since 1970, in UTC.

No table holds a code, a token or a password: codes are derived from a challenge's id and a key, tokens are kept as
SHA-256, passwords as bcrypt of a keyed hash.
"""

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Index, Integer, MetaData, String, Table, Text, text

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ix": "ix_%(table_name)s_%(column_0_name)s",
    }
)


def time_of(name: str, *, optional: bool = False) -> Column[int]:
    """A moment, in milliseconds since 1970."""
    return Column(name, BigInteger, nullable=optional)


def language(*, key: bool = False) -> Column[str]:
    """`fr` or `en`; part of the primary `key` where each language has a row of its own."""
    return Column("lang", String(2), primary_key=key, nullable=False)


# A member: a row is born only when a code proved the address. `email` is as typed, `email_key` is what is compared.
users = Table(
    "users",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("email", String(320), nullable=False),
    Column("email_key", String(320), nullable=False, unique=True),
    Column("password", String(200), nullable=False),
    language(),
    time_of("created_ms"),
)

# A sign-up or reset under way in one browser. `id` is the SHA-256 of the flow cookie. A sign-up whose address already
# has an account is a flow without `password`: it looks the same from outside and can never succeed.
flows = Table(
    "flows",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("kind", String(8), nullable=False),
    Column("email", String(320), nullable=False),
    Column("email_key", String(320), nullable=False, index=True),
    Column("user_id", String(32), ForeignKey("users.id", ondelete="CASCADE")),
    Column("password", String(200)),
    language(),
    Column("newsletter", Boolean, nullable=False),
    Column("return_to", String(512), nullable=False),
    time_of("created_ms"),
    time_of("expires_ms"),
    time_of("verified_ms", optional=True),
    time_of("done_ms", optional=True),
)

# What a code proves. A flow has at most one live challenge: a new letter ends the one before.
challenges = Table(
    "challenges",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("flow_id", String(64), ForeignKey("flows.id", ondelete="CASCADE", onupdate="CASCADE"), nullable=False),
    Column("purpose", String(8), nullable=False),
    Column("kid", String(12), nullable=False),
    Column("tries", Integer, nullable=False),
    time_of("created_ms"),
    time_of("expires_ms"),
    time_of("used_ms", optional=True),
    time_of("ended_ms", optional=True),
    Index("ix_challenges_flow_id", "flow_id"),
)

# A signed-in browser. `id` names it in lists, `token` is the SHA-256 of its cookie.
sessions = Table(
    "sessions",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("token", String(64), nullable=False, unique=True),
    Column("user_id", String(32), ForeignKey("users.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("agent", String(80), nullable=False),
    Column("return_to", String(512), nullable=False),
    time_of("created_ms"),
    time_of("seen_ms"),
    time_of("expires_ms"),
)

# One address that asked for the newsletter: pending until the letter's link or a member's click confirms it. When the
# subscription ends the row goes, and the address with it.
subscriptions = Table(
    "subscriptions",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("email", String(320), nullable=False),
    Column("email_key", String(320), nullable=False, unique=True),
    language(),
    Column("state", String(10), nullable=False),
    time_of("asked_ms"),
    time_of("confirmed_ms", optional=True),
)

# Who agreed to what, when and where. Rows are only ever added; the address is a keyed hash, so erasure leaves proof.
consents = Table(
    "consents",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("address", String(80), nullable=False, index=True),
    Column("subscription_id", String(32), nullable=False),
    Column("action", String(10), nullable=False),
    Column("wording", String(20), nullable=False),
    language(),
    Column("source", String(200), nullable=False),
    Column("network", String(45), nullable=False),
    time_of("at_ms"),
)

_WAITING = text("sent_ms IS NULL AND dead_ms IS NULL")

# Letters to send, written in the transaction of the event that asks for them. `facts` is JSON and holds no code. `lane`
# is 0 for what somebody waits for, 1 for issues of the newsletter, whose recipient stands with the subscription only.
outbox = Table(
    "outbox",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("letter", String(24), nullable=False),
    language(),
    Column("recipient", String(320), nullable=False),
    Column("facts", Text, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("problem", String(200), nullable=False),
    Column("lane", Integer, nullable=False, server_default="0"),
    time_of("created_ms"),
    time_of("due_ms"),
    time_of("leased_ms"),
    time_of("expires_ms", optional=True),
    time_of("sent_ms", optional=True),
    time_of("dead_ms", optional=True),
    Index("ix_outbox_lane_due_ms", "lane", "due_ms", "id", sqlite_where=_WAITING, postgresql_where=_WAITING),
)

# The limiter's memory (GCRA): the time at which a key's bucket would be empty again. Keys are keyed hashes.
limits = Table(
    "limits",
    metadata,
    Column("id", String(80), primary_key=True),
    time_of("empty_ms"),
)
