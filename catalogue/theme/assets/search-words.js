/** Which words a text has for whoever searches it: what catalogue/search/words.py says, in the browser. A plain script, not
    a module, because a browser gives no module to a page opened from a folder. */

globalThis.duplexSearch = {};

{
  const LONGEST = 40;
  const PARTICLES = { fr: new Set("l d j m t s c n qu jusqu lorsqu puisqu quoiqu".split(" ")), en: new Set() };
  const ALIKE = { "’": "'", "ʼ": "'", "‘": "'", "＇": "'", "‐": "-", "‑": "-" };
  const UNSEEN = /[\u00ad\u200b\u200c\u200d\u2060\ufeff]/;
  // Initials, three or more with blanks between them, or two or more without; then every other word.
  const [LETTER, BLANK] = ["[\\p{L}\\p{Nl}\\p{No}]", "[ \\u00a0\\u2009\\u202f]"];
  const SPACED = `(?:${LETTER}\\.${BLANK}){2,}(?:${LETTER}\\.|[A-ZÀ-ÖØ-Þ](?![\\p{L}\\p{N}]))`;
  const CLOSE = `(?:${LETTER}\\.){2,}[\\p{L}\\p{N}]?(?![\\p{L}\\p{N}])`;
  const WORD = new RegExp(`(?:[\\p{L}\\p{N}]+')?(?:${SPACED}|${CLOSE})|[\\p{L}\\p{N}]+(?:['-][\\p{L}\\p{N}]+)*`, "gu");
  const GROUPED = /(?<![0-9])[0-9]{1,3}(?:[ \u00a0\u2009\u202f.,][0-9]{3})+(?![0-9])/g;
  const LETTERS = { œ: "oe", æ: "ae", ß: "ss", ø: "o", đ: "d", ð: "d", ł: "l", ı: "i", þ: "th" };

  /** Small letters without accents or ligatures, and nothing but letters and digits. */
  function fold(text) {
    const plain = text.toLowerCase().normalize("NFKD").toLowerCase().replace(/[œæßøđðłıþ]/g, (letter) => LETTERS[letter]);
    return [...plain].filter((each) => /[\p{L}\p{N}]/u.test(each)).slice(0, LONGEST).join("");
  }

  /** The text composed, its apostrophes and hyphens of one kind, and where each of its characters stood. */
  function levelled(text) {
    if (text.normalize("NFC") === text && !UNSEEN.test(text)) {
      return { plain: text.replace(/[’ʼ‘＇‐‑]/g, (each) => ALIKE[each]), at: (place) => place };
    }
    let plain = "";
    const places = [];
    for (const { 0: cluster, index } of text.matchAll(/\P{M}?\p{M}*/gu)) {
      const composed = UNSEEN.test(cluster) ? cluster.replace(new RegExp(UNSEEN, "g"), "") : cluster.normalize("NFC");
      for (const each of composed.replace(/[’ʼ‘＇‐‑]/g, (sign) => ALIKE[sign])) {
        plain += each;
        for (let unit = 0; unit < each.length; unit += 1) places.push(index);
      }
    }
    places.push(text.length);
    return { plain, at: (place) => places[place] };
  }

  /** The chunks of a text, as `chunk_of` has them: each its `words` with the places where they stand, `joined` when it is
      written in parts, and `last`, the words it is also found by. */
  function chunks(text, lang) {
    const { plain, at } = levelled(text);
    const found = [];
    for (const { 0: written, index } of plain.matchAll(WORD)) {
      const initials = written.includes(".");
      const parts = initials ? [written.replace(/[.\s]/g, "")] : written.split("-");
      const chunk = { words: [], joined: "", last: [], start: at(index), end: at(index + written.length) };
      let place = index;
      for (const part of parts) {
        const word = wordOf(part, lang, chunk.last);
        if (word.text) chunk.words.push({ word: word.text, start: at(place + word.skipped), end: at(initials ? index + written.length : place + part.length) });
        if (parts.length > 1) chunk.joined += word.text;
        place += part.length + 1;
      }
      chunk.joined = [...chunk.joined].slice(0, LONGEST).join("");
      found.push(chunk);
    }
    return found;
  }

  function wordOf(part, lang, last) {
    const pieces = part.split("'");
    const folded = pieces.map(fold);
    let skipped = 0;
    while (folded.length > 1 && PARTICLES[lang].has(folded[0])) {
      skipped += pieces.shift().length + 1;
      folded.shift();
    }
    if (lang === "en" && folded.length > 1 && folded.at(-1) === "s") folded.pop();
    const text = [...folded.join("")].slice(0, LONGEST).join("");
    const end = folded.at(-1);
    if (folded.length > 1 && [...end].length > 2 && text !== "aujourdhui") last.push(end);
    return { text, skipped };
  }

  const groupedNumbers = (text) => [...text.matchAll(GROUPED)].map((found) => ({ text: found[0], index: found.index }));

  /** What a person typed: groups that must all be found. A group is the words of one chunk, or a phrase between quotation
      marks of any kind; `joined` is another way to write it. The `last` one may still be being typed. */
  function readQuery(text, lang) {
    const groups = [];
    text.split(/["“”„«»]/).forEach((part, place, parts) => {
      if (place % 2) {
        const words = chunks(part, lang).flatMap((chunk) => chunk.words.map((each) => each.word));
        if (words.length) groups.push({ words, phrase: true, joined: "", open: false });
        return;
      }
      let rest = part;
      for (const number of groupedNumbers(part)) {
        const words = chunks(number.text, lang).flatMap((chunk) => chunk.words.map((each) => each.word));
        groups.push({ words, phrase: false, joined: words.join(""), open: false });
        rest = rest.replace(number.text, " ");
      }
      for (const chunk of chunks(rest, lang)) {
        const words = chunk.words.map((each) => each.word);
        // What is elided before a word that stands apart, or is still to come.
        if (PARTICLES[lang].has(words[0]) && /^['’ʼ‘＇](?:\s|$)/.test(rest.slice(chunk.end))) continue;
        if (words.length) groups.push({ words, phrase: false, joined: chunk.joined, open: false });
      }
      const end = groups.at(-1);
      if (end && !end.phrase && place === parts.length - 1 && /[\p{L}\p{N}]\p{M}*$/u.test(text)) end.open = true;
    });
    return groups;
  }

  /** Where words of a set stand in a text: pairs of places. A phrase's words count only side by side. */
  function placesOf(text, lang, words, phrases = []) {
    const all = chunks(text, lang);
    const places = [];
    const row = all.flatMap((chunk) => chunk.words);
    for (const chunk of all) {
      const whole = [chunk.joined, ...chunk.last].some((word) => word && words.has(word));
      if (whole) places.push([chunk.start, chunk.end]);
      else for (const each of chunk.words) if (words.has(each.word)) places.push([each.start, each.end]);
    }
    for (const { text: written, index } of groupedNumbers(text)) {
      if (words.has(written.replace(/[^0-9]/g, ""))) places.push([index, index + written.length]);
    }
    for (const phrase of phrases) {
      for (const at of runsOf(row.map((each) => each.word), phrase)) places.push([row[at].start, row[at + phrase.length - 1].end]);
    }
    places.sort((one, other) => one[0] - other[0] || other[1] - one[1]);
    return places.filter((place, at) => at === 0 || place[0] >= Math.max(...places.slice(0, at).map((before) => before[1])));
  }

  /** The places at which a phrase begins in a row of words. */
  function runsOf(row, phrase) {
    return row.flatMap((word, at) => (word === phrase[0] && phrase.every((each, next) => row[at + next] === each) ? [at] : []));
  }

  const wordsOf = (text, lang) => chunks(text, lang).flatMap((chunk) => chunk.words.map((each) => each.word));

  Object.assign(globalThis.duplexSearch, { fold, chunks, groupedNumbers, readQuery, placesOf, runsOf, wordsOf });
}
