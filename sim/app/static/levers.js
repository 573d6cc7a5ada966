/** Levers: one row each, with label, value and bounds; the source is one click away. */

import { fill, h } from "./dom.js";
import { bare, withUnit } from "./words.js";

let serial = 0;

/** All levers of the page. `now()` returns the state, `change(work)` changes it, `catalogue` declares the levers. */
export class Levers {
  constructor(catalogue, now, change) {
    Object.assign(this, { catalogue, now, change, rows: [] });
    this.regimes = Object.fromEntries(catalogue.regimes.map((regime) => [regime.name, regime]));
  }

  /** Put the levers in front into one element, and the others, folded, into another. */
  build(front, folded) {
    const all = this.catalogue.levers;
    fill(
      front,
      all.filter((lever) => lever.front).map((lever) => this.row(lever)),
    );
    const rest = all.filter((lever) => !lever.front);
    const groups = [...new Set(rest.map((lever) => lever.group))];
    fill(
      folded,
      groups.map((group) =>
        this.group(
          group,
          rest.filter((lever) => lever.group === group),
        ),
      ),
    );
  }

  /** Make a folded group; its rows are made when it is first opened. */
  group(name, levers) {
    const inside = h("div", { class: "group-inside" });
    const words = name === "law" ? "other rules of the law" : name;
    return h(
      "details",
      {
        class: "group",
        ontoggle: (event) => {
          if (event.target.open && !inside.firstChild) {
            fill(
              inside,
              levers.map((lever) => this.row(lever)),
            );
            this.sync();
          }
        },
      },
      h("summary", {}, `${words.charAt(0).toUpperCase()}${words.slice(1)} (${levers.length})`),
      inside,
    );
  }

  row(lever) {
    const id = `lever-${++serial}`;
    const label = h("span", { class: "lever-label", id }, lever.label);
    const parts = lever.key.startsWith("params.")
      ? [this.number(lever, id, null)]
      : ["a", "b"].map((side) => (lever.kind === "choice" ? this.choice(lever, id, side) : this.number(lever, id, side)));
    const sources = h("div", { class: "source-words" });
    const source = h(
      "details",
      { class: "source", ontoggle: (event) => event.target.open && fill(sources, this.sources(lever)) },
      h("summary", { "aria-label": `Source of ${lever.label}` }, "Source"),
      sources,
    );
    const reset = h(
      "button",
      { type: "button", class: "reset", "aria-label": `Reset ${lever.label}`, onclick: () => this.reset(lever) },
      "Reset",
    );
    const element = h(
      "div",
      { class: "lever", role: "group", "aria-labelledby": id, "data-lever": lever.key },
      h("div", { class: "lever-head" }, label, reset),
      lever.help ? h("p", { class: "help" }, lever.help) : null,
      h(
        "div",
        { class: parts.length > 1 ? "pair" : "" },
        parts.map((part) => part.element),
      ),
      source,
    );
    this.rows.push({ lever, parts, reset });
    return element;
  }

  /** Returns the value in force on a side, whether the lever was moved or not. */
  value(lever, side) {
    const name = lever.key.split(".")[1];
    if (side === null) return this.now().params[name] ?? lever.default;
    const law = this.now()[side];
    return law.dials[name] ?? this.regimes[law.regime]?.dials[name];
  }

  moved(lever) {
    const name = lever.key.split(".")[1];
    const { params, a, b } = this.now();
    return lever.key.startsWith("params.") ? name in params : name in a.dials || name in b.dials;
  }

  number(lever, id, side) {
    const shown = h("output", {});
    const input = h("input", {
      type: "range",
      step: "any",
      "aria-labelledby": id,
      "data-side": side ?? "",
      oninput: () => this.set(lever, side, this.rounded(lever, Number(input.value))),
      onkeydown: (event) => this.stepped(event, lever, side),
    });
    const sync = () => {
      const value = this.value(lever, side);
      input.min = Math.min(lever.low, value);
      input.max = Math.max(lever.high, value);
      input.value = value;
      shown.textContent = withUnit(value, lever.unit);
      input.setAttribute("aria-valuetext", `${this.sideWords(side)}${withUnit(value, lever.unit)}`);
    };
    const bounds = h(
      "span",
      { class: "bounds", "aria-hidden": "true" },
      h("span", {}, bare(lever.low, lever.unit)),
      h("span", {}, bare(lever.high, lever.unit)),
    );
    return {
      element: h(
        "div",
        { class: "part", "data-part": side ?? "" },
        h("div", { class: "part-head" }, this.sideMark(side), shown),
        input,
        bounds,
      ),
      sync,
      side,
    };
  }

