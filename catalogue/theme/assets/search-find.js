/** Answers a search out of the index: which documents, which of their turns, in which order. It fetches as little as it can:
    when lists are short it reads them whole and puts the best first, when they are long it reads from the newest on and
    stops when enough is found. It never stops silently: `done` tells whether everything was looked at. */

{
  const { waysOf, wordsOf, runsOf, EXACT, FAMILY, BEGUN, UNITS_IN_BLOCK } = globalThis.duplexSearch;
  // Title, speakers, topics, place, summary come before the turns; a word there tells more than a word said.
  const HEADS = 5;
  const WEIGHTS = [9, 8, 6, 5, 2];
  // Lists of so many characters in all are read whole, so that the best can come first.
  const SHORT = 120_000;
  const BLOCK = 6_000;
  const ENOUGH = 10;

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
      this.everyone = ways.length + narrowing.length || !this.filters.year ? [] : await this.inAnyLanguage();
      this.words = this.wordsToMark();
      this.phrases = ways.flat().filter((way) => way.phrase).map((way) => way.phrase);
      this.tiers = [EXACT, FAMILY, BEGUN];
      if (this.missing.length || narrowing.includes(null) || !this.range || !(ways.length + narrowing.length + this.everyone.length)) return this.finish();
      if (!this.newest && (await this.isCheap())) await this.takeAll();
      return this;
    }

    /** Beside rarer words, the words of every sentence are not worth a mark; what they may become while they are typed
        makes them no rarer. */
    wordsToMark() {
      const groups = this.ways.map((ways) => ways.filter((way) => !way.phrase)).filter((ways) => ways.length);
      const frequent = (word) => this.index.ranks.has(word);
      const telling = groups.filter((ways) => !ways.some((way) => way.tier === EXACT && way.words.every(frequent)));
      const words = (telling.length ? telling : groups).flat().flatMap((way) => way.words);
      return new Set(telling.length ? words.filter((word) => !frequent(word)) : words);
    }

    /** Whatever is heard in them: the documents of a year, when nothing else is asked. */
    async inAnyLanguage() {
      const lists = await Promise.all(["fr", "en"].map((spoken) => this.index.list(`@l.${spoken}`)));
      return lists.filter((list) => list);
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
      if (!sets.length) return this.everyone;
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
      const block = blockOf(unit);
      return { ...match, text: await this.index.text(match.number, block), block };
    }

    /** The units of a match in which every phrase stands word for word, out of as few blocks of its text as tell so. */
    async saying(match) {
      const held = this.phrases.map(() => []);
      const blocks = new Set(match.phrased.flat().map(blockOf));
      for (const block of [...blocks].sort((one, other) => one - other)) {
        const text = await this.index.text(match.number, block);
        this.phrases.forEach((phrase, at) => {
          for (const unit of match.phrased[at]) {
            const said = blockOf(unit) === block ? text.x[unit % UNITS_IN_BLOCK] : undefined;
            if (said !== undefined && runsOf(wordsOf(said, this.index.lang), phrase).length) held[at].push(unit);
          }
        });
        if (held.every((units) => units.length)) break;
      }
      if (held.some((units) => !units.length)) return [];
      const wanted = new Set(held.flat());
      return match.units.filter((unit) => wanted.has(unit)).concat([...wanted].filter((unit) => !match.units.includes(unit)));
    }
  }

  const blockOf = (unit) => Math.floor(unit / UNITS_IN_BLOCK);

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

  Object.assign(globalThis.duplexSearch, { Search, HEADS });
}
