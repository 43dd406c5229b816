/** What can be taken from a passage without an account: its words with their source, its address, and a place in another page. */

import { element, fill } from "./say.js";
import { wordsOf } from "./sentences.js";

const id = (name) => document.getElementById(name);

/** Puts a text on the clipboard; where that is refused, `fallback` gets a field to copy from. */
export async function copy(text, say, done, failed) {
  try {
    await navigator.clipboard.writeText(text);
    say(done);
  } catch {
    const box = element("textarea", "", { value: text, rows: 4, readOnly: true, ariaLabel: failed });
    say(failed, box);
    box.select();
  }
}

/** The words of the passage, who says them, of what film, from when to when, where, and whether they were spoken so. */
export function quotation({ facts, film, passage }) {
  const words = facts.words.passage;
  const { title, date, translated, spoken } = facts.interview;
  const parts = wordsOf(passage.sentences).map(({ turn, text }) => ({
    who: turn.section.querySelector(".voice b").textContent,
    says: turn.section.dataset.says,
    text,
  }));
  const [only] = parts;
  const said = parts.length === 1 ? fill(words.quotation, { words: only.text }) : parts.map((part) => fill(words.line, part)).join("\n");
  const voices = [...new Set(parts.map((part) => part.says).filter(Boolean))];
  const source = {
    speaker: voices.join(" ; ") || only.who,
    title,
    date,
    in: film.counter.label(passage.value.in),
    out: film.counter.label(passage.value.out),
    url: location.href,
  };
  const origin = fill(translated ? words.quotation_translated : words.quotation_spoken, { language: spoken });
  return [said, fill(words.quotation_source, source), origin].join("\n");
}

/** The element that shows the passage in another site's page; the build wrote all of it but the address. */
function embedding(facts) {
  const address = new URL("embed.html", location.href);
  address.search = "";
  address.hash = location.hash;
  return facts.film.embed.replace("{src}", () => address.href);
}

export function copyButtons(page) {
  const { facts, passage } = page;
  const words = facts.words.passage;
  const say = (...parts) => passage.say(...parts);
  id("copy-link").addEventListener("click", () => copy(location.href, say, words.link_copied, words.copy_failed));
  id("copy-embed").addEventListener("click", () => copy(embedding(facts), say, words.embed_copied, words.copy_failed));
  id("copy-quotation").addEventListener("click", () => copy(quotation(page), say, words.quotation_copied, words.copy_failed));
}
