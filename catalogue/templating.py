"""What is wrong with a template, in one sentence."""

import traceback
from pathlib import PurePath

from jinja2 import TemplateError, TemplateNotFound, TemplateSyntaxError


def template_fault(error: TemplateError) -> str:
    """Which template, which line, what is wrong; the site that stood is as it was."""
    if isinstance(error, TemplateNotFound):
        return f"There is no template {error}; the site that stood is as it was."
    if isinstance(error, TemplateSyntaxError):
        place = f"{PurePath(error.filename or error.name or 'a template').name}:{error.lineno}"
    else:
        frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename.endswith(".html")]
        place = f"{PurePath(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "a template"
    return f"{place}: {error.message or error}. Mend the template; the site that stood is as it was."
