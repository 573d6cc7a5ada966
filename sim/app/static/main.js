/** The page: state in, pictures out. Each change goes through `change`; the server is asked after a short pause. */

import { listEvents, openDialog, told, withEvent } from "./actions.js";
import { Refused, futures, get, oneFuture } from "./api.js";
import { buildControls, lawLabels } from "./controls.js";
import { by, debounced } from "./dom.js";
import { csv, png, save, script, svgText } from "./downloads.js";
import { Lessons } from "./lessons.js";
import { Levers } from "./levers.js";
import { Results } from "./results.js";
import { printSheet } from "./sheet.js";
import { compared, fromAddress, toAddress, whole } from "./state.js";
import { Story } from "./story.js";

const QUIET = 120; // milliseconds without a change before the server is asked

let system = null;
let path = null;
let asking = new AbortController();
let telling = new AbortController();
const systems = new Map();

const catalogue = await get("api/catalogue");
const inAddress = () => fromAddress(location.hash.slice(1), catalogue.lessons);
let { now, view } = inAddress();
const results = new Results(catalogue);
const story = new Story({ moved, chose, asked: lookElsewhere });
const levers = new Levers(catalogue, () => now, change);
const syncControls = buildControls(catalogue, () => now, change);
const lessons = new Lessons(catalogue, { begin, attempt, reveal, leave, print: (lesson) => printSheet(lesson, lessons.kinds(0)) });
levers.build(by("front"), by("folded"));

/** Change the state, show it in the controls, and ask for new pictures. */
function change(work) {
  work(now);
  refresh();
}

function refresh() {
  syncControls();
  levers.sync();
  const moves = levers.moves();
  by("moved").hidden = moves.length === 0;
  by("moved").textContent = `Levers moved. ${moves.join("; ")}.`;
  listEvents(now.events, system, (number) => change((state) => state.events.splice(number, 1)));
  results.waiting();
  ask();
}

function remember() {
  history.replaceState(null, "", `#${toAddress(now, view)}`);
}

const rememberSoon = debounced(remember, 200);

const ask = debounced(async () => {
  remember();
  asking.abort();
  telling.abort(); // the story of a system or law that was chosen before
  asking = new AbortController();
  const { signal } = asking;
  const state = structuredClone(now);
  const before = compared(state, lessons.lesson);
  try {
    await knowSystem(state.system);
    let first = true;
    await futures(
      { now: state, before: before?.state ?? null, lesson: lessons.lesson?.name ?? null },
      (picture) => {
        if (signal.aborted) return;
        complain("");
        results.show(picture, about(state, before));
        lessons.hear(picture.answers);
        if (first) tellStory();
        first = false;
      },
      signal,
    );
  } catch (error) {
    failed(error);
  }
}, QUIET);

async function knowSystem(name) {
  if (!systems.has(name)) systems.set(name, await get(`api/system/${encodeURIComponent(name)}`));
  system = systems.get(name);
  listEvents(now.events, system, (number) => change((state) => state.events.splice(number, 1)));
}

function about(state, before) {
  const done = state.events.map((event) => ({ month: event.month, words: told(event, system) }));
  const law = state.change ? [{ month: state.change, words: "law B" }] : [];
  return { labels: lawLabels(catalogue, state), compared: before?.words, marks: { a: done, b: [...done, ...law] }, path };
}

/** Fetch and show the chosen future of the chosen law. */
async function tellStory() {
  telling.abort();
  telling = new AbortController();
  const { signal } = telling;
  const { side, future } = view;
  const about = systems.get(now.system);
  if (!about) return; // the system is still being fetched; its story follows
  try {
    const told = await oneFuture(now, side, future, signal);
    if (signal.aborted) return;
    path = { side, series: told.series };
    story.show(about, told);
    if (results.picture) {
      results.about.path = path;
      results.draw();
    }
  } catch (error) {
    failed(error);
  }
}

function failed(error) {
  if (error.name === "AbortError") return;
  results.stopped();
  complain(error instanceof Refused ? error.message : "The server cannot be reached. Is it still running?");
}

function complain(words) {
  by("problem").textContent = words;
  by("problem").hidden = words === "";
}

function moved(month) {
  view.month = month;
  results.cursor(month);
  rememberSoon();
}

function chose(body) {
  story.stop();
  openDialog(
    system,
    story.story,
    story.month,
    body,
    (event) =>
      change((state) => {
        state.events = withEvent(state.events, event);
      }),
    () => {
      story.choose(-1);
      by("map").querySelector(`[data-body="${body}"]`)?.focus();
    },
  );
}

function lookElsewhere() {
  const field = by("future");
  view.side = by("map-side").value;
  view.future = Math.min(catalogue.futures - 1, Math.max(0, Math.round(Number(field.value)) || 0));
  field.value = view.future;
  remember();
  tellStory();
}

function pick(which) {
  if (!results.picture) return;
  by("future").value = results.picture.picks[view.side][which];
  lookElsewhere();
}

function begin(lesson) {
  now = whole(lesson.begin);
  view.lesson = lesson.name;
  refresh();
}

function attempt(lesson) {
  now = whole(lesson.tried);
  const event = now.events.at(-1);
  if (event) story.go(event.month);
  refresh();
}

function reveal(lesson) {
  by("map-side").value = lesson.reveal.side;
  view.side = lesson.reveal.side;
  pick(lesson.reveal.future);
}

function leave() {
  view.lesson = null;
  refresh();
}

function look() {
  by("future").max = catalogue.futures - 1;
  by("future").value = view.future;
  by("map-side").value = view.side;
  story.go(view.month);
  const lesson = view.lesson ? lessons.named(view.lesson) : null;
  if (lesson !== lessons.lesson) lessons.open(lesson, false);
}

by("typical").addEventListener("click", () => pick("typical"));
by("most-leave").addEventListener("click", () => pick("most_leave"));
by("get-svg").addEventListener("click", () => save(new Blob([svgText(results, system.label)], { type: "image/svg+xml" }), "futures.svg"));
by("get-png").addEventListener("click", async () => save(await png(svgText(results, system.label)), "futures.png"));
by("get-csv").addEventListener("click", () => save(new Blob([csv(results)], { type: "text/csv" }), "futures.csv"));
by("get-script").addEventListener("click", async () => save(new Blob([await script(now)], { type: "text/x-sh" }), "scenario.sh"));
by("print").addEventListener("click", () => window.print());
by("copy").addEventListener("click", async () => {
  await navigator.clipboard.writeText(location.href).catch(() => {});
  by("copied").textContent = "The address holds all you see; it is copied.";
});
window.addEventListener("hashchange", () => {
  ({ now, view } = inAddress());
  look();
  refresh();
});

if (matchMedia("(max-width: 900px)").matches) by("levers").open = false;
look();
refresh();
