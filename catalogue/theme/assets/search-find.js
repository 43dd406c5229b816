/** Answers a search out of the index: which documents, which of their turns, in which order. It fetches as little as it can:
    words as they were typed are looked for before their families, and those before words that only begin so; when lists are
    short it reads them whole and puts the best first, when they are long it reads from the newest on. It never stops
    silently: `done` tells whether everything was looked at. */

{
  const { Group, wordsOf, runsOf, EXACT, FAMILY, BEGUN, UNITS_IN_BLOCK } = globalThis.duplexSearch;
  // Title, speakers, topics, place, summary come before the turns; a word there tells more than a word said.
  const HEADS = 5;
  const WEIGHTS = [9, 8, 6, 5, 2];
  // Lists of so many characters in all are read whole, so that the best can come first.
  const SHORT = 120_000;
  const BLOCK = 9_000;
  const ENOUGH = 10;
  // So many parts of lists and texts are read for a phrase before what was found is enough for now.
  const READ = 40;
  // So few words that begin as typed are looked for only to count what they bring.
  const FEW = 28;

  /** One search. `filters` may have speaker and topic (as addresses have them), year, spoken, film. `best` tells that all
      looked at so far came the best first, `total` how many are found once that is known, and `further` that words which
      only begin as typed are not counted in it. */
  class Search {
    constructor(index, groups, filters = {}, newest = false) {
      Object.assign(this, { index, filters, newest, done: false, total: null, further: false, best: !newest, shown: 0 });
      this.groups = groups.map((group) => new Group(index, group));
      this.ways = groups.map(() => []);
      this.given = new Set();
      this.words = new Set();
      this.phrases = [];
      this.waiting = [];
      this.source = null;
      this.next = EXACT;
    }

    async begin() {
      await this.index.ready;
      this.narrowing = await this.narrowed();
      this.range = this.rangeOf(this.filters.year);
      const asked = this.groups.length + this.narrowing.length;
      this.everyone = asked || !this.filters.year ? [] : await this.inAnyLanguage();
      if (this.narrowing.includes(null) || !this.range || !(asked + this.everyone.length)) this.finish();
      return this;
    }

    /** Whatever is heard in them: the documents of a year, when nothing else is asked. */
    async inAnyLanguage() {
      const lists = await Promise.all(["fr", "en"].map((spoken) => this.index.list(`@l.${spoken}`)));
      return lists.filter((list) => list);
    }

    /** Groups that nothing in the archive meets, as far as was looked. */
    get missing() {
      return this.next === EXACT ? [] : this.groups.filter((_, at) => !this.ways[at].length);
    }

    /** Lists of documents to which the search is narrowed; null among them when nobody is. */
    narrowed() {
      const { speaker, topic, spoken, film } = this.filters;
      const terms = [speaker && `@s.${speaker}`, topic && `@t.${topic}`, spoken && `@l.${spoken}`, film && "@f"];
      return Promise.all(terms.filter((term) => term).map((term) => this.index.list(term)));
    }

    rangeOf(year) {
      if (!year) return [0, Infinity];
      const found = this.index.top.years.find(([each]) => String(each) === String(year));
      return found ? [found[1], found[1] + found[2] - 1] : null;
    }

    /** Looks one level further, and makes ready what it finds: all of it, the best first, when its lists are short, else to be
        read from the newest on. False when there is nothing further to look for. */
    async goOn() {
      const level = this.next;
      this.next += 1;
      const typed = this.groups.length - 1;
      const found = await Promise.all(this.groups.map((group, at) => (level < BEGUN || at === typed ? group.level(level) : [])));
      if (level > EXACT && (!found.length || found[typed] === null)) return false;
      found.forEach((ways, at) => this.ways[at].push(...ways));
      this.mark();
      if (level >= BEGUN) Object.assign(this, { total: null, further: false });
      // What else the last group may be was looked for before: of its ways only those that are new.
      const sets = level < BEGUN ? this.ways.map((ways) => [...ways]) : [...this.ways.slice(0, typed), found[typed]];
      if (level >= FAMILY && sets.some((ways, at) => !ways.length && at !== typed)) return false;
      if (sets.some((ways) => !ways.length) || (level > EXACT && !found.some((ways) => ways.length))) return true;
      if (this.newest || !this.isCheap(sets)) {
        this.best = false;
        this.source = this.matches(sets);
        return true;
      }
      const all = [];
      for await (const matches of this.matches(sets)) all.push(...matches);
      all.sort((one, other) => one.tier - other.tier || other.score - one.score || other.number - one.number);
      this.waiting.push(...all);
      return true;
    }

    /** The words to be marked in what is found so far. Beside rarer words, the words of every sentence are not worth a mark;
        what they may become while they are typed makes them no rarer. */
    mark() {
      const groups = this.ways.map((ways) => ways.filter((way) => !way.phrase)).filter((ways) => ways.length);
      const frequent = (word) => this.index.ranks.has(word);
      const telling = groups.filter((ways) => !ways.some((way) => way.tier === EXACT && way.words.every(frequent)));
      // The frequent parts of a compound say nothing by themselves; a word alone is what was found.
      const worthy = (way) => (telling.length && way.words.length > 1 ? way.words.filter((word) => !frequent(word)) : way.words);
      this.words = new Set((telling.length ? telling : groups).flat().flatMap(worthy));
      this.phrases = this.ways.flat().filter((way) => way.phrase).map((way) => way.phrase);
    }

    /** The lists that tell which documents to look at: those of the group that fewest meet. */
    drivers(sets) {
      if (this.everyone.length) return this.everyone;
      const lists = [...sets.map((ways) => ways.map((way) => way.driver)), ...this.narrowing.map((list) => [list])];
      const count = (set) => set.reduce((sum, list) => sum + list.count, 0);
      return lists.reduce((least, set) => (count(set) < count(least) ? set : least));
    }

    isCheap(sets) {
      const drivers = this.drivers(sets);
      const count = drivers.reduce((sum, list) => sum + list.count, 0);
      const all = [...sets.flat().flatMap((way) => way.lists.map(({ list }) => list)), ...this.narrowing];
      const cost = all.reduce((sum, list) => sum + (drivers.includes(list) ? list.size : Math.min(list.size, count * BLOCK)), 0);
      return cost < SHORT;
    }

    /** Matches in the order of time, as many at once as a part of the lists tells of; `sets` are the ways of each group. */
    async *matches(sets) {
      const drivers = this.drivers(sets);
      let high = this.range[1];
      let size = 24;
      while (high >= this.range[0]) {
        const blocks = drivers.map((list) => list.blockAt(Math.min(high, list.blocks[0].first))).map((block, at) => [drivers[at], block]).filter(([, block]) => block);
        const low = Math.max(this.range[0], ...blocks.map(([, block]) => block.last));
        const rows = await Promise.all(blocks.map(([list, block]) => list.rowOf(block)));
        const numbers = [...new Set(rows.flatMap((row) => [...row.keys()]))].filter((number) => number <= high && number >= low);
        numbers.sort((one, other) => other - one);
        for (let at = 0; at < numbers.length; size = Math.min(512, size * 2)) {
          const part = numbers.slice(at, at + size).filter((number) => !this.given.has(number));
          at += size;
          yield await this.judged(part, sets);
        }
        high = low - 1;
      }
    }

    /** Those of some documents that match, each with its units and what it is worth. */
    async judged(numbers, sets) {
      let left = numbers;
      for (const list of this.narrowing) {
        const said = await list.at(left);
        left = left.filter((number) => said.has(number));
      }
      const groups = [];
      for (const ways of sets) {
        const told = await Promise.all(ways.map(async (way) => [way, await way.at(left)]));
        left = left.filter((number) => told.some(([, found]) => found.has(number)));
        groups.push(told);
      }
      const matches = left.map((number) => worth(number, groups.map((told) => heard(told, number))));
      for (const match of matches) this.given.add(match.number);
      return matches;
    }

    finish() {
      Object.assign(this, { done: true, further: false, total: this.shown });
      return this;
    }

    /** The next interviews, at most `count`, each as soon as it stands: its number, its units best first, and the block of
        text that shows them. Where much must be read for a phrase, it may stop with fewer, though never with none. */
    async *each(count = ENOUGH) {
      const before = this.index.requests;
      let given = 0;
      const enough = () => given > 0 && this.phrases.length > 0 && this.index.requests - before >= READ;
      while (!this.done && given < count && !enough()) {
        const matches = await this.take(count - given, enough);
        if (!matches) return;
        if (!matches.length) this.finish();
        const results = matches.map((match) => this.shownOf(match));
        for (const result of results) result.catch(() => {});
        for (const result of results) {
          const shown = await result;
          if (!shown) continue;
          given += 1;
          this.shown += 1;
          yield shown;
        }
      }
    }

    /** The next interviews, together. */
    async more(count = ENOUGH) {
      const results = [];
      for await (const result of this.each(count)) results.push(result);
      return results;
    }

    /** The next matches, at most `count`, as far as they are at hand; none only when there are no more, null when it is
        enough for now. */
    async take(count, enough) {
      while (!this.waiting.length) {
        if (enough()) return null;
        if (!this.source) {
          if (!(await this.goOn())) return [];
          continue;
        }
        const { value, done } = await this.source.next();
        if (done) this.source = null;
        else this.waiting.push(...value);
      }
      return this.waiting.splice(0, count);
    }

    /** Finds out how many there are, where that can be told without reading very much. */
    async count() {
      if (this.done || this.phrases.length) return;
      while (this.next <= FAMILY && !this.source) if (!(await this.goOn())) break;
      const begun = this.source ? [] : ((await this.groups.at(-1)?.rest()) ?? []);
      if (this.next > BEGUN && begun.length <= FEW) while (!this.source && (await this.goOn()));
      if (this.source || (this.next > BEGUN && begun.length > FEW)) return;
      this.further = this.next <= BEGUN && begun.length > 0;
      this.total = this.shown + this.waiting.length;
      if (!this.further && !this.waiting.length) this.finish();
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
