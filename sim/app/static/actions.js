/** The dialog with what a partner may be made to do in this month, and the list of what was done by hand. */

import { by, fill, h } from "./dom.js";
import { standing } from "./map.js";
import { dateOf, plain } from "./words.js";

/** Bodies that a body may merge with: providers with providers, commissioners with commissioners. */
export function mayMerge(system, i) {
  const { merges } = system.bodies[i];
  return system.bodies.map((_, j) => j).filter((j) => j !== i && merges && system.bodies[j].merges === merges);
}

/** Open the dialog about a body in a month; `act(event)` adds an event, `closed()` is called at the end. */
export function openDialog(system, story, month, i, act, closed) {
  const dialog = by("partner");
  const body = system.bodies[i];
  const now = standing(story, month, i);
  const done = (event) => {
    dialog.close();
    if (event) act({ month, ...event });
  };
  const button = (words, event) => h("button", { type: "button", class: "act", onclick: () => done(event) }, words);
  const when = dateOf(month);
  const size = Math.abs(now.balance ?? 0);
  const money =
    size < 0.05
      ? "an even balance over twelve months"
      : `a ${now.balance < 0 ? "deficit" : "surplus"} of £${plain(size)}m over twelve months`;
  const actions =
    body.kind === "ics_body"
      ? [h("p", {}, "The law makes this body and ends it; it cannot leave.")]
      : [
          button(`Make it leave in ${when}`, { do: "leave", partner: body.name }),
          button(`Make it return in ${when}`, { do: "return", partner: body.name }),
          mergers(system, story, month, i, (other) => done({ do: "merge", partner: body.name, other })),
        ];
  fill(
    dialog,
    h("h3", { id: "partner-name" }, body.label),
    h("p", { class: "quiet" }, `${body.kind_words}; ${when}: ${now.words}, ${money}.`),
    actions,
    h("p", { class: "help" }, "It happens under both laws and in all futures. A body that no longer exists then does nothing."),
    h("button", { type: "button", class: "plain", onclick: () => done(null) }, "Close"),
  );
  dialog.onclose = closed;
  dialog.showModal();
}

function mergers(system, story, month, i, merge) {
  const others = mayMerge(system, i).filter((j) => standing(story, month, j).there);
  if (!others.length) return null;
  const select = h(
    "select",
    { "aria-label": "The body that merges into it" },
    others.map((j) => h("option", { value: system.bodies[j].name }, system.bodies[j].label)),
  );
  return h(
    "div",
    { class: "merge" },
    select,
    h("button", { type: "button", class: "act", onclick: () => merge(select.value) }, `Merge it into this body in ${dateOf(month)}`),
  );
}

/** Returns an event in words. */
export function told(event, system) {
  const name = (key) => system?.bodies.find((body) => body.name === key)?.short ?? key;
  const what = { leave: "leaves", return: "returns", merge: `takes over ${name(event.other)}` }[event.do];
  return `${name(event.partner)} ${what}`;
}

/** Draw the list of what was done by hand; each entry has a button that takes it back. */
export function listEvents(events, system, remove) {
  by("events-none").hidden = events.length > 0;
  fill(
    by("events"),
    events.map((event, number) =>
      h(
        "li",
        {},
        h("span", {}, `${dateOf(event.month)}: ${told(event, system)}`),
        h(
          "button",
          { type: "button", class: "reset", "aria-label": `Take back: ${told(event, system)}`, onclick: () => remove(number) },
          "Take back",
        ),
      ),
    ),
  );
}

/** Add an event; it replaces the partner's event of that month, and an earlier merger of that body. */
export function withEvent(events, event) {
  const kept = events.filter(
    (old) =>
      !(old.partner === event.partner && old.month === event.month) &&
      !(event.do === "merge" && old.do === "merge" && old.other === event.other),
  );
  return [...kept, event].sort((one, other) => one.month - other.month);
}
