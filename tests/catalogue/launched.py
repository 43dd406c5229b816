"""The command as an editor runs it: in a process of its own, under limits of time and memory."""

import os
import subprocess
import sys

MOST_MB = 500
SECONDS = 240
# Started by something small, so that the memory it tells of is its own and not that of the tests.
LAUNCHER = (
    "import resource, subprocess, sys; done = subprocess.run([sys.executable, '-m', 'duplex', *sys.argv[1:]]); "
    "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, file=sys.stderr); sys.exit(done.returncode)"
)


def duplex(project, *arguments, **env):
    """The command's exit code and the lines it printed about problems; it must end well in every other respect."""
    done = subprocess.run(
        [sys.executable, "-c", LAUNCHER, *arguments],
        cwd=project.root,
        env={**os.environ, **env},
        capture_output=True,
        check=False,
        timeout=SECONDS,
    )
    *lines, kilobytes = done.stderr.decode().splitlines()
    assert "Traceback" not in done.stderr.decode(), done.stderr.decode()[-3000:]
    assert int(kilobytes) < MOST_MB * 1000
    return done.returncode, lines
