/** Downloads: the pictures as one SVG or PNG, the table as CSV, the scenario as command lines. */

import { commands } from "./api.js";
import { s } from "./dom.js";
import { fan, rowsOf, scaleOf } from "./fans.js";

const WIDTH = 900;
const ROW = 228;
const MARGIN = 24;
const COPIED = [
  "fill",
  "fill-opacity",
  "stroke",
  "stroke-width",
  "stroke-dasharray",
  "font-family",
  "font-size",
  "font-weight",
  "opacity",
  "paint-order",
];

/** Offer a blob as a file. */
export function save(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

/** Returns all pictures as one SVG element, with the page's styles written into its parts. */
export function figure(results, title) {
  const { series } = results.catalogue;
  const { bands, before, of, futures } = results.picture;
  const height = 70 + ROW * series.length + 80;
  const sheet = s("svg", {
    xmlns: "http://www.w3.org/2000/svg",
    width: WIDTH,
    height,
    viewBox: `0 0 ${WIDTH} ${height}`,
    class: "fan sheet-figure",
  });
  sheet.append(s("rect", { width: WIDTH, height, class: "ground" }), s("text", { x: MARGIN, y: 38, class: "sheet-title" }, title));
  series.forEach((each, number) => {
    const sides = Object.fromEntries(
      ["a", "b"].map((side) => [
        side,
        {
          label: results.about.labels[side],
          levels: bands[side][each.name],
          before: before?.medians[side][each.name],
          marks: results.about.marks[side],
        },
      ]),
    );
    const drawn = fan(each, sides, WIDTH - 2 * MARGIN, 0);
    drawn.querySelectorAll(".cursor").forEach((line) => line.remove());
    sheet.append(
      s(
        "g",
        { transform: `translate(${MARGIN} ${70 + ROW * number})` },
        s("text", { x: 0, y: 16, class: "sheet-caption" }, `${each.title}, ${scaleOf(each).unit}`),
        s("g", { transform: "translate(0 8)" }, [...drawn.childNodes]),
      ),
    );
  });
  const notes = [
    `${Math.min(futures, of)} futures, seed ${results.catalogue.seed}. Line: the middle future. Bands: half, and nine in ten, of all futures.`,
    before ? `Dashed: the middle future ${results.about.compared}.` : "",
    "Bands: chance only, one parameter set.",
  ].filter((words) => words);
  notes.forEach((words, number) =>
    sheet.append(s("text", { x: MARGIN, y: height - 16 - 18 * (notes.length - 1 - number), class: "tick" }, words)),
  );
  return sheet;
}

function standing(sheet) {
  document.body.append(sheet);
  for (const element of sheet.querySelectorAll("*")) {
    const style = getComputedStyle(element);
    for (const name of COPIED) element.setAttribute(name, style.getPropertyValue(name));
  }
  sheet.remove();
  return new XMLSerializer().serializeToString(sheet);
}

/** Returns the pictures as an SVG file's text. */
export const svgText = (results, title) => standing(figure(results, title));

/** Returns the pictures as a PNG, twice as large as on screen. */
export async function png(text) {
  const address = URL.createObjectURL(new Blob([text], { type: "image/svg+xml" }));
  try {
    const image = new Image();
    image.src = address;
    await image.decode();
    const canvas = document.createElement("canvas");
    canvas.width = 2 * image.width;
    canvas.height = 2 * image.height;
    canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
    return await new Promise((done) => canvas.toBlob(done, "image/png"));
  } finally {
    URL.revokeObjectURL(address);
  }
}

const quoted = (value) => (/[",\n]/.test(String(value)) ? `"${String(value).replaceAll('"', '""')}"` : String(value));

/** Returns the table as CSV. */
export function csv(results) {
  return (
    rowsOf(results.catalogue.series, results.picture.bands, results.about.labels)
      .map((row) => row.map(quoted).join(","))
      .join("\n") + "\n"
  );
}

/** Fetch the scenario as a shell script. */
export const script = (now) => commands(now);
