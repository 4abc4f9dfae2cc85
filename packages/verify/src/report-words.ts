import { visibleLine } from "@openline/core";
import type { BadCode } from "./finding.ts";
import type { NotProvenCode, ProvenCode } from "./report.ts";

/** The words of both reports. Parameters stand in braces; nothing else in this package is a sentence. */
export interface ReportWords {
  readonly exercise: string;
  readonly head: Readonly<Record<HeadKey, string>>;
  readonly proven: Readonly<Record<ProvenCode, string>>;
  readonly notProven: Readonly<Record<NotProvenCode, string>>;
  readonly bodies: Readonly<Record<"none" | "disclosed" | "withheld" | "mismatch", string>>;
  readonly terms: Readonly<Record<"sealed" | "standing" | "own" | "public", string>>;
  /** What is added where a file and not an act is at fault; refusal codes stand as they are. */
  readonly bad: Readonly<Partial<Record<BadCode, string>>>;
}

export type HeadKey =
  | "verified-record"
  | "verified-pack"
  | "failed"
  | "first-bad"
  | "at"
  | "line"
  | "ceremony"
  | "log"
  | "no-effect"
  | "chosen"
  | "signed"
  | "held-by"
  | "term"
  | "no-term"
  | "embargo"
  | "consent"
  | "no-consent"
  | "proven"
  | "not-proven"
  | "signatures";

export type ReportLanguage = "en" | "zh";

const en: ReportWords = {
  exercise: "EXERCISE, rebuilt from public reports; not signed by the ministries named",
  head: {
    "verified-record": "verified: every byte of this record is as it was written",
    "verified-pack": "verified: every byte of this pack is bound to the logs it names",
    failed: "NOT verified",
    "first-bad": "first bad: {file}{at}: {code}, {detail}",
    at: " (entry {log}/{index})",
    line: "line {line}, shown by {party}",
    ceremony: "ceremony, 80 digits: {digits}",
    log: "log {log}: {entries} entries, {effective} with effect, {withheld} bodies withheld, named by others to {namedTo}, cosigned to {cosignedTo}, root {root}",
    "no-effect": "entry {log}/{index} has no effect: {code}, {detail}",
    chosen: "entry {log}/{index}: {kind}{channel}, by post {post} of {party}, placed {time} by its own node's clock",
    signed: "signatures valid at this index: {keys}; body {body}",
    "held-by": "held by {by}: entry {log}/{index}, at the latest {time} by its own node's clock",
    term: "disclosure term of channel {channel}: {term}{embargo}; {consent}",
    "no-term": "disclosure term: none; the accord agrees one for each channel, and this stands on none",
    embargo: ", not before {time}",
    consent: "consent in here: {entries}",
    "no-consent": "no consent in here",
    proven: "proven: {text}",
    "not-proven": "not proven: {text}",
    signatures: "{count} signatures were verified",
  },
  proven: {
    "accord-signed": "{threshold} or more of {holders} root holders of {party} signed this accord",
    "log-whole": "the log {log} had exactly these {size} entries when its party signed its head",
    "signatures-valid": "{effective} of {entries} entries of {log} are signed by keys valid at their index and keep every rule",
    "bodies-match": "{count} bodies of {log} are those committed to",
    receipt: "another party said that it holds {log} to {size}",
    "post-quantum": "the head of {log} is signed with ML-DSA-44 too",
  },
  notProven: {
    anything: "anything that this says: it does not verify",
    rebuilt: "that any ministry named said or signed any of this: an exercise rebuilt it from public reports",
    "root-keys":
      "that the root keys are those of the parties named ({parties}): anybody can make a line in any names; compare the 80 digits of the ceremony with what these parties themselves published",
    persons: "that two commitments are two people: each party's own word, which its auditor can open",
    times: "times to the second: each is its own node's word, bounded only by what the other log names before and after",
    "shown-by": "who shows this: {party} is the file's own word",
    "later-entries": "that {log} did not go on after {size} entries",
    withheld: "what {count} withheld bodies of {log} say",
    "not-judged": "{count} entries of {log}, which cannot be judged without logs that are not here",
    "no-receipt": "that anybody else held entries {from} to {to} of {log}",
    origin: "that the origin of {log} is its own: its first entry does not say so",
    "signatures-not-checked": "signatures of entries and cosignatures: they were not checked",
    "no-post-quantum": "the head of {log} against an adversary who can break Ed25519",
    selection: "that these entries are all that matters: whoever made the pack chose them",
    context: "rules that need the entries between: an act id used before, a rate, a withdrawn channel, a head named before",
    "not-held": "that anybody else held entry {log}/{index}",
    "body-withheld": "what entry {log}/{index} says: its body is withheld",
  },
  bodies: { none: "none", disclosed: "disclosed, as committed to", withheld: "withheld", mismatch: "NOT the one committed to" },
  terms: {
    sealed: "bodies stay between the parties unless all consent",
    standing: "bodies may be shown under the standing rule of the accord",
    own: "each party may show its own words",
    public: "bodies may be shown to anybody",
  },
  bad: {
    "missing-file": "the file is missing",
    "unknown-file": "the file does not belong to the record",
    "changed-file": "the file was changed",
    "wrong-origin": "the origin is another log's",
    "incomplete-chain": "its control chain is not complete, so it cannot be judged",
  },
};

