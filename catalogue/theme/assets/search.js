/** The search page: what is typed becomes results, and an address that can be sent to somebody. */

{
  const { Index, Search, readQuery, placesOf, nearWords, spelled, fold, Results, make, fill } = globalThis.duplexSearch;
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
  const fromFolder = location.protocol === "file:";
  const index = new Index(lang, facts.index);
  index.ready.catch(() => {});
  let turn = 0;
  let search = null;
  let timer = 0;

  const numeral = (n) => new Intl.NumberFormat(lang).format(n);
  const counted = (n) => (n === 0 ? words.none : n === 1 ? words.one : fill(words.many, { n: numeral(n) }));

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
      // What no choice stands for is no choice.
      if (each.selectedIndex === -1) each.selectedIndex = 0;
    }
    id("filters").open = ["speaker", "topic", "year", "spoken", "film"].some((name) => told.has(name));
  }

  /** Looks for what the form says; an answer that comes after the next question is not shown. `put` tells that the
      question was put, not only typed. */
  async function run(put = true) {
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
      let next = null;
      let shown = 0;
      for (const those of [groups, ...withoutLetter(groups)]) {
        next = new Search(index, those, filters, values.sort === "newest");
        await next.begin();
        for await (const result of next.each()) {
          if (mine !== turn) return;
          if (!shown) begin(next);
          shown += 1;
          results.append(listed(result));
        }
        if (mine !== turn) return;
        if (shown) break;
      }
      if (!shown) begin(next);
      // Who found nothing may still browse.
      id("browse").hidden = shown > 0;
      await next.count();
      if (mine !== turn) return;
      // A first letter is no question yet.
      const begun = !shown && !put && groups.length === 1 && isLetter(groups[0]);
      if (begun) status.textContent = "";
      else tell(shown);
      // Results first: what else could be asked is read only when they stand.
      const more = begun ? [] : await (shown ? completions(next, values.q ?? "").catch(() => []) : instead(next, values.q ?? ""));
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

  /** The first letter of a next word leaves what was found before it, unless it is a word. */
  const withoutLetter = (groups) => (groups.length > 1 && isLetter(groups.at(-1)) ? [groups.slice(0, -1)] : []);

  const isLetter = (group) => group.open && /^\p{L}$/u.test(group.words.join(""));

  /** The results of before give way only when there are others. */
  function begin(next) {
    search = next;
    results.replaceChildren();
    beside.replaceChildren();
    moreButton.hidden = true;
  }

  const listed = (result) => new Results(search, facts, asked().q, fromFolder ? "index.html" : "").item(result);

  /** How many there are, as far as that is known. Texts are read for a phrase: of what was not read nothing is. */
  function known(shown) {
    const n = numeral(search.total ?? shown);
    if (search.total !== null) return search.further ? fill(words.then_begun, { n }) : counted(search.total);
    if (!search.phrases.length) return fill(words.more_than, { n });
    return shown === 1 ? words.at_least_one : fill(words.at_least_many, { n });
  }

  function tell(shown) {
    const order = search.best || search.newest || search.done ? "" : ` ${words.newest_first}`;
    status.textContent = known(shown) + order;
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
    if (!tried.missing.length && Object.values(tried.filters).some((value) => value)) {
      return [make("p", {}, words.filtered, ...(text ? [" ", make("a", { href: addressOf({ q: text }) }, words.unfiltered)] : []))];
    }
    return [make("p", {}, tried.missing.length || tried.groups.length < 2 ? words.nothing : words.not_together)];
  }

  async function completions(told, text) {
    const begun = (await told.groups.at(-1)?.rest()) ?? [];
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

  /** Searches at once; `kept` makes a step in the browser's history. */
  function go(kept) {
    clearTimeout(timer);
    const address = addressOf(asked());
    if (address !== location.pathname + location.search) history[kept ? "pushState" : "replaceState"](null, "", address);
    return run(kept);
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
    const before = results.children.length;
    for await (const result of search.each()) {
      if (mine !== turn) return;
      results.append(listed(result));
      if (results.children.length === before + 1) results.lastChild.querySelector("a").focus();
    }
    if (mine !== turn) return;
    tell(results.children.length);
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
