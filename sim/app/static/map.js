/** The map: a card for each place with its bodies as circles, bodies of the whole system in the middle, and ties. */

import { fill, s } from "./dom.js";
import { plain } from "./words.js";

const PAD = 12;
const TITLE = 24;
const GAP = 14;
const LABEL = 30;
const LARGEST = 24;
const SMALLEST = 6;
const STANDS_OUT = 0.03; // trust above a body's mean
const WHOLE = "Whole system";
export const WARM = 0.5; // trust from which a tie is drawn as a solid line
export const COLD = 0.3; // trust below which a tie is drawn as a dashed line

/** Trust between two bodies in a month, 0 to 1, from the story's row of characters. */
export function trustBetween(row, i, j, n) {
  const [low, high] = i < j ? [i, j] : [j, i];
  const at = low * n - (low * (low + 1)) / 2 + (high - low - 1);
  return parseInt(row.slice(2 * at, 2 * at + 2), 36) / 1295;
}

/**
 * Lays out the map for a width; returns {bodies: [{x, y, r}], cards: [{x, y, w, h, title, bodies}], width, height}.
 * Places stand in rows of cards, the whole system in a strip between them. Sizes follow the largest budget that a
 * body ever has, so that nothing jumps.
 */
export function layout(system, story, width) {
  const budgets = system.bodies.map((_, i) => Math.max(0, ...story.income.map((year) => year[i] ?? 0)));
  const radius = budgets.map((budget) => SMALLEST + (LARGEST - SMALLEST) * Math.sqrt(budget / Math.max(...budgets)));
  const ever = system.bodies.map((_, i) => story.members.some((month) => month[i] !== "-"));
  const of = (place) =>
    system.bodies
      .map((_, i) => i)
      .filter((i) => ever[i] && system.bodies[i].place === place)
      .sort((i, j) => budgets[j] - budgets[i]);
  const columns = Math.max(1, Math.min(width < 480 ? 2 : width < 900 ? 3 : 4, system.places.length));
  const cards = system.places
    .map((place) => ({ title: place.label, place: place.name, w: (width - GAP * (columns - 1)) / columns, bodies: of(place.name) }))
    .filter((card) => card.bodies.length);
  const rows = [];
  for (let at = 0; at < cards.length; at += columns) rows.push(cards.slice(at, at + columns));
  const middle = { title: WHOLE, place: null, w: width, bodies: of(null) };
  if (middle.bodies.length) rows.splice(Math.ceil(rows.length / 2), 0, [middle]);
  const bodies = system.bodies.map(() => null);
  let y = 0;
  for (const row of rows) {
    row.forEach((card, number) => arrange(card, number * (card.w + GAP), y, radius, width < 480 ? 68 : 82, bodies));
    const h = Math.max(...row.map((card) => card.h));
    for (const card of row) card.h = h;
    y += h + GAP;
  }
  return { bodies, cards: rows.flat(), width, height: y - GAP };
}

/** Put a card at x, y and its bodies inside, in rows of slots; sets its height. */
function arrange(card, x, y, radius, slot, bodies) {
  const slots = Math.max(1, Math.floor((card.w - 2 * PAD) / slot));
  let top = y + TITLE + PAD;
  for (let at = 0; at < card.bodies.length; at += slots) {
    const inRow = card.bodies.slice(at, at + slots);
    const tall = 2 * Math.max(...inRow.map((i) => radius[i]));
    inRow.forEach((i, place) => {
      bodies[i] = { x: x + (card.w * (place + 0.5)) / inRow.length, y: top + tall / 2, r: radius[i] };
    });
    top += tall + LABEL + 8;
  }
  Object.assign(card, { x, y, h: top - y });
}

/** Returns the label beside a circle, in at most two lines: the role if it is unique on the card, else the short name. */
function labelOf(system, i) {
  const body = system.bodies[i];
  const twin = system.bodies.some((other, j) => j !== i && other.place === body.place && other.role === body.role);
  const words = (twin || (body.place === null && body.kind !== "ics_body") ? body.short : body.role).split(" ");
  const lines = [""];
  for (const word of words) {
    const now = lines.at(-1);
    if (now && (now + " " + word).length > 15 && lines.length < 2) lines.push(word);
    else lines[lines.length - 1] = now ? `${now} ${word}` : word;
  }
  return lines.map((text) => (text.length > 15 ? `${text.slice(0, 14)}…` : text));
}

/** Returns whether a body exists in a month, its membership in words, its deficit and balance. */
export function standing(story, month, i) {
  const code = story.members[month][i];
  return {
    there: code !== "-",
    words: { 2: "member", 1: "giving notice", 0: "left", "-": "not there" }[code],
    red: story.red[month][i] === "1",
    balance: story.balance[month][i],
  };
}

