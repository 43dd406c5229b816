/** Asking the service for a file and waiting until it stands. What it says is told by codes, never by sentences. */

const POLL_MS = [400, 600, 1000, 1500, 2000];

/** One request: {status, body}; body is null when it is no JSON. Throws when nobody answers. */
async function ask(address, options = {}) {
  const answer = await fetch(address, { ...options, headers: { Accept: "application/json", ...options.headers } });
  return { status: answer.status, body: await answer.json().catch(() => null) };
}

/**
 * Orders a film or a passage. `waiting(file, since)` is called as often as something is known, `since` being when the
 * making began. The answer is {file}, or {code} of a refusal: `not_signed_in`, `offline`, `failed` and the service's own.
 */
export async function order(body, waiting) {
  try {
    const post = { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) };
    let { status, body: file } = await ask("/api/downloads", post);
    let since = Date.now();
    for (let turn = 0; ; turn += 1) {
      if (status === 401) return { code: "not_signed_in" };
      // What is no JSON of ours comes from whatever stands before a service that is down.
      if (!file) return { code: status >= 502 ? "offline" : "internal" };
      if (status >= 400) return { code: file.code };
      if (file.state === "ready") return { file };
      if (file.state === "failed") return { code: "failed" };
      if (file.state === "queued") since = Date.now();
      waiting(file, since);
      await new Promise((done) => setTimeout(done, POLL_MS[Math.min(turn, POLL_MS.length - 1)]));
      ({ status, body: file } = await ask(`/api/downloads/${encodeURIComponent(file.id)}`));
    }
  } catch {
    return { code: "offline" };
  }
}
