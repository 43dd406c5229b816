// A feed of RSS for every list.
const escaped = (text) => text.replace(/&/g, "&amp;").replace(/</g, "&lt;");

export const data = {
  pagination: { data: "archive.feeds", size: 1, alias: "it" },
  permalink: ({ it }) => `${it.url}rss.xml`,
};

export function render({ it, archive }) {
  const items = it.shown.map((page) => {
    const film = page.film ? `\n      <enclosure url="${archive.origin}/media/${page.film.id}/${page.film.version}/proxy.mp4" length="${page.film.bytes}" type="video/mp4" />` : "";
    return `    <item>
      <title>${escaped(page.title)}</title>
      <link>${archive.origin}${page.url}</link>
      <pubDate>${new Date(page.date).toUTCString()}</pubDate>
      <guid>${archive.origin}${page.url}</guid>
      <description>${escaped(page.summary)}</description>${film}
    </item>`;
  });
  return `<?xml version='1.0' encoding='utf-8'?>
<rss version="2.0">
  <channel>
    <title>${escaped(it.heading)}</title>
    <link>${archive.origin}${it.url}</link>
    <description>${escaped(it.words.site.description)}</description>
    <language>${it.lang}</language>
${items.join("\n")}
  </channel>
</rss>
`;
}