/** Draw the month. `chosen` is a body's number or -1; `choose(i)` is called when body i is clicked or Enter is pressed. */
export function drawMap(svg, system, story, place, month, chosen, choose) {
  const n = system.bodies.length;
  const focused = svg.contains(document.activeElement) ? document.activeElement.getAttribute("data-body") : null;
  svg.setAttribute("viewBox", `0 0 ${place.width} ${place.height}`);
  svg.setAttribute("height", place.height);
  const there = place.bodies.map((at, i) => at !== null && standing(story, month, i).there);
  fill(
    svg,
    hatching(),
    place.cards.map((at) =>
      card(
        at,
        at.bodies.some((i) => there[i]),
      ),
    ),
    ties(story.trust[month], place, there, n, chosen),
    place.bodies.map((at, i) => (there[i] ? body(system, story, at, month, i, i === chosen, choose) : null)),
  );
  const stops = [...svg.querySelectorAll(".body")];
  const start = stops.find((stop) => stop.getAttribute("data-body") === (focused ?? String(chosen))) ?? stops[0];
  start?.setAttribute("tabindex", "0");
  if (focused !== null) start?.focus();
}

function hatching() {
  return s(
    "defs",
    {},
    s(
      "pattern",
      { id: "hatch", width: 5, height: 5, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" },
      s("rect", { width: 5, height: 5, class: "hatch-ground" }),
      s("line", { x1: 0, y1: 0, x2: 0, y2: 5, class: "hatch-line" }),
    ),
  );
}

function card(at, lived) {
  return s(
    "g",
    { class: at.place === null ? "card middle" : "card" },
    s("rect", { x: at.x, y: at.y, width: at.w, height: at.h, rx: 10 }),
    s("text", { x: at.x + PAD, y: at.y + 20, class: "card-title" }, at.title),
    lived ? null : s("text", { x: at.x + PAD, y: at.y + 40, class: "body-label quiet-label" }, "no body of its own now"),
  );
}

/** Draws the chosen body's ties; if none is chosen, each body's warmest if it stands out, its coldest if cold. */
function ties(row, place, there, n, chosen) {
  const drawn = new Map();
  const pairs = (i) => [...Array(n).keys()].filter((j) => j !== i && there[j]).map((j) => [trustBetween(row, i, j, n), j]);
  for (let i = 0; i < n; i++) {
    if (!there[i] || (chosen >= 0 && i !== chosen)) continue;
    const found = pairs(i).sort((one, other) => other[0] - one[0]);
    const mean = found.reduce((sum, [level]) => sum + level, 0) / found.length;
    const shown =
      chosen >= 0
        ? found
        : [...found.slice(0, 1).filter(([level]) => level > mean + STANDS_OUT), ...found.slice(-1).filter(([level]) => level < COLD)];
    for (const [level, j] of shown) drawn.set(`${Math.min(i, j)} ${Math.max(i, j)}`, [i, j, level]);
  }
  return s(
    "g",
    { class: "ties" },
    [...drawn.values()].map(([i, j, level]) => {
      const kind = level < COLD ? "tie cold" : level < WARM ? "tie cool" : "tie";
      const [one, other] = [place.bodies[i], place.bodies[j]];
      const bend = { x: (one.x + other.x) / 2 + (other.y - one.y) * 0.12, y: (one.y + other.y) / 2 - (other.x - one.x) * 0.12 };
      return s("path", {
        d: `M${one.x} ${one.y}Q${bend.x} ${bend.y} ${other.x} ${other.y}`,
        class: kind,
        "stroke-width": level < COLD ? 1.2 : (0.6 + 6 * Math.max(0, level - COLD)).toFixed(2),
      });
    }),
  );
}

function body(system, story, at, month, i, chosen, choose) {
  const about = system.bodies[i];
  const now = standing(story, month, i);
  const money = now.red ? `, in deficit by £${plain(Math.abs(now.balance))}m in twelve months` : "";
  const words = `${about.label}, ${about.kind_words}: ${now.words}${money}`;
  const lines = labelOf(system, i);
  if (now.words !== "member") lines.push(now.words);
  const classes = ["body", now.words.replace(" ", "-"), now.red ? "red" : "", chosen ? "chosen" : ""].join(" ");
  return s(
    "g",
    {
      class: classes,
      role: "button",
      tabindex: "-1",
      "data-body": i,
      "aria-label": words,
      "aria-haspopup": "dialog",
      onclick: () => choose(i),
      onkeydown: (event) => pressed(event, i, choose),
    },
    s("title", {}, words),
    s("circle", { cx: at.x, cy: at.y, r: at.r + 5, class: "halo" }),
    s("circle", { cx: at.x, cy: at.y, r: at.r, class: "disc" }),
    now.red ? s("path", { d: `M${at.x - 5} ${at.y}h10`, class: "minus" }) : null,
    lines.map((text, number) =>
      s(
        "text",
        {
          x: at.x,
          y: at.y + at.r + 13 + 11 * number,
          "text-anchor": "middle",
          class: number >= lines.length - 1 && now.words !== "member" ? "body-label state" : "body-label",
        },
        text,
      ),
    ),
  );
}

/** Make arrow keys go from body to body; Enter or Space chooses one. */
function pressed(event, i, choose) {
  if (event.key === "Enter" || event.key === " ") {
    event.preventDefault();
    choose(i);
    return;
  }
  const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
  if (!step) return;
  event.preventDefault();
  const stops = [...event.currentTarget.parentNode.querySelectorAll(".body")];
  const at = stops.indexOf(event.currentTarget);
  const next = stops[(at + step + stops.length) % stops.length];
  event.currentTarget.setAttribute("tabindex", "-1");
  next.setAttribute("tabindex", "0");
  next.focus();
}
