// The fifth step: seal, send, and send the same bytes again until the site has said yes or no.
import { fromHex } from "../crypto/bytes.js";
import { button, h, notice, pause, save } from "./dom.js";
import { Refused } from "./server.js";
import { moment, t } from "./words.js";

const LONGEST = 60;

// What can be done after the site certainly did not take the ballot.
function refusal(voter, go, error) {
  const { held } = voter.record;
  const earlier = held && t("cast.earlier", { revision: held.revision });
  const toReceipt = held && button(t("start.receipt"), () => { voter.drop(); go("receipt"); });
  if (error.status === 409) return newer(voter, go);
  if (error.status === 410) {
    return [notice("danger", t("cast.closed"), t("cast.closedHint", { moment: moment(voter.freeze.closes) }), earlier), h("div", { class: "actions" }, toReceipt)];
  }
  const again = button(t("review.change"), () => { voter.drop(); go("ballot"); });
  return [notice("danger", t("cast.refused"), t("cast.refusedHint", { why: error.message || error.code }), earlier), h("div", { class: "actions" }, again, toReceipt)];
}

function newer(voter, go) {
  const act = (marks, next) => async () => {
    voter.drop();
    await voter.recover().catch(() => false);
    if (marks) voter.keep({ draft: marks });
    go(next);
  };
  return [
    notice("warn", t("cast.newer"), t("cast.newerHint")),
    h("div", { class: "actions" }, button(t("cast.replace"), act(voter.marks, "review"), { kind: "primary" }), button(t("cast.show"), act(null, "receipt"))),
  ];
}

class Sending {
  constructor(voter, go) {
    Object.assign(this, { voter, go, wait: 1, place: h("div", { class: "stack", "aria-live": "polite" }), steps: h("ol", { class: "progress" }) });
  }

  step(key, state) {
    const row = h("li", { class: state }, t(key));
    this.steps.replaceChildren(...[...this.steps.children].filter((one) => one.classList.contains("done")), row);
  }

  async run() {
    if (!this.voter.record.pending) {
      this.step("cast.sealing", "now");
      await pause(50); // let the words appear before the processor is busy
      await this.voter.seal();
    }
    this.step("cast.sealed", "done");
    if (!this.voter.connected) return this.go("hand-over");
    return this.send();
  }

  async send() {
    clearInterval(this.timer);
    this.step("cast.sending", "now");
    try {
      await this.voter.cast();
      return this.go("receipt");
    } catch (error) {
      if (error.status === 410 && await this.voter.voided()) return this.go("start");
      if (error instanceof Refused) return this.end(refusal(this.voter, this.go, error));
      return this.later(error.message === "forged" ? notice("danger", t("cast.forged"), t("cast.forgedHint")) : notice("warn", t("cast.not"), t("cast.notHint")));
    }
  }

  end(elements) {
    this.steps.replaceChildren();
    this.place.replaceChildren(...elements);
  }

  later(told) {
    this.wait = Math.min(2 * this.wait, LONGEST);
    let left = this.wait;
    const line = h("p", { class: "muted", "aria-live": "off" });
    const show = () => { line.textContent = t("cast.waiting", { n: left }); };
    show();
    this.steps.replaceChildren(...[...this.steps.children].filter((one) => one.classList.contains("done")));
    this.place.replaceChildren(told, line, h("div", { class: "actions" }, button(t("cast.now"), () => this.send())));
    this.timer = setInterval(() => {
      left -= 1;
      if (!line.isConnected) return clearInterval(this.timer);
      return left > 0 ? show() : this.send();
    }, 1000);
  }
}

export function cast(voter, go) {
  const sending = new Sending(voter, go);
  sending.run().catch((error) => sending.end([notice("danger", t("cast.refused"), error.message)]));
  return [h("h1", { tabindex: "-1" }, t("cast.title")), sending.steps, sending.place];
}

// Without a connection: the sealed ballot as a file, to be handed in elsewhere.
export function handOver(voter) {
  const { pending } = voter.record;
  const name = `ballot-${voter.id.slice(0, 8)}-${pending.revision}.bin`;
  return [
    h("h1", { tabindex: "-1" }, t("cast.handTitle")),
    notice("warn", null, t("cast.handLead")),
    h("div", { class: "actions" }, button(t("cast.handSave"), () => save(name, fromHex(pending.wire, pending.wire.length / 2, "ballot"), "application/octet-stream"), { kind: "primary", picture: "download" })),
    h("p", {}, t("cast.handHow")),
  ];
}
