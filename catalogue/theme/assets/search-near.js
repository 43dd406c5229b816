/** What else could be asked: words of the archive spelled nearly like one that it does not know, and how the archive
    writes a word, which the index holds without capitals and accents. */

{
  const { fold, placesOf, UNITS_IN_BLOCK } = globalThis.duplexSearch;

  /** Words of the archive near one that it does not know: at most two letters away, the commonest first. */
  async function nearWords(index, word) {
    const reach = word.length > 4 ? 2 : 1;
    const letters = [...new Set([...word].slice(0, 2))].filter((letter) => /\p{L}/u.test(letter));
    const near = (await Promise.all(letters.map((letter) => index.near(letter)))).flat().filter(([each]) => /^\p{L}+$/u.test(each));
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

  /** A word as the newest interview that says it writes it: `mère` for `mere`. */
  async function spelled(index, word) {
    const list = await index.list(word);
    if (!list) return word;
    const [[number, { units }]] = await list.rowOf(list.blocks[0]);
    const [unit] = units;
    const text = (await index.text(number, Math.floor(unit / UNITS_IN_BLOCK))).x[unit % UNITS_IN_BLOCK];
    const [place] = placesOf(text, index.lang, new Set([word]));
    const said = place && text.slice(...place);
    if (!said || fold(said) !== word) return word;
    // A capital that only begins the sentence is none of the word's own.
    const begins = /(?:^|[.!?…:«“])[^\p{L}\p{N}]*$/u.test(text.slice(0, place[0]));
    return begins ? said.toLowerCase() : said;
  }

  Object.assign(globalThis.duplexSearch, { nearWords, spelled });
}
