import type { Language } from "@openline/core";

/** What the page says itself; the report's sentences are in `src/report-words.ts`. */
export interface PageWords {
  readonly title: string;
  /** Name of this language, as its own readers write it. */
  readonly language: string;
  readonly languages: string;
  readonly what: string;
  readonly offline: string;
  readonly choose: string;
  readonly pack: string;
  readonly folder: string;
  readonly drop: string;
  readonly nothing: string;
  readonly checking: string;
  readonly stopped: string;
  readonly notOne: string;
  readonly notReadable: string;
  readonly tooLong: string;
  readonly found: string;
  readonly proven: string;
  readonly notProven: string;
  readonly reviewed: string;
}

export const PAGE_WORDS: Readonly<Record<Language, PageWords>> = {
  en: {
    title: "Check an Openline record",
    language: "English",
    languages: "Language",
    what: "Checks an evidence pack (one file) or an exported record (a folder) from its bytes alone, and says what they prove and what they do not.",
    offline: "Nothing leaves this machine: the page forbids itself every connection.",
    choose: "What is to be checked",
    pack: "Choose a pack …",
    folder: "Choose a record's folder …",
    drop: "or drop it here",
    nothing: "Nothing has been checked yet.",
    checking: "Checking {name} …",
    stopped: "Not checked: the check itself stopped. This says nothing about the file.",
    notOne: "Not checked: one pack or one folder at a time.",
    notReadable: "Not checked: {name} cannot be read.",
    tooLong: "NOT verified: {name} is longer than {limit} bytes",
    found: "What was found",
    proven: "What is proven",
    notProven: "What is not proven",
    reviewed: "",
  },
  zh: {
    title: "核验 Openline 记录",
    language: "中文",
    languages: "语言",
    what: "仅凭字节核验证据包（一个文件）或导出的记录（一个文件夹），并说明其证明了什么、未证明什么。",
    offline: "任何内容都不会离开本机：本页禁止自身建立任何连接。",
    choose: "核验对象",
    pack: "选择证据包…",
    folder: "选择记录文件夹…",
    drop: "或拖放到此处",
    nothing: "尚未核验任何内容。",
    checking: "正在核验 {name}…",
    stopped: "未核验：核验程序自身中止。这不说明文件有任何问题。",
    notOne: "未核验：一次只能核验一个证据包或一个文件夹。",
    notReadable: "未核验：{name} 无法读取。",
    tooLong: "未通过核验：{name} 超过 {limit} 字节",
    found: "核验所得",
    proven: "已证明",
    notProven: "未证明",
    reviewed: "中文文字尚未经母语人士审阅。",
  },
};
