/** Guided lessons: predict, try, reveal, discuss. Answers come from the server's futures, never from the lesson. */

import { by, fill, h } from "./dom.js";
import { change, plain, unitOfChange, withUnit } from "./words.js";

const STEPS = ["Predict", "Try", "Reveal", "Discuss"];

/** The panel of lessons. `begin(lesson)`, `attempt(lesson)`, `reveal(lesson)` and `leave()` act on the page. */
export class Lessons {
  constructor(catalogue, actions) {
    Object.assign(this, { catalogue, actions, lesson: null, step: 0, said: [], answers: null, peeked: false });
    by("uncover").addEventListener("click", () => {
      this.peeked = true;
      this.cover();
      by("results").focus();
    });
    fill(
      by("lesson-list"),
      catalogue.lessons.map((lesson, number) =>
        h(
          "li",
          {},
          h(
            "button",
            { type: "button", "data-lesson": lesson.name, onclick: () => this.open(lesson, true) },
            h("span", { class: "lesson-number", "aria-hidden": "true" }, String(number + 1)),
            lesson.title,
          ),
        ),
      ),
    );
  }

  named(name) {
    return this.catalogue.lessons.find((lesson) => lesson.name === name) ?? null;
  }

  /** Open a lesson, or none; `afresh` also sets the page to the lesson's first state. */
  open(lesson, afresh) {
    Object.assign(this, { lesson, step: 0, said: lesson?.predict.map(() => null) ?? [], answers: null, peeked: false });
    if (afresh) this.actions.begin(lesson);
    this.draw();
    if (lesson) by("lesson").focus();
  }

  close() {
    this.lesson = null;
    this.draw();
    this.actions.leave();
  }

  /** Take new answers from the futures. */
  hear(answers) {
    this.answers = answers;
    if (this.lesson && (this.step === 2 || (this.step === 0 && !this.ready))) this.draw();
  }

  go(step) {
    this.step = step;
    if (step === 2) this.actions.reveal(this.lesson);
    this.draw();
    by("lesson").focus();
  }

  /** Cover the results while a class predicts, unless somebody has asked to see them. */
  cover() {
    document.body.toggleAttribute("data-covered", this.lesson !== null && this.step === 0 && !this.peeked);
  }

  draw() {
    this.cover();
    const panel = by("lesson");
    panel.hidden = this.lesson === null;
    for (const button of by("lesson-list").querySelectorAll("button"))
      button.setAttribute("aria-pressed", String(button.dataset.lesson === this.lesson?.name));
    if (!this.lesson) return;
    const tabs = STEPS.map((name, step) =>
      h(
        "button",
        { type: "button", class: "step", "aria-current": step === this.step ? "step" : null, onclick: () => this.go(step) },
        `${step + 1}  ${name}`,
      ),
    );
    const next =
      this.step < 3
        ? h(
            "button",
            { type: "button", class: "act", onclick: () => this.go(this.step + 1) },
            `Next: ${STEPS[this.step + 1].toLowerCase()}`,
          )
        : null;
    fill(
      panel,
      h(
        "div",
        { class: "lesson-head" },
        h("h2", {}, this.lesson.title),
        h("button", { type: "button", class: "plain", onclick: () => this.close() }, "Leave the lesson"),
      ),
      h("div", { class: "steps" }, tabs),
      h("div", { class: "step-inside" }, [this.predict, this.attempt, this.reveal, this.discuss][this.step].call(this)),
      h(
        "div",
        { class: "lesson-foot" },
        next,
        h("button", { type: "button", class: "plain", onclick: () => this.actions.print(this.lesson) }, "Print the sheet"),
      ),
      teacher(this.lesson),
    );
  }

  /** Returns the kinds of body that a question about leavers offers: those that the answers name. */
  kinds(number) {
    return Object.keys(this.answers?.[number]?.shares ?? {});
  }

  options(question, number) {
    const { measure } = question;
    if (measure.leavers) return this.kinds(number).map((kind) => [kind, kind]);
    return [
      ["more", measure.more],
      ["less", measure.less],
      ["same", measure.same],
    ];
  }

