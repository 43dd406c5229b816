// The pages, and every list of them, in both languages.
import { readFileSync, readdirSync } from "node:fs";

const EACH = 48;
const ORIGIN = "http://127.0.0.1:8000";
const MONTHS = { fr: "fr-FR", en: "en-GB" };

export default function () {
  const words = JSON.parse(readFileSync("words.json", "utf8"));
  const pages = readdirSync("interviews").sort().map((name) => JSON.parse(readFileSync(`interviews/${name}`, "utf8")));
  const known = new Map(pages.map((page) => [`${page.lang} ${page.slug}`, page]));
  for (const page of pages) {
    page.root = page.lang === "fr" ? "/" : "/en/";
    page.url = `${page.root}interviews/${page.slug}/`;
    page.twin = known.get(`${page.lang === "fr" ? "en" : "fr"} ${page.slug}`);
    page.languages = page.twin ? ["fr", "en"] : [page.lang];
    page.date_text = new Date(page.date).toLocaleDateString(MONTHS[page.lang], { dateStyle: "long" });
    page.words = words[page.lang];
    page.text = page.turns.map((turn) => `${turn.name}: ${turn.text.join("\n\n")}`).join("\n\n");
  }
  const lists = [];
  const feeds = [];
  const names = [];
  for (const lang of ["fr", "en"]) {
    const own = pages.filter((page) => page.lang === lang).sort((a, b) => (a.date < b.date ? 1 : -1));
    const root = lang === "fr" ? "/" : "/en/";
    const add = (url, heading, members) => {
      for (let at = 0; at < members.length; at += EACH) {
        const number = at / EACH + 1;
        const shown = members.slice(at, at + EACH);
        lists.push({ lang, root, url, heading, number, of: Math.ceil(members.length / EACH), shown, count: members.length, words: words[lang] });
      }
      feeds.push({ lang, url, heading, shown: members.slice(0, 50), words: words[lang] });
    };
    add(`${root}interviews/`, words[lang].listing.interviews_title, own);
    for (const kind of ["topics", "speakers", "places"]) {
      const groups = new Map();
      for (const page of own) {
        for (const term of page.kinds[kind]) {
          if (!groups.has(term.slug)) groups.set(term.slug, { ...term, members: [] });
          groups.get(term.slug).members.push(page);
        }
      }
      for (const group of groups.values()) add(`${root}${kind}/${group.slug}/`, group.name, group.members);
      const terms = [...groups.values()].sort((a, b) => a.slug.localeCompare(b.slug));
      names.push({ lang, root, url: `${root}${kind}/`, kind, terms, words: words[lang] });
      for (const page of own) page.related ??= [];
      if (kind === "topics") {
        for (const page of own) {
          const near = page.kinds.topics.flatMap((term) => groups.get(term.slug).members.slice(0, 40));
          page.related = [...new Set(near)].filter((other) => other !== page).slice(0, 3);
        }
      }
    }
  }
  return { pages, lists, feeds, names, origin: ORIGIN };
}
