/** How what was typed can be met in the archive: as it stands, by a word of its family, by a word that begins so, or as a
    phrase. */

{
  const [EXACT, FAMILY, BEGUN] = [0, 1, 2];
  // So many words that begin as typed are asked at first, and so many each time after.
  const [SOON, LATER] = [4, 24];
  // So many documents are many to read; so many characters of lists are worth one of them.
  const MANY = 24;
  const WORTH = 300;
  const UNITS_IN_BLOCK = 32;

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
          let units = here ? (fits ? here.units.filter((_, at) => fits(here.marks[at])) : unitsOf(list, here)) : null;
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

  /** Of most pairs is known in which blocks of the text they stand: it may be any of their units. */
  function unitsOf(list, { units }) {
    return list.coarse ? units.flatMap((block) => Array.from({ length: UNITS_IN_BLOCK }, (_, at) => block * UNITS_IN_BLOCK + at)) : units;
  }

  /** One group of a query, and the ways to meet it, nearest first: its words, then words of their family, then, where it
      may still be being typed, words that begin so, the commonest first and some at a time. A level is looked for when it is
      asked for, since each costs requests. */
  class Group {
    constructor(index, asked) {
      Object.assign(this, asked, { index, levels: [] });
    }

    /** The ways of a level; null when there is no such level. */
    level(at) {
      this.levels[at] ??= at === EXACT ? this.exact() : at === FAMILY ? this.family() : this.begun(at - BEGUN);
      return this.levels[at];
    }

    async exact() {
      if (this.phrase && this.words.length > 1) return phraseWays(this.index, this.words);
      const spelled = [...(this.joined ? [[this.joined]] : []), this.words];
      const found = await Promise.all(spelled.map(async (words) => [words, await Promise.all(words.map((word) => this.index.list(word)))]));
      const whole = found.filter(([, lists]) => lists.every((list) => list));
      return whole.map(([words, lists]) => new Way(lists.map((list) => ({ list })), EXACT, words));
    }

    async family() {
      if (this.words.length > 1 || this.phrase) return [];
      this.completions().catch(() => {});
      const found = await familyOf(this.index, this.words[0]);
      return found.map(([term, list]) => new Way([{ list }], FAMILY, [term]));
    }

    /** Words that begin as this one, the commonest first. */
    async completions() {
      const [word] = this.words;
      if (!this.open || this.words.length > 1 || word.length < 2) return [];
      this.near ??= this.index.near(word);
      const begun = (await this.near).filter(([each]) => each !== word && each.startsWith(word));
      return begun.sort((one, other) => other[1] - one[1]).map(([each]) => each);
    }

    /** Those of them that are not of its family. */
    async rest() {
      const met = new Set((await this.level(FAMILY)).map((way) => way.words[0]));
      return (await this.completions()).filter((word) => !met.has(word));
    }

    async begun(part) {
      const all = await this.rest();
      const words = part ? all.slice(SOON + (part - 1) * LATER, SOON + part * LATER) : all.slice(0, SOON);
      if (!words.length) return null;
      const lists = await Promise.all(words.map((word) => this.index.list(word)));
      return words.flatMap((word, at) => (lists[at] ? [new Way([{ list: lists[at] }], BEGUN, [word])] : []));
    }
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

  /** A phrase: its rarer words remember what kind of word stood beside them, and two frequent words side by side are a term.
      What is left is read in the text itself. */
  async function phraseWays(index, words) {
    const frequent = words.map((word) => index.ranks.has(word));
    const asked = words.flatMap((word, at) => {
      if (frequent[at]) return frequent[at + 1] ? [index.list(`_${word}_${words[at + 1]}`).then((list) => ({ list }))] : [];
      const fits = (mark) => index.fits(mark, words[at - 1], words[at + 1]);
      return [index.list(word).then((list) => ({ list, fits }))];
    });
    const lists = await Promise.all(asked);
    if (!lists.length || !lists.every(({ list }) => list)) return [];
    // A frequent word between rarer ones is known by its kind only, and most pairs by their block: where reading the texts
    // would cost more than the word's own list, the list is asked too.
    const least = Math.min(...lists.map(({ list }) => list.count));
    const told = new Set(lists.filter(({ list }) => list.pair && !list.coarse).flatMap(({ list }) => list.term.slice(1).split("_")));
    const loose = lists.length > 1 || !lists[0].list.pair ? words.filter((word, at) => frequent[at] && !told.has(word)) : [];
    for (const list of least > MANY ? await Promise.all(loose.map((word) => index.list(word))) : []) {
      if (list && list.size < least * WORTH) lists.push({ list });
    }
    return [new Way(lists, EXACT, words, words)];
  }

  Object.assign(globalThis.duplexSearch, { Group, EXACT, FAMILY, BEGUN, UNITS_IN_BLOCK });
}
