"""One row that is asked for all day: a SELECT that never changes, compiled once, answered by the driver in one trip.

SQLAlchemy's way (a transaction begun and ended, a statement built and a cursor walked each time) crosses to the thread
of SQLite six times and costs ten times what the answer does. That is nothing for a form, and everything for what each
download, each part of it, and each page of a member must ask first.
"""

from typing import Any

from sqlalchemy import Dialect, Select


class Question:
    """A SELECT whose values are all named by `bindparam`, and whose columns are numbers and text."""

    def __init__(self, statement: Select[Any]) -> None:
        self._statement = statement
        self.columns = tuple(statement.selected_columns.keys())
        self._written: dict[str, tuple[str, tuple[str, ...]]] = {}

    def written(self, dialect: Dialect) -> tuple[str, tuple[str, ...]]:
        """Its SQL in a dialect, and the names of the values it needs, in order."""
        if dialect.name not in self._written:
            compiled = self._statement.compile(dialect=dialect)
            self._written[dialect.name] = compiled.string, tuple(getattr(compiled, "positiontup", None) or ())
        return self._written[dialect.name]
