/** Draws fan charts: two panels side by side for each series, law A and law B, on one scale. */

import { s } from "./dom.js";
import { dateOf, plain } from "./words.js";

const HEIGHT = 196;
const TOP = 40;
const BOTTOM = 24;
const LEFT = 46;
const GAP = 22;
const RIGHT = 8;

/** Returns two or more round values that cover low to high in three or four steps. */
export function ticks(low, high) {
  if (!Number.isFinite(low) || !Number.isFinite(high)) return [0, 1];
  const rough = (high - low || Math.abs(high) || 1) / 3;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].map((factor) => factor * power).find((size) => size >= rough);
  const found = [];
  for (let k = Math.floor(low / step + 1e-9); ; k++) {
    found.push(Number((k * step).toPrecision(12)));
    if (found.length > 1 && k * step >= high - 1e-9 * step) return found;
  }
}

/** Returns how a series is scaled on its axis, and the words for its unit. */
export function scaleOf(series) {
  if (series.unit === "share") return { factor: 100, unit: "per cent" };
  return { factor: 1, unit: series.unit.replace("GBP m", "£ million") };
}

/**
 * Draws one series as an SVG figure. `sides` holds for a and b: label, levels (five rows of monthly quantiles), and optionally
 * `before` (a monthly median), `path` (the chosen future), `marks` ([{month, words}]). `month` is where the cursor stands.
 */
export function fan(series, sides, width, month) {
  const { factor, unit } = scaleOf(series);
  const values = Object.values(sides).flatMap((side) => [
    ...side.levels[0],
    ...side.levels[4],
    ...(side.before ?? []),
    ...(side.path ?? []),
  ]);
  const known = values.filter((value) => value !== null).map((value) => value * factor);
  const marks = ticks(Math.min(...known), Math.max(...known));
  const [low, high] = [marks[0], marks.at(-1)];
  const panel = (width - LEFT - GAP - RIGHT) / 2;
  const y = (value) => TOP + (HEIGHT - TOP - BOTTOM) * (1 - (value * factor - low) / (high - low));
  const figure = s("svg", {
    viewBox: `0 0 ${width} ${HEIGHT}`,
    width,
    height: HEIGHT,
    role: "img",
    class: "fan",
    "aria-label": `${series.title}, ${unit}. ${described(sides, factor)}`,
  });
  Object.values(sides).forEach((side, number) => {
    const left = LEFT + number * (panel + GAP);
    const months = side.levels[0].length;
    const x = (at) => left + (panel * at) / (months - 1);
    figure.append(frame(left, panel, marks, (value) => y(value / factor), number === 0, x, months));
    figure.append(drawn(side, x, y, left, panel));
    if (low < 0 && high > 0) figure.append(s("line", { x1: left, x2: left + panel, y1: y(0), y2: y(0), class: "zero" }));
    figure.append(
      s("line", { x1: x(month), x2: x(month), y1: TOP, y2: HEIGHT - BOTTOM, class: "cursor", "data-left": left, "data-width": panel }),
    );
  });
  return figure;
}

/** Move the cursor of a figure that is already drawn. */
export function moveCursor(figure, month, months = 120) {
  for (const line of figure.querySelectorAll(".cursor")) {
    const x = Number(line.dataset.left) + (Number(line.dataset.width) * month) / (months - 1);
    line.setAttribute("x1", x);
    line.setAttribute("x2", x);
  }
}

function described(sides, factor) {
  return Object.values(sides)
    .map((side) => {
      const last = side.levels.map((row) => plain(row.at(-1) * factor));
      return `${side.label}: the middle future ends at ${last[2]}, nine in ten between ${last[0]} and ${last[4]}.`;
    })
    .join(" ");
}

