// Lets the booth's sources find their packages where the tests have them installed. Imported before any of them.
import { registerHooks } from "node:module";

const PACKAGES = new URL("../../browser/package.json", import.meta.url).href;

registerHooks({
  resolve: (name, context, next) => next(name, name.startsWith("@noble/") ? { ...context, parentURL: PACKAGES } : context),
});
