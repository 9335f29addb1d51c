// What this browser remembers of one election, by its freeze hash: code, token, draft, sealed and acknowledged ballot.
// Where the browser keeps nothing (private window, full disk), memory serves until the page closes, and `lasting` says so.

const memory = new Map();
const place = (hash) => `iocop-booth:${hash}`;

function tried() {
  try {
    localStorage.setItem(place("try"), "");
    localStorage.removeItem(place("try"));
    return true;
  } catch {
    return false;
  }
}

let lasts = tried();

export function load(hash) {
  return lasts ? JSON.parse(localStorage.getItem(place(hash)) ?? "{}") : memory.get(hash) ?? {};
}

// Adds *changes* to what is remembered now, also by another window; returns all of it.
export function keep(hash, changes) {
  const record = { ...load(hash), ...changes };
  try {
    if (lasts) localStorage.setItem(place(hash), JSON.stringify(record));
  } catch {
    lasts = false; // the disk is full
  }
  memory.set(hash, record);
  return record;
}

export function forget(hash) {
  memory.delete(hash);
  if (lasts) localStorage.removeItem(place(hash));
}

export const lasting = () => lasts;
