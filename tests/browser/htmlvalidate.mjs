// Reads a JSON list of pages from standard input, writes the list of each page's problems.
import { readFileSync } from "node:fs";
import { HtmlValidate, StaticConfigLoader } from "html-validate";

// A button in a form submits, as HTML has it; a missing type is no fault.
const validator = new HtmlValidate(
  new StaticConfigLoader({
    root: true,
    extends: ["html-validate:standard", "html-validate:a11y"],
    rules: { "no-inline-style": "error", "no-implicit-button-type": "off", "no-implicit-close": "error" },
  }),
);

async function problems(page) {
  const { results } = await validator.validateString(page);
  return results.flatMap(({ messages }) =>
    messages.map(({ line, column, message, ruleId }) => `${line}:${column} ${message} (${ruleId})`),
  );
}

const pages = JSON.parse(readFileSync(0, "utf8"));
process.stdout.write(JSON.stringify(await Promise.all(pages.map(problems))));
