"""Whether MkDocs has anything to do: it renders the editors' own pages and the shell; most builds change neither."""

from pathlib import Path

from catalogue.building.staging import pages_of
from catalogue.interview import LANGUAGES
from catalogue.pages.plan import HERE, Plan
from catalogue.sources import digest_of


def is_rendered(plan: Plan) -> bool:
    """What MkDocs made last time is what it would make now."""
    try:
        return _note(plan).read_bytes() == fingerprint(plan)
    except FileNotFoundError:
        return False


def forget_rendered(plan: Plan) -> None:
    """Before MkDocs begins: what it leaves half made is not to be taken for whole."""
    _note(plan).unlink(missing_ok=True)


def note_rendered(plan: Plan, print_before: bytes) -> None:
    """After it ended well; `print_before` is the fingerprint from before it began."""
    _note(plan).write_bytes(print_before)


def fingerprint(plan: Plan) -> bytes:
    """The hash of everything that MkDocs looks at, wherever the project lies."""
    files = [plan.root / "mkdocs.yml", plan.root / "mkdocs_hook.py"]
    files += [file for lang in LANGUAGES for file in pages_of(plan.root / "docs" / lang)]
    named = [(file.relative_to(plan.root), file) for file in files]
    theme = sorted(file for file in (HERE / "theme").rglob("*") if file.suffix == ".html")
    named += [(file.relative_to(HERE), file) for file in theme]
    parts = [part for name, file in named for part in (name.as_posix().encode(), file.read_bytes())]
    assets = [address.encode() for address in plan.assets.addresses.values()]
    return digest_of(plan.program, *parts, *assets)


def _note(plan: Plan) -> Path:
    return plan.work / "mkdocs.print"
