"""Which scene belongs to which film."""

from collections.abc import Callable

from demonstration.scenes import Scene
from demonstration.scenes.cinema import Cinema
from demonstration.scenes.desk import Desk
from demonstration.scenes.estuary import Estuary
from demonstration.scenes.lighthouse import Lighthouse
from demonstration.scenes.loom import Loom
from demonstration.scenes.mountain import Mountain
from demonstration.scenes.seeds import Seeds
from demonstration.scenes.tape import Tape

_SCENES: dict[str, Callable[[], Scene]] = {
    "phare-men-tensel": Lighthouse,
    "metier-a-tisser": Loom,
    "chart-of-the-estuary": Estuary,
    "ce-que-la-montagne-retient": Mountain,
    "archives-du-son": Tape,
    "night-desk": Desk,
    "graines-de-demain": Seeds,
    "subtitles-at-dawn": Cinema,
}


def scene_of(name: str) -> Scene:
    """The scene of a film, ready to be drawn. KeyError when nobody drew one."""
    return _SCENES[name]()
