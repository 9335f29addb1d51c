// Canonical JSON: keys sorted, no spaces, only objects, lists, strings, whole numbers, true, false, null.

function byCodePoint(one, other) {
  const [left, right] = [[...one], [...other]];
  const at = left.findIndex((letter, index) => letter !== right[index]);
  if (at < 0 || at >= right.length) return left.length - right.length;
  return left[at].codePointAt() - right[at].codePointAt();
}

export function write(value) {
  if (Array.isArray(value)) return `[${value.map(write).join(",")}]`;
  if (value !== null && typeof value === "object") {
    const fields = Object.keys(value).sort(byCodePoint).map((key) => `${JSON.stringify(key)}:${write(value[key])}`);
    return `{${fields.join(",")}}`;
  }
  if (typeof value === "number" && !Number.isSafeInteger(value)) throw new Error(`${value} is no whole number`);
  return JSON.stringify(value);
}

// The value of *bytes*; throws where they are not its one canonical form (a key twice, a space, a fraction …).
export function read(bytes) {
  const words = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  const value = JSON.parse(words);
  if (write(value) !== words) throw new Error("not canonical JSON");
  return value;
}