  predict() {
    this.ready = this.lesson.predict.every((question, number) => this.options(question, number).length > 0);
    return [
      h("p", { class: "lede" }, this.lesson.story),
      this.lesson.predict.map((question, number) =>
        h(
          "fieldset",
          {},
          h("legend", {}, question.question),
          this.options(question, number).map(([value, words]) =>
            h(
              "label",
              { class: "option" },
              h("input", {
                type: "radio",
                name: `predict-${number}`,
                value,
                checked: this.said[number] === value,
                onchange: () => {
                  this.said[number] = value;
                },
              }),
              words,
            ),
          ),
        ),
      ),
    ];
  }

  attempt() {
    return [
      h("p", { class: "lede" }, this.lesson.attempt.words),
      h(
        "p",
        {},
        h("button", { type: "button", class: "act", onclick: () => this.actions.attempt(this.lesson) }, "Do it for me"),
        " ",
        h("button", { type: "button", class: "plain", onclick: () => this.actions.begin(this.lesson) }, "Back to the beginning"),
      ),
    ];
  }

  reveal() {
    return [
      h("p", { class: "quiet" }, "Counted from the futures on this page, with the levers as they stand now."),
      this.lesson.predict.map((question, number) =>
        h("div", { class: "answer" }, h("p", { class: "asked" }, question.question), this.answered(question, number)),
      ),
      h("p", { class: "lede" }, this.lesson.reveal.look),
    ];
  }

  answered(question, number) {
    const answer = this.answers?.[number];
    const said = this.said[number];
    if (!answer) return h("p", {}, "Do what step 2 asks first: this question compares the futures before and after.");
    const words = (value) => (question.measure.leavers ? value : question.measure[value]);
    const right =
      said === null
        ? "You made no prediction."
        : answer.answers.includes(said)
          ? `You said so: ${words(said)}.`
          : `You said: ${words(said)}.`;
    const found = answer.answers.length ? answer.answers.map(words).join(", or ") : "none leaves in any future";
    return [
      h("p", { class: "found" }, h("strong", {}, found)),
      h("p", {}, right),
      h("p", { class: "quiet" }, question.measure.leavers ? shares(answer) : figures(answer, question.measure)),
    ];
  }

  discuss() {
    return h(
      "ol",
      { class: "discuss" },
      this.lesson.discuss.map((question) => h("li", {}, question)),
    );
  }
}

/** Returns the figures behind an answer about who leaves, before the class changed anything. */
function shares(answer) {
  const parts = Object.entries(answer.shares).map(([kind, share]) => `${kind} ${plain(100 * share)} %`);
  const when = answer.before ? ", before your changes" : "";
  return `Share of ${plain(answer.futures)} futures${when}, in which at least one leaves of its own will: ${parts.join("; ")}.`;
}

/** Returns the figures behind an answer about a difference. */
function figures(answer, { between }) {
  const [first, second] = between === "sides" ? ["under A", "under B"] : ["before", "now"];
  const label = answer.label[0].toUpperCase() + answer.label.slice(1);
  return (
    `${label}: ${withUnit(answer.baseline, answer.unit)} ${first}, ${withUnit(answer.other, answer.unit)} ${second}. ` +
    `Difference: ${change(answer)} ${unitOfChange(answer.unit)}; in brackets, what chance alone leaves open (95 % interval, ` +
    `${plain(answer.futures)} futures). Less than ${threshold(answer)} counts as no difference worth caring about.`
  );
}

/** Returns the smallest difference worth caring about, in words. */
function threshold({ matters, unit }) {
  if (unit !== "share") return withUnit(matters, unit);
  return `${plain(100 * matters)} percentage ${matters === 0.01 ? "point" : "points"}`;
}

function teacher(lesson) {
  const { aim, minutes, before, notes, caution, evidence } = lesson.teacher;
  const list = (items) =>
    h(
      "ul",
      {},
      items.map((item) => h("li", {}, item)),
    );
  return h(
    "details",
    { class: "teacher" },
    h("summary", {}, "Teacher's notes"),
    h("p", {}, `${aim} About ${minutes} minutes.`),
    h("h4", {}, "Before"),
    list(before),
    h("h4", {}, "On the way"),
    list(notes),
    h("h4", {}, "With care"),
    h("p", {}, caution),
    h("h4", {}, "Where it comes from"),
    list(evidence),
  );
}
