// [data-officer-keys]: an officer's keys of one election. A form, posted by the page in the ordinary way once the script
// has filled its hidden fields; the private part leaves this browser only in the officer's own file.
//
//   data-officer-keys="make"    one press makes the keys and saves the file; fields filled: encryption, signing, nonce
//   data-officer-keys="open"    reads the file again, checks it against the freeze, opens the test share and signs;
//                               fields filled: signature, freeze (the hash that was signed)
//   data-officer-keys="close"   reads the file, signs the sealed board; fields filled: signature, sealed (hash), key
//   data-freeze-url             open, close: the exact bytes of freeze.json
//   data-sealed-url             close: the exact bytes of sealed.json
//   data-site, data-election, data-title, data-officer   make: what a person finds in the file, and in its name
//
// Inside the form:
//   input[data-passphrase]      the passphrase (no name: it is never sent); make: a second one, [data-passphrase-again]
//   input[type=file][data-key-file]   open, close: the saved file (no name)
//   button[type=button][data-act]     makes, or reads and signs; the keys Enter in the fields above press it too
//   [data-act-hash]             optional: shows the hash that was signed
//   [data-status] (role=status) what is under way and what went wrong
//   progress[data-progress]     optional: how far the passphrase is worked in
//   button[data-send]           submits; disabled until everything stands
//   data-say-<name> on the form: each sentence below in the reader's language
import { fresh, lock, publicPart, unlock } from "./officer/keyfile.js";
import { closing, opening } from "./officer/signing.js";

const SHORTEST = 12; // letters of a passphrase
const SAY = {
  working: "Working the passphrase in. This takes a few seconds.",
  short: "Choose a passphrase of at least 12 letters: four words that do not belong together are good.",
  differ: "The two passphrases are not the same.",
  choose: "Choose the file that you saved when you made your keys.",
  made: "Your keys are made and the file is saved. Keep it safe: without it and its passphrase your keys are lost. Now send the public part.",
  file: "This is not a file of an officer's keys.",
  passphrase: "The passphrase does not open this file, or the file was altered.",
  stranger: "The keys in this file are not the ones frozen for you in this election. Is it the file of another election?",
  share: "The test share that was sealed to you does not open with these keys. Do not sign; tell the other officers.",
  sealed: "The document to sign is not of this election. Do not send anything; tell the other officers.",
  reach: "The election could not be read from the site. Nothing was sent; try again.",
  opened: "Your keys are the frozen ones, your test share opens, and the election is signed. Now send the signature.",
  closed: "The sealed board is signed. Sending it hands over your key of this election, and nothing else.",
};

async function bytesAt(url) {
  const answer = await fetch(url, { cache: "no-store" }).catch(() => null);
  if (!answer?.ok) throw new Error("reach");
  return new Uint8Array(await answer.arrayBuffer());
}

function save(name, words) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([words], { type: "application/json" }));
  link.download = name;
  link.click();
}

async function made(form, passphrase, onProgress) {
  if (passphrase.length < SHORTEST) throw new Error("short");
  if (form.querySelector("[data-passphrase-again]").value !== passphrase) throw new Error("differ");
  const keys = fresh();
  const { site = "", election = "", title = "", officer = "" } = form.dataset;
  const words = await lock(keys, passphrase, { site, election, title, officer }, onProgress);
  save(`officer-keys-election-${election}.json`, words);
  return { fields: publicPart(keys), said: "made" };
}

async function read(form, passphrase, onProgress) {
  const file = form.querySelector("[data-key-file]").files[0];
  if (!file) throw new Error("choose");
  const freeze = await bytesAt(form.dataset.freezeUrl);
  return { freeze, keys: await unlock(await file.text(), passphrase, onProgress) };
}

const ACTS = {
  make: made,
  async open(form, passphrase, onProgress) {
    const { freeze, keys } = await read(form, passphrase, onProgress);
    const { hash, signature } = opening(freeze, keys);
    return { fields: { signature, freeze: hash }, said: "opened", hash };
  },
  async close(form, passphrase, onProgress) {
    const { freeze, keys } = await read(form, passphrase, onProgress);
    const { hash, signature, key } = closing(freeze, await bytesAt(form.dataset.sealedUrl), keys);
    return { fields: { signature, key, sealed: hash }, said: "closed", hash };
  },
};

function prepare(form) {
  const [button, send, status, progress] = ["[data-act]", "[data-send]", "[data-status]", "[data-progress]"]
    .map((name) => form.querySelector(name));
  const say = (name) => {
    const given = form.dataset[`say${name[0].toUpperCase()}${name.slice(1)}`];
    status.textContent = given ?? SAY[name] ?? name;
  };

  function show({ fields, said, hash }) {
    for (const [name, value] of Object.entries(fields)) form.elements.namedItem(name).value = value;
    for (const shown of form.querySelectorAll("[data-act-hash]")) shown.textContent = hash ?? "";
    say(said);
    send.disabled = false;
    send.focus();
  }

  async function act() {
    button.disabled = true;
    send.disabled = true;
    say("working");
    if (progress) progress.hidden = false;
    try {
      const passphrase = form.querySelector("[data-passphrase]").value;
      show(await ACTS[form.dataset.officerKeys](form, passphrase, (part) => { if (progress) progress.value = part; }));
    } catch (error) {
      say(error.message);
    } finally {
      button.disabled = false;
      if (progress) progress.hidden = true;
    }
  }

  send.disabled = true;
  button.addEventListener("click", act);
  for (const field of form.querySelectorAll("[data-passphrase], [data-passphrase-again], [data-key-file]")) {
    field.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault();
      act();
    });
  }
}

for (const form of document.querySelectorAll("[data-officer-keys]")) prepare(form);
