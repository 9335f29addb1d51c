// Every sentence of the booth, in one table a language. t("key", {name: value}) fills {name}.

const EN = {
  booth: "Voting booth",
  steps: "Steps", "step.start": "Start", "step.code": "Code", "step.ballot": "Ballot", "step.review": "Review", "step.receipt": "Receipt",
  stepOf: "Step {number} of {all}",
  back: "Back", on: "Go on", tryAgain: "Try again", print: "Print", saveFile: "Save as a file", copy: "Copy", copied: "Copied",

  loading: "Fetching the election …",
  "left.long": "Voting ends in {span}", "left.over": "Voting ended on {moment}", "left.before": "Voting begins on {moment}",
  "left.own": "{words} by this device’s clock",
  days: "{n} days", day: "1 day", hours: "{n} hours", hour: "1 hour", minutes: "{n} minutes", minute: "1 minute", less: "less than a minute", and: "{one} and {other}",

  "start.lead": "This page seals your ballot on your own device. Nobody, not even this site, can connect it with your name, and you can check that it is counted. It takes about three minutes.",
  "start.begin": "Begin", "start.type": "Type my voting code", "start.go": "Go on where you stopped", "start.receipt": "Show my receipt", "start.unsent": "Send my sealed ballot",
  "start.how": "How your vote stays secret",
  "start.how1": "You show who you are once, to fetch a voting token. The site signs it without seeing it, as if through carbon paper in a closed envelope.",
  "start.how2": "Your ballot is sealed here for the returning officers and sent without your name, cookie or session. The token proves that it comes from a voter, not from which one.",
  "start.how3": "No officer alone can open a ballot; {needed} of {officers} must come together after the close.",
  "start.how4": "What this cannot do: protect you from somebody who looks over your shoulder, or from a device that is not yours. Somebody who watches all traffic of this site could see when a ballot came in.",
  "start.hash": "Fingerprint of this election",
  "start.hashHint": "It was mailed to everyone on the roll. The same letters mean: the same candidates, rules, roll and officers for all.",
  "start.compare": "Compare it with your mail",
  "start.leaf": "Your entry in the roll", "start.leafHint": "The roll is published as fingerprints; this one is yours. It was worked out here from your member number and a number the site drew for you.",
  "start.leafWrong": "Your entry in the roll is not yours", "start.leafWrongHint": "The fingerprint the site names for you does not come from your member number. Tell the returning officers.",
  "start.signIn": "Sign in, then come back", "start.signedOut": "You are not signed in",
  "start.signedOutHint": "Your name is needed once, to fetch a voting token. You can also go on here and fetch the token on another device.",
  "start.unsigned": "Go on without signing in",
  "start.refused": "No voting token can be issued to you",
  "start.offRoll": "You are not on the roll of this election, which was closed when the election was frozen.",
  "start.issued": "Your voting token was fetched already",
  "start.issuedHint": "If you voted on another device, type the voting code that was shown there, and your vote comes back. Without code and that browser there is no second token: the site does not know which ballot is yours, so it could not take the first one back.",
  "start.others": "Another member’s vote is kept in this browser", "start.othersHint": "Its token was fetched by another account than the one you are signed in with. If it is yours, sign in with that account. To vote yourself, let this device forget it first: whoever made it gets it back with the voting code, on any device. A ballot that was cast stays cast; one that was not sent yet is given up.",
  "start.held": "You have cast a ballot", "start.heldHint": "It is held. You can look at the receipt, or vote again until the close; your last ballot counts.",
  "start.pending": "Your ballot is sealed but not acknowledged", "start.pendingHint": "It was kept in this browser. Send it again: the same ballot never counts twice.",
  "start.draft": "You had begun here", "start.draftHint": "Your code and your marks are kept in this browser.",
  "start.closed": "Voting has ended", "start.closedHint": "Ballots that arrived before {moment} count; none is taken any more.",
  "start.closedNone": "No ballot was cast from this browser.",
  "start.notYet": "Voting has not begun", "start.notYetHint": "Come back after {moment}. Nothing you could do here would be lost, but no token is issued yet.",
  "start.void": "This election is void", "start.voidHint": "Its ballots are not opened and will be deleted. The election’s page says why.",
  "start.lasting": "This browser keeps nothing", "start.lastingHint": "It is a private window, or storage is switched off. You can vote, but save your voting code: it is the only way back to your vote.",

  "lost.title": "This election could not be fetched",
  "lost.reach": "The site did not answer. Look at your connection and try again; nothing was lost.",
  "lost.none": "There is no election under this number, or it is not frozen yet.",
  "lost.freeze": "The election’s document is not sound: {why}. Do not vote here; tell the returning officers.",
  "lost.number": "Which election?", "lost.numberHint": "Open the booth from the election’s page: its address ends in the election’s number.",
  "file.title": "Vote from a file", "file.lead": "This page is not connected with the site. It can still seal your ballot: you bring it the election’s document, fetch the token on the site, and hand the sealed ballot in there.",
  "file.freeze": "The election’s document (freeze.json)", "file.freezeHint": "Download it from the election’s page.",
  "file.bad": "This file is not an election’s document: {why}",

  "code.title": "Your voting code",
  "code.lead": "Everything about your vote comes from this code. With it you find, check and change your vote on any device.",
  "code.warn": "Keep it before you go on", "code.warnHint": "Without this code and this browser there is no second token. The site does not know which ballot is yours; if it could take a ballot back for you, it could also see how you voted. Keep the code to yourself: who has it can see and change your vote.",
  "code.kept": "I have saved or printed it, or written it down",
  "code.confirm": "Type the last four letters of your code", "code.confirmHint": "To be sure that what you wrote down is right.",
  "code.wrong": "These are not the last four letters: they are shown above.",
  "code.skip": "Skip this check", "code.have": "I have a code already", "code.new": "I have no code yet",
  "code.fetch": "Fetch my voting token", "code.fetching": "Fetching your voting token …",
  "code.typeTitle": "Type your voting code", "code.typeLead": "The code of this election that you saved when you fetched your token.",
  "code.label": "Voting code", "code.labelHint": "Seven groups of four letters and digits. Capitals, spaces and dashes do not matter.",
  "code.length": "A code has 28 letters and digits; these are {n}.", "code.letter": "A letter stands here that no code has. The letter U is never used.",
  "code.check": "This code has a slip of the pen: the two letters of check at its end do not agree. Compare it group by group.",
  "code.use": "Use this code",
  "code.other": "This is not the code your token was fetched with", "code.otherHint": "Another code was used when your token was fetched. Look for the code of this election; a code of another election does not fit.",
  "code.refused": "The site did not issue a token", "code.reach": "The site did not answer", "code.reachHint": "Your code is kept. Try again: the same request gets the same token.",
  "code.bad": "The site’s answer is not a token of this election", "code.badHint": "Do not go on; tell the returning officers. Nothing was cast.",
  "code.file": "voting-code-election-{election}.txt",
  "code.fileText": "Voting code for “{title}” ({site})\n\n{code}\n\nKeep it to yourself. With it you find, check and change your vote until {moment}, on any device:\n{address}\nWithout this code and the browser you voted in there is no second token.\n",
  "code.closed": "Voting has ended, and no token is issued any more.",

  "paste.title": "Fetch the token on the site", "paste.lead": "Copy the request to a device where you are signed in, open this election’s booth there, choose “Fetch a token for another device”, and bring the answer back here.",
  "paste.request": "The request", "paste.answer": "The answer", "paste.answerHint": "768 letters and digits.", "paste.use": "Take the answer",
  "paste.bad": "This is not a token for this request. Copy the whole answer.",

  "ballot.rank": "Rank the candidates", "ballot.mark": "Mark your choice", "ballot.answer": "Give your answer",
  "ballot.rankLead": "1 is your first choice. Rank as many as you like; those you leave out get nothing from you. The order below is shuffled for each voter.",
  "ballot.rankMost": "1 is your first choice. Rank up to {most}; those you leave out get nothing from you. The order below is shuffled for each voter.",
  "ballot.markLead": "Mark up to {most}. The order below is shuffled for each voter.", "ballot.markAll": "Mark everybody you approve of. The order below is shuffled for each voter.",
  "ballot.markOne": "Choose one. The order below is shuffled for each voter.",
  "ballot.answerLead": "Answer each question, or leave it blank.",
  "ballot.statement": "Statement", "ballot.interests": "Interests declared", "ballot.noStatement": "No statement was fetched.",
  "ballot.key": "With the keyboard: S opens and closes the statement of the candidate you are at.",
  "ballot.rankOf": "Rank of {name}", "ballot.none": "–", "ballot.give": "Rank {nth}", "ballot.take": "Take out",
  "ballot.yours": "Your ranking", "ballot.empty": "Nobody yet. Press “Rank 1st” at your first choice.",
  "ballot.toRanking": "Your ranking",
  "ballot.up": "Move {name} up", "ballot.down": "Move {name} down", "ballot.remove": "Take {name} out", "ballot.drag": "Drag {name}",
  "ballot.moved": "{name} is now {nth} of {all}.", "ballot.ranked": "{name}: {nth}.", "ballot.removed": "{name} is not ranked any more.",
  "ballot.equal": "{names} have the same rank {rank}.",
  "ballot.equalOk": "This election’s rule takes equal ranks: they share your vote.",
  "ballot.equalBad": "Under this election’s rule equal ranks cannot be counted: the ballot would end there. Give each a rank of its own, or let the booth put them one after another.",
  "ballot.spread": "Put them one after another", "ballot.gap": "A number is left out; the booth closes the gap when you go on.",
  "ballot.tooMany": "You marked {n}; at most {most} can be marked. Take {over} back.", "ballot.tooManyRanks": "You ranked {n}; at most {most} can be ranked.",
  "ballot.marked": "{n} of at most {most} marked.", "ballot.approved": "{n} marked.", "ballot.clear": "Start over", "ballot.cleared": "All marks are taken back.",
  "ballot.yes": "Yes", "ballot.no": "No", "ballot.abstain": "Abstain", "ballot.blank": "Blank",
  "ballot.review": "Review my ballot", "ballot.sorry": "One thing first",

  "review.title": "Review your ballot", "review.lead": "This is what will be sealed. Nobody sees it before the officers open all ballots, and then without your name.",
  "review.unranked": "Not ranked: {names}", "review.unmarked": "Not marked: {names}",
  "review.blank": "Your ballot is blank", "review.blankHint": "A blank ballot is counted as blank: it shows that you took part and chose nobody.",
  "review.blankYes": "I want to cast a blank ballot", "review.change": "Change it", "review.seal": "Seal and cast", "review.sealOnly": "Seal my ballot",
  "review.again": "This replaces your earlier ballot: the last one counts.", "review.many": "You have cast {most} ballots with this code, which is the most. The last one counts.",
  "review.gaps": "A number was left out; the gap is closed.",

  "cast.title": "Casting your ballot", "cast.sealing": "Sealing your ballot on this device …", "cast.sealed": "Sealed on this device",
  "cast.sending": "Sending it, without your name …", "cast.waiting": "No answer yet. Next try in {n} seconds.", "cast.now": "Try now",
  "cast.not": "Not acknowledged yet", "cast.notHint": "Whether the ballot arrived is not known yet. It is kept in this browser, and the same ballot is sent again until the site acknowledges it: it can never count twice. You may close this page and come back.",
  "cast.refused": "Your ballot was not taken", "cast.refusedHint": "It is certainly not in the ballot box. The site says: {why}",
  "cast.earlier": "Your earlier ballot (number {revision}) stands and counts.",
  "cast.closed": "The ballot came after the close", "cast.closedHint": "It does not count. The clock of this site decides; voting ended on {moment}.",
  "cast.newer": "Another ballot was cast with your code", "cast.newerHint": "In another window or on another device. It counts. You can look at it, or cast yours in its place.",
  "cast.replace": "Cast mine in its place", "cast.show": "Show the other one",
  "cast.forged": "The site’s acknowledgement is not sound", "cast.forgedHint": "The answer is not signed by this election’s key. Do not take your ballot for counted. Try again; if it stays so, tell the returning officers and keep this page.",
  "cast.handTitle": "Hand your sealed ballot in", "cast.handLead": "Your ballot is sealed and saved as a file, but not cast: it does not count yet. Hand the file in at the booth of the site, on any device and without signing in.",
  "cast.handSave": "Save the sealed ballot", "cast.handHow": "There: open the election’s booth, “Hand in a sealed ballot”, and choose the file.",

  "receipt.title": "Your ballot is cast", "receipt.lead": "The site has signed that it holds your ballot. It counts, unless you vote again: then the last one does.",
  "receipt.after": "The site has signed that it holds your ballot. It counts.",
  "receipt.found": "Your ballot is in the ballot box", "receipt.foundHint": "The acknowledgement was not given to this device. When the block with your ballot is made, you see it on the board.",
  "receipt.hash": "Your ballot’s fingerprint", "receipt.hashHint": "After the count you find it in the list of opened ballots, beside your own choice.",
  "receipt.number": "Ballot number {revision} of at most {most} with your code.",
  "receipt.ack": "Acknowledgement", "receipt.ackOk": "Signed by this site; the signature was checked here.",
  "receipt.vote": "Show what I voted", "receipt.voteHint": "Read from the sealed ballot with your code.",
  "receipt.board": "On the board", "receipt.boardWait": "Not in a block yet. Ballots are published in blocks of at least {n}, so that no order shows; the last block is made at the close.",
  "receipt.boardHas": "In block {block}. The chain of {blocks} blocks is unbroken, from the election’s fingerprint to the newest head.",
  "receipt.boardMissing": "Your ballot is in no block although voting has ended. Keep your receipt: with the signed acknowledgement the site owes you its place. Tell the returning officers.",
  "receipt.boardBroken": "The board is not sound: {why}. Keep your receipt and tell the returning officers.", "receipt.boardLook": "Look again", "receipt.boardLooking": "Looking at the board …",
  "receipt.boardReach": "The board could not be fetched.",
  "receipt.save": "Save the receipt", "receipt.again": "Vote again", "receipt.forget": "Forget this vote on this device",
  "receipt.forgetAsk": "This device will forget code, token and receipt. With the voting code you get them back. Is the code kept?", "receipt.forgetYes": "Forget it", "receipt.forgetNo": "Keep it",
  "receipt.forgotten": "This device has forgotten your vote", "receipt.forgottenHint": "It is still held and still counts.",
  "receipt.file": "receipt-election-{election}.json",

  "fetch.open": "Fetch a token for another device", "fetch.title": "Fetch a token for another device", "fetch.lead": "For a booth that is not connected, or where you are not signed in. Only you can use the token: the code it belongs to stays on that device.",
  "fetch.once": "You have one token in this election. Once it is issued for this request, no other request is answered.",
  "fetch.request": "The request of the other booth", "fetch.send": "Fetch the token", "fetch.bad": "A request has 768 letters and digits. Copy the whole of it.", "fetch.answer": "The answer", "fetch.back": "Bring it back to the other booth.",

  "hand.open": "Hand in a sealed ballot", "hand.title": "Hand in a sealed ballot", "hand.lead": "For a ballot that was sealed in a booth without a connection. No name, cookie or session goes with it.",
  "hand.file": "The sealed ballot (a .bin file)", "hand.send": "Hand it in", "hand.bad": "This file is not a sealed ballot of this election.", "hand.done": "Handed in", "hand.doneHint": "The site holds this ballot and has signed so. Its fingerprint:",
};

const TABLES = { en: EN };
let table = EN;

export function speak(language) {
  table = TABLES[language] ?? EN;
}

export function t(key, values = {}) {
  const words = table[key] ?? EN[key];
  if (words === undefined) throw new Error(`no words for ${key}`);
  return words.replace(/\{(\w+)\}/g, (_, name) => values[name]);
}

export function nth(number) {
  const ending = { one: "st", two: "nd", few: "rd", other: "th" }[new Intl.PluralRules("en", { type: "ordinal" }).select(number)];
  return `${number}${ending}`;
}

export function span(milliseconds) {
  const minutes = Math.floor(milliseconds / 60_000);
  const count = (n, one, many) => (n === 1 ? t(one) : t(many, { n }));
  const [d, hrs, m] = [Math.floor(minutes / 1440), Math.floor(minutes / 60) % 24, minutes % 60];
  const parts = [d && count(d, "day", "days"), hrs && count(hrs, "hour", "hours"), !d && m && count(m, "minute", "minutes")].filter(Boolean).slice(0, 2);
  if (!parts.length) return t("less");
  return parts.length === 1 ? parts[0] : t("and", { one: parts[0], other: parts[1] });
}

export function moment(date) {
  return new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: "long", timeStyle: "short" }).format(date);
}
