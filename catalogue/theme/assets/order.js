/** Asking the service for a file and waiting until it stands. What it says is told by codes, never by sentences. */

const POLL_MS = [400, 600, 1000, 1500, 2000];

/** One request: {status, body}; body is null when it is no JSON. Throws when nobody answers. */
async function ask(address, options = {}) {
  const answer = await fetch(address, { ...options, headers: { Accept: "application/json", ...options.headers } });
  return { status: answer.status, body: await answer.json().catch(() => null) };
}

const addressOf = (file) => `/api/downloads/${encodeURIComponent(file.id)}`;

/**
 * Orders a film or a passage. `waiting(file, since, stop)` is called as often as something is known, `since` being when the
 * making began; `stop()` gives the file up and tells whether the service heard it. The answer is {file}, or {code} of a
 * refusal: `not_signed_in`, `offline`, `failed`, `cancelled` and the service's own.
 */
export async function order(body, waiting) {
  try {
    const post = { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) };
    let { status, body: file } = await ask("/api/downloads", post);
    let since = Date.now();
    let wake = () => {};
    // A file that was ready before the service heard it is given all the same: it is asked once more.
    const stop = async () => {
      const answer = await ask(`${addressOf(file)}/cancel`, { method: "POST" }).catch(() => null);
      wake();
      return answer !== null && answer.status < 400;
    };
    for (let turn = 0; ; turn += 1) {
      if (status === 401) return { code: "not_signed_in" };
      // What is no JSON of ours comes from whatever stands before a service that is down.
      if (!file) return { code: status >= 502 ? "offline" : "internal" };
      if (status >= 400) return { code: file.code };
      if (file.state === "ready") return { file };
      if (file.state === "failed") return { code: file.reason === "cancelled" ? "cancelled" : "failed" };
      if (file.state === "queued") since = Date.now();
      waiting(file, since, stop);
      await new Promise((done) => {
        wake = done;
        setTimeout(done, POLL_MS[Math.min(turn, POLL_MS.length - 1)]);
      });
      ({ status, body: file } = await ask(addressOf(file)));
    }
  } catch {
    return { code: "offline" };
  }
}
