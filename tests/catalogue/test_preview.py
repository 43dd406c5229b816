"""The preview: pages with a script of their own, an edit told to whoever waits, mistakes shown."""

import json
import os
import signal
import socket
import struct
import subprocess
import sys
from http.client import HTTPConnection

import pytest

from catalogue.building.watching import trace


@pytest.fixture
def previewed(project):
    project.interview("phare")
    run = subprocess.Popen(
        [sys.executable, "-m", "duplex", "preview", "--port", "0"],
        cwd=project.root,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    port = int(run.stdout.readline().split(":")[2].split("/")[0])
    yield project, port
    # As a terminal says Ctrl-C: to every process that was begun here.
    os.killpg(run.pid, signal.SIGINT)
    # Whatever readers did meanwhile, an editor is told of nothing but pages.
    assert "Traceback" not in run.communicate()[1]
    assert run.returncode == 0


def ask(port, path, host=None):
    line = HTTPConnection("127.0.0.1", port, timeout=60)
    line.request("GET", path, headers={"Host": host or f"127.0.0.1:{port}"})
    answer = line.getresponse()
    data = answer.read()
    line.close()
    return answer, data


def news(port, after):
    return json.loads(ask(port, f"/preview/news?after={after}")[1])


def test_an_edit_is_told_and_shown_and_a_mistake_too(previewed):
    project, port = previewed
    first = news(port, 0)
    while not first["built"]:
        first = news(port, first["number"])
    answer, page = ask(port, "/interviews/phare/")
    assert b"Non, merci." in page
    assert b'src="/preview/preview.js"' in page
    assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
    assert b"preview" not in (project.site / "interviews/phare/index.html").read_bytes()
    project.interview("phare", turns="Q : Oui ?\n\nANNE : Non, jamais.")
    second = news(port, first["number"])
    assert second["built"]
    assert b"jamais" in ask(port, "/interviews/phare/")[1]
    project.interview("phare", date="2026-02-31")
    third = news(port, second["number"])
    assert not third["built"]
    assert "docs/fr/interviews/phare.md:3: date" in third["lines"][0]
    assert ask(port, "/", host="evil.example:80")[0].status == 421
    assert ask(port, "/../docs/fr/interviews/phare.md")[0].status == 404


def test_a_page_that_is_not_there_yet_waits_for_it_and_one_that_is_left_is_no_mistake(previewed):
    project, port = previewed
    answer, page = ask(port, "/interviews/digue/")
    assert answer.status == 404
    assert b'src="/preview/preview.js"' in page
    # Two tellings have two numbers, the first build's too: a page that waits for it is told at once.
    told = news(port, 1)
    assert (told["number"], told["built"]) == (2, True)
    left = socket.create_connection(("127.0.0.1", port))
    left.sendall(f"GET /preview/news?after={told['number']} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n".encode())
    # Closed at once, with no word to the other side.
    left.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    left.close()
    project.interview("digue")
    assert news(port, told["number"])["built"]
    assert ask(port, "/interviews/digue/")[0].status == 200


def test_a_file_that_is_away_for_a_moment_is_no_reason_to_stop(project):
    before = trace(project.root)
    (project.root / "mkdocs.yml").rename(project.root / "mkdocs.yml~")
    assert trace(project.root) != before


def test_a_port_that_is_none_is_refused(project):
    result = project.run(sys.executable, "-m", "duplex", "preview", "--port", "99999")
    assert (result.returncode > 0, "Traceback" in result.stderr) == (True, False)
    assert "65535" in result.stderr + result.stdout
