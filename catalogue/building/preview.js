/** Only in `duplex preview`: loads the page again when a build has ended, and shows what is wrong with the pages. */

const panel = document.createElement("section");
panel.setAttribute("role", "alert");
Object.assign(panel.style, {
  position: "fixed", inset: "auto 0 0 0", maxHeight: "40vh", overflow: "auto", padding: "1rem", zIndex: 1000,
  background: "#7a1010", color: "#fff", font: "15px/1.5 monospace", whiteSpace: "pre-wrap",
});

/** Asks what there is to tell; the answer comes when something happens. */
async function listen(seen) {
  let told = { number: seen, lines: null };
  try {
    told = await (await fetch(`/preview/news?after=${seen}`, { cache: "no-store" })).json();
  } catch {
    await new Promise((wake) => setTimeout(wake, 1000));
  }
  if (told.built && told.number !== seen && seen > 0) return location.reload();
  if (told.lines !== null) {
    panel.textContent = told.lines.join("\n");
    if (told.lines.length) document.body.append(panel);
    else panel.remove();
  }
  return listen(told.number);
}

listen(0);
