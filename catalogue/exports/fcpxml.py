"""A passage as FCPXML 1.9 (Apple, Final Cut Pro XML reference), read by Final Cut Pro, DaVinci Resolve and others.

Times are fractions of seconds, whole numbers of frames, never decimals. The asset has the master's name and reel,
and starts at the source timecode of the passage: the file that lies beside the list is opened, and the same edit can be
laid over the master.
"""

from urllib.parse import quote

from catalogue.exports.reel import Passage, Reel, record_hour, xml_text


def fcpxml_text(passage: Passage) -> str:
    """One event with one project, whose sequence is the passage, with a marker for each mark."""
    reel = passage.reel
    first, frames = _time(reel, reel.start + passage.first), _time(reel, passage.frames)
    title, name = xml_text(passage.title), xml_text(reel.name)
    pictured = ' hasVideo="1" format="r1" videoSources="1"' if reel.width else ""
    heard = f' hasAudio="1" audioSources="1" audioChannels="{reel.channels}" audioRate="{reel.sample_rate}"'
    sound = heard if reel.channels else ""
    source = quote(passage.media or reel.file)
    counting = "DF" if reel.drop_frame else "NDF"
    role = "" if reel.width else ' audioRole="dialogue"'
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE fcpxml>
<fcpxml version="1.9">
<resources>
<format id="r1" name="FFVideoFormatRateUndefined" frameDuration="{_time(reel, 1)}" width="{reel.width or 1920}" \
height="{reel.height or 1080}"/>
<asset id="r2" name="{name}" start="{first}" duration="{frames}"{pictured}{sound}>
<media-rep kind="original-media" src="{source}"/>
<metadata>
<md key="com.apple.proapps.studio.reel" value="{name}"/>
</metadata>
</asset>
</resources>
<library>
<event name="{title}">
<project name="{title}">
<sequence format="r1" duration="{frames}" tcStart="{_time(reel, record_hour(reel))}" tcFormat="{counting}" \
audioLayout="stereo" audioRate="48k">
<spine>
<asset-clip ref="r2" name="{title}" offset="{_time(reel, record_hour(reel))}" start="{first}" duration="{frames}" \
format="r1" tcFormat="{counting}"{role}>
{"".join(_marker(reel, mark.frame, mark.text) for mark in passage.marks)}</asset-clip>
</spine>
</sequence>
</project>
</event>
</library>
</fcpxml>
"""


def _marker(reel: Reel, frame: int, text: str) -> str:
    words = xml_text(" ".join(text.split()))
    return f'<marker start="{_time(reel, reel.start + frame)}" duration="{_time(reel, 1)}" value="{words}"/>\n'


def _time(reel: Reel, frames: int) -> str:
    """Frames as seconds over the rate's own numerator, so that programs see whole frames: `1001/30000s`, `100/25s`."""
    return f"{frames * reel.rate.denominator}/{reel.rate.numerator}s"
