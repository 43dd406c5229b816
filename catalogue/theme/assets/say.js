/** Sentences with blanks, and numbers, sizes and lengths as the page's language writes them. */

const lang = document.documentElement.lang === "en" ? "en-GB" : document.documentElement.lang;

/** `fill("à {time}", {time: "1:18"})` is « à 1:18 ». */
export const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);

/** By hand: an Intl.NumberFormat takes a slow phone 60 ms. */
export function number(value, digits = 0) {
  const [whole, part] = String(Number(value.toFixed(digits))).split(".");
  const [group, point] = lang === "fr" ? ["\u202f", ","] : [",", "."];
  return whole.replace(/\B(?=(\d{3})+$)/g, group) + (part ? point + part : "");
}

/** A day, and a moment, of the reader's own clock; French counts the first of a month: « 1er décembre 2026 ». */
const written = (options) => (iso) => {
  const parts = new Intl.DateTimeFormat(lang, { dateStyle: "long", ...options }).formatToParts(new Date(iso));
  return parts.map(({ type, value }) => (lang === "fr" && type === "day" && value === "1" ? "1er" : value)).join("");
};
export const day = written({});
export const moment = written({ timeStyle: "short" });

/** Brings an answer into view of who is at its form. */
export function bringAnswer(form, place) {
  if (form.matches(":hover, :focus-within")) place.scrollIntoView({ block: "nearest" });
}

export const id = (name) => document.getElementById(name);

/** An element with its words, and whatever else it has. */
export const element = (name, textContent, more = {}) => Object.assign(document.createElement(name), { textContent, ...more });

/** `words` are those of downloads. */
export function size(bytes, words) {
  if (bytes < 1e6) return fill(words.kilobytes, { n: number(Math.ceil(bytes / 1e3)) });
  return bytes < 1e9 ? fill(words.megabytes, { n: number(bytes / 1e6, 1) }) : fill(words.gigabytes, { n: number(bytes / 1e9, 2) });
}

/** « 14,04 s », « 2 min 3,5 s »; `words` are those of passages. */
export function duration(ms, words) {
  const long = ms >= 60_000;
  return fill(long ? words.minutes : words.seconds, { m: Math.floor(ms / 60_000), s: number(long ? (ms % 60_000) / 1000 : ms / 1000, long ? 1 : 2) });
}

export const frames = (n, words) => fill(n === 1 ? words.frames_one : words.frames_many, { n: number(n) });
