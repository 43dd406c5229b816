"""An interview as lists show it: its picture, or its own words where there is no film; title, people, day, languages.

Written by hand, not by a template: a large archive shows each of its interviews in ten lists and beside three others.
"""

from collections.abc import Iterable

from markupsafe import Markup

from catalogue.escaping import attribute, escape
from catalogue.interview import Record, media
from catalogue.timecode import format_short
from catalogue.wording import Words, date_text


class Cards:
    """The cards that a language shows; a title in the other language says so."""

    def __init__(self, lang: str, words: Words) -> None:
        self.lang, self.words = lang, words
        listing = words["listing"]
        self.transcript_only = f" · {escape(listing['transcript_only'])}"
        self.untranslated = f' <span class="tag not-yet">{escape(listing["untranslated"])}</span>'
        self.tags = {
            each: f'<abbr class="tag" lang="{each}" title="{attribute(words["language"][each])}">{each.upper()}</abbr>'
            for each in ("fr", "en")
        }

    def grid(self, interviews: Iterable[Record], level: int = 3) -> Markup:
        """Several cards; `level` is that of the heading each has for its title."""
        items = "".join(self.item(one, level) for one in interviews)
        return Markup(f'<ul class="grid">\n{items}</ul>\n')

    def item(self, one: Record, level: int) -> str:
        """One card in a grid."""
        foreign = self.foreign(one)
        hreflang = f' hreflang="{one.lang}"' if foreign else ""
        # One sign: a line never breaks between the two languages.
        tags = "\u00a0".join([self.tags[each] for each in one.languages])
        return (
            f'<li class="card">\n{self.picture(one)}\n'
            f'<h{level}><a href="{one.url}"{foreign}{hreflang}>{escape(one.title)}</a></h{level}>\n'
            f'<p class="by"{foreign}>{self.people(one)}</p>\n'
            f'<p class="when"><time datetime="{one.date}">{date_text(one.date, self.lang)}</time>'
            f"{'' if one.film else self.transcript_only} {tags}{self.untranslated if foreign else ''}</p>\n</li>\n"
        )

    def picture(self, one: Record, eager: bool = False) -> Markup:
        """A still of the film with its length, or the first words; `eager` is the large one of the home page."""
        if one.film is None:
            words = escape(one.quote or one.summary)
            return Markup(f'<span class="pic tile" aria-hidden="true"{self.foreign(one)}><span>{words}</span></span>')
        address = media(one.film, "poster")
        # How wide the style sheet draws them, where a browser cannot see that for itself (`auto`, WHATWG HTML 4.8.3).
        if eager:
            sizes = f'{address}-720.jpg 720w, {address}.jpg 1280w" sizes="(max-width: 860px) 100vw, 54vw'
            how = 'fetchpriority="high"'
        else:
            sizes = f'{address}-360.jpg 360w, {address}-720.jpg 720w" sizes="auto, (max-width: 600px) 92vw, 350px'
            how = 'loading="lazy"'
        return Markup(
            f'<span class="pic"><img src="{address}-720.jpg" srcset="{sizes}" width="1280" height="720" alt="" {how} '
            f'decoding="async"><span class="d">{format_short(one.film.duration_ms)}</span></span>'
        )

    def people(self, one: Record) -> Markup:
        """Who answers, each with what they do when the page says it of all of them."""
        answering = one.answering
        told = all(speaker.function for speaker in answering)
        return Markup(
            " · ".join(
                f"<b>{escape(speaker.name)}</b>" + (f", <span>{escape(speaker.function)}</span>" if told else "")
                for speaker in answering
            )
        )

    def foreign(self, one: Record) -> Markup:
        """The language of words that are not in the page's own."""
        return Markup(f' lang="{one.lang}"' if one.lang != self.lang else "")