  choice(lever, id, side) {
    const select = h(
      "select",
      {
        "aria-label": `${lever.label}, law ${side.toUpperCase()}`,
        "data-side": side,
        onchange: () => this.set(lever, side, lever.choices[select.selectedIndex].value),
      },
      lever.choices.map((choice) => h("option", {}, choice.label)),
    );
    const sync = () => {
      select.selectedIndex = lever.choices.findIndex((choice) => choice.value === this.value(lever, side));
    };
    return { element: h("div", { class: "part", "data-part": side }, this.sideMark(side), select), sync, side };
  }

  sideMark(side) {
    return side ? h("span", { class: "side-mark" }, side.toUpperCase()) : null;
  }

  sideWords(side) {
    return side ? `law ${side.toUpperCase()}: ` : "";
  }

  rounded(lever, value) {
    return Number((Math.round(value / lever.step) * lever.step).toPrecision(10));
  }

  /** Make arrow keys move by the lever's step; the browser's step must allow any shared value. */
  stepped(event, lever, side) {
    const step = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1, PageUp: 5, PageDown: -5 }[event.key];
    if (!step) return;
    event.preventDefault();
    const value = this.rounded(lever, this.value(lever, side)) + step * lever.step;
    this.set(lever, side, this.rounded(lever, Math.min(lever.high, Math.max(lever.low, value))));
  }

  set(lever, side, value) {
    const name = lever.key.split(".")[1];
    this.change((state) => {
      if (side === null) {
        if (value === lever.default) delete state.params[name];
        else state.params[name] = value;
        return;
      }
      for (const law of state.change > 0 ? ["a", "b"] : [side]) {
        if (value === this.regimes[state[law].regime]?.dials[name] && state.change === 0) delete state[law].dials[name];
        else state[law].dials[name] = value;
      }
    });
  }

  reset(lever) {
    const name = lever.key.split(".")[1];
    this.change((state) => [state.params, state.a.dials, state.b.dials].forEach((where) => delete where[name]));
  }

  /** Show the state. If law B comes later, a dial holds for both laws, so one control serves both. */
  sync() {
    const later = this.now().change > 0;
    for (const { lever, parts, reset } of this.rows) {
      for (const part of parts) {
        part.sync();
        part.element.hidden = later && part.side === "b" && this.moved(lever);
      }
      reset.hidden = !this.moved(lever);
    }
  }

  /** Returns the levers that differ from their usual place, in words. */
  moves() {
    const named = (lever, side) => {
      const value = this.value(lever, side);
      return lever.kind === "choice"
        ? (lever.choices.find((choice) => choice.value === value)?.label ?? String(value))
        : withUnit(value, lever.unit);
    };
    return this.catalogue.levers
      .filter((lever) => this.moved(lever))
      .map((lever) => {
        if (lever.key.startsWith("params.")) return `${lever.label}: ${named(lever, null)}`;
        const [a, b] = [named(lever, "a"), named(lever, "b")];
        return `${lever.label}: ${a === b ? a : `${a} (A), ${b} (B)`}`;
      });
  }

  sources(lever) {
    if (lever.key.startsWith("params.")) {
      return [
        h("p", {}, `${lever.source}.`),
        h(
          "p",
          {},
          `Usual value ${withUnit(lever.default, lever.unit)}; thought plausible from ` +
            `${withUnit(lever.low, lever.unit)} to ${withUnit(lever.high, lever.unit)}. In the model: ${lever.key}.`,
        ),
      ];
    }
    const name = lever.key.split(".")[1];
    return ["a", "b"].map((side) => {
      const regime = this.regimes[this.now()[side].regime];
      return h("p", {}, `${side.toUpperCase()}, ${regime.label}: ${regime.sources[name] ?? "no source"}.`);
    });
  }
}
