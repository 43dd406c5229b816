/** How what was typed can be met in the archive: as it stands, by a word of its family, by a word that begins so, or as a
    phrase. */

{
  const [EXACT, FAMILY, BEGUN] = [0, 1, 2];
  const MOST_BEGUN = 24;
  // So many documents are many to read; so many characters of lists are worth one of them.
  const MANY = 100;
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

  /** A pair says in which blocks of the text it stands: it may be any of their units. */
  function unitsOf(list, { units }) {
    return list.pair ? units.flatMap((block) => Array.from({ length: UNITS_IN_BLOCK }, (_, at) => block * UNITS_IN_BLOCK + at)) : units;
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
    const asked = words.flatMap((word, at) => {
      if (frequent[at]) return frequent[at + 1] ? [index.list(`_${word}_${words[at + 1]}`).then((list) => ({ list }))] : [];
      const fits = (mark) => index.fits(mark, words[at - 1], words[at + 1]);
      return [index.list(word).then((list) => ({ list, fits }))];
    });
    const lists = await Promise.all(asked);
    if (!lists.length || !lists.every(({ list }) => list)) return [];
    // A frequent word between rarer ones is known by its kind only: where reading the texts would cost more than its own
    // list, the list is asked too.
    const least = Math.min(...lists.map(({ list }) => list.count));
    const alone = words.filter((_, at) => frequent[at] && !frequent[at - 1] && !frequent[at + 1]);
    for (const list of least > MANY ? await Promise.all(alone.map((word) => index.list(word))) : []) {
      if (list && list.size < least * WORTH) lists.push({ list });
    }
    return [new Way(lists, EXACT, words, words)];
  }

  Object.assign(globalThis.duplexSearch, { waysOf, EXACT, FAMILY, BEGUN, UNITS_IN_BLOCK });
}
