"""Sets the pages out before MkDocs looks, and publishes after it has built. The only file that imports MkDocs.

mkdocs-static-i18n builds the second language by calling the whole build again from its own `on_post_build`: the events
below see that inner build too, and leave it alone.
"""

import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import Abort
from mkdocs.plugins import event_priority

from catalogue.building import BrokenPages, Build, prepare
from catalogue.interview import Problem, home, other_language
from catalogue.publishing import NotASite, publish
from catalogue.staging import stage


@event_priority(100)
def on_config(config: MkDocsConfig) -> MkDocsConfig:
    if "build" in config.extra:
        return config
    root = Path(config.config_file_path).parent
    try:
        build = prepare(root, Path(config.site_dir), config.site_url or "", datetime.now(UTC))
        stage(build)
    except BrokenPages as error:
        _tell(error.problems)
        raise Abort("The pages have mistakes; the site that stood is as it was.") from error
    except OSError as error:
        raise Abort(f"The pages cannot be set out: {error}.") from error
    _tell(build.archive.problems)
    config.extra["build"] = build
    config.docs_dir, config.site_dir = str(build.staged), str(build.rendered)
    return config


def on_env(env: Any, config: MkDocsConfig, files: Any) -> None:
    build, lang = _build(config), _language(config)
    env.globals.update(
        words=build.words[lang],
        lang=lang,
        root=home(lang),
        other={"lang": other_language(lang), "url": home(other_language(lang))},
        origin=build.origin,
        assets=build.assets.addresses,
    )


def on_page_context(context: dict[str, Any], page: Any, config: MkDocsConfig, nav: Any) -> None:
    lang, other = _language(config), other_language(_language(config))
    path = page.abs_url.removeprefix(home(lang))
    source = Path(page.file.abs_src_path).relative_to(_build(config).staged / lang)
    # A page without its twin leads to the other language's home, never to nothing.
    exists = (_build(config).staged / other / source).exists()
    context["other"] = {"lang": other, "url": home(other) + (path if exists else "")}


@event_priority(-200)
def on_post_build(config: MkDocsConfig) -> None:
    if _translator(config).building:
        return
    try:
        done = publish(_build(config))
    except (NotASite, OSError) as error:
        raise Abort(f"The site cannot be published: {error}.") from error
    print(f"{done.files} files in {_build(config).site.name}/, {done.written} written, {done.deleted} deleted.")


def _tell(problems: Iterable[Problem]) -> None:
    for problem in problems:
        print(problem, file=sys.stderr)


def _build(config: MkDocsConfig) -> Build:
    build: Build = config.extra["build"]
    return build


def _language(config: MkDocsConfig) -> str:
    return str(_translator(config).current_language)


def _translator(config: MkDocsConfig) -> Any:
    return config.plugins["i18n"]