const zh: ReportWords = {
  exercise: "演习：根据公开报道重建；所列部委并未签署",
  head: {
    "verified-record": "已核验：本记录的每个字节均与写入时一致",
    "verified-pack": "已核验：本证据包的每个字节均与所列日志相符",
    failed: "未通过核验",
    "first-bad": "首处错误：{file}{at}：{code}，{detail}",
    at: "（条目 {log}/{index}）",
    line: "线路 {line}，由 {party} 出示",
    ceremony: "建线仪式的 80 位数字：{digits}",
    log: "日志 {log}：{entries} 条，其中 {effective} 条有效，{withheld} 份正文未出示，他方具名至 {namedTo}，会签至 {cosignedTo}，根 {root}",
    "no-effect": "条目 {log}/{index} 无效：{code}，{detail}",
    chosen: "条目 {log}/{index}：{kind}{channel}，{party} 的岗位 {post}，本方节点记时 {time}",
    signed: "该位置上有效的签名：{keys}；正文：{body}",
    "held-by": "{by} 已收存：条目 {log}/{index}，其本方节点记时不晚于 {time}",
    term: "渠道 {channel} 的披露条款：{term}{embargo}；{consent}",
    "no-term": "披露条款：无；协定按渠道约定披露条款，而本条目不属任何渠道",
    embargo: "，{time} 之前不得披露",
    consent: "内含同意：{entries}",
    "no-consent": "内无同意",
    proven: "已证明：{text}",
    "not-proven": "未证明：{text}",
    signatures: "共核验 {count} 个签名",
  },
  proven: {
    "accord-signed": "{party} 的 {holders} 名根密钥持有人中至少 {threshold} 名签署了本协定",
    "log-whole": "该方签署日志头时，日志 {log} 恰有这 {size} 条",
    "signatures-valid": "{log} 的 {entries} 条中有 {effective} 条由当时有效的密钥签署并符合全部规则",
    "bodies-match": "{log} 的 {count} 份正文与承诺值相符",
    receipt: "另一方已表示收存 {log} 至第 {size} 条",
    "post-quantum": "{log} 的日志头另有 ML-DSA-44 签名",
  },
  notProven: {
    anything: "其中所称的任何内容：未通过核验",
    rebuilt: "所列部委说过或签署过其中任何内容：本演习根据公开报道重建",
    "root-keys": "根密钥确属所列各方（{parties}）：任何人都可以用任何名称建立线路；请将建线仪式的 80 位数字与各方自行公布的数字核对",
    persons: "两个人员承诺值确为两人：仅为各方自称，其审计方可以查验",
    times: "精确到秒的时间：均为本方节点自称，仅受对方日志前后具名的限制",
    "shown-by": "出示者身份：{party} 仅为文件自称",
    "later-entries": "{log} 在 {size} 条之后没有继续",
    withheld: "{log} 中 {count} 份未出示正文的内容",
    "not-judged": "{log} 中 {count} 条：缺少相关日志，无法判断",
    "no-receipt": "他方收存过 {log} 的第 {from} 至 {to} 条",
    origin: "{log} 的来源名确属其自身：其首条未载明",
    "signatures-not-checked": "各条目的签名与会签：未予核验",
    "no-post-quantum": "在 Ed25519 被攻破的情况下 {log} 日志头的真实性",
    selection: "所选条目即为全部要点：由制作者选定",
    context: "需要中间条目才能判断的规则：行为编号重复、频次、渠道退出、此前具名的日志头",
    "not-held": "他方收存过条目 {log}/{index}",
    "body-withheld": "条目 {log}/{index} 的内容：其正文未出示",
  },
  bodies: { none: "无", disclosed: "已出示，与承诺值相符", withheld: "未出示", mismatch: "与承诺值不符" },
  terms: {
    sealed: "非经各方同意，正文不得对外",
    standing: "正文可按协定的常设规则出示",
    own: "各方可出示己方的内容",
    public: "正文可对任何人出示",
  },
  bad: {
    "missing-file": "缺少该文件",
    "unknown-file": "该文件不属于本记录",
    "changed-file": "该文件已被改动",
    "wrong-origin": "来源名属于另一日志",
    "incomplete-chain": "其控制链不完整，无法判断",
  },
};

export const REPORT_WORDS: Readonly<Record<ReportLanguage, ReportWords>> = { en, zh };

/** A sentence with its parameters filled in, of which nothing can hide or reorder what stands beside it: file names and details
 *  are a stranger's. Braces without a parameter stay, so that a slip is seen. */
export function filled(sentence: string, params: Readonly<Record<string, string | number>>): string {
  return sentence.replace(/\{([a-zA-Z]+)\}/g, (whole, name: string) =>
    Object.hasOwn(params, name) ? visibleLine(String(params[name])) : whole,
  );
}
