// Builds the booth and the officer's script from static/booth/src: the same sources and packages, the same bytes.
//   node static/booth/build.mjs [FOLDER]    writes booth/booth.html and js/officer_keys.js into static/, or into FOLDER
// The packages are those of tests/browser/package-lock.json. Nothing is minified: who looks reads what runs.
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const BOOTH = dirname(fileURLToPath(import.meta.url));
const ROOT = resolve(BOOTH, "../..");
const PACKAGES = join(ROOT, "tests/browser/node_modules");
const { build } = createRequire(join(PACKAGES, "any.js"))("esbuild");

async function bundled(entry, format) {
  const { outputFiles } = await build({
    entryPoints: [join(BOOTH, "src", entry)], absWorkingDir: ROOT, nodePaths: [PACKAGES], write: false,
    bundle: true, format, target: "es2022", charset: "utf8", legalComments: "none", platform: "browser",
  });
  const text = outputFiles[0].text.replace(/^ *\/\/ https?:.*\n/gm, ""); // formulas' sources, in the packages' own files
  return text.replace(/^ *\/\/ (?:tests\/browser\/node_modules|static\/booth)\//gm, "// ");
}

const read = (...path) => readFileSync(join(ROOT, ...path), "utf8");
const sum = (text) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;

// The site's own sheets, without comments and without the faces that lie in files.
function style() {
  const sheets = ["static/css/tokens.css", "static/css/base.css", "static/booth/src/booth.css"];
  return sheets.map((sheet) => read(sheet)).join("\n")
    .replace(/\/\*[\s\S]*?\*\//g, "").replace(/ *@font-face \{[^}]*\}\n/g, "").replace(/\n\s*\n/g, "\n").replace(/^ +/gm, "").trim();
}

// The icons that *script* names, out of the site's sprite.
function icons(script) {
  const symbols = read("static/img/icons.svg").matchAll(/<symbol id="([\w-]+)"([^]*?)<\/symbol>/g);
  const used = [...symbols].filter(([, name]) => script.includes(`"${name}"`));
  const kept = used.map(([, name, rest]) => `<symbol id="icon-${name}"${rest}</symbol>`);
  return `<svg hidden xmlns="http://www.w3.org/2000/svg">${kept.join("")}</svg>`;
}

function page(script, sheet) {
  const policy = [
    "default-src 'none'", `script-src ${sum(script)}`, `style-src ${sum(sheet)}`, "connect-src 'self'",
    "img-src 'self' data:", "form-action 'none'", "base-uri 'none'",
  ].join("; ");
  const parts = { POLICY: policy, STYLE: sheet, ICONS: icons(script), SCRIPT: script };
  return read("static/booth/src/booth.html").replace(/\{\{(POLICY|STYLE|ICONS|SCRIPT)\}\}/g, (_, name) => parts[name]);
}

function write(path, text) {
  const target = join(process.argv[2] ?? join(ROOT, "static"), path);
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, text);
}

const script = `\n${await bundled("booth.js", "iife")}`;
if (/<\/script|<!--/i.test(script)) throw new Error("the script would end its own element");
write("booth/booth.html", page(script, `\n${style()}\n`));
write("js/officer_keys.js", `// An officer's keys of one election; built by static/booth/build.mjs, contract in static/booth/src/officer.js.\n${await bundled("officer.js", "esm")}`);
