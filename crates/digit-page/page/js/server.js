// The server behind the page.
//
// A predictor has three functions, and nothing else of the page knows where answers come from:
//   about()           -> { labels, preprocessing, canvas, has_detector, min_confidence, lang, collects, teaches, address }
//   predict(picture)  -> { label, probabilities, confidence, refused, error }
//   explain(picture)  -> { answer, stages: [{ name, about, changed, width_px, height_px, png }], seen }
// `picture` is a picture file (a Blob) or a canvas. `png` and `seen` are PNG in Base64.
//
// A teacher has start(store) and progress() -> { state, command, lines, accuracy, error, has_report, saves }, and
// saved() -> Blob where it `saves`.
//
// In the page that is one file, one-file/backend.js takes the place of this module.

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

/** A picture as a file. */
const fileOf = (picture) => (picture instanceof Blob ? picture : picture.convertToBlob({ type: "image/png" }));

/** The predictor of the server. */
export const predictor = {
  about: () => ask("about"),
  predict: async (picture) => ask("predict", { method: "POST", body: await fileOf(picture) }),
  explain: async (picture) => ask("explain", { method: "POST", body: await fileOf(picture) }),
};

/** Training on the server, with what lies in its folder. */
export const teacher = {
  start: () => post("teach", {}),
  progress: () => ask("teach"),
};
