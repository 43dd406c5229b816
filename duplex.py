"""The command `duplex`: gathers the verbs of the three packages, nothing else.

A verb's package is imported when the verb is called, so that `duplex transcript` never waits for a database or a codec.
"""

import errno
import sys

import cyclopts

app = cyclopts.App(
    name="duplex",
    help="A bilingual portal of filmed interviews. `duplex VERB --help` shows an example of each verb.",
)

app.command("catalogue.command:check", name="check", help="Read every page and print what is wrong, with its cure.")
app.command("catalogue.command:build", name="build", help="Build the whole site.")
app.command("catalogue.command:transcript", name="transcript", help="Print the transcript of a page as JSON.")
app.command("catalogue.command:cues", name="cues", help="Print the cues of a caption file as JSON.")
app.command("footage.command:ingest", name="ingest", help="Take a master into the media store and write its sheet.")
app.command("footage.command:probe", name="probe", help="Tell what a film file is.")
app.command("footage.command:cut", name="cut", help="Make a frame-exact clip of a master.")
app.command("edge_api.command:serve", name="serve", help="Serve catalogue and accounts at one address.")
app.command("edge_api.command:accounts", name="accounts", help="Find, export or erase an account.")
app.command("edge_api.command:keys", name="keys", help="Rotate the keys that sign codes, links and passwords.")
app.command("edge_api.command:doctor", name="doctor", help="Tell what is wrong with the settings, and the cure.")


def main() -> None:
    """Runs the verb on the command line. A full disk and Ctrl-C end it with a sentence, not with a traceback."""
    try:
        app()
    except KeyboardInterrupt:
        sys.exit(130)
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        where = f" ({error.filename})" if error.filename else ""
        sys.exit(f"duplex: the disk is full{where}. Free some space and run this again; nothing already stored is lost.")


if __name__ == "__main__":
    main()
