/** From one language to the other: the passage, the moment of the film and the sentence in view travel in the address. */

import { seconds } from "./timecode.js";

/** What the address brings from the other language: its own fragment, and {at, see} of a reader who was elsewhere. */
export function carried() {
  const [hash, ...more] = location.hash.split("&");
  const told = new URLSearchParams(more.join("&"));
  // Copied from now on, the address means the passage alone.
  if (more.length) history.replaceState(history.state, "", location.pathname + location.search + hash);
  const at = Number(told.get("at"));
  return { hash, at: at > 0 ? Math.round(at * 1000) : null, see: told.get("see") };
}

/** Makes the link to the other language lead where the reader is; `film` and `passage` are null on a page of words alone. */
export function carryPlace({ article, sentences, film = null, passage = null }) {
  const link = document.querySelector(".lang a:not(.missing)");
  const turns = [...article.querySelectorAll(".turn")];

  /** The first turn and sentence in view; null while the words have not been reached. */
  function reading() {
    const screen = article.querySelector(".screen");
    const top = screen && getComputedStyle(screen).position === "sticky" ? Math.max(0, screen.getBoundingClientRect().bottom) : 0;
    // A sliver of a line is not being read.
    const under = (element) => element.getBoundingClientRect().bottom > top + 30;
    const turn = turns.find(under);
    if (!turn || (turn === turns[0] && turn.getBoundingClientRect().top > top)) return null;
    return { turn, item: sentences.timed.find((item) => item.turn.section === turn && under(item.element)) ?? null };
  }

  function placeOf() {
    const read = reading();
    if (!film || (!film.begun && !passage.value)) return read ? `#${read.turn.id}` : "";
    const chosen = passage.value;
    const told = [`#t=${chosen ? `${seconds(chosen.in)},${seconds(chosen.out)}` : seconds(film.now)}`];
    if (chosen && film.begun && Math.abs(film.now - chosen.in) > 100) told.push(`at=${seconds(film.now)}`);
    const said = sentences.at(film.now)?.element.getBoundingClientRect();
    const followed = said && said.bottom > 0 && said.top < innerHeight;
    if (read && !followed) told.push(`see=${read.item?.start ?? read.turn.id}`);
    return told.join("&");
  }

  for (const event of ["pointerdown", "focus", "click"]) link?.addEventListener(event, () => (link.hash = placeOf()));
}
