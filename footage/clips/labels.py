"""What is said inside a picture or a sound file: who made it, where it comes from, and on what terms it may be used."""

import msgspec


class Labels(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`day` is ISO 8601, `timecode` the source timecode of the first frame, `source` the master's name; any may be
    empty."""

    title: str = ""
    credit: str = ""
    reference: str = ""
    terms: str = ""
    place: str = ""
    day: str = ""
    timecode: str = ""
    source: str = ""

    @property
    def line(self) -> str:
        """Title, place of the frame in the master, reference: one line for fields that hold only one."""
        return " – ".join(part for part in (self.title, self.timecode, self.reference) if part)
