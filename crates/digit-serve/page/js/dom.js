// Elements by id, and new elements.

/** The element with an id. */
export const at = (id) => document.getElementById(id);

/** A new element with properties and children; text is text, never HTML. */
export function element(tag, properties = {}, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

/** Waits until it was not called for a time, then calls with the last arguments. */
export function after(ms, call) {
  let timer;
  return (...words) => {
    clearTimeout(timer);
    timer = setTimeout(() => call(...words), ms);
  };
}
