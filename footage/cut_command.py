"""The verb `cut`, apart from the others: it is called for every passage of a list, and what they need would be half its
cost."""

from pathlib import Path
from typing import Annotated

import cyclopts
import msgspec
from cyclopts import Parameter

from .clips.clip import ClipReport, ClipRequest
from .clips.copying import copy_clip
from .clips.plan import CONTAINERS, Profile
from .errors import FootageError
from .reading.points import passage
from .terminal import bar, fail, film_of, leave_tidily

cut = cyclopts.App(
    name="cut",
    help="Make a frame-exact clip of a master.",
    help_epilogue="Example: duplex cut phare-2026 --in 00:01:02.500 --out 00:01:12.000 -o passage.mp4",
)


@cut.default
def cut_verb(
    film: Annotated[str, Parameter(help="Id of an ingested master, or a film file.")],
    /,
    *,
    first: Annotated[str, Parameter(name="--in", help="First frame: HH:MM:SS.mmm, f123, or a timecode.")],
    last: Annotated[str, Parameter(name="--out", help="First frame left out, written likewise.")],
    timecode: Annotated[bool, Parameter(help="The points are timecode, HH:MM:SS:FF or ;FF.", negative=())] = False,
    profile: Annotated[Profile, Parameter(help="`master` keeps the codec; `h264` is 1080p for the web.")] = "master",
    output: Annotated[
        Path | None, Parameter(name=["-o", "--output"], help="File to write (.mp4, .mov, .mkv; .mxf of an MXF master).")
    ] = None,
) -> None:
    """Prints one line of JSON: frames, copied, reencoded, bytes, seconds.

    The in point is inclusive, the out point exclusive; a time selects the first frame that starts at or after it.
    """
    leave_tidily()
    try:
        report = _cut(film, first, last, timecode, profile, output)
    except FootageError as error:
        fail(error)
    print(msgspec.json.encode(report).decode())


def _cut(film: str, first: str, last: str, timecode: bool, profile: Profile, output: Path | None) -> ClipReport:
    path, index = film_of(film)
    chosen = passage(index, film, first, last, programme=timecode)
    kept = path.suffix.lower() if profile == "master" and path.suffix.lower() in CONTAINERS else ".mp4"
    target = output or Path(f"{path.stem if path == Path(film) else film}-{chosen.first}-{chosen.last}{kept}")
    request = ClipRequest(
        source=path, index=index, in_frame=chosen.first, out_frame=chosen.last, profile=profile, target=target
    )
    if request.plan.copied:
        return copy_clip(request)
    # What starts another process takes as long to load as a copied clip to make.
    from .clips.cut import make_clip
    from .worker import tidily

    with bar(target.name) as tell:
        return tidily(make_clip(request, lambda done: tell(done / chosen.frames)))
