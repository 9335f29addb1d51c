// What this browser remembers of one election, by its freeze hash: code, token, draft, sealed and acknowledged ballot.
// Where the browser keeps nothing (private window, full disk), memory serves until the page closes, and `lasting` says so.

const memory = new Map();
let lasts = true;

const place = (hash) => `iocop-booth:${hash}`;

export function load(hash) {
  try {
    return JSON.parse(localStorage.getItem(place(hash)) ?? "{}");
  } catch {
    return memory.get(hash) ?? {};
  }
}

export function keep(hash, record) {
  memory.set(hash, record);
  try {
    localStorage.setItem(place(hash), JSON.stringify(record));
    lasts = true;
  } catch {
    lasts = false;
  }
}

export function forget(hash) {
  memory.delete(hash);
  try {
    localStorage.removeItem(place(hash));
  } catch {
    // nothing was kept
  }
}

export const lasting = () => lasts;
