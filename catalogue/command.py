"""The catalogue's verbs: check, build, new, preview, transcript, cues. Only here does the catalogue ask for time and
settings."""

import os
import subprocess
import sys
import time
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Literal

import msgspec
from cyclopts import Parameter, validators
from jinja2 import TemplateError

from catalogue.building.editorial import is_rendered
from catalogue.building.lock import only_one
from catalogue.building.progress import Steps, terminal_steps
from catalogue.building.publishing import HalfMoved, NotASite, Published
from catalogue.building.site import BrokenPages, build_site, check_editorial
from catalogue.building.templating import template_fault
from catalogue.building.twins import NotYesOrNo, twins_asked
from catalogue.building.watching import trace
from catalogue.exports.captions import NotCaptions, read_captions
from catalogue.exports.transcripts import transcript_json
from catalogue.interview import LANGUAGES, Problem
from catalogue.pages.plan import NotAnOrigin, Plan, prepare
from catalogue.reading.archive import read_archive
from catalogue.reading.checking import no_address
from catalogue.reading.parsing import read_page
from catalogue.reading.skeleton import skeleton
from catalogue.workers import WorkerDied

# How long a preview waits before it looks again, in seconds.
_LOOK_S = 0.1
Strict = Annotated[bool, Parameter(help="Let warnings fail too.")]
Compress = Annotated[
    bool | None, Parameter(help="Write text files in gzip and brotli too. Unless said, DUPLEX_COMPRESS decides.")
]


def check(*, strict: Strict = False) -> int:
    """Read every page and print what is wrong, each with its line and its cure.

    Example: duplex check
    """
    archive = read_archive(_project(), datetime.now(UTC))
    _tell(archive.problems)
    if not archive.problems:
        print(f"{archive.pages} pages of interviews, nothing to mend.")
    return 1 if archive.errors or (strict and archive.problems) else 0


def build(*, strict: Strict = False, compress: Compress = None) -> int:
    """Build the whole site into `site/` (DUPLEX_SITE): only what changed since the last build is made again.

    Example: duplex build --compress
    """
    known: list[object] = []
    try:
        plan = _plan(compress=compress)
        with only_one(plan.lock, lambda line: print(line, file=sys.stderr, flush=True)), terminal_steps() as steps:
            done, problems = _made(plan, steps, strict=strict, keep=known)
    except BrokenPages as error:
        _tell(error.problems)
        return 1
    except TemplateError as error:
        sys.exit(f"duplex: {template_fault(error)}")
    except (NotASite, NotAnOrigin, NotYesOrNo, WorkerDied, MkDocsStopped) as error:
        sys.exit(f"duplex: {error}.")
    except OSError as error:
        sys.exit(f"duplex: {_unbuilt(error)}")
    _tell(problems)
    print(done.told(plan.site.name), flush=True)
    # What a large archive's build knew would be cleared away piece by piece: a fifth of a second in which nothing
    # happens.
    os._exit(0)


def new(
    slug: str,
    *,
    speaker: Annotated[
        list[str] | None, Parameter(help="Who answers; may be given again for each.", negative="")
    ] = None,
    spoken: Annotated[Literal["fr", "en"], Parameter(help="The language heard.")] = "fr",
    master: Annotated[str, Parameter(help="The id of the film, when it is ingested.")] = "",
) -> None:
    """Begin an interview: its page in both languages, with every field, a question and an answer to fill in.

    Nothing that stands is overwritten. What is still to be written is told by `duplex check`.

    Example: duplex new phare-men-tensel --speaker "Claire Duval" --spoken fr
    """
    root = _project()
    if wrong := no_address(slug):
        sys.exit(f"duplex: {wrong}.")
    files = {lang: root / "docs" / lang / "interviews" / f"{slug}.md" for lang in LANGUAGES}
    for file in files.values():
        if file.exists():
            sys.exit(f"duplex: {file.relative_to(root)} stands already. Choose another name, or go on with that page.")
    for lang, file in files.items():
        text = skeleton(lang, datetime.now().date(), spoken=spoken, speakers=speaker or (), master=master)
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("x", encoding="utf-8") as page:
            page.write(text)
        print(file.relative_to(root))


def preview(
    *,
    port: Annotated[
        int, Parameter(help="Where to serve, on this machine only.", validator=validators.Number(gte=0, lte=65_535))
    ] = 8001,
    compress: Annotated[Compress, Parameter(show=False)] = None,
) -> None:
    """Serve the catalogue on this machine, build every edit at once, and load the open page again. Ctrl-C ends it.

    What is wrong with a page is shown on it, and here.

    Example: duplex preview --port 8001
    """
    # It serves, and a build need not wait for what serving takes.
    from catalogue.building.preview import Served

    try:
        plan = _plan(compress=compress)
    except (NotAnOrigin, NotYesOrNo) as error:
        sys.exit(f"duplex: {error}.")
    except OSError as error:
        sys.exit(f"duplex: {_unbuilt(error)}")
    try:
        served = Served(plan.site, port)
    except OSError as error:
        sys.exit(f"duplex: port {port} cannot be listened on ({error.strerror}). Choose another with --port.")
    print(f"http://127.0.0.1:{served.port}/ shows what stands in docs/. Ctrl-C ends it.", flush=True)
    before = None
    try:
        while True:
            if (now := trace(plan.root)) == before:
                time.sleep(_LOOK_S)
                continue
            before = now
            began = time.monotonic()
            lines, built = _rebuild(plan)
            print(*lines, f"{time.monotonic() - began:.2f} s", sep="\n", flush=True)
            served.tell(lines[:-1] if built else lines, built=built)
    except KeyboardInterrupt:
        served.end()


