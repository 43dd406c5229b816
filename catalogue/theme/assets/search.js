/** The search page: what is typed becomes results, and an address that can be sent to somebody. */

{
  const { Index, Search, readQuery, placesOf, nearWords, spelled, fold, BEGUN, HEADS, UNITS_IN_BLOCK } = globalThis.duplexSearch;
  const id = (name) => document.getElementById(name);
  const form = id("search");
  const field = id("q");
  const results = id("results");
  const status = id("search-status");
  const beside = id("beside");
  const moreButton = id("more-results");
  const facts = JSON.parse(form.dataset.facts);
  const { words, lang } = facts;
  const PAUSE = 140;
  const LINES = 3;
  const LONG = 260;
  const fromFolder = location.protocol === "file:";
  const index = new Index(lang, facts.index);
  index.ready.catch(() => {});
  let turn = 0;
  let search = null;
  let timer = 0;

  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
  const counted = (n) => (n === 0 ? words.none : n === 1 ? words.one : fill(words.many, { n: new Intl.NumberFormat(lang).format(n) }));

  function make(tag, attributes = {}, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    element.append(...children);
    return element;
  }

  /** An address as the archive writes names: `Claire Duval` is `claire-duval`. */
  const slugOf = (name) => (name.match(/[^\s’'‐‑.,;:!?·()&/-]+/g) ?? []).map(fold).join("-");

  const asked = () => Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, value.trim()]).filter(([, value]) => value));

  function addressOf(values) {
    const plain = { ...values };
    if (plain.sort === "best") delete plain.sort;
    const query = new URLSearchParams(plain).toString();
    return location.pathname + (query ? `?${query}` : "");
  }

  function readAddress() {
    const told = new URLSearchParams(location.search);
    for (const each of form.elements) {
      if (!each.name) continue;
      if (each.type === "checkbox") each.checked = told.has(each.name);
      else each.value = told.get(each.name) ?? (each.name === "sort" ? "best" : "");
    }
    id("filters").open = ["speaker", "topic", "year", "spoken", "film"].some((name) => told.has(name));
  }

  /** Looks for what the form says; an answer that comes after the next question is not shown. */
  async function run() {
    const mine = ++turn;
    const values = asked();
    const groups = readQuery(values.q ?? "", lang);
    const filters = { speaker: values.speaker && slugOf(values.speaker), topic: values.topic, year: values.year, spoken: values.spoken, film: values.film };
    const narrowed = Object.values(filters).some((value) => value);
    id("browse").hidden = groups.length > 0 || narrowed;
    if (!groups.length && !narrowed) {
      search = null;
      results.replaceChildren();
      beside.replaceChildren();
      moreButton.hidden = true;
      status.textContent = "";
      return;
    }
    form.setAttribute("aria-busy", "true");
    try {
      const next = new Search(index, groups, filters, values.sort === "newest");
      await next.begin();
      const found = await next.more();
      if (mine !== turn) return;
      search = next;
      results.replaceChildren(...found.map((result) => itemOf(result)));
      beside.replaceChildren();
      tell(found.length);
      // Results first: what else could be asked is read only when they stand.
      const more = await (found.length ? completions(next, values.q ?? "") : instead(next, values.q ?? ""));
      if (mine === turn) beside.replaceChildren(...more);
    } catch (error) {
      if (mine !== turn) return;
      status.textContent = words.failed;
      results.replaceChildren();
      moreButton.hidden = true;
      throw error;
    } finally {
      if (mine === turn) form.removeAttribute("aria-busy");
    }
  }

  function tell(shown) {
    const order = search.best || search.newest || search.done ? "" : ` ${words.newest_first}`;
    const known = search.total ?? (search.done ? shown : null);
    status.textContent = (known === null ? fill(words.more_than, { n: shown }) : counted(known)) + order;
    moreButton.hidden = search.done;
  }

  /** What else could be asked when nothing was found: words of the archive that are spelled nearly so. */
  async function instead(tried, text) {
    const links = [];
    for (const group of tried.missing.filter((each) => each.words.length === 1)) {
      for (const word of await nearWords(index, group.words[0])) {
        const [place] = placesOf(text, lang, new Set(group.words));
        if (!place) continue;
        const said = await spelled(index, word);
        links.push(linkTo(text.slice(0, place[0]) + said + text.slice(place[1]), said));
      }
    }
    if (links.length) return [make("p", {}, `${words.near} `, ...parted(links))];
    return [make("p", {}, tried.missing.length || tried.groups.length < 2 ? words.nothing : words.not_together)];
  }

  async function completions(told, text) {
    const open = told.groups.at(-1)?.open ? told.groups.at(-1).words[0] : null;
    const begun = open ? told.ways.at(-1).filter((way) => way.tier === BEGUN).map((way) => way.words[0]) : [];
    const said = await Promise.all(begun.slice(0, 5).map((word) => spelled(index, word)));
    const links = said.map((word) => linkTo(text.replace(/[\p{L}\p{N}]+$/u, word), word));
    return links.length ? [make("p", {}, `${words.also} `, ...parted(links))] : [];
  }

  const parted = (links) => links.flatMap((link, at) => (at ? [" · ", link] : [link]));

  function linkTo(query, text) {
    const link = make("a", { href: addressOf({ ...asked(), q: query }) }, text);
    link.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      field.value = query;
      field.focus();
      go(true);
    });
    return link;
  }

  /** One interview: its title, who and when, and the sentences that were looked for. */
  function itemOf({ text, units, block }) {
    const page = `../interviews/${text.u}/${fromFolder ? "index.html" : ""}${asked().q ? `?${new URLSearchParams({ q: asked().q })}` : ""}`;
    const here = units.filter((unit) => Math.floor(unit / UNITS_IN_BLOCK) === block);
    const spoken = here.filter((unit) => unit >= HEADS).slice(0, LINES);
    const lines = spoken.map((unit) => lineOf(text, unit, block, page));
    if (!lines.length && block === 0) lines.push(make("li", {}, make("p", { class: "said" }, ...marked(sentenceOf(text.x[HEADS - 1])))));
    const others = units.filter((unit) => unit >= HEADS).length - spoken.length;
    // What they do is told where it stands beside, in the first block of the text.
    const told = block === 0 ? text.x[1].split(" · ") : text.s.filter((name, at) => name && !text.q.includes(at));
    const people = told.filter((part) => part).flatMap((part, at) => {
      const [name, ...rest] = part.split(/(?=, )/);
      return [at ? " · " : "", make("b", {}, ...marked(name)), ...marked(rest.join(""))];
    });
    const day = new Intl.DateTimeFormat(lang === "fr" ? "fr-FR" : "en-GB", { dateStyle: "long", timeZone: "UTC" }).format(new Date(text.d));
    const about = [day.replace(/^1 /, lang === "fr" ? "1er " : "1 "), text.p, words.spoken[text.l], text.f ? "" : words.without_film].filter((part) => part).join(" · ");
    const first = spoken.length ? `#${idOf(text, spoken[0], block)}` : "";
    return make("li", { class: "found" },
      make("h2", {}, make("a", { href: page + first }, ...marked(text.t))),
      make("p", { class: "by" }, ...people, people.length ? ` · ${about}` : about),
      make("ul", {}, ...lines),
      ...(others > 0 ? [make("p", { class: "facts" }, others === 1 ? words.other_one : fill(words.other_many, { n: others }))] : []));
  }

  const turnOf = (unit, block) => unit - Math.max(HEADS, block * UNITS_IN_BLOCK);

  function idOf(text, unit, block) {
    const name = text.i[turnOf(unit, block)];
    return typeof name === "number" ? `t${name}` : name;
  }

  function lineOf(text, unit, block, page) {
    const at = turnOf(unit, block);
    const ms = typeof text.i[at] === "number" ? text.i[at] : null;
    const asks = text.q.includes(text.w[at]);
    const voice = text.s[text.w[at]] || (asks ? words.question : "");
    const link = make("a", { href: `${page}#${idOf(text, unit, block)}` },
      ...(ms === null ? [] : [make("span", { class: "time" }, clock(ms)), " "]),
      ...(voice ? [make("span", { class: "who" }, voice), " "] : []),
      make("span", { class: "said" }, ...marked(sentenceOf(text.x[unit % UNITS_IN_BLOCK]))));
    return make("li", asks ? { class: "question" } : {}, link);
  }

  function clock(ms) {
    const two = (n) => String(n).padStart(2, "0");
    const whole = Math.floor(ms / 1000);
    const tail = `${two(Math.floor(whole / 60) % 60)}:${two(whole % 60)}`;
    return whole >= 3600 ? `${Math.floor(whole / 3600)}:${tail}` : tail;
  }

  /** The places to mark in a text of the search being shown. */
  function places(text) {
    return placesOf(text, lang, search.words, search.phrases);
  }

  /** The sentence, or the sentences, with most of the words; a long one is cut on both sides. */
  function sentenceOf(text) {
    const found = places(text);
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

  function marked(text) {
    const parts = [];
    let last = 0;
    for (const [start, end] of places(text)) {
      parts.push(text.slice(last, start), make("mark", {}, text.slice(start, end)));
      last = end;
    }
    return [...parts, text.slice(last)];
  }

  /** Searches at once; `kept` makes a step in the browser's history. */
  function go(kept) {
    clearTimeout(timer);
    const address = addressOf(asked());
    if (address !== location.pathname + location.search) history[kept ? "pushState" : "replaceState"](null, "", address);
    return run();
  }

  function move(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    const links = [...results.querySelectorAll("a"), ...(moreButton.hidden ? [] : [moreButton])];
    const at = links.indexOf(document.activeElement);
    const inField = document.activeElement === field;
    if (event.key === "Escape" && at >= 0) {
      field.focus();
      field.select();
    } else if (event.key === "ArrowDown" && (inField || at >= 0) && links.length) {
      links[Math.min(at + 1, links.length - 1)].focus();
    } else if (event.key === "ArrowUp" && at >= 0) {
      (links[at - 1] ?? field).focus();
    } else {
      return;
    }
    event.preventDefault();
  }

  /** Opened from a folder, an address from the root leads nowhere: it is written from here. */
  function leadFromHere() {
    for (const element of document.querySelectorAll('[href^="/"], [src^="/"]')) {
      const name = element.hasAttribute("href") ? "href" : "src";
      const [path, rest] = element.getAttribute(name).split(/(?=[?#])/, 2);
      element.setAttribute(name, facts.up + path.slice(1) + (path.endsWith("/") ? "index.html" : "") + (rest ?? ""));
    }
  }

  form.hidden = false;
  if (fromFolder) leadFromHere();
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    go(true);
  });
  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(() => go(false), PAUSE);
  });
  form.addEventListener("change", (event) => {
    if (event.target !== field) go(true);
  });
  moreButton.addEventListener("click", async () => {
    const mine = turn;
    const found = await search.more();
    if (mine !== turn) return;
    const items = found.map((result) => itemOf(result));
    results.append(...items);
    tell(results.children.length);
    items[0]?.querySelector("a").focus();
  });
  document.addEventListener("keydown", move);
  addEventListener("popstate", () => {
    readAddress();
    run();
  });
  readAddress();
  run();
  if (!location.search) field.focus();
}
