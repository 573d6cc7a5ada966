/** The state of the page: what is simulated (`now`), and what is looked at (`view`). The address holds both. */

const OPENS_AT = 36; // the month shown if the address names none: something has happened by then
const LOOKED_AT = ["lesson", "side", "future", "month"]; // parts of the address that concern the view alone
const DONE_BY_HAND = ["leave", "return", "merge"];

/** Returns what is simulated if the address says nothing. */
export function beginning() {
  return {
    system: "south_yorkshire_bassetlaw",
    a: { regime: "joint_committee", dials: {} },
    b: { regime: "option2", dials: {} },
    change: 0,
    params: {},
    payment: "equal",
    equal_block: 0.5,
    events: [],
  };
}

/** Completes a state that may lack some parts. */
export function whole(given) {
  const copy = structuredClone({ ...beginning(), ...given });
  for (const side of ["a", "b"]) copy[side].dials ??= {};
  return copy;
}

/** Says whether two states run alike, part by part. */
export function same(one, other) {
  const sorted = (value) =>
    value && typeof value === "object" && !Array.isArray(value)
      ? Object.fromEntries(
          Object.keys(value)
            .sort()
            .map((key) => [key, sorted(value[key])]),
        )
      : Array.isArray(value)
        ? value.map(sorted)
        : value;
  return JSON.stringify(sorted(one)) === JSON.stringify(sorted(other));
}

/** Returns the state to compare with: without what was done by hand, else with no lever moved, else none. */
export function compared(now, lesson) {
  if (lesson) {
    const begin = whole(lesson.begin);
    if (begin.system !== now.system) return null;
    return same(begin, now) ? null : { state: begin, words: "as the lesson began" };
  }
  if (now.events.length) return { state: { ...structuredClone(now), events: [] }, words: "without what you made partners do" };
  const unmoved = { ...structuredClone(now), params: {}, payment: "equal", equal_block: 0.5 };
  unmoved.a.dials = {};
  unmoved.b.dials = {};
  return same(unmoved, now) ? null : { state: unmoved, words: "before you moved a lever" };
}

/** Returns the part of the address that says what is simulated and looked at. */
export function toAddress(now, view) {
  const start = beginning();
  const query = new URLSearchParams();
  const put = (key, value, usual) => value !== usual && query.append(key, value);
  put("system", now.system, start.system);
  for (const side of ["a", "b"]) {
    put(side, now[side].regime, view.lesson ? "" : start[side].regime); // an address that names a lesson alone means its beginning
    for (const [dial, value] of Object.entries(now[side].dials)) query.append(`${side}.${dial}`, value);
  }
  put("change", now.change, 0);
  for (const [name, value] of Object.entries(now.params)) query.append(`params.${name}`, value);
  put("payment", now.payment, "equal");
  put("block", now.equal_block, 0.5);
  for (const event of now.events)
    query.append("event", [event.month, event.do, event.partner, event.other].filter((x) => x !== undefined).join("."));
  put("lesson", view.lesson ?? "", "");
  put("side", view.side, "a");
  put("future", view.future, 0);
  put("month", view.month, OPENS_AT);
  return query.toString();
}

/** Reads the state and the view from an address; the server will name its mistakes. `lessons` are those that exist. */
export function fromAddress(text, lessons) {
  const query = new URLSearchParams(text);
  const lesson = lessons.find((each) => each.name === query.get("lesson"));
  const now = lesson && [...query.keys()].every((key) => LOOKED_AT.includes(key)) ? whole(lesson.begin) : beginning();
  const view = { side: "a", future: 0, month: OPENS_AT, lesson: null };
  const numeric = (value) => (value.trim() !== "" && Number.isFinite(Number(value)) ? Number(value) : value);
  const valueOf = (value) => (value === "true" ? true : value === "false" ? false : numeric(value));
  for (const [key, value] of query) {
    const [group, name] = key.split(/\.(.*)/s);
    if (key === "a" || key === "b") now[key].regime = value;
    else if ((group === "a" || group === "b") && name) now[group].dials[name] = valueOf(value);
    else if (group === "params" && name) now.params[name] = numeric(value);
    else if (key === "change") now.change = numeric(value);
    else if (key === "block") now.equal_block = numeric(value);
    else if (key === "system" || key === "payment") now[key] = value;
    else if (key === "event") now.events.push(eventOf(value));
    else if (key === "lesson") view.lesson = value;
    else if (key === "side") view.side = value === "b" ? "b" : "a";
    else if (key === "future" || key === "month") view[key] = Math.max(0, Math.round(Number(value)) || 0);
  }
  view.month = Math.min(view.month, 119);
  view.future = Math.min(view.future, 999);
  return { now, view };
}

function eventOf(text) {
  const [month, what, partner, other] = text.split(".");
  const event = { month: Number(month), do: DONE_BY_HAND.includes(what) ? what : String(what), partner };
  return other === undefined ? event : { ...event, other };
}
