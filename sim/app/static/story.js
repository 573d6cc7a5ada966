/** One future: the map, the time slider with its play button, and the minutes in step with them. */

import { by, fill, h } from "./dom.js";
import { drawMap, layout } from "./map.js";
import { dateOf } from "./words.js";

const PLAY_EVERY = 350; // milliseconds per month
const LOOK_BACK = 12; // months of minutes above the present one

/** The part of the page about one future. `moved(month)` and `chose(body)` are called when people move or choose. */
export class Story {
  constructor({ moved, chose, asked }) {
    this.moved = moved;
    this.chose = chose;
    this.month = 0;
    this.chosen = -1;
    this.timer = null;
    this.slider = by("month");
    this.slider.addEventListener("input", () => this.go(Number(this.slider.value)));
    by("play").addEventListener("click", () => (this.timer ? this.stop() : this.play()));
    by("map-side").addEventListener("change", () => asked());
    by("future").addEventListener("change", () => asked());
    by("minutes-all").addEventListener("change", () => this.tell());
    new ResizeObserver(() => this.resize()).observe(by("map-frame"));
  }

  /** Show another future, or the same one under another state. */
  show(system, story) {
    this.system = system;
    this.story = story;
    if (this.chosen >= system.bodies.length) this.chosen = -1;
    this.resize();
    this.tell();
  }

  resize() {
    const width = Math.round(by("map-frame").clientWidth);
    if (!this.story || !width) return;
    this.place = layout(this.system, this.story, width);
    this.draw();
  }

  go(month) {
    this.month = month;
    this.slider.value = month;
    this.slider.setAttribute("aria-valuetext", dateOf(month));
    by("month-words").textContent = dateOf(month);
    if (this.story) {
      this.draw();
      this.tell();
    }
    this.moved(month);
  }

  choose(body) {
    this.chosen = body;
    this.draw();
    if (body >= 0) this.chose(body);
  }

  draw() {
    if (this.place) drawMap(by("map"), this.system, this.story, this.place, this.month, this.chosen, (body) => this.choose(body));
  }

  play() {
    if (this.month >= 119) this.go(0);
    by("play").textContent = "Pause";
    this.timer = setInterval(() => (this.month >= 119 ? this.stop() : this.go(this.month + 1)), PLAY_EVERY);
  }

  stop() {
    clearInterval(this.timer);
    this.timer = null;
    by("play").textContent = "Play";
  }

  /** Show the minutes up to the present month, the latest last. */
  tell() {
    if (!this.story) return;
    const all = by("minutes-all").checked;
    const said = this.story.minutes.filter(
      (entry) => (all || entry.main) && entry.month <= this.month && entry.month > this.month - LOOK_BACK,
    );
    let before = -1;
    const items = said.map((entry) => {
      const dated = entry.month !== before;
      before = entry.month;
      return h(
        "li",
        { class: entry.month === this.month ? "present" : "" },
        dated ? h("span", { class: "when" }, dateOf(entry.month)) : null,
        h("span", {}, entry.sentence),
      );
    });
    const list = by("minutes");
    fill(list, items.length ? items : h("li", { class: "quiet" }, `Nothing of note in the twelve months to ${dateOf(this.month)}.`));
    list.scrollTop = list.scrollHeight;
  }
}
