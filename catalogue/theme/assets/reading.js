/** Reading with a tool: looking for words in this transcript, and the other language side by side. */

import { element, fill, id } from "./say.js";
import { Sentences } from "./sentences.js";

const SPELLED = { œ: "oe", æ: "ae", ß: "ss", "’": "'", "\u202f": " ", "\u00a0": " ", "\u2011": "-", "‐": "-" };

/** Letters as they are compared, and for each the place in the text it comes from. */
function fold(text) {
  let letters = "";
  const places = [];
  let at = 0;
  for (const letter of text) {
    const plain = SPELLED[letter.toLowerCase()] ?? letter.toLowerCase().normalize("NFD").replace(/\p{M}/gu, "");
    for (const each of plain) places.push(at, ...Array(each.length - 1).fill(at));
    letters += plain;
    at += letter.length;
  }
  places.push(at);
  return { letters, places };
}

/** Looks for words without accents, whatever the apostrophe, from one place to the next. */
export function findWords(sentences) {
  const form = id("finder");
  const field = id("find-words");
  const opener = id("find");
  if (!form) return;
  const marks = typeof Highlight === "function";
  let folded = null;
  let found = [];
  let at = -1;

  function search() {
    clear();
    const wanted = fold(field.value.trim().replace(/\s+/g, " ")).letters;
    if (wanted.length < 2) return (id("find-count").value = "");
    folded ??= sentences.all.map((item) => ({ item, ...fold(item.text) }));
    for (const { item, letters, places } of folded) {
      for (let from = letters.indexOf(wanted); from >= 0; from = letters.indexOf(wanted, from + wanted.length)) {
        found.push({ item, range: rangeOf(item.element, places[from], places[from + wanted.length]) });
      }
    }
    if (marks) CSS.highlights.set("found", new Highlight(...found.map((each) => each.range)));
    go(found.findIndex(({ item }) => item.element.getBoundingClientRect().bottom > 0));
  }

  function go(to) {
    at = found.length ? (to + found.length) % found.length : -1;
    id("find-count").value = at < 0 ? form.dataset.none : fill(form.dataset.count, { n: at + 1, total: found.length });
    if (at < 0) return;
    const { item, range } = found[at];
    if (marks) CSS.highlights.set("found-now", Object.assign(new Highlight(range), { priority: 2 }));
    item.element.scrollIntoView({ block: "center" });
  }

  function clear() {
    found = [];
    at = -1;
    if (marks) ["found", "found-now"].forEach((name) => CSS.highlights.delete(name));
  }

  function show(open) {
    form.hidden = !open;
    opener.ariaExpanded = String(open);
    if (open) return field.select();
    clear();
    opener.focus();
  }

  opener.addEventListener("click", () => show(form.hidden));
  id("find-close").addEventListener("click", () => show(false));
  id("find-previous").addEventListener("click", () => go(at - 1));
  field.addEventListener("input", search);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    go(at + 1);
  });
  form.addEventListener("keydown", (event) => {
    if (event.key === "Escape") show(false);
    if (event.key === "Enter" && event.shiftKey) {
      event.preventDefault();
      go(at - 1);
    }
  });
}

/** The stretch [from, to) of an element's text, whatever elements stand in it. */
function rangeOf(element, from, to) {
  const range = document.createRange();
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  let passed = 0;
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (passed <= from && from < passed + node.length) range.setStart(node, from - passed);
    passed += node.length;
    if (to <= passed) {
      range.setEnd(node, to - (passed - node.length));
      break;
    }
  }
  return range;
}

/** The other language's turns, each beside its own, fetched when a reader asks for them. */
export function openBeside(article, sentences) {
  const button = document.getElementById("beside");
  if (!button) return;
  const turns = [...article.querySelectorAll(".turn")];
  let twins = null;

  async function load() {
    const answer = await fetch(button.dataset.page);
    if (!answer.ok) throw new Error(String(answer.status));
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const others = [...page.querySelectorAll(".turn")];
    const timed = new Map(others.filter((turn) => turn.dataset.ms).map((turn) => [turn.dataset.ms, turn]));
    const aligned = others.length === turns.length;
    return turns.map((turn, at) => twin(turn, timed.get(turn.dataset.ms) ?? (aligned ? others[at] : null)));
  }

  /** What the other page says in a turn; its own names of speakers are the same and stay there. */
  function twin(turn, other) {
    const place = element("div", "", { className: "twin", lang: button.dataset.lang });
    place.append(...(other ? [...other.querySelectorAll(".said")].map((each) => document.importNode(each, true)) : []));
    for (const name of ["ms", "end"]) if (turn.dataset[name]) place.dataset[name] = turn.dataset[name];
    return place;
  }

  /** The first turn in view stays where it is while everything around it changes its height. */
  function keepingPlace(change) {
    const seen = turns.find((turn) => turn.getBoundingClientRect().bottom > 0) ?? turns[0];
    const before = seen.getBoundingClientRect().top;
    change();
    scrollBy({ top: seen.getBoundingClientRect().top - before, behavior: "instant" });
  }

  button.addEventListener("click", async () => {
    if (button.ariaBusy === "true") return;
    button.ariaBusy = "true";
    try {
      twins ??= await load();
    } catch {
      button.parentElement.querySelector(".alarm")?.remove();
      button.after(element("span", button.dataset.failed, { className: "alarm", role: "alert" }));
    }
    button.ariaBusy = "false";
    if (!twins) return;
    button.parentElement.querySelector(".alarm")?.remove();
    const on = button.ariaPressed !== "true";
    button.ariaPressed = String(on);
    keepingPlace(() => {
      article.classList.toggle("beside", on);
      turns.forEach((turn, at) => (on ? turn.append(twins[at]) : twins[at].remove()));
    });
    document.dispatchEvent(new CustomEvent("duplex:beside", { detail: on ? new Sentences(twins) : null }));
  });
}
