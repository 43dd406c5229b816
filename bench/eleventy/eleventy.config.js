// Everything is made from the pages' JSON by templates that are paged over it; nothing is Markdown when it is built.
export default function (config) {
  config.addPassthroughCopy({ assets: "assets" });
  config.setNunjucksEnvironmentOptions({ autoescape: true, trimBlocks: true });
  config.addFilter("json", (value) => JSON.stringify(value).replace(/</g, "\\u003c").replace(/&/g, "\\u0026"));
  config.addFilter("cut", (text, most) => (text.length <= most ? text : text.slice(0, text.lastIndexOf(" ", most)) + "…"));
  config.addFilter("put", (text, name, value) => text.replaceAll(`{${name}}`, value));
  config.setQuietMode(true);
  return { dir: { input: "pages", data: "../_data", includes: "../_includes", output: "public" } };
}
