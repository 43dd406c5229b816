// A feed of Atom for every list.
const escaped = (text) => text.replace(/&/g, "&amp;").replace(/</g, "&lt;");

export const data = {
  pagination: { data: "archive.feeds", size: 1, alias: "it" },
  permalink: ({ it }) => `${it.url}feed.xml`,
};

export function render({ it, archive }) {
  const entries = it.shown.map((page) => {
    const film = page.film ? `\n    <link rel="related" type="video/mp4" href="${archive.origin}/media/${page.film.id}/${page.film.version}/proxy.mp4" />` : "";
    const topics = page.topics.map((topic) => `\n    <category term="${topic}" />`).join("");
    return `  <entry>
    <title>${escaped(page.title)}</title>
    <id>${archive.origin}${page.url}</id>
    <link rel="alternate" type="text/html" href="${archive.origin}${page.url}" />${film}
    <published>${page.date}T00:00:00Z</published>
    <updated>${page.date}T00:00:00Z</updated>
    <summary>${escaped(page.summary)}</summary>${topics}
  </entry>`;
  });
  return `<?xml version='1.0' encoding='utf-8'?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="${it.lang}">
  <title>${escaped(it.heading)}</title>
  <id>${archive.origin}${it.url}</id>
  <updated>${it.shown[0].date}T00:00:00Z</updated>
${entries.join("\n")}
</feed>
`;
}
