/** Answers a search out of the index: which documents, which of their turns, in which order. It fetches as little as it can:
    when lists are short it reads them whole and puts the best first, when they are long it reads from the newest on and
    stops when enough is found. It never stops silently: `done` tells whether everything was looked at. */

{
  const { CLASSES, wordsOf, runsOf } = globalThis.duplexSearch;
  // Title, speakers, topics, place, summary come before the turns; a word there tells more than a word said.
  const HEADS = 5;
  const WEIGHTS = [9, 8, 6, 5, 2];
  const UNITS_IN_BLOCK = 32;
  // Lists of so many characters in all are read whole, so that the best can come first.
  const SHORT = 120_000;
  const BLOCK = 6_000;
  const ENOUGH = 10;
  const [EXACT, FAMILY, BEGUN] = [0, 1, 2];
  const MOST_BEGUN = 8;

  /** One of several ways to meet a group: terms that must all stand in a document, each a list with what its neighbours
      must be; `tier` is how far it is from what was typed. */
  class Way {
    constructor(lists, tier, words, phrase = null) {
      Object.assign(this, { lists, tier, words, phrase });
      this.driver = lists.reduce((least, each) => (each.list.count < least.list.count ? each : least)).list;
    }

    /** What the way says of some documents: the units where all its terms stand together. */
    async at(numbers) {
      let left = numbers;
      const found = new Map();
      for (const { list, fits } of [...this.lists].sort((one, other) => one.list.count - other.list.count)) {
        const said = await list.at(left);
        for (const number of left) {
          const here = said.get(number);
          let units = here ? (fits ? here.units.filter((_, at) => fits(here.marks[at])) : here.units) : null;
          const before = found.get(number);
          if (units && before) units = units.filter((unit) => before.includes(unit));
          if (units && (units.length || !here.units.length)) found.set(number, [...new Set(units)]);
          else found.delete(number);
        }
        left = left.filter((number) => found.has(number));
      }
      return found;
    }
  }

  /** The ways to meet one group of a query, nearest first. Empty when the archive never says it. */
  async function waysOf(index, group) {
    if (group.phrase && group.words.length > 1) return phraseWays(index, group.words);
    const ways = [];
    if (group.joined) {
      const list = await index.list(group.joined);
      if (list) ways.push(new Way([{ list }], EXACT, [group.joined]));
    }
    const lists = await Promise.all(group.words.map((word) => index.list(word)));
    if (lists.every((list) => list)) ways.push(new Way(lists.map((list) => ({ list })), EXACT, group.words));
    if (group.words.length > 1 || group.phrase) return ways;
    const word = group.words[0];
    for (const [term, list] of await familyOf(index, word)) ways.push(new Way([{ list }], FAMILY, [term]));
    const met = new Set([word, ...ways.map((way) => way.words[0])]);
    for (const [term, list] of group.open ? await begunBy(index, word) : []) {
      if (!met.has(term)) ways.push(new Way([{ list }], BEGUN, [term]));
    }
    return ways;
  }

  /** Words with the same stem. A form that nobody said is near a word whose stem it begins with. */
  async function familyOf(index, word) {
    if (word.length < 3 || /[0-9]/.test(word)) return [];
    const root = word.slice(0, Math.max(3, word.length - 4));
    const terms = (await index.startingWith(root, 6)) ?? (await index.startingWith(word.slice(0, -1), 6)) ?? [];
    const own = terms.find(([term]) => term === word) ?? terms.find(([term]) => word === `${term}s` || word === `${term}x`);
    const stem = own ? own[1].stem : longestStem(terms, word);
    if (!stem) return [];
    return terms.filter(([term, line]) => line.stem === stem && term !== word).map(([term, line]) => [term, index.listOf(term, line)]);
  }

  function longestStem(terms, word) {
    const endings = /^(?:|e|s|es|x|ux|aux|ee|ees|er|ez|ent|ant|ants|ante|antes|ait|ais|ing|ed|ly|ies|y|ie)$/;
    const stems = terms.map(([, line]) => line.stem).filter((stem) => stem.length > 2 && word.startsWith(stem) && endings.test(word.slice(stem.length)));
    return stems.reduce((longest, stem) => (stem.length > longest.length ? stem : longest), "");
  }

  /** The commonest words that begin as typed. */
  async function begunBy(index, word) {
    if (word.length < 2) return [];
    const terms = word.length > 2 ? await index.startingWith(word, 8) : null;
    if (terms) {
      const lists = terms.map(([term, line]) => [term, index.listOf(term, line)]);
      return lists.sort((one, other) => other[1].count - one[1].count).slice(0, MOST_BEGUN);
    }
    const near = (await index.near(word[0])).filter(([each]) => each.startsWith(word));
    const common = near.sort((one, other) => other[1] - one[1]).slice(0, MOST_BEGUN);
    const lists = await Promise.all(common.map(async ([term]) => [term, await index.list(term)]));
    return lists.filter(([, list]) => list);
  }

  /** A phrase: its rarer words remember what kind of word stood beside them, and two frequent words side by side are a term.
      What is left is read in the text itself. */
  async function phraseWays(index, words) {
    const frequent = words.map((word) => index.ranks.has(word));
    const kinds = words.map((word) => index.classOf(word));
    const asked = words.flatMap((word, at) => {
      if (frequent[at]) return frequent[at + 1] ? [index.list(`_${word}_${words[at + 1]}`).then((list) => ({ list }))] : [];
      const fits = (mark) =>
        (at === 0 || Math.floor(mark / CLASSES) === kinds[at - 1]) && (at + 1 === words.length || mark % CLASSES === kinds[at + 1]);
      return [index.list(word).then((list) => ({ list, fits }))];
    });
    const lists = await Promise.all(asked);
    return lists.length && lists.every(({ list }) => list) ? [new Way(lists, EXACT, words, words)] : [];
  }

  /** One search. `filters` may have speaker and topic (as addresses have them), year, spoken, film. */
  class Search {
    constructor(index, groups, filters = {}, newest = false) {
      Object.assign(this, { index, groups, filters, newest, done: false, total: null, best: false });
      this.given = new Set();
      this.words = new Set();
      this.phrases = [];
      this.waiting = [];
      this.missing = [];
    }

    async begin() {
      await this.index.ready;
      const [ways, narrowing] = await Promise.all([Promise.all(this.groups.map((group) => waysOf(this.index, group))), this.narrowing()]);
      this.missing = this.groups.filter((_, at) => !ways[at].length);
      this.narrowing = narrowing;
      this.ways = ways;
      this.range = this.rangeOf(this.filters.year);
      const words = ways.flat().filter((way) => !way.phrase).flatMap((way) => way.words);
      // Beside rarer words, the words of every sentence are not worth a mark.
      const rare = words.filter((word) => !this.index.ranks.has(word));
      this.words = new Set(rare.length ? rare : words);
      this.phrases = ways.flat().filter((way) => way.phrase).map((way) => way.phrase);
      this.tiers = [EXACT, FAMILY, BEGUN];
      if (this.missing.length || narrowing.includes(null) || !this.range || !(ways.length + narrowing.length)) return this.finish();
      if (!this.newest && (await this.isCheap())) await this.takeAll();
      return this;
    }

    /** Lists of documents to which the search is narrowed; null among them when nobody is. */
    narrowing() {
      const { speaker, topic, spoken, film } = this.filters;
      const terms = [speaker && `@s.${speaker}`, topic && `@t.${topic}`, spoken && `@l.${spoken}`, film && "@f"];
      return Promise.all(terms.filter((term) => term).map((term) => this.index.list(term)));
    }

    rangeOf(year) {
      if (!year) return [0, Infinity];
      const found = this.index.top.years.find(([each]) => String(each) === String(year));
      return found ? [found[1], found[1] + found[2] - 1] : null;
    }

    /** The lists that tell which documents to look at: those of the group that fewest meet. */
    drivers(most) {
      const sets = [...this.ways.map((ways) => ways.filter((way) => way.tier <= most).map((way) => way.driver)), ...this.narrowing.map((list) => [list])];
      if (sets.some((set) => !set.length)) return [];
      const count = (set) => set.reduce((sum, list) => sum + list.count, 0);
      return sets.reduce((least, set) => (count(set) < count(least) ? set : least));
    }

    isCheap() {
      const drivers = this.drivers(FAMILY);
      const count = drivers.reduce((sum, list) => sum + list.count, 0);
      const all = [...this.ways.flat().flatMap((way) => way.lists.map(({ list }) => list)), ...this.narrowing];
      const cost = all.reduce((sum, list) => sum + (drivers.includes(list) ? list.size : Math.min(list.size, count * BLOCK)), 0);
      return cost < SHORT;
    }

    /** Everything that is found, the best first. */
    async takeAll() {
      for (const most of [FAMILY, BEGUN]) {
        for await (const match of this.matches(most)) this.waiting.push(match);
        if (this.waiting.length >= ENOUGH) break;
      }
      this.waiting.sort((one, other) => one.tier - other.tier || other.score - one.score || other.number - one.number);
      this.best = true;
      if (!this.phrases.length) this.total = this.waiting.length;
      this.source = null;
    }

    /** Matches in the order of time, of ways at most so far from what was typed. */
    async *matches(most) {
      const drivers = this.drivers(most);
      let high = this.range[1];
      let size = 24;
      while (drivers.length && high >= this.range[0]) {
        const blocks = drivers.map((list) => list.blockAt(Math.min(high, list.blocks[0].first))).map((block, at) => [drivers[at], block]).filter(([, block]) => block);
        const low = Math.max(this.range[0], ...blocks.map(([, block]) => block.last));
        const rows = await Promise.all(blocks.map(([list, block]) => list.rowOf(block)));
        const numbers = [...new Set(rows.flatMap((row) => [...row.keys()]))].filter((number) => number <= high && number >= low);
        numbers.sort((one, other) => other - one);
        for (let at = 0; at < numbers.length; size = Math.min(512, size * 2)) {
          const part = numbers.slice(at, at + size).filter((number) => !this.given.has(number));
          at += size;
          yield* await this.judged(part, most);
        }
        high = low - 1;
      }
    }

    /** Those of some documents that match, each with its units and what it is worth. */
    async judged(numbers, most) {
      let left = numbers;
      for (const list of this.narrowing) {
        const said = await list.at(left);
        left = left.filter((number) => said.has(number));
      }
      const groups = [];
      for (const ways of this.ways) {
        const told = await Promise.all(ways.filter((way) => way.tier <= most).map(async (way) => [way, await way.at(left)]));
        left = left.filter((number) => told.some(([, found]) => found.has(number)));
        groups.push(told);
      }
      const matches = left.map((number) => worth(number, groups.map((told) => heard(told, number))));
      for (const match of matches) this.given.add(match.number);
      return matches;
    }

    finish() {
      Object.assign(this, { done: true, total: this.total ?? this.shown ?? 0 });
      return this;
    }

    /** The next interviews, at most `count`: each its number, its units best first, and the block of text that shows them. */
    async more(count = ENOUGH) {
      const results = [];
      while (!this.done && results.length < count) {
        const matches = await this.next(count - results.length);
        if (!matches.length) this.finish();
        const shown = await Promise.all(matches.map((match) => this.shownOf(match)));
        results.push(...shown.filter((result) => result));
      }
      this.shown = (this.shown ?? 0) + results.length;
      if (this.best && !this.waiting.length) this.finish();
      if (this.done && this.phrases.length) this.total = this.shown;
      return results;
    }

    async next(count) {
      if (this.best) return this.waiting.splice(0, count);
      const matches = [];
      while (matches.length < count) {
        this.source ??= this.tiers.length && (this.tiers[0] < BEGUN || this.given.size < ENOUGH) ? this.matches(this.tiers.shift()) : null;
        if (!this.source) break;
        const { value, done } = await this.source.next();
        if (done) this.source = null;
        else matches.push(value);
      }
      return matches;
    }

    /** A match with its text; null when a phrase turns out not to stand there. */
    async shownOf(match) {
      if (this.phrases.length) match.units = await this.saying(match);
      if (!match.units.length && this.phrases.length) return null;
      const unit = match.units.find((each) => each >= HEADS) ?? match.units[0] ?? 0;
      const block = Math.floor(unit / UNITS_IN_BLOCK);
      return { ...match, text: await this.index.text(match.number, block), block };
    }

    /** The units of a match in which every phrase stands word for word. */
    async saying(match) {
      const units = [...new Set(match.phrased.flat())];
      const texts = new Map(await Promise.all([...new Set(units.map((unit) => Math.floor(unit / UNITS_IN_BLOCK)))].map(async (block) => [block, await this.index.text(match.number, block)])));
      const says = (unit, phrase) => {
        const text = texts.get(Math.floor(unit / UNITS_IN_BLOCK)).x[unit % UNITS_IN_BLOCK];
        return runsOf(wordsOf(text, this.index.lang), phrase).length > 0;
      };
      const held = this.phrases.map((phrase, at) => match.phrased[at].filter((unit) => says(unit, phrase)));
      if (held.some((each) => !each.length)) return [];
      const wanted = new Set(held.flat());
      return match.units.filter((unit) => wanted.has(unit)).concat([...wanted].filter((unit) => !match.units.includes(unit)));
    }
  }

  /** What one document says of one group: its units by the nearest way first. */
  function heard(told, number) {
    const found = told.filter(([, said]) => said.has(number)).map(([way, said]) => ({ way, units: said.get(number) }));
    return { tier: Math.min(...found.map(({ way }) => way.tier)), units: [...new Set(found.flatMap(({ units }) => units))], phrase: found.some(({ way }) => way.phrase) };
  }

  /** A match: words in one turn before words in neighbouring turns before words anywhere in an interview. */
  function worth(number, groups) {
    const counts = new Map();
    groups.forEach((group) => group.units.forEach((unit) => counts.set(unit, (counts.get(unit) ?? 0) + 1)));
    const near = (unit) => groups.filter(({ units }) => [unit, unit - 1, unit + 1].some((each) => (each >= HEADS) === (unit >= HEADS) && units.includes(each))).length;
    const heads = groups.reduce((sum, { units }) => sum + Math.max(0, ...units.map((unit) => WEIGHTS[unit] ?? 0)), 0);
    const ranked = [...counts].map(([unit, count]) => ({ unit, together: count, near: count === groups.length ? count : near(unit) }));
    ranked.sort((one, other) => other.together - one.together || other.near - one.near || one.unit - other.unit);
    const same = ranked.filter((each) => each.together === groups.length);
    const close = ranked.some((each) => each.near === groups.length);
    const units = (same.length ? same : ranked).map((each) => each.unit);
    const score = heads + (groups.length > 1 ? (same.length ? 40 : close ? 20 : 0) : 0) + Math.log2(1 + same.length);
    return { number, units, score, tier: Math.max(0, ...groups.map(({ tier }) => tier)), phrased: groups.filter(({ phrase }) => phrase).map(({ units: told }) => told) };
  }

  /** Words of the archive near one that it does not know: at most two letters away, the commonest first. */
  async function nearWords(index, word) {
    const reach = word.length > 4 ? 2 : 1;
    const letters = [...new Set([word[0], word[1]])].filter((letter) => letter && /\p{L}/u.test(letter));
    const near = (await Promise.all(letters.map((letter) => index.near(letter)))).flat();
    const measured = near.map(([each, weight]) => ({ word: each, weight, far: distance(word, each, reach) })).filter(({ far }) => far <= reach && far > 0);
    measured.sort((one, other) => one.far - other.far || other.weight - one.weight);
    return measured.slice(0, 4).map((each) => each.word);
  }

  /** Letters to change, add, take away or swap (Damerau and Levenshtein), counted no further than `most`. */
  function distance(one, other, most) {
    if (Math.abs(one.length - other.length) > most) return most + 1;
    let [before, row] = [[], Array.from({ length: other.length + 1 }, (_, at) => at)];
    for (let at = 1; at <= one.length; at += 1) {
      const next = [at];
      for (let to = 1; to <= other.length; to += 1) {
        const same = one[at - 1] === other[to - 1] ? 0 : 1;
        next[to] = Math.min(next[to - 1] + 1, row[to] + 1, row[to - 1] + same);
        if (at > 1 && to > 1 && one[at - 1] === other[to - 2] && one[at - 2] === other[to - 1]) next[to] = Math.min(next[to], before[to - 2] + 1);
      }
      if (Math.min(...next) > most) return most + 1;
      [before, row] = [row, next];
    }
    return row[other.length];
  }

  Object.assign(globalThis.duplexSearch, { Search, nearWords, HEADS, UNITS_IN_BLOCK });
}
