"""Small archives for the tests of search, and what a reader with all the time in the world would find in them."""

import hashlib
import re
import unicodedata
from datetime import date

from catalogue.interview import Interview, Speaker, Turn
from catalogue.search.entry import entry_bytes
from catalogue.search.index import index_files
from catalogue.search.numbering import Document

SENTENCES = [
    "L’usine ferma ; aujourd’hui, l’herbe pousse à l’intérieur de l’atelier n° 3.",
    "C’était l’été où Œdipe, notre chien, mangea le bœuf : quelle histoire !",
    "Jusqu’à l’aube, lorsqu’il pleuvait, on n’entendait qu’eux — et la mer.",
    "Presqu’île ou île, qu’importe : quelqu’un d’autre l’a déjà dessinée.",
    "À ÉVREUX, L’ÉCOLE DES FILLES ET CELLE DES GARÇONS N’ÉTAIENT QU’UNE.",
    "Ils étaient 1 200 en 1936, puis 1\u202f450, puis 12 ; le 1er mai, plus personne.",
    "Le porte-avions quitta Saint-Nazaire avec vingt-deux passagers, dit-on.",
    "La S.N.C.F., ou S. N. C. F., supprima l’arrêt ; le chef de gare pleura, puis s’en alla.",
    "« Va-t’en », me disait-elle, et je m’en allais, l’air de rien.",
    "Cette naïveté-là, l’aîné la garda jusqu’au bout : ex æquo avec son cadet.",
    "Lætitia vit à l’Haÿ-les-Roses, près d’un cœur de pierre sèche.",
    "Puisqu'il faut le dire, c'est qu'on l'a cru ; j'ai dit oui, d'abord.",
    "Les œufs, les nœuds et les vœux : trois mots, une seule lettre qu’on oublie.",
    "On l’appelait “le grand”, parce qu’il l’était, et c’est tout ce qu’il y a à dire.",
    "L’hôtel de l’Océan — chambre 12 — donnait sur la digue, où qu’on se mît.",
    "Entr’acte, grand’rue, prud’hommes : des apostrophes qui s’en vont.",
    "Il y a de la lumière, il y avait de la fumée, il n’y a plus que de l’eau.",
    "Quoiqu’elle fût née à Nîmes, l’accent de sa grand-mère lui manquait.",
    "Un café, s’il vous plaît ! Et l’addition. Ça coûte 3,50 €, soit 23 francs.",
    "Le train de 20h30, celui d’Angoulême, s’arrêtait n’importe où.",
]
_ELIDED = "l|d|j|m|t|s|c|n|qu|jusqu|lorsqu|puisqu|quoiqu"


def page(slug, turns, lang="fr", day="2026-03-14", **fields):
    """An interview of one speaker whose turns start every ten seconds."""
    said = {"title": slug, "summary": "", "spoken": lang, "place": ""} | fields
    speakers = (Speaker(key="Q", role="interviewer"), Speaker(key="A", name="Anne Morin", function="hydrographe"))
    return Interview(
        slug=slug,
        lang=lang,
        date=date.fromisoformat(day),
        speakers=said.pop("speakers", speakers),
        turns=tuple(
            Turn(id=f"t{at * 10_000}", key="QA"[at % 2], name="", start_ms=at * 10_000, paragraphs=(text,))
            for at, text in enumerate(turns)
        ),
        **said,
    )


class Index:
    """The index of some pages, as files by path."""

    def __init__(self, pages, lang="fr"):
        self.lang, self.entries, self.documents = lang, {}, []
        for one in pages:
            self.put(one)
        self.files = {}

    def put(self, one):
        self.drop(one.slug)
        self.entries[one.slug] = entry_bytes(one, one.topics)
        digest = hashlib.sha256(self.entries[one.slug]).hexdigest()[:12]
        self.documents.append(Document(slug=one.slug, date=one.date.isoformat(), digest=digest))

    def drop(self, slug):
        self.documents = [each for each in self.documents if each.slug != slug]

    def bring_up(self):
        """Brings the files up to the pages; gives how many were written, None when all were made anew."""
        made = index_files(self.lang, self.documents, self.entries.__getitem__, self.files.get)
        changed = dict(made.changed)
        stays = {} if made.gone is None else {path: self.files[path] for path in self.files.keys() - made.gone}
        self.files = stays | changed
        return None if made.gone is None else len(changed)

    def anew(self):
        made = index_files(self.lang, self.documents, self.entries.__getitem__, lambda path: None)
        return dict(made.changed)


def plainly(text):
    """The words of a text, told in another way than the index tells them: accents off, what is elided thrown away."""
    text = text.lower().replace("œ", "oe").replace("æ", "ae").replace("’", "'")
    text = "".join(each for each in unicodedata.normalize("NFD", text) if not unicodedata.combining(each))
    text = re.sub(rf"(?<![a-z0-9])(?:{_ELIDED})'", " ", text)
    text = re.sub(r"(?<![a-z])(?:[a-z]\. ?){3,}", lambda found: f"{re.sub('[. ]', '', found[0])} ", text)
    return re.findall(r"[a-z0-9]+(?:'[a-z0-9]+)*", text)


def bare(text):
    """As somebody types who knows no accents."""
    return "".join(
        each
        for each in unicodedata.normalize("NFD", text.replace("œ", "oe").replace("æ", "ae").replace("Œ", "OE"))
        if not unicodedata.combining(each)
    )
