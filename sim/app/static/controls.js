/** The choices above the levers: system, two laws, when the second law comes, how hospitals are paid. */

import { by, fill, h } from "./dom.js";
import { dateOf } from "./words.js";

/** Build the controls; returns a function that shows a state in them. */
export function buildControls(catalogue, now, change) {
  const system = by("system");
  fill(
    system,
    catalogue.systems.map((each) => h("option", { value: each.name }, each.label)),
  );
  system.addEventListener("change", () =>
    change((state) => {
      state.system = system.value;
      state.events = [];
    }),
  );
  for (const side of ["a", "b"]) {
    const select = by(`regime-${side}`);
    fill(
      select,
      catalogue.regimes.map((each) => h("option", { value: each.name }, each.label)),
    );
    select.addEventListener("change", () =>
      change((state) => {
        state[side] = { regime: select.value, dials: state.change > 0 ? state[side].dials : {} };
      }),
    );
  }
  const begins = by("change");
  begins.addEventListener("input", () =>
    change((state) => {
      state.change = Number(begins.value);
      if (state.change > 0) state.b.dials = structuredClone(state.a.dials);
    }),
  );
  const block = by("block");
  by("payment").addEventListener("change", (event) =>
    change((state) => {
      state.payment = event.target.value;
    }),
  );
  block.addEventListener("input", () =>
    change((state) => {
      state.equal_block = Number(block.value);
    }),
  );
  by("reset-all").addEventListener("click", () =>
    change((state) => {
      Object.assign(state, { params: {}, events: [], payment: "equal", equal_block: 0.5 });
      state.a.dials = {};
      state.b.dials = {};
    }),
  );
  return () => {
    const state = now();
    system.value = state.system;
    for (const side of ["a", "b"]) by(`regime-${side}`).value = state[side].regime;
    begins.value = state.change;
    by("change-words").textContent = state.change ? dateOf(state.change) : "from the start";
    begins.setAttribute("aria-valuetext", by("change-words").textContent);
    by("payment").value = state.payment;
    block.value = state.equal_block;
    block.disabled = state.payment !== "equal";
    by("block-words").textContent = state.payment === "equal" ? `${Math.round(100 * state.equal_block)} %` : "as each law has it";
  };
}

/** Names the laws for the pictures; if both are the same, the name says which dial differs. */
export function lawLabels(catalogue, state) {
  const other = (side) => state[side === "a" ? "b" : "a"];
  const turned = (side) =>
    Object.entries(state[side].dials)
      .filter(([dial, value]) => other(side).dials[dial] !== value)
      .map(([dial, value]) => {
        const lever = catalogue.levers.find((each) => each.key === `dials.${dial}`);
        return lever?.choices?.find((choice) => choice.value === value)?.label ?? `${lever?.label ?? dial} ${value}`;
      });
  const label = (side) => {
    const name = catalogue.regimes.find((each) => each.name === state[side].regime)?.label ?? state[side].regime;
    if (!state.change && state.a.regime === state.b.regime && turned(side).length) return `${name}: ${turned(side)[0]}`;
    return Object.keys(state[side].dials).length ? `${name}, altered` : name;
  };
  const later = state.change ? `from ${dateOf(state.change)}` : "";
  return { a: `A: ${label("a")}`, b: `B: ${label("b")} ${later}`.trim() };
}
