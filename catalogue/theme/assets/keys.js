/** The keyboard as cutters of films know it; and the arrows that walk through the words, one stop of the Tab key. */

const LETTERS = "jklio,.";

/** The key, small where the capitals are locked. */
const letterOf = ({ key }) => (key.length === 1 ? key.toLowerCase() : key);

export function listenToKeys({ film, passage, sentences }) {
  const letters = document.getElementById("letters");
  let cursor = null;

  /** Makes a sentence the one stop of the transcript; it says that it is a link. */
  function stopAt(item, focus) {
    if (cursor !== item) {
      for (const name of ["tabindex", "role", "aria-describedby"]) cursor?.element.removeAttribute(name);
      cursor = item;
      item.element.tabIndex = 0;
      item.element.role = "link";
      item.element.setAttribute("aria-describedby", "sentence-help");
    }
    if (focus) item.element.focus();
  }

  /** Keys on a sentence: the next one, the passage with it, playing, the two points. */
  function onSentence(event, item) {
    const steps = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
    if (steps) {
      const next = sentences.beside(item, steps);
      if (event.shiftKey) extend(item, next);
      stopAt(next, true);
    } else if (event.key === "Home") stopAt(sentences.timed[0], true);
    else if (event.key === "End") stopAt(sentences.timed.at(-1), true);
    else if (event.key === "Enter") film.seek(item.start, true);
    else if (letters.checked && letterOf(event) === "i") passage.enter(item.start);
    else if (letters.checked && letterOf(event) === "o") passage.leave(item.end);
    else return false;
    return true;
  }

  /** The passage grows or shrinks at the end where the reader stands. */
  function extend(item, next) {
    const { sentences: chosen } = passage;
    if (item === chosen[0] && item !== chosen.at(-1)) passage.chooseBetween(next, chosen.at(-1));
    else if (item === chosen.at(-1)) passage.chooseBetween(chosen[0], next);
    else passage.chooseBetween(item, next);
  }

  function onPage(event) {
    const jumps = { j: -10_000, l: 10_000, ArrowLeft: -5_000, ArrowRight: 5_000 };
    const key = letterOf(event);
    if (event.shiftKey) return false;
    if (LETTERS.includes(key) && !letters.checked) return false;
    if (key in jumps) film.jump(jumps[key]);
    else if (key === "k") film.toggle();
    // A space turns the page of a reader who has not asked for the film.
    else if (key === " " && film.begun) film.toggle();
    else if (key === ",") film.step(-1);
    else if (key === ".") film.step(1);
    else if (key === "i") passage.point("in");
    else if (key === "o") passage.point("out");
    else return false;
    return true;
  }

  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    const { target } = event;
    if (target.closest("textarea, select, input:not([type=checkbox], [type=range]), dialog")) return;
    if (target.closest("input[type=range]") && event.key.startsWith("Arrow")) return;
    if (event.key === " " && target.closest("button, a, summary, input, video")) return;
    const item = sentences.of(target);
    if (((item && item === cursor && onSentence(event, item)) || onPage(event))) event.preventDefault();
  });

  if (!sentences.timed.length) return;
  stopAt(sentences.timed[0], false);
  for (const link of document.querySelectorAll("a.time")) Object.assign(link, { tabIndex: -1, href: link.hash });
  // Tab leads to what is being said, unless somebody is reading elsewhere in the words.
  film.video.addEventListener("timeupdate", () => {
    const said = sentences.at(film.now);
    if (said && film.begun && document.activeElement !== cursor.element) stopAt(said, false);
  });
}
