// Every page of an interview with its languages, and every list.
export const data = { permalink: "/sitemap.xml" };

export function render({ archive }) {
  const pages = archive.pages.map((page) => {
    const links = page.twin
      ? [["fr", "/"], ["en", "/en/"], ["x-default", "/"]].map(([lang, root]) => `<xhtml:link rel="alternate" hreflang="${lang}" href="${archive.origin}${root}interviews/${page.slug}/" />`)
      : [];
    return `<url><loc>${archive.origin}${page.url}</loc>${links.join("")}</url>`;
  });
  const lists = archive.lists.map((list) => `<url><loc>${archive.origin}${list.url}</loc></url>`);
  return `<?xml version='1.0' encoding='utf-8'?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:xhtml="http://www.w3.org/1999/xhtml">
${[...pages, ...lists].join("\n")}
</urlset>
`;
}
