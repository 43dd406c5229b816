/** A result as it is read: the interview, and the sentences that were looked for, each leading to its turn and second. */

{
  const { placesOf, wordsOf, HEADS, UNITS_IN_BLOCK } = globalThis.duplexSearch;
  const LINES = 3;
  const LONG = 260;
  // Of the five units that are no turns, the one that names the topics.
  const TOPICS = 2;

  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);

  function make(tag, attributes = {}, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    element.append(...children);
    return element;
  }

  const turnOf = (unit, block) => unit - Math.max(HEADS, block * UNITS_IN_BLOCK);

  function idOf(text, unit, block) {
    const name = text.i[turnOf(unit, block)];
    return typeof name === "number" ? `t${name}` : name;
  }

  function clock(ms) {
    const two = (n) => String(n).padStart(2, "0");
    const whole = Math.floor(ms / 1000);
    const tail = `${two(Math.floor(whole / 60) % 60)}:${two(whole % 60)}`;
    return whole >= 3600 ? `${Math.floor(whole / 3600)}:${tail}` : tail;
  }

  /** What every result of one search shares: `lang` and `words` of the page, what was asked, the name of the file that an
      address needs where nobody serves it. */
  class Results {
    constructor(search, { lang, words }, asked, file) {
      Object.assign(this, { search, lang, words, asked, file });
    }

    /** One interview: its title, who and when, and the sentences that were looked for. */
    item({ text, units, block }) {
      const { words, lang } = this;
      const marked = (said) => this.marked(said);
      const here = units.filter((unit) => Math.floor(unit / UNITS_IN_BLOCK) === block);
      const page = `../interviews/${text.u}/${this.file}${this.query(here.map((unit) => text.x[unit % UNITS_IN_BLOCK]))}`;
      const spoken = here.filter((unit) => unit >= HEADS).slice(0, LINES);
      const lines = spoken.map((unit) => this.line(text, unit, block, page));
      if (!lines.length && block === 0) lines.push(make("li", {}, make("p", { class: "said" }, ...marked(this.sentence(text.x[HEADS - 1])))));
      const others = units.filter((unit) => unit >= HEADS).length - spoken.length;
      // What they do is told where it stands beside, in the first block of the text.
      const told = block === 0 ? text.x[1].split(" · ") : text.s.filter((name, at) => name && !text.q.includes(at));
      const people = told.filter((part) => part).flatMap((part, at) => {
        const [name, ...rest] = part.split(/(?=, )/);
        return [at ? " · " : "", make("b", {}, ...marked(name)), ...marked(rest.join(""))];
      });
      const day = new Intl.DateTimeFormat(lang === "fr" ? "fr-FR" : "en-GB", { dateStyle: "long", timeZone: "UTC" }).format(new Date(text.d));
      // What it is about is told where that is what was looked for.
      const topics = units.includes(TOPICS) ? text.k.join(", ") : "";
      const plain = (told) => [told];
      const facts = [[day.replace(/^1 /, lang === "fr" ? "1er " : "1 "), plain], [text.p, marked], [words.spoken[text.l], plain], [text.f ? "" : words.without_film, plain], [topics, marked]];
      const about = facts.filter(([told]) => told).flatMap(([told, shown], at) => [at || people.length ? " · " : "", ...shown(told)]);
      const first = spoken.length ? `#${idOf(text, spoken[0], block)}` : "";
      return make("li", { class: "found" },
        make("h2", {}, make("a", { href: page + first }, ...marked(text.t))),
        make("p", { class: "by" }, ...people, ...about),
        make("ul", {}, ...lines),
        ...(others > 0 ? [make("p", { class: "facts" }, others === 1 ? words.other_one : fill(words.other_many, { n: others }))] : []));
    }

    line(text, unit, block, page) {
      const at = turnOf(unit, block);
      const ms = typeof text.i[at] === "number" ? text.i[at] : null;
      const asks = text.q.includes(text.w[at]);
      const voice = text.s[text.w[at]] || (asks ? this.words.question : "");
      const link = make("a", { href: `${page}#${idOf(text, unit, block)}` },
        ...(ms === null ? [] : [make("span", { class: "time" }, clock(ms)), " "]),
        ...(voice ? [make("span", { class: "who" }, voice), " "] : []),
        make("span", { class: "said" }, ...this.marked(this.sentence(text.x[unit % UNITS_IN_BLOCK]))));
      return make("li", asks ? { class: "question" } : {}, link);
    }

    /** What tells the page one lands on which words to mark: those typed, and where others were found for them (a plural, a
        word that begins so), these. */
    query(texts) {
      if (!this.asked) return "";
      const typed = new Set(this.search.groups.flatMap((group) => [...group.words, group.joined]));
      const others = texts.flatMap((text) => wordsOf(text, this.lang)).filter((word) => this.search.words.has(word) && !typed.has(word));
      return `?${new URLSearchParams({ q: this.asked, ...(others.length ? { w: [...new Set(others)].join(" ") } : {}) })}`;
    }

    /** The index keeps plain spaces; French has narrow ones that no line breaks at, before ; : ! ? and inside « ». */
    set(text) {
      return this.lang === "fr" ? text.replace(/ (?=[;:!?»])|(?<=«) /g, "\u202f") : text;
    }

    /** The places to mark in a text. */
    places(text) {
      return placesOf(text, this.lang, this.search.words, this.search.phrases);
    }

    /** The sentence, or the sentences, with most of the words; a long one is cut on both sides. */
    sentence(text) {
      const found = this.places(text);
      const ends = [...text.matchAll(/[.!?…]+\s*[»”"]?\s+/g)].map((end) => end.index + end[0].length);
      const starts = [0, ...ends];
      const spans = starts.map((start, at) => [start, ends[at] ?? text.length]);
      const count = ([start, end]) => found.filter(([from]) => from >= start && from < end).length;
      const best = spans.reduce((most, span) => (count(span) > count(most) ? span : most), spans[0]);
      let [start, end] = best;
      for (let at = spans.indexOf(best) + 1; at < spans.length && spans[at][1] - start < LONG * 0.7; at += 1) end = spans[at][1];
      if (end - start > LONG) {
        const middle = found.find(([from]) => from >= start && from < end)?.[0] ?? start;
        const from = Math.max(start, middle - LONG / 2);
        if (from > start) start = text.indexOf(" ", from) + 1 || from;
        if (end - start > LONG) end = Math.max(text.lastIndexOf(" ", start + LONG), start + LONG / 2);
      }
      return `${start > 0 ? "… " : ""}${text.slice(start, end).trim()}${end < text.length ? " …" : ""}`;
    }

    marked(told) {
      const text = this.set(told);
      const parts = [];
      let last = 0;
      for (const [start, end] of this.places(text)) {
        parts.push(text.slice(last, start), make("mark", {}, text.slice(start, end)));
        last = end;
      }
      return [...parts, text.slice(last)];
    }
  }

  Object.assign(globalThis.duplexSearch, { Results, make, fill });
}
