/** Shows headlines, pictures and the table of differences. */

import { by, fill, h } from "./dom.js";
import { fan, moveCursor, scaleOf } from "./fans.js";
import { change, plain, unitOfChange } from "./words.js";

/** The results part of the page. */
export class Results {
  constructor(catalogue) {
    this.catalogue = catalogue;
    this.month = 0;
    this.picture = null;
    fill(
      by("fans"),
      catalogue.series.map((series) =>
        h(
          "figure",
          { "data-series": series.name },
          h("figcaption", {}, series.title, h("span", { class: "unit-words" }, `, ${scaleOf(series).unit}`)),
          h("div", { class: "fan-frame" }),
        ),
      ),
    );
    new ResizeObserver(() => this.draw()).observe(by("fans"));
  }

  /** Show a picture; `about` holds labels, words for the comparison, and the marks and path of each side. */
  show(picture, about) {
    this.picture = picture;
    this.about = about;
    const { futures, of, done } = picture;
    by("progress").value = futures / of;
    by("progress-words").textContent =
      futures < of
        ? `First ${futures.toLocaleString("en-GB")} of ${of.toLocaleString("en-GB")} futures`
        : `${of.toLocaleString("en-GB")} futures`;
    by("results").setAttribute("aria-busy", String(!done));
    fill(
      by("headlines"),
      picture.headlines.map((words) => h("li", {}, words)),
    );
    if (done) by("live").textContent = `${of} futures are computed. ${picture.headlines.join(" ")}`;
    this.draw();
    this.table();
  }

  waiting() {
    by("results").setAttribute("aria-busy", "true");
    by("progress").removeAttribute("value");
    by("progress-words").textContent = "Living the futures …";
  }

  /** Stop waiting: the last picture stays. */
  stopped() {
    by("results").setAttribute("aria-busy", "false");
    by("progress").value = 0;
    by("progress-words").textContent = "Not computed";
  }

  draw() {
    if (!this.picture) return;
    const { bands, before } = this.picture;
    for (const figure of by("fans").children) {
      const frame = figure.querySelector(".fan-frame");
      const series = this.catalogue.series.find((each) => each.name === figure.dataset.series);
      const sides = Object.fromEntries(
        ["a", "b"].map((side) => [
          side,
          {
            label: this.about.labels[side],
            levels: bands[side][series.name],
            before: before?.medians[side][series.name],
            marks: this.about.marks[side],
            path: this.about.path?.side === side ? this.about.path.series[series.name] : null,
          },
        ]),
      );
      fill(frame, fan(series, sides, Math.max(300, Math.round(frame.clientWidth)), this.month));
    }
    by("key-before").hidden = !before;
    by("key-before-words").textContent = `the middle future ${this.about.compared ?? ""}`;
  }

  cursor(month) {
    this.month = month;
    for (const figure of by("fans").querySelectorAll("svg")) moveCursor(figure, month);
  }

  /** Draw B minus A; and, if there is a comparison, what one's own changes did under each law. */
  table() {
    const { differences, before, of } = this.picture;
    const shown = (row, value) => plain(value === null ? null : value * (row.unit === "share" ? 100 : 1));
    const unit = (row) => (row.unit === "share" ? "per cent, points" : unitOfChange(row.unit));
    const futures = (count) => `${count.toLocaleString("en-GB")} futures`;
    fillTable(
      by("differences"),
      "Law B less law A",
      `Means of ${futures(this.picture.futures)}. In brackets, what chance alone leaves open (95 % interval).`,
      ["", "A", "B", "difference"],
      differences.map((row) => [row.label, unit(row), shown(row, row.baseline), shown(row, row.other), change(row)]),
    );
    by("changes-frame").hidden = !before;
    if (before) {
      fillTable(
        by("changes"),
        "What your changes do",
        `Now less the same ${futures(before.futures)} ${this.about.compared}. In brackets, what chance alone leaves open (95 % interval).`,
        ["", "under A", "under B"],
        before.differences.a.map((row, number) => [row.label, unit(row), change(row), change(before.differences.b[number])]),
      );
    }
    by("chance").textContent = this.catalogue.note;
    by("differences").dataset.of = of;
  }
}

function fillTable(table, title, words, heads, rows) {
  fill(
    table,
    h("caption", {}, title, h("span", {}, words)),
    h(
      "thead",
      {},
      h(
        "tr",
        {},
        heads.map((head) => h("th", { scope: "col" }, head)),
      ),
    ),
    h(
      "tbody",
      {},
      rows.map(([label, unit, ...cells]) =>
        h(
          "tr",
          {},
          h("th", { scope: "row" }, label, h("span", { class: "unit" }, ` ${unit}`)),
          cells.map((words) => h("td", {}, cell(words))),
        ),
      ),
    ),
  );
}

/** Write a number and its interval, which may stand on two lines but break nowhere else. */
function cell(words) {
  const [number, interval] = words.split(" (");
  return [h("span", {}, number), interval ? [" ", h("span", { class: "interval" }, `(${interval}`)] : null];
}
