"""What is asked of `extracting`, apart from it: who asks needs neither its codecs nor numpy, and starts the sooner."""

from typing import Literal

import msgspec

from ..reading.part import Part
from .labels import Labels


class Order(msgspec.Struct, frozen=True, kw_only=True):
    """What to take out of frames [first, last) of which part of a film, and where to write it."""

    what: Literal["wav", "mp3", "still"]
    source: str
    target: str
    index: Part
    first: int
    last: int
    labels: Labels
