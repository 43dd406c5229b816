"""The command `duplex`: gathers the verbs of the three packages, nothing else.

A verb's module is imported when the verb is called, so that `duplex transcript` never waits for a database or a codec.
"""

import errno
import os
import sys

import cyclopts


def _version() -> str:
    # The module that knows reads mail headers: nobody else waits for it.
    from importlib.metadata import version

    return version("duplex")


app = cyclopts.App(
    name="duplex",
    help="A bilingual portal of filmed interviews. `duplex VERB --help` shows an example of each verb.",
    # Left to itself, cyclopts asks whatever package called it: none when this is run as `python -m duplex`.
    version=_version,
)

# Verb, where it stands (the module `command` of a package, unless one is named), what it is for, an example. Without
# example: the verb is an App that shows one itself.
_VERBS = (
    ("check", "catalogue", "Read every page and print what is wrong, with its cure.", "duplex check --strict"),
    ("build", "catalogue", "Build the whole site.", "duplex build"),
    ("new", "catalogue", "Begin an interview: its page in both languages.", "duplex new SLUG --speaker 'Claire Duval'"),
    ("preview", "catalogue", "Show the catalogue while it is written; every edit at once.", "duplex preview"),
    ("transcript", "catalogue", "Print the transcript of a page as JSON.", "duplex transcript docs/en/interviews/x.md"),
    ("cues", "catalogue", "Print the cues of a caption file as JSON.", "duplex cues captions.vtt"),
    ("ingest", "footage", "Take a master into the media store and write its sheet.", ""),
    ("probe", "footage", "Tell what a film file is.", ""),
    ("cut", "footage.cut_command", "Make a frame-exact clip of a master.", ""),
    ("verify", "footage", "Judge a clip against its master, frame by frame.", ""),
    ("serve", "edge_api", "Serve catalogue and accounts at one address.", "duplex serve"),
    ("newsletter", "edge_api", "Prepare, look at, try and send issues of the newsletter.", ""),
    ("accounts", "edge_api", "Find, export or erase an account.", ""),
    ("keys", "edge_api", "Make or rotate the keys that sign codes, links and passwords.", ""),
    ("backup", "edge_api", "Write database and keys into one file.", "duplex backup 2026-12-01.zip"),
    ("restore", "edge_api", "Put a backup into an empty database: all or nothing.", "duplex restore 2026-12-01.zip"),
    ("doctor", "edge_api", "Tell what is wrong with the settings, and the cure.", "duplex doctor"),
)

for _verb, _where, _help, _example in _VERBS:
    _shown = {"help_epilogue": f"Example: {_example}"} if _example else {}
    _module = _where if "." in _where else f"{_where}.command"
    app.command(f"{_module}:{_verb}", name=_verb, help=_help, **_shown)


def main() -> None:
    """Runs the verb on the command line. A full disk, what may not be read or written, a closed pipe, Ctrl-C: it ends
    with a sentence, or none, not with a traceback."""
    for name in [name for name, value in os.environ.items() if name.startswith("DUPLEX_") and not value]:
        # An empty setting counts as absent, for everything that is called from here too.
        del os.environ[name]
    try:
        app()
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:
        # Who reads has gone, as `head` does: nothing is left to be said, not even when Python ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(141)
    except OSError as error:
        if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
            sys.exit(f"duplex: {error.filename}: {error.strerror}. See who may read and write there.")
        if error.errno != errno.ENOSPC:
            raise
        where = f" ({error.filename})" if error.filename else ""
        sys.exit(
            f"duplex: the disk is full{where}. Free some space and run this again; nothing already stored is lost."
        )


if __name__ == "__main__":
    main()
