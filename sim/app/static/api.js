/** Talks to the server: always the same one, always in JSON. */

/** A problem that the server explains in words for people. */
export class Refused extends Error {}

async function checked(answer) {
  if (answer.ok) return answer;
  const words = await answer.json().catch(() => ({}));
  throw new Refused(words.error ?? `The server answered ${answer.status}.`);
}

async function post(path, body, signal) {
  const headers = { "content-type": "application/json" };
  return checked(await fetch(path, { method: "POST", headers, body: JSON.stringify(body), signal }));
}

/** Fetch data that does not change: the catalogue, or a system. */
export const get = async (path) => (await checked(await fetch(path))).json();

/** Fetch one future month by month. */
export const oneFuture = async (now, side, future, signal) => (await post("api/future", { now, side, future }, signal)).json();

/** Fetch the command lines that run a state. */
export const commands = async (now) => (await post("api/command", { now })).text();

/** Fetch pictures over more and more futures; `show` gets each. Aborting the signal stops the rest. */
export async function futures(asked, show, signal) {
  const answer = await post("api/futures", asked, signal);
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    const lines = (rest + value).split("\n");
    rest = lines.pop();
    for (const line of lines) {
      const picture = JSON.parse(line);
      if (picture.error) throw new Refused(picture.error);
      show(picture);
    }
  }
}
