// The server behind the page.
//
// A predictor has three functions, and nothing else of the page knows where answers come from:
//   about()        -> { labels, preprocessing, canvas, has_detector, min_confidence, lang, collects, teaches, address }
//   predict(blob)  -> { label, probabilities, confidence, refused, error }
//   explain(blob)  -> { answer, stages: [{ name, about, changed, width_px, height_px, png }], seen }
// `blob` is a picture file. `png` and `seen` are PNG in Base64.

/** Longest picture that the server takes. */
export const MAX_PICTURE_BYTES = 32 * 1024 * 1024;

/** What the server, or the way to it, has against a request. */
export class Fault extends Error {}

async function ask(path, options = {}) {
  let response;
  try {
    // Relative to the address of the page, which may have a token in it.
    response = await fetch(path, { ...options, signal: AbortSignal.timeout(60_000) });
  } catch {
    throw new Fault("unreachable");
  }
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw new Fault(answer.error ?? `${response.status} ${response.statusText}`);
  return answer;
}

/** Sends JSON. */
export const post = (path, value) =>
  ask(path, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(value) });

/** Reads JSON. */
export const get = (path) => ask(path);

/** The predictor of the server. */
export const predictor = {
  about: () => get("about"),
  predict: (blob) => ask("predict", { method: "POST", body: blob }),
  explain: (blob) => ask("explain", { method: "POST", body: blob }),
};
