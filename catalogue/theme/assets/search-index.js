/** The index as catalogue/search writes it: small scripts, each calling `duplexIndex` with its name and what it holds.
    Only what a query needs is fetched, once; nothing else is asked of anybody. */

{
  const waiting = new Map();
  globalThis.duplexIndex = (name, value) => waiting.set(name, value);

  const ENDS = 60;
  const GOES_ON = 30;
  const DIGITS = Array.from({ length: 94 }, (_, at) => String.fromCharCode(33 + at)).filter((each) => !'!"\\~'.includes(each));
  const VALUE = new Int8Array(128).fill(-1);
  DIGITS.forEach((each, value) => (VALUE[each.charCodeAt(0)] = value));
  // Six bits each, as in catalogue/search/packing.py.
  const SIX = new Int8Array(128);
  [..."ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"].forEach((each, value) => (SIX[each.charCodeAt(0)] = value));
  const SCALES = 7;
  const MARK_BITS = 5;
  // What a word remembers of its neighbours: one of six classes on its left, one of five on its right.
  const [LEFT, RIGHT] = [6, 5];
  // A pair of two of the so many commonest words says in which units it stands, any other pair in which blocks of the text.
  const COMMONEST = 12;

  /** Reads whole numbers out of a text, one after another. */
  class Reader {
    constructor(text, at = 0) {
      Object.assign(this, { text, at });
    }

    get more() {
      return this.at < this.text.length;
    }

    number() {
      let rest = 0;
      let value;
      while ((value = VALUE[this.text.charCodeAt(this.at++)]) >= ENDS) rest = rest * GOES_ON + value - ENDS;
      return rest * ENDS + value;
    }
  }

  /** Reads bits, and Rice codes made of them. */
  class Bits {
    constructor(text, at) {
      Object.assign(this, { text, at, held: 0, count: 0 });
    }

    bits(count) {
      while (this.count < count) {
        this.held = ((this.held << 6) | SIX[this.text.charCodeAt(this.at++)]) & 0xffffff;
        this.count += 6;
      }
      this.count -= count;
      return (this.held >> this.count) & ((1 << count) - 1);
    }

    /** The next number; null where nothing but ones are left. */
    number(scale) {
      let whole = 0;
      for (;;) {
        if (!this.count && this.at >= this.text.length) return null;
        if (!this.bits(1)) return whole * 2 ** scale + this.bits(scale);
        whole += 1;
      }
    }
  }

  /** The documents of a row, newest first: their units, and for each the mark of its neighbours when the term has them. Of
      most pairs the units are blocks of text; of facets there are none. */
  function rowOf(text, at, first, { placed, marked }) {
    const scales = VALUE[text.charCodeAt(at)];
    const [gap, step] = [Math.floor(scales / SCALES), scales % SCALES];
    const bits = new Bits(text, at + 1);
    let said = { units: [], marks: marked ? [] : null };
    const row = new Map([[first, said]]);
    let number = first;
    let unit = 0;
    for (;;) {
      if (placed) {
        // What is told once a unit is at least one further each time.
        unit += bits.number(step) + (marked || !said.units.length ? 0 : 1);
        said.units.push(unit);
        if (marked) said.marks.push(bits.bits(MARK_BITS));
      }
      const further = bits.number(gap);
      if (further === null) return row;
      if (further) {
        number -= further;
        unit = 0;
        row.set(number, (said = { units: [], marks: marked ? [] : null }));
      }
    }
  }

  function frontDecoded(text) {
    let before = "";
    return text.split("~").slice(0, -1).map((part) => (before = before.slice(0, VALUE[part.charCodeAt(0)]) + part.slice(1)));
  }

  const nameOf = (term) => "-" + [...term].map((each) => (/[a-zA-Z0-9]/.test(each) ? each : `.${each.codePointAt(0).toString(16)}.`)).join("");

  /** Where one term stands. A long list is in blocks, of which only those asked for are fetched. */
  class List {
    constructor(index, term, places) {
      const [pair, facet] = [term[0] === "_", term[0] === "@"];
      const coarse = pair && !term.slice(1).split("_").every((word) => index.ranks.get(word) < COMMONEST);
      Object.assign(this, { index, term, pair, coarse, placed: !facet, marked: !pair && !facet && !index.ranks.has(term) });
      if (places[0] === "!") {
        const reader = new Reader(places, 1);
        this.blocks = [];
        let first = null;
        while (reader.more) {
          const number = reader.number();
          first = first === null ? number : first - number;
          this.blocks.push({ first, count: reader.number(), size: reader.number(), row: null });
        }
      } else {
        const reader = new Reader(places);
        const first = reader.number();
        const row = rowOf(places, reader.at, first, this);
        this.blocks = [{ first, count: row.size, size: 0, row }];
      }
      this.blocks.forEach((block, at) => (block.last = at + 1 < this.blocks.length ? this.blocks[at + 1].first + 1 : -1));
      this.count = this.blocks.reduce((sum, block) => sum + block.count, 0);
      this.size = this.blocks.reduce((sum, block) => sum + block.size, 0);
    }

    /** The block in which a document would stand. */
    blockAt(number) {
      let [low, high] = [0, this.blocks.length];
      while (low < high) {
        const middle = (low + high) >> 1;
        if (this.blocks[middle].last <= number) high = middle;
        else low = middle + 1;
      }
      return this.blocks[low] ?? null;
    }

    async rowOf(block) {
      block.row ??= rowOf(await this.index.file(`lists/${nameOf(this.term)}/${block.first}`), 0, block.first, this);
      return block.row;
    }

    /** What it says of each of some documents. */
    async at(numbers) {
      const blocks = new Set(numbers.map((number) => this.blockAt(number)).filter((block) => block));
      const rows = new Map(await Promise.all([...blocks].map(async (block) => [block, await this.rowOf(block)])));
      return new Map(numbers.map((number) => [number, rows.get(this.blockAt(number))?.get(number)]).filter(([, said]) => said));
    }
  }

  class Index {
    constructor(lang, folder) {
      Object.assign(this, { lang, folder, asked: new Map(), shards: new Map(), requests: 0 });
      this.ready = this.file("top").then((top) => {
        this.top = top;
        this.starts = frontDecoded(top.starts);
        this.ranks = new Map(top.frequent.split(" ").map((word, rank) => [word, rank]));
      });
    }

    /** What a file holds; asked for once. */
    file(name) {
      if (!this.asked.has(name)) {
        this.requests += 1;
        this.asked.set(name, new Promise((resolve, reject) => {
          const script = document.createElement("script");
          script.src = `${this.folder}${name}.js`;
          script.onload = () => {
            script.remove();
            const key = `${this.lang}/${name}`;
            if (waiting.has(key)) resolve(waiting.get(key));
            else reject(new Error(`${script.src} holds no part of an index`));
            waiting.delete(key);
          };
          script.onerror = () => {
            script.remove();
            this.asked.delete(name);
            reject(new Error(`${script.src} cannot be read`));
          };
          document.head.append(script);
        }));
      }
      return this.asked.get(name);
    }

    /** The place of the shard in which a term would stand. */
    shardAt(term) {
      let [low, high] = [0, this.starts.length];
      while (low < high) {
        const middle = (low + high) >> 1;
        if (this.starts[middle] <= term) low = middle + 1;
        else high = middle;
      }
      return Math.max(0, low - 1);
    }

    /** The lines of a shard by term: `{stem, places}`. */
    async shard(place) {
      if (!this.shards.has(place)) {
        const text = await this.file(`words/${nameOf(this.starts[place])}`);
        let term = "";
        const lines = text.split("~").map((line) => {
          const [head, places] = [line.slice(1, line.indexOf(" ")), line.slice(line.indexOf(" ") + 1)];
          const [own, mark] = head.split("|");
          term = term.slice(0, VALUE[line.charCodeAt(0)]) + own;
          return [term, { stem: stemOf(term, mark), places }];
        });
        this.shards.set(place, new Map(lines));
      }
      return this.shards.get(place);
    }

    async list(term) {
      if (!this.starts.length) return null;
      const line = (await this.shard(this.shardAt(term))).get(term);
      return line ? this.listOf(term, line) : null;
    }

    listOf(term, line) {
      return (line.list ??= new List(this, term, line.places));
    }

    /** The terms that begin with a text, from at most so many shards: null when there are more. */
    async startingWith(text, most) {
      if (!this.starts.length) return [];
      const [first, last] = [this.shardAt(text), this.shardAt(text + "\uffff")];
      if (last - first >= most) return null;
      const shards = await Promise.all(Array.from({ length: last - first + 1 }, (_, at) => this.shard(first + at)));
      return shards.flatMap((lines) => [...lines].filter(([term]) => term.startsWith(text)));
    }

    /** The words that begin with the letter of another, each with how common it is. */
    async near([letter]) {
      await this.ready;
      if (!this.top.letters.includes(letter)) return [];
      const text = await this.file(`near/${nameOf(letter)}`);
      const end = text.lastIndexOf("~");
      const words = frontDecoded(text.slice(0, end));
      return words.map((word, at) => [word, VALUE[text.charCodeAt(end + 1 + at)]]);
    }

    /** A block of a document's text. */
    text(number, block) {
      return this.file(`texts/${number >> 8}/${number}-${block}`);
    }

    /** Whether the mark of a place allows that some words stand beside it; undefined where none is asked for. */
    fits(mark, before, after) {
      const kind = (word) => (this.ranks.get(word) ?? [...word].reduce((sum, each) => sum + each.codePointAt(0), 0)) % (LEFT * RIGHT);
      const left = before === undefined || Math.floor(mark / RIGHT) === kind(before) % LEFT;
      return left && (after === undefined || mark % RIGHT === kind(after) % RIGHT);
    }
  }

  function stemOf(term, mark) {
    if (mark === undefined) return term;
    const [, off, put] = /^(\d+)(.*)$/.exec(mark);
    return term.slice(0, term.length - Number(off)) + put;
  }

  Object.assign(globalThis.duplexSearch, { Index });
}
