"""Lists, feeds and maps made again where they changed: a branch whose key stayed is not looked at, a leaf whose key
stayed is not made."""

from collections.abc import Iterable, Mapping, Sequence
from functools import partial

from catalogue.building.progress import Steps
from catalogue.building.state import Grown, Made, grown
from catalogue.building.tray import Tray
from catalogue.pages.leaf import Branch
from catalogue.workers import Hand, batches, cores, spread


def grow(branches: Iterable[Branch], old: Mapping[str, Grown], tray: Tray, steps: Steps) -> dict[str, Grown]:
    """What becomes of each branch, by name; `old` is what the last build made of them."""
    done, stale, ahead = dict[str, Grown](), list[Branch](), dict[str, Hand[None, Grown]]()
    try:
        for branch in branches:
            known = old.get(branch.name)
            # Most often nothing is wrong, and there are tens of thousands to ask.
            lost = bool(tray.wrong) and known is not None and not tray.wrong.isdisjoint(known.made)
            if known is not None and known.key == branch.key and not lost:
                done[branch.name] = known
            elif branch.long:
                ahead[branch.name] = Hand(partial(_beside, branch, known, tray))
                ahead[branch.name].give(None)
            else:
                stale.append(branch)

        def make(numbers: Sequence[int]) -> list[tuple[str, Grown]]:
            some = [stale[number] for number in numbers]
            return [(branch.name, _grown(branch, old.get(branch.name), tray)) for branch in some]

        steps.begin("Making lists", len(stale))
        # Workers see the branches; what travels to them are numbers.
        for some in spread(make, batches(range(len(stale)), 20), cores()):
            steps.advance(len(some))
            done.update(some)
        return done | {name: hand.result() for name, hand in ahead.items()}
    finally:
        for hand in ahead.values():
            hand.end()


def _beside(branch: Branch, old: Grown | None, tray: Tray, _: None) -> Grown:
    return _grown(branch, old, tray)


def _grown(branch: Branch, old: Grown | None, tray: Tray) -> Grown:
    before, made = old.made if old else {}, dict[str, Made]()
    for leaf in branch.leaves():
        known = before.get(leaf.name)
        if known is None or known.key != leaf.key or leaf.name in tray.wrong:
            known = Made(leaf.key, tray.put(leaf.name, leaf.make(), known.output if known else None))
        made[leaf.name] = known
    return grown(branch.key, made)
