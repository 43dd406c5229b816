"""Sets the pages out before MkDocs looks, and publishes after it has built. The only file that imports MkDocs.

mkdocs-static-i18n builds the second language by calling the whole build again from its own `on_post_build`: the events
below see that inner build too, and leave it alone. `duplex build` asks MkDocs for its pages only, and publishes itself.
"""

import sys
from collections.abc import Iterable
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from jinja2 import TemplateError
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import Abort
from mkdocs.plugins import event_priority

from catalogue.building.editorial import fingerprint, forget_rendered, note_rendered
from catalogue.building.lock import only_one
from catalogue.building.progress import terminal_steps
from catalogue.building.publishing import NotASite
from catalogue.building.site import BrokenPages, build_site, check_editorial
from catalogue.building.staging import stage
from catalogue.building.templating import template_fault
from catalogue.building.twins import NotYesOrNo, twins_asked
from catalogue.interview import Problem, home, other_language
from catalogue.pages.plan import NotAnOrigin, Plan, prepare
from catalogue.workers import WorkerDied


@event_priority(100)
def on_config(config: MkDocsConfig) -> MkDocsConfig:
    if "plan" in config.extra:
        return config
    held = ExitStack()
    try:
        root, compress = Path(config.config_file_path).parent, twins_asked(config.extra.get("compress"))
        # An empty setting counts as absent.
        config.site_url = config.site_url or "http://127.0.0.1:8000"
        plan = prepare(root, Path(config.site_dir), config.site_url, compress=compress)
        if not config.extra.get("pages_only"):
            held.enter_context(only_one(plan.lock, print))
        check_editorial(plan, datetime.now(UTC))
        print_before = fingerprint(plan)
        forget_rendered(plan)
        stage(plan)
    except BrokenPages as error:
        _tell(error.problems)
        raise Abort("The pages have mistakes; the site that stood is as it was.") from error
    except (NotAnOrigin, NotYesOrNo) as error:
        raise Abort(f"{error}.") from error
    except OSError as error:
        raise Abort(f"The pages cannot be set out: {error}.") from error
    config.extra.update(plan=plan, held=held, print=print_before)
    config.docs_dir, config.site_dir = str(plan.staged), str(plan.rendered)
    return config


def on_env(env: Any, config: MkDocsConfig, files: Any) -> None:
    plan, lang = _plan(config), _language(config)
    env.globals.update(
        words=plan.words[lang],
        lang=lang,
        root=home(lang),
        other={"lang": other_language(lang), "url": home(other_language(lang))},
        alternates=[],
        origin=plan.origin,
        assets=plan.assets.addresses,
    )


def on_page_context(context: dict[str, Any], page: Any, config: MkDocsConfig, nav: Any) -> None:
    lang, other = _language(config), other_language(_language(config))
    path = page.abs_url.removeprefix(home(lang))
    source = Path(page.file.abs_src_path).relative_to(_plan(config).staged / lang)
    # A page without its twin leads to the other language's home, never to nothing, and names no translation.
    exists = (_plan(config).staged / other / source).exists()
    context["other"] = {"lang": other, "url": home(other) + (path if exists else "")}
    named = {"fr": home("fr") + path, "en": home("en") + path, "x-default": home("fr") + path}
    context["alternates"] = list(named.items()) if exists else []


@event_priority(-200)
def on_post_build(config: MkDocsConfig) -> None:
    if _translator(config).building:
        return
    plan = _plan(config)
    note_rendered(plan, config.extra["print"])
    if config.extra.get("pages_only"):
        return
    try:
        with terminal_steps() as steps:
            done, problems = build_site(plan, datetime.now(UTC), steps)
    except BrokenPages as error:
        _tell(error.problems)
        raise Abort("The pages have mistakes; the site that stood is as it was.") from error
    except (NotASite, WorkerDied, OSError) as error:
        raise Abort(f"The site cannot be published: {error}.") from error
    _tell(problems)
    print(done.told(plan.site.name))
    config.extra["held"].close()


def on_build_error(error: Exception) -> None:
    if isinstance(error, TemplateError):
        raise Abort(template_fault(error)) from error


def _tell(problems: Iterable[Problem]) -> None:
    for problem in problems:
        print(problem, file=sys.stderr)


def _plan(config: MkDocsConfig) -> Plan:
    plan: Plan = config.extra["plan"]
    return plan


def _language(config: MkDocsConfig) -> str:
    return str(_translator(config).current_language)


def _translator(config: MkDocsConfig) -> Any:
    return config.plugins["i18n"]
