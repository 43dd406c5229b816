"""What is wrong with a template, in one sentence."""

import re
import traceback
from pathlib import PurePath

from jinja2 import TemplateError, TemplateNotFound, TemplateSyntaxError

# A frame as a traceback writes it: a worker's own came as a note, since frames cannot leave their process.
_FRAME = re.compile(r'File "([^"]+\.html)", line (\d+)')


def template_fault(error: TemplateError) -> str:
    """Which template, which line, what is wrong; the site that stood is as it was."""
    if isinstance(error, TemplateNotFound):
        return f"There is no template {error.name}; the site that stood is as it was."
    if isinstance(error, TemplateSyntaxError):
        place = f"{PurePath(error.filename or error.name or 'a template').name}:{error.lineno}"
    else:
        told = [*traceback.format_tb(error.__traceback__), *getattr(error, "__notes__", ())]
        frames = _FRAME.findall("".join(told))
        place = f"{PurePath(frames[-1][0]).name}:{frames[-1][1]}" if frames else "a template"
    return f"{place}: {error.message or error}. Mend the template; the site that stood is as it was."
