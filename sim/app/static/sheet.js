/** The printable sheet of a lesson: questions and room for answers on the first page, teacher's notes on the second. */

import { by, fill, h } from "./dom.js";

const lines = (count) => [...Array(count)].map(() => h("div", { class: "write" }));

/** Fill the sheet, print it, and put it away again. */
export function printSheet(lesson, kinds) {
  const { teacher } = lesson;
  const list = (items) =>
    h(
      "ul",
      {},
      items.map((item) => h("li", {}, item)),
    );
  const box = (words) => h("p", { class: "box" }, words);
  const options = (measure) => (measure.leavers ? kinds : [measure.more, measure.less, measure.same]);
  fill(
    by("sheet"),
    h(
      "section",
      {},
      h("h1", {}, lesson.title),
      h("p", {}, lesson.story),
      h("p", { class: "write-name" }, "Name"),
      h("h2", {}, "1  Predict"),
      lesson.predict.map((question) => [
        h("p", {}, h("strong", {}, question.question)),
        options(question.measure).map(box),
        h("p", {}, "Because:"),
        lines(1),
      ]),
      h("h2", {}, "2  Try"),
      h("p", {}, lesson.attempt.words),
      lines(2),
      h("h2", {}, "3  Reveal"),
      h("p", {}, lesson.reveal.look),
      lines(3),
      h("h2", {}, "4  Discuss"),
      lesson.discuss.map((question) => [h("p", {}, question), lines(2)]),
    ),
    h(
      "section",
      { class: "sheet-teacher" },
      h("h1", {}, `${lesson.title}: teacher's notes`),
      h("p", {}, `${teacher.aim} About ${teacher.minutes} minutes.`),
      h("h2", {}, "Before"),
      list(teacher.before),
      h("h2", {}, "On the way"),
      list(teacher.notes),
      h("h2", {}, "With care"),
      h("p", {}, teacher.caution),
      h("h2", {}, "Where it comes from"),
      list(teacher.evidence),
    ),
  );
  document.body.classList.add("printing-sheet");
  window.addEventListener("afterprint", () => document.body.classList.remove("printing-sheet"), { once: true });
  window.print();
}
