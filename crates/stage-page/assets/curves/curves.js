// The curves section: two plots that share epochs, a readout, and the controls above them.

// Lines that "draw all listed" switches on at most: with more, a browser would be slow and nobody could tell them apart.
const MOST_DRAWN = 300;

class CurvesSection {
  constructor(section) {
    this.curves = new Curves(JSON.parse(section.querySelector("script").textContent));
    const { measures, shown } = this.curves;
    const known = keep.get("curves", {});
    this.state = {
      on: (known.on ?? shown).filter((key) => this.curves.has(key)),
      smoothing: known.smoothing ?? 0,
      zoom: known.zoom ?? null,
      plots: [0, 1].slice(0, measures.length).map((i) => this.#plotState(known.plots?.[i], i)),
    };
    this.places = new Map();
    this.switches = new Switches((key, isOn) => this.set([key], isOn));
    this.#build(section);
    this.draw();
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.draw());
  }

  #plotState(known, i) {
    const measure = known?.measure < this.curves.measures.length ? known.measure : i;
    return { measure, isLog: known?.isLog ?? this.#spansDecades(measure) };
  }

  /** Whether the values that are shown at first span more than two decades, as those of a loss that vanishes. */
  #spansDecades(measure) {
    if (this.curves.measures[measure].isShare) return false;
    const values = this.curves.shown.flatMap((key) => this.curves.curve(key, measure)?.values ?? []);
    const positive = values.filter((value) => value > 0);
    const [low, high] = [positive.reduce((a, b) => Math.min(a, b), 1), positive.reduce((a, b) => Math.max(a, b), 0)];
    return high / low > 100;
  }

  #build(section) {
    const on = {
      cursor: (epoch) => this.readout?.at(epoch),
      zoom: (range) => this.#zoom(range),
      focus: (key) => this.readout?.focus(key),
    };
    this.plots = this.state.plots.map((state, i) => this.#plotPart(state, i, on));
    const values = element("div", { class: "readouts" });
    this.table = valueTable(() => this.now);
    const plots = element("div", { class: "plots" }, ...this.plots.map(({ part }) => part));
    section.append(this.#tools(), element("p", { class: "hint" }, texts.hint), plots, values, this.table.fold);
    this.readout = new Readout(values, (key) => this.set([key], false));
  }

  #plotPart(state, i, on) {
    const options = this.curves.measures.map(({ name }, value) => element("option", { value }, name));
    const select = element("select", { "aria-label": texts.plotShows(i + 1) }, ...options);
    const log = element("input", { type: "checkbox" });
    [select.value, log.checked] = [state.measure, state.isLog];
    select.addEventListener("change", () => {
      state.measure = Number(select.value);
      this.draw();
    });
    log.addEventListener("change", () => {
      state.isLog = log.checked;
      this.draw();
    });
    const box = element("div", { class: "plot", tabindex: 0, role: "application" });
    const head = element("div", { class: "plot-head" }, select, element("label", {}, log, ` ${texts.logScale}`));
    return { part: element("div", { class: "plot-part" }, head, box), box, plot: new Plot(box, on) };
  }

  #tools() {
    const button = (text, click) => element("button", { type: "button", click }, text);
    const amount = element("output", {});
    const smoothing = element("input", { type: "range", min: 0, max: 0.98, step: 0.02, "aria-label": texts.smoothing });
    smoothing.value = this.state.smoothing;
    const show = () => (amount.textContent = this.state.smoothing ? this.state.smoothing.toFixed(2) : texts.off);
    show();
    smoothing.addEventListener("input", () => {
      this.state.smoothing = Number(smoothing.value);
      show();
      this.draw();
    });
    const scale = (factor) => this.plots.forEach(({ plot }, i) => i === 0 && plot.scale(factor));
    return element(
      "div",
      { class: "tools", role: "group", "aria-label": texts.curves },
      button(texts.drawListed, () => this.only(this.switches.listed().slice(0, MOST_DRAWN))),
      button(texts.drawBest, () => this.only(this.curves.shown)),
      button(texts.drawNone, () => this.only([])),
      element(
        "span",
        { class: "zoom" },
        button(texts.zoomIn, () => scale(0.5)),
        button(texts.zoomOut, () => scale(2)),
        button(texts.allEpochs, () => this.#zoom(null)),
      ),
      element("label", {}, `${texts.smoothing} `, smoothing, " ", amount),
    );
  }

  /** Switches lines on or off. */
  set(keys, isOn) {
    const rest = this.state.on.filter((key) => !keys.includes(key));
    this.only(isOn ? [...rest, ...keys] : rest);
  }

  only(keys) {
    this.state.on = keys;
    this.draw();
  }

  /** Each line keeps its look while it is on; a new one gets the first that is free. */
  #looks(colours) {
    const { on } = this.state;
    for (const key of this.places.keys()) if (!on.includes(key)) this.places.delete(key);
    const taken = new Set(this.places.values());
    let next = 0;
    for (const key of on.filter((key) => !this.places.has(key))) {
      while (taken.has(next)) next += 1;
      this.places.set(key, next);
      taken.add(next);
    }
    return new Map(on.map((key) => [key, look(this.places.get(key), colours)]));
  }

  draw() {
    const colours = palette();
    const looks = this.#looks(colours);
    const { smoothing, zoom, plots, on } = this.state;
    const lines = on.map((key) => ({ key, name: this.curves.name(key), look: looks.get(key) }));
    const columns = plots.map(({ measure }) => ({
      measure: this.curves.measures[measure],
      curves: on.map((key) => smoothCurve(this.curves.curve(key, measure), smoothing)),
    }));
    this.now = { lines, columns };
    const drawn = columns.flatMap(({ curves }) => curves).filter((curve) => curve?.epochs.length);
    const first = drawn.reduce((least, { epochs }) => Math.min(least, epochs[0]), Infinity);
    const last = drawn.reduce((most, { epochs }) => Math.max(most, epochs.at(-1)), 0);
    const extent = [Math.min(first, last), last];
    this.isDrawing = true;
    this.plots.forEach(({ plot, box }, i) => {
      const { measure, curves } = columns[i];
      box.setAttribute("aria-label", texts.plotLabel(measure.name, measure.every));
      plot.draw(
        lines.map((line, at) => ({ ...line, curve: curves[at] })),
        { isLog: plots[i].isLog, colours, extent, zoom },
      );
    });
    this.isDrawing = false;
    this.readout.draw(lines, columns);
    this.switches.show(looks);
    this.table.fill();
    this.#remember();
  }

  #zoom(range) {
    if (this.isDrawing || this.isZooming) return;
    this.isZooming = true;
    this.state.zoom = range;
    this.plots.forEach(({ plot }) => plot.zoomTo(range));
    this.isZooming = false;
    this.#remember();
  }

  #remember() {
    keep.set("curves", this.state);
  }
}

for (const section of document.querySelectorAll('[data-live="curves"]')) new CurvesSection(section);
