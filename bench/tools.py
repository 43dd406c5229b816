"""Other people's tools, each in a folder of its own under the bench's: nothing is installed for the whole machine."""

import subprocess
import sys
from pathlib import Path


def python_environment(tools: Path, *packages: str) -> Path:
    """A virtual environment with these packages of PyPI; it is named after the first."""
    folder = tools / packages[0].partition("=")[0]
    if not (folder / "ready").exists():
        _run([sys.executable, "-m", "venv", "--clear", str(folder)])
        _run([str(folder / "bin" / "python"), "-m", "pip", "install", "--quiet", *packages])
        (folder / "ready").touch()
    return folder


def node_modules(tools: Path, *packages: str) -> Path:
    """A folder of these packages of npm; it is named after the first."""
    folder = tools / f"node-{packages[0].replace('/', '-')}"
    if not (folder / "ready").exists():
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "package.json").write_text('{"private": true}\n', encoding="utf-8")
        _run(["npm", "install", "--no-audit", "--no-fund", "--prefix", str(folder), *packages])
        (folder / "ready").touch()
    return folder / "node_modules"


def debian_package(tools: Path, *names: str) -> Path:
    """Packages of Debian, fetched and unpacked into one folder, not installed; it is named after the first."""
    folder = tools / f"debian-{names[0]}"
    if not (folder / "ready").exists():
        folder.mkdir(parents=True, exist_ok=True)
        _run(["apt-get", "download", "--quiet", *names], folder)
        for package in folder.glob("*.deb"):
            _run(["dpkg-deb", "--extract", str(package), str(folder)])
        (folder / "ready").touch()
    return folder


def _run(command: list[str], folder: Path | None = None) -> None:
    done = subprocess.run(command, cwd=folder, check=False, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"bench: {' '.join(command)} failed. {done.stderr.strip()}")
