// What a reader chose survives a reload of the page in its tab. A browser may refuse storage to files; then the page
// begins anew each time.
const keep = {
  get(name, otherwise) {
    try {
      const text = sessionStorage.getItem(`${location.pathname} ${name}`);
      return text === null ? otherwise : JSON.parse(text);
    } catch {
      return otherwise;
    }
  },
  set(name, value) {
    try {
      sessionStorage.setItem(`${location.pathname} ${name}`, JSON.stringify(value));
    } catch {
      // Nothing depends on it.
    }
  },
};

/** An element with attributes (or listeners, as functions) and children. Text is never read as markup. */
function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (typeof value === "function") made.addEventListener(key, value);
    else if (value === true) made.setAttribute(key, "");
    else if (value !== false && value !== null && value !== undefined) made.setAttribute(key, value);
  }
  made.append(...children);
  return made;
}
