// A cell of a confusion matrix shows its pictures alone; chosen again, or by the button, all misclassified ones return.
for (const gallery of document.querySelectorAll(".gallery")) {
  const cells = [...gallery.querySelectorAll(".cell")];
  const links = [...gallery.querySelectorAll(".matrix a")];
  const status = gallery.querySelector("[role=status]");
  const all = gallery.querySelector("button");
  const target = (link) => document.getElementById(link.hash.slice(1));

  const show = (chosen) => {
    const wrong = cells.some((cell) => !cell.classList.contains("right"));
    for (const cell of cells) {
      cell.hidden = chosen ? cell !== chosen : wrong && cell.classList.contains("right");
    }
    for (const link of links) {
      if (chosen && target(link) === chosen) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
    all.hidden = !chosen || !wrong;
    status.textContent = chosen ? chosen.querySelector("h3").textContent : status.dataset.choose;
  };

  const choose = (link) => {
    const cell = target(link);
    const again = link.hasAttribute("aria-current");
    show(again ? null : cell);
    // Where the pictures lie below the matrix, they come into view.
    const box = cell.getBoundingClientRect();
    if (!again && box.top > innerHeight - 80) cell.scrollIntoView({ block: "nearest" });
  };

  // Arrows go to the next cell with pictures in their direction.
  const step = (link, key) => {
    const at = link.closest("td");
    const line = at.parentElement;
    const lines = [...line.parentElement.children];
    const cells =
      key === "ArrowLeft" || key === "ArrowRight"
        ? [...line.children]
        : lines.map((other) => other.children[at.cellIndex]);
    if (key === "ArrowLeft" || key === "ArrowUp") cells.reverse();
    const next = cells.slice(cells.indexOf(at) + 1).find((cell) => cell.querySelector("a"));
    next?.querySelector("a").focus();
  };

  for (const link of links) {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      choose(link);
    });
    link.addEventListener("keydown", (event) => {
      if (!event.key.startsWith("Arrow")) return;
      event.preventDefault();
      step(link, event.key);
    });
  }
  all.addEventListener("click", () => {
    const chosen = links.find((link) => link.hasAttribute("aria-current"));
    show(null);
    chosen?.focus();
  });
  show(null);
}
