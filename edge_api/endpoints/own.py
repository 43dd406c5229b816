"""What the edge's own pages need besides themselves: their style."""

from __future__ import annotations

import re
from importlib.resources import files
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

# Family, weight, and the name of the file; the folder it lies in is named after what the theme holds.
_FACES = (
    ("Source Serif", 600, "serif-semibold"),
    ("Source Sans", 400, "sans-regular"),
    ("Source Sans", 600, "sans-semibold"),
)
# In the catalogue's style sheet: letters at hand that take the room of ours (CSS Fonts 5, size-adjust).
_AT_HAND = re.compile(r"@font-face \{[^}]*\blocal\([^}]*\}")


async def style(request: Request) -> Response:
    """GET /edge.css: the look of pages/, in the fonts that the last build wrote."""
    own = (files("edge_api") / "pages" / "edge.css").read_text(encoding="utf-8")
    css = _faces(Path(request.app.state.world.settings.site)) + own
    return Response(css, media_type="text/css", headers={"Cache-Control": "public, max-age=300"})


def _faces(site: Path) -> str:
    """The @font-face rules for fonts that are there, and the catalogue's for letters that stand in their place until
    they come; without a build, the system's own fonts serve."""
    sheets = list((site / "assets").glob("*/duplex.css"))
    told = _AT_HAND.findall(_newest(sheets).read_text(encoding="utf-8")) if sheets else []
    at_hand = "".join(f"{rule}\n" for rule in told if "italic" not in rule)
    found = [(family, weight, list((site / "assets").glob(f"*/{name}.woff2"))) for family, weight, name in _FACES]
    return at_hand + "".join(
        f'@font-face {{ font-family: "{family}"; font-weight: {weight}; font-display: swap; '
        f'src: url(/{_newest(fonts).relative_to(site).as_posix()}) format("woff2"); }}\n'
        for family, weight, fonts in found
        if fonts
    )


def _newest(fonts: list[Path]) -> Path:
    return max(fonts, key=lambda file: file.stat().st_mtime_ns)


routes = [Route("/edge.css", style, methods=["GET"])]
