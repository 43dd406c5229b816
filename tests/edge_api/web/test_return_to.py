"""People are led back to pages of this build, and never anywhere else."""

from __future__ import annotations

from pathlib import Path

import pytest

from edge_api.web.return_to import safe_path

PAGES = [
    "",
    "en/",
    "interviews/la-lampe/",
    "en/interviews/la-lampe/",
    "account/",
    "account/sign-in/",
    "account/reset/done/",
]
DOWNLOAD = "/downloads/" + "0a" * 16


@pytest.fixture
def site(tmp_path: Path) -> Path:
    root = tmp_path / "site"
    for page in PAGES:
        (root / page).mkdir(parents=True, exist_ok=True)
        (root / page / "index.html").write_text("<!doctype html>")
    (root / "catalogue.json").write_text("{}")
    (tmp_path / "index.html").write_text("outside")
    (root / "api").mkdir()
    (root / "api" / "index.html").write_text("no page for people")
    return root


@pytest.mark.parametrize(
    ("raw", "path"),
    [
        ("/", "/"),
        ("/en/", "/en/"),
        ("/account/", "/account/"),
        ("/interviews/la-lampe/", "/interviews/la-lampe/"),
        ("/interviews/la-lampe/#t=83.2,97.4", "/interviews/la-lampe/#t=83.2,97.4"),
        ("/en/interviews/la-lampe/#turn-3", "/en/interviews/la-lampe/#turn-3"),
        ("/interviews/la-lampe/?utm=1#t4200", "/interviews/la-lampe/#t4200"),
        ("/interviews/la-lampe/?next=https://evil.example/", "/interviews/la-lampe/"),
        ("/interviews/la-lampe/#", "/interviews/la-lampe/"),
        (DOWNLOAD, DOWNLOAD),
        (DOWNLOAD + "#x", DOWNLOAD),
        ("/interviews/la-lampe/#<script>", "/interviews/la-lampe/"),
        ("/interviews/la-lampe/#" + "x" * 201, "/interviews/la-lampe/"),
    ],
)
def test_a_page_of_this_build_is_kept(raw: str, path: str, site: Path) -> None:
    assert safe_path(raw, site) == path


@pytest.mark.parametrize(
    "raw",
    [
        None,
        "",
        "interviews/la-lampe/",
        DOWNLOAD + "0",
        DOWNLOAD + "/cancel",
        "/api" + DOWNLOAD,
        "/downloads/../" + "0a" * 16,
        "https://evil.example/",
        "//evil.example/",
        "///evil.example",
        "/\\evil.example",
        "\\/evil.example",
        "/\t/evil.example/",
        "/\r\n/evil.example",
        "/%2f%2fevil.example/",
        "/%5cevil.example",
        "/%2e%2e/",
        "/../",
        "/interviews/../../",
        "/./",
        "/interviews//la-lampe/",
        "/interviews/la-lampe",
        "/interviews/unknown/",
        "/catalogue.json",
        "/index.html",
        "/account/sign-in/",
        "/account/sign-in/?return_to=/",
        "/account/reset/done/",
        "/api/",
        "/api/sign-out",
        "javascript:alert(1)",
        " /",
        "/ ",
        "/\u00e9/",
        "/\x00",
        "/" + "a" * 600,
        "@evil.example",
        "/interviews/la-lampe/\\",
        "/interviews/la-lampe/@evil/",
    ],
)
def test_anything_else_leads_nowhere(raw: str | None, site: Path) -> None:
    assert safe_path(raw, site) is None