function frame(left, panel, marks, y, first, x, months) {
  const group = s("g");
  for (const mark of marks) {
    group.append(s("line", { x1: left, x2: left + panel, y1: y(mark), y2: y(mark), class: "grid" }));
    if (first) group.append(s("text", { x: left - 6, y: y(mark) + 4, class: "tick", "text-anchor": "end" }, plain(mark)));
  }
  const every = panel > 230 ? 24 : panel > 165 ? 48 : 60;
  for (let month = 0; month <= months; month += every) {
    const at = Math.min(month, months - 1);
    group.append(s("line", { x1: x(at), x2: x(at), y1: HEIGHT - BOTTOM, y2: HEIGHT - BOTTOM + 4, class: "grid" }));
    const anchor = at === months - 1 ? "end" : month === 0 ? "start" : "middle";
    group.append(s("text", { x: x(at), y: HEIGHT - 7, class: "tick", "text-anchor": anchor }, String(2016 + month / 12)));
  }
  return group;
}

function drawn(side, x, y, left, panel) {
  const [lowest, lower, middle, upper, highest] = side.levels;
  const group = s("g");
  group.append(
    s("path", { d: area(lowest, highest, x, y), class: "band-wide" }),
    s("path", { d: area(lower, upper, x, y), class: "band" }),
  );
  if (side.path) group.append(s("path", { d: line(side.path, x, y), class: "path" }));
  if (side.before) group.append(s("path", { d: line(side.before, x, y), class: "before" }));
  group.append(s("path", { d: line(middle, x, y), class: "median" }));
  wrapped(side.label, panel).forEach((words, number, all) =>
    group.append(s("text", { x: left, y: TOP - 8 - 14 * (all.length - 1 - number), class: "panel-title" }, words)),
  );
  for (const [number, mark] of (side.marks ?? []).entries()) {
    const at = x(mark.month);
    group.append(s("line", { x1: at, x2: at, y1: TOP, y2: HEIGHT - BOTTOM, class: "mark" }));
    const late = at > left + panel * 0.6;
    const room = Math.floor((late ? at - left : left + panel - at) / 5.6);
    const words = mark.words.length > room ? `${mark.words.slice(0, Math.max(1, room - 1))}…` : mark.words;
    group.append(
      s(
        "text",
        { x: at + (late ? -4 : 4), y: HEIGHT - BOTTOM - 5 - 12 * (number % 4), class: "mark-words", "text-anchor": late ? "end" : "start" },
        words,
      ),
    );
  }
  return group;
}

/** Write a label in at most two lines that fit a panel. */
function wrapped(label, width) {
  const most = Math.floor(width / 6.6);
  const lines = [""];
  for (const word of label.split(" ")) {
    if (lines.at(-1) && (lines.at(-1) + word).length + 1 > most && lines.length < 2) lines.push(word);
    else lines[lines.length - 1] += `${lines.at(-1) && " "}${word}`;
  }
  return lines.map((words) => (words.length > most + 1 ? `${words.slice(0, most)}…` : words));
}

function line(values, x, y) {
  let path = "";
  values.forEach((value, at) => {
    if (value !== null) path += `${path === "" || values[at - 1] === null ? "M" : "L"}${x(at).toFixed(1)} ${y(value).toFixed(1)}`;
  });
  return path;
}

function area(low, high, x, y) {
  const there = low.map((value, at) => at).filter((at) => low[at] !== null && high[at] !== null);
  const edge = (values, order) => order.map((at) => `${x(at).toFixed(1)} ${y(values[at]).toFixed(1)}`).join("L");
  return there.length ? `M${edge(high, there)}L${edge(low, [...there].reverse())}Z` : "";
}

/** Returns the rows of the table behind the figures: series, unit, law, month, date, five quantiles. */
export function rowsOf(declared, bands, labels) {
  const rows = [["series", "unit", "law", "month", "date", "5 %", "25 %", "50 %", "75 %", "95 %"]];
  for (const series of declared) {
    for (const side of ["a", "b"]) {
      const levels = bands[side][series.name];
      levels[0].forEach((_, month) =>
        rows.push([series.name, series.unit, labels[side], month, dateOf(month), ...levels.map((row) => row[month] ?? "")]),
      );
    }
  }
  return rows;
}
