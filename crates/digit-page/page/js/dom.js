// Elements by id, new elements, and files.

/** The element with an id. */
export const at = (id) => document.getElementById(id);

/** A new element with properties and children; text is text, never HTML. */
export function element(tag, properties = {}, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

/** Saves bytes as a file. */
export function download(blob, name) {
  const url = URL.createObjectURL(blob);
  element("a", { href: url, download: name }).click();
  // The download has begun by then.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

/** Waits until it was not called for a time, then calls with the last arguments. */
export function after(ms, call) {
  let timer;
  return (...words) => {
    clearTimeout(timer);
    timer = setTimeout(() => call(...words), ms);
  };
}
