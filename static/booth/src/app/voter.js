// One voter at one election: what is frozen, what this browser keeps, and the steps between them. No elements here.
import { hmac } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";

import { fromHex, text, toHex } from "../crypto/bytes.js";
import { acknowledged } from "../crypto/board.js";
import * as codes from "../crypto/code.js";
import { hkdf } from "../crypto/hashing.js";
import { MOST_REVISIONS, recover, seal, tokenRequest } from "../crypto/sealing.js";
import { Unreachable } from "./server.js";
import * as store from "./store.js";

export class Voter {
  constructor(election, freeze, site) {
    Object.assign(this, { election, freeze, site, state: null, me: null, signedOut: false, candidates: new Map() });
    this.id = toHex(freeze.hash);
    this.record = store.load(this.id);
  }

  keep(changes) {
    this.record = store.keep(this.id, changes);
  }

  forget() {
    store.forget(this.id);
    this.record = {};
    this.derived = null;
  }

  get connected() { return this.site !== null; }

  // Milliseconds until the close, by the site's clock where it is known.
  get left() { return this.freeze.closes.getTime() - this.now; }
  get now() { return Date.now() + (this.state?.ahead ?? 0); }
  get early() { return this.now < this.freeze.opens.getTime(); }
  get void() { return this.state?.state === "void"; }
  get late() { return this.left <= 0 || ["sealed", "counted", "certified"].includes(this.state?.state); }

  get keys() {
    if (!this.record.code) return null;
    if (this.derived?.written !== this.record.code) {
      this.derived = { written: this.record.code, keys: codes.keysOf(this.freeze, fromHex(this.record.code, 16, "code")) };
    }
    return this.derived.keys;
  }

  get writtenCode() { return codes.write(this.keys.code); }
  get token() { return this.record.token ? fromHex(this.record.token, 384, "token") : null; }

  // Candidates' indices in this voter's own order, the same on every device with the code.
  get order() {
    const indices = this.freeze.candidates.map((_, index) => index);
    if (this.freeze.candidates.length < 2 || !this.keys) return indices;
    const weights = hkdf(this.freeze.hash, this.keys.code, "iocop booth order", 4 * indices.length);
    const weight = (index) => new DataView(weights.buffer, weights.byteOffset).getUint32(4 * index);
    return indices.sort((one, other) => weight(one) - weight(other));
  }

  get marks() {
    const { draft } = this.record;
    return draft?.length === this.freeze.candidates.length ? draft : this.freeze.candidates.map(() => 0);
  }

  newCode() {
    if (!this.record.code) this.keep({ code: toHex(crypto.getRandomValues(new Uint8Array(16))) });
  }

  // Throws as `codes.read` does; "other" where the token was fetched with another code.
  takeCode(typed) {
    const code = codes.read(typed);
    const { blinded } = tokenRequest(this.freeze, codes.keysOf(this.freeze, code));
    if (this.me?.blinded && this.me.blinded !== toHex(blinded)) throw new Error("other");
    this.forget();
    this.keep({ code: toHex(code), confirmed: true });
  }

  // Whether the entry of the roll that the site names is this member's (section 1).
  get leafHolds() {
    const { leaf, salt, number } = this.me;
    return !salt || toHex(hmac(sha256, fromHex(salt, 32, "salt"), text(String(number)))) === leaf;
  }

  get request() {
    const { freeze, keys } = this;
    this.derived.request ??= toHex(tokenRequest(freeze, keys).blinded);
    return this.derived.request;
  }

  // Whether another member who uses this browser fetched the token it keeps: it is not the one of who is signed in.
  get others() { return Boolean(this.me && this.record.code && this.record.token) && this.me.blinded !== this.request; }

  takeToken(blindSignature) {
    this.keep({ token: toHex(tokenRequest(this.freeze, this.keys).finish(blindSignature)) });
  }

  async fetchToken() {
    const { blinded } = tokenRequest(this.freeze, this.keys);
    const known = this.me?.blinded === toHex(blinded) && this.me.blind_signature;
    const signature = known ? fromHex(this.me.blind_signature, 384, "blind signature") : await this.site.token(blinded, this.me.csrf);
    this.takeToken(signature);
    this.me = { ...this.me, token_issued: true, blinded: toHex(blinded), blind_signature: toHex(signature) };
  }

  // Whether the election was declared void since it was fetched; asked where the site takes nothing any more.
  async voided() {
    this.state = await this.site.state().catch(() => this.state);
    return this.void;
  }

  // Looks for a ballot of this code in the ballot box; keeps it as held, without an acknowledgement, where it is newer.
  async recover() {
    const found = await this.site.newest(this.keys.voter);
    if (!found || found.revision <= (this.record.held?.revision ?? 0)) return false;
    const wire = fromHex(found.wire, found.wire.length / 2, "ballot");
    const { revision, hash, marks } = recover(this.freeze, this.keys.code, wire);
    this.keep({ held: { revision, hash: toHex(hash), wire: found.wire, signature: null }, draft: marks });
    return true;
  }

  get nextRevision() { return (this.record.held?.revision ?? 0) + 1; }
  get exhausted() { return this.nextRevision > MOST_REVISIONS; }

  // Seals what is marked after the newest ballot that is known, and keeps the bytes before anything is sent.
  async seal() {
    if (this.connected) {
      const marks = this.marks;
      await this.recover().catch((error) => { if (!(error instanceof Unreachable)) throw error; });
      this.keep({ draft: marks });
    }
    const { held } = this.record;
    const previous = held ? fromHex(held.hash, 32, "ballot") : null;
    const { wire, hash } = seal(this.freeze, this.keys, this.token, this.marks, this.nextRevision, previous);
    this.keep({ pending: { revision: this.nextRevision, hash: toHex(hash), wire: toHex(wire) } });
  }

  // Sends the kept bytes once. Throws Refused, Unreachable, or Error("forged").
  async cast() {
    const { pending } = this.record;
    if (!pending) return; // another try came through meanwhile
    const { ballot, signature } = await this.site.cast(fromHex(pending.wire, pending.wire.length / 2, "ballot"));
    if (toHex(ballot) !== pending.hash || !acknowledged(this.freeze, ballot, signature)) throw new Error("forged");
    this.keep({ held: { ...pending, signature: toHex(signature) }, pending: null, block: null });
  }

  drop() { this.keep({ pending: null }); }

  // What the held ballot says, read with the code.
  get heldMarks() {
    const { wire } = this.record.held;
    return recover(this.freeze, this.keys.code, fromHex(wire, wire.length / 2, "ballot")).marks;
  }
}
