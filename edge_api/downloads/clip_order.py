"""What decides the bytes of a file that is made for a member, and the name of its content."""

import hashlib
from importlib.metadata import version as installed
from typing import Literal

import msgspec

from footage.clips.profiles import Profile

Paper = Literal["vtt", "srt", "ttml", "stl", "shotlist", "text", "edl", "fcpxml", "otio"]
"""What lies beside the media of a package and can be had alone: captions (WebVTT, SubRip, EBU-TT-D, EBU STL), a table
of shots, the transcript, and edit lists."""


class Papers(msgspec.Struct, frozen=True, kw_only=True):
    """What is laid beside the media of a package: the words of an interview in the state that `edition` names (a digest
    of what they are made from). `lang` is whose titles are used, `media` the name of the media file that they go with.
    """

    interview: str
    lang: str
    edition: str
    media: str


class ClipOrder(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Everything that decides the bytes of a file: frames [in_frame, out_frame) of one version of a master, and what is
    written inside. `suffix` names the kind of the media and carries its dot.

    `sealed` names the certificate under which the file holds a manifest of C2PA; two made alike then differ in a few
    bytes, since signatures do. `as_is` says that the media is a file of the store, byte for byte: then only a package
    is made. With `papers` the file is a package (zip) of the media and what belongs to it, or only the one `paper` that
    is named, in the words of `words_lang` when it is one that is read.
    """

    master: str
    version: str
    in_frame: int
    out_frame: int
    profile: Profile
    suffix: str
    title: str
    credit: str
    reference: str
    terms: str = ""
    place: str = ""
    day: str = ""
    timecode: str = ""
    as_is: bool = False
    sealed: str = ""
    papers: Papers | None = None
    paper: Paper | None = None
    words_lang: str = ""

    @property
    def package(self) -> bool:
        """Whether it is an archive of the media and what belongs to it."""
        return self.papers is not None and self.paper is None

    @property
    def frames(self) -> int:
        """How many frames the clip has."""
        return self.out_frame - self.in_frame

    @property
    def key(self) -> str:
        """The name of the content: 40 hex digits. Another encoder would make other bytes, so its version counts too."""
        made_by = f"clip v9 av {installed('av')}\n".encode()
        return hashlib.sha256(made_by + msgspec.json.encode(self)).hexdigest()[:40]

    @property
    def media(self) -> "ClipOrder":
        """The order for the media alone, which has a manifest in it only where `inside`."""
        return msgspec.structs.replace(self, papers=None, sealed=self.sealed if self.inside else "")

    @property
    def inside(self) -> bool:
        """Whether a manifest of C2PA belongs into the media: what is coded for its purpose is written anyway."""
        return self.profile in ("h264", "wav", "mp3", "still")
