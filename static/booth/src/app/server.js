// The conversation with the site (docs/ballot-protocol.md, 8). Public requests carry no cookie and no referrer.
import { fromHex, toHex } from "../crypto/bytes.js";

const PATIENCE = 20_000;
const OWN = { credentials: "same-origin", referrerPolicy: "same-origin", cache: "no-store" }; // the site's forms want a referrer
const PUBLIC = { credentials: "omit", referrerPolicy: "no-referrer", cache: "no-store" };

// A refusal by the site: *code* as the protocol lists it, *message* for the voter.
export class Refused extends Error {
  constructor(status, told) {
    super(told.error ?? "");
    this.status = status;
    this.code = told.code ?? "";
  }
}

// No answer, or one that leaves everything open.
export class Unreachable extends Error {}

async function ask(address, options) {
  const end = new AbortController();
  const timer = setTimeout(() => end.abort(), PATIENCE);
  try {
    const answer = await fetch(address, { ...options, redirect: "manual", signal: end.signal });
    const body = new Uint8Array(await answer.arrayBuffer());
    return { status: answer.type === "opaqueredirect" ? 401 : answer.status, body };
  } catch {
    throw new Unreachable();
  } finally {
    clearTimeout(timer);
  }
}

function parsed(body) {
  try {
    return JSON.parse(new TextDecoder().decode(body));
  } catch {
    return null;
  }
}

async function json(address, options) {
  const { status, body } = await ask(address, options);
  const told = parsed(body);
  if (status >= 500 || status === 429 || status === 408) throw new Unreachable();
  if (status !== 200) throw new Refused(status, told ?? {});
  if (told === null) {
    if (options.credentials === "omit") throw new Unreachable(); // somebody between answers, a hotel's sign-in page say
    throw new Refused(401, {});
  }
  return told;
}

export function site(election) {
  const at = (path) => `/elections/${election}/${path}`;
  return {
    async freeze() {
      const { status, body } = await ask(at("freeze.json"), PUBLIC);
      if (status === 200) return body;
      if (status >= 400 && status < 500) throw new Refused(status, {});
      throw new Unreachable();
    },
    async state() {
      const asked = Date.now();
      const told = await json(at("state.json"), PUBLIC);
      return { ...told, ahead: Date.parse(told.now) + (Date.now() - asked) / 2 - Date.now() };
    },
    candidates: () => json(at("candidates.json"), PUBLIC),
    me: () => json(at("booth.json"), OWN),
    async token(blinded, csrf) {
      const headers = { "Content-Type": "application/json", "X-CSRFToken": csrf };
      const told = await json(at("token"), { ...OWN, method: "POST", headers, body: JSON.stringify({ blinded: toHex(blinded) }) });
      return fromHex(told.blind_signature, 384, "blind signature");
    },
    async cast(wire) {
      const headers = { "Content-Type": "application/octet-stream" };
      const told = await json(at("ballots"), { ...PUBLIC, method: "POST", headers, body: wire });
      return { ballot: fromHex(told.ballot, 32, "ballot"), signature: fromHex(told.signature, 64, "acknowledgement") };
    },
    // The newest ballot of a voter key, null where there is none.
    async newest(voter) {
      try {
        return await json(at(`ballots/${toHex(voter)}`), PUBLIC);
      } catch (error) {
        if (error.status === 404) return null;
        throw error;
      }
    },
    block: (number) => json(at(`board/${number}.json`), PUBLIC),
  };
}
