// Canonical JSON: ASCII keys, sorted, no spaces, only objects, lists, strings, whole numbers, true, false, null.

export function write(value) {
  if (Array.isArray(value)) return `[${value.map(write).join(",")}]`;
  if (value !== null && typeof value === "object") {
    const keys = Object.keys(value).sort();
    if (!keys.every((key) => /^[\0-\x7f]*$/.test(key))) throw new Error("a key is not ASCII");
    const fields = keys.map((key) => `${JSON.stringify(key)}:${write(value[key])}`);
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
