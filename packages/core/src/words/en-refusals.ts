import type { FaultCode, RefusalCode } from "../errors.ts";

/** What each refusal and fault means, and what whoever is on duty does. */
export const enRefusals: Readonly<Record<RefusalCode, string>> = {
  oversized: "It is longer than the limit for its kind. Shorten it, or send the large part as an attachment.",
  truncated: "The bytes end too early or go on too long. Ask for them again; if it happens again, the bearer damages data.",
  "non-canonical": "The bytes are not the one permitted encoding of their content. The sender's software is at fault; report it to them.",
  unsorted: "Keys in the bytes are out of order or doubled. The sender's software is at fault; report it to them.",
  malformed: "The bytes do not have the specified shape. Send it again; if it happens again, report it to the sender's operator.",
  "unsupported-version":
    "It is of a version of the protocol that this node does not know. Compare versions with the other side and upgrade.",
  "unknown-kind": "It is a kind of act of a later version: held, shown by its number, without effect here. Upgrade this node.",
  "wrong-line": "It was made for another line. Check on which line it was meant, and make it again there.",
  "wrong-party": "Its author is not a party of this accord, or it stands in another party's log. Do not act on it; call the other side.",
  "wrong-index": "Its place is not the next one in its log. Wait for the missing entries; if none come, call the other side.",
  "wrong-chain": "It does not name the latest accord or key act of its log. The sender must place it again; report it to them.",
  "wrong-head": "It names a head that is not a head of that log, or an older one. Keep the evidence and call the other side.",
  "foreign-mode": "A live act on an exercise line, or an exercise act on a live line. Do not act on it; find out who sent it.",
  "unknown-key": "It is signed by a key that its log never enrolled. Do not act on it; call the other side by another way.",
  "revoked-key": "It is signed by a key revoked before. Do not act on it; call the other side, the key may be in strange hands.",
  "weak-key": "The key is not fit for use. Make a new key and enrol that one.",
  "reused-key": "The key, or its short id, was enrolled before. Make a new key and enrol that one.",
  "key-not-possessed": "The new key was not shown to be in its holder's hands. Enrol it again with its own signature.",
  "wrong-signature": "The signature does not fit the bytes. Do not act on it; call the other side by another way.",
  "not-authorised": "This key may not sign this act, post or channel. Let a post that may do so sign it, or change the watch assignment.",
  "two-persons-required": "This channel asks for an author and a second person who releases. Have another person release it.",
  "future-dated": "It bears a time more than a minute ahead of this node's clock. Check the clocks of both sides.",
  "time-goes-back": "It bears an earlier time than the entry before it in its log. The sender must check its node's clock.",
  "late-placed": "It was placed after the last moment its author allowed. It has no effect; its author may make it again.",
  replayed: "An act with this id is already in the log. The first one counts; nothing is to be done.",
  "bad-facts": "Facts of the act are missing, unknown or of the wrong shape. Make it again with all the facts its kind asks for.",
  "unknown-reference": "It refers to an entry that is not held. Fetch the missing entry, or refer to one that both sides hold.",
  "wrong-reference": "It refers to an entry to which this kind of act cannot refer. Choose the entry that is meant and make it again.",
  "missing-disclosure": "Its words did not arrive in time: it is stored and not held. Ask the sender to send them again.",
  "wrong-disclosure": "The words that came are not the ones its author signed. Do not act on them; ask the sender for the right ones.",
  "bad-body": "Its words do not fit its kind of act, or contain characters that hide or reorder text. Have it written again as plain text.",
  "not-in-force":
    "The channel is not in force: not yet, lapsed or withdrawn. Use another channel; accord acts and service notes are carried on the line.",
  "unknown-channel": "The accord has no such channel. Choose a channel of the accord.",
  "unknown-post": "The accord has no such post on this channel. Choose a post of the channel.",
  "over-rate": "The post has sent more than the agreed number. The act is held and starts no clock; wait, or use another precedence.",
  "wrong-root": "The entries do not give the root that was signed. Keep the evidence; fetch the entries again from the other side.",
  "smaller-head": "The head is smaller than one already held. Nothing is lost; if it happens again, the other side restored an old copy.",
  fork: "Two heads of one log cannot both be true: its owner signed two histories. Keep both as evidence and tell your principal.",
  "unknown-log": "It names a log that this line does not have. Fetch the missing entries; if it stays so, call the other side.",
  "wrong-accord": "Accord files disagree, or too few root holders signed them. Compare the ceremony digest with the other side by voice.",
  "wrong-contribution":
    "The secret contribution is not the one its party committed to. Do not use the line; ask that party by voice for the right file.",
};

export const enFaults: Readonly<Record<FaultCode, string>> = {
  storage: "The disk did not keep what was written, so the node has stopped. Check disk and space, then start the node again.",
  "folder-in-use": "Another process holds this folder. Find it and stop it; never run two nodes on one folder.",
  "not-a-folder": "No node lives in this folder. Check the path, or initialise a node there.",
  "second-place":
    "The second durable place is lost or ahead of the store. The node opens a new incarnation of its log; find out which disk failed.",
  damaged: "Stored bytes are not what was written. Stop, keep the disk as it is, and restore from a copy or from the other side.",
  locked: "The key file does not open with the passphrase or credential that was given. Try again, or use the key's own passphrase.",
  "not-running": "No node runs for this line. Start it with openline up, then say it again.",
  exposed: "Others may read this file or folder. Take their rights away, and make new keys if somebody may have read them.",
  usage: "The command asked for something that cannot be. Read its help and ask again.",
};
