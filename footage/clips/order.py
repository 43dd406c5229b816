"""What a process that makes a clip is told."""

from pathlib import Path

import msgspec

from ..reading.part import Part
from .plan import Plan


class Order(msgspec.Struct, frozen=True, kw_only=True):
    """What to make of which film, where, and what to write inside. A `kept` clip is not written: its target gets what
    was made for it, the master's own bytes stay where they are."""

    source: str
    target: str
    index: Part
    plan: Plan
    labels: dict[str, str]
    kept: bool = False


def beside(target: Path) -> Path:
    """Where a clip that is made in two steps lies after the first."""
    return target.with_suffix(".step")
