"""A clip in MXF (SMPTE ST 377-1): made as MOV, then put into MXF by ffmpeg, sample by sample as they are."""

import subprocess
from pathlib import Path

import ffmpeg
import imageio_ffmpeg

from ..errors import WorkFailed
from ..reading.probe import SAFE


def put_in_mxf(clip: Path, target: Path, timecode: str) -> None:
    """Writes the picture and the sounds of a MOV clip as MXF whose material package starts at a timecode.

    WorkFailed when MXF has no place for them.
    """
    film = ffmpeg.input(str(clip), format="mov", **SAFE)
    options = {"c": "copy", "fflags": "+bitexact", "timecode": timecode, "map_metadata": -1, "map_chapters": -1}
    output = ffmpeg.output(film["v"], film["a?"], str(target), format="mxf", **options)
    line = output.global_args("-hide_banner", "-nostdin", "-v", "error").compile(
        cmd=imageio_ffmpeg.get_ffmpeg_exe(), overwrite_output=True
    )
    done = subprocess.run(line, capture_output=True, text=True, check=False)
    if done.returncode:
        said = (done.stderr.strip().splitlines() or ["it said nothing"])[0][:200]
        raise WorkFailed(str(target), f"MXF has no place for this clip ({said})", "end the name in .mov")