def _rebuild(plan: Plan) -> tuple[list[str], bool]:
    """What a build says, and whether the site was built anew."""
    try:
        plan = prepare(plan.root, plan.site, plan.origin, compress=plan.compress)
        with only_one(plan.lock, print), terminal_steps() as steps:
            done, problems = _made(plan, steps, strict=False)
    except BrokenPages as error:
        return [str(problem) for problem in error.problems], False
    except TemplateError as error:
        return [template_fault(error)], False
    except (NotASite, WorkerDied, MkDocsStopped) as error:
        return [f"{error}."], False
    except OSError as error:
        return [_unbuilt(error)], False
    return [*map(str, problems), done.told(plan.site.name)], bool(done.written or done.deleted)


def _made(
    plan: Plan, steps: Steps, *, strict: bool, keep: list[object] | None = None
) -> tuple[Published, tuple[Problem, ...]]:
    """A build, and before it what MkDocs renders, when that changed."""
    if not is_rendered(plan):
        check_editorial(plan, datetime.now(UTC))
        steps.begin("Editorial pages, by MkDocs")
        _render(plan)
    return build_site(plan, datetime.now(UTC), steps, strict=strict, keep=keep)


def _unbuilt(error: OSError) -> str:
    if isinstance(error, HalfMoved):
        stands = "what was made is only partly in the site; the next build moves the rest"
        return f"{stands} ({error}). Make room, or see who may write there, and build again."
    return f"the site cannot be built ({error}); it is as it was. Make room, or see who may read and write there."


class MkDocsStopped(Exception):
    """MkDocs could not render the editorial pages; why is in the message."""


def _render(plan: Plan) -> None:
    """Lets MkDocs render what a theme is for. In a process of its own: most builds need nothing of it."""
    arguments = [sys.executable, "-m", "mkdocs", "build", "--quiet", "--config-file", str(plan.root / "mkdocs.yml")]
    # Material announces its end on every run; DECISIONS.md says what this project does about it.
    told = {"NO_MKDOCS_2_WARNING": "1", "DUPLEX_PAGES_ONLY": "true"}
    done = subprocess.run(
        arguments, cwd=plan.root, env={**os.environ, **told}, check=False, capture_output=True, text=True
    )
    sys.stderr.write(done.stderr if "Traceback (most recent call last)" not in done.stderr else "")
    if done.returncode:
        # What ends it in its own words, our hook's too, is told on standard output.
        reason = (done.stderr.strip() or done.stdout.strip()).rpartition("\n")[2].rstrip(".")
        raise MkDocsStopped(f"MkDocs stopped ({reason}); the site is as it was. `mkdocs build` shows where")


def _plan(*, compress: bool | None) -> Plan:
    """What to build: mkdocs.yml reads the same names for MkDocs."""
    root = _project()
    site = root / os.environ.get("DUPLEX_SITE", "site")
    if compress is None:
        compress = twins_asked(os.environ.get("DUPLEX_COMPRESS"))
    return prepare(root, site, os.environ.get("DUPLEX_ORIGIN", "http://127.0.0.1:8000"), compress=compress)


def transcript(file: Path) -> int:
    """Print the transcript of a page as JSON: its turns, and the problems found in them.

    Example: duplex transcript docs/fr/interviews/phare-men-tensel.md
    """
    data = _bytes_of(file)
    lang = next((lang for lang in LANGUAGES if lang in file.resolve().parts), LANGUAGES[0])
    page = read_page(data, path=str(file), slug=file.stem, lang=lang)
    _write(transcript_json(page.turns, page.problems))
    return 0


def cues(file: Path) -> int:
    """Print the cues of a caption file (WebVTT or SRT) as JSON.

    Example: duplex cues site/interviews/phare-men-tensel/captions.vtt
    """
    try:
        found = read_captions(_bytes_of(file), file.name)
    except NotCaptions as error:
        sys.exit(f"{file}:1: {error}")
    shown = [
        {"id": cue.id, "start_ms": cue.start_ms, "end_ms": cue.end_ms, "settings": cue.settings, "text": cue.text}
        for cue in found
    ]
    _write(msgspec.json.format(msgspec.json.encode(shown), indent=1) + b"\n")
    return 0


def _project() -> Path:
    """The nearest folder, from here upwards, that has an mkdocs.yml."""
    here = Path.cwd()
    found = next((folder for folder in (here, *here.parents) if (folder / "mkdocs.yml").is_file()), None)
    return found or sys.exit("duplex: no mkdocs.yml here or above. Go to the project's folder first.")


def _bytes_of(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        sys.exit(f"duplex: {file} cannot be read ({error.strerror}). Give the path of a file.")


def _write(data: bytes) -> None:
    sys.stdout.buffer.write(data)


def _tell(problems: Iterable[Problem]) -> None:
    for problem in problems:
        print(problem, file=sys.stderr)
