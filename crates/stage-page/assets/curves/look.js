// Colours and dashes of lines: those of the charts in SVG, read from the page's styles, so that one place decides.

const DASHES = [[], [6, 3], [2, 3], [9, 3, 2, 3], [1, 2], [12, 4]];

/** The colours of this moment; they change between light and dark. */
function palette() {
  const probe = element("span", { class: "chart", hidden: true });
  document.body.append(probe);
  const style = getComputedStyle(probe);
  const series = DASHES.map((_, i) => style.getPropertyValue(`--s${i}`).trim());
  const ink = style.getPropertyValue("--ink").trim();
  probe.remove();
  return { series, ink, grid: `${ink}22` };
}

/** The look of the line in a place: six colours, each with six dashes, before two lines look alike. */
function look(place, colours) {
  const colour = place % DASHES.length;
  const dash = DASHES[(place + Math.floor(place / DASHES.length)) % DASHES.length];
  return { colour: colours.series[colour], dash };
}

/** A short piece of the line, for a legend. */
function swatch({ colour, dash }) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const line = document.createElementNS("http://www.w3.org/2000/svg", "path");
  const set = (node, attributes) => Object.entries(attributes).forEach(([key, value]) => node.setAttribute(key, value));
  set(svg, { width: 26, height: 8, "aria-hidden": "true", class: "swatch" });
  set(line, { d: "M0 4h26", stroke: colour, "stroke-width": 2.5, "stroke-dasharray": dash.join(" "), fill: "none" });
  svg.append(line);
  return svg;
}
