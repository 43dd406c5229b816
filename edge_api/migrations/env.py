"""How Alembic meets our database: on the connection that edge_api.database hands over."""

from alembic import context

from edge_api import schema
from edge_api.downloads import schema as downloads_schema
from edge_api.downloads import sharing_schema
from edge_api.post import issues_schema

# These tables register themselves in the same metadata when their module is imported.
assert downloads_schema
assert issues_schema
assert sharing_schema

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=schema.metadata,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
