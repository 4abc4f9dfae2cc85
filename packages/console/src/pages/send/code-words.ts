import type { Precedence } from "@openline/core";

/** Messages that need no wording in the minute when they are needed: by one key, in every language that both sides read. The text
 *  itself is what is sent and signed. */
export interface CodeWord {
  readonly word: "accident" | "holdFire" | "unidentified" | "distress" | "unauthorised" | "reserve";
  readonly precedence: Precedence;
  readonly text: Readonly<Record<string, string>>;
}

export const CODE_WORDS: readonly CodeWord[] = [
  {
    word: "accident",
    precedence: "FLASH",
    text: {
      en: "An accident has happened on our side. It is no attack and no preparation for one. Details follow.",
      zh: "我方发生事故。这不是攻击，也不是攻击的准备。详情随后通报。",
    },
  },
  {
    word: "unauthorised",
    precedence: "FLASH",
    text: {
      en: "An act that was not authorised has happened on our side and is under control. Details follow.",
      zh: "我方发生未经授权的行动，现已得到控制。详情随后通报。",
    },
  },
  {
    word: "unidentified",
    precedence: "FLASH",
    text: { en: "We see an object that we cannot identify. Is it yours?", zh: "我方发现无法识别的物体。是否属于贵方？" },
  },
  {
    word: "holdFire",
    precedence: "FLASH",
    text: { en: "We ask you to hold fire while we check. We are holding ours.", zh: "请贵方在我方核查期间停火。我方现已停火。" },
  },
  {
    word: "distress",
    precedence: "IMMEDIATE",
    text: {
      en: "An aircraft or ship of ours is in distress near you. Details follow.",
      zh: "我方一架飞机或一艘舰船在贵方附近遇险。详情随后通报。",
    },
  },
  {
    word: "reserve",
    precedence: "IMMEDIATE",
    text: { en: "We are about to use the reserve way of this line.", zh: "我方即将改用本线路的备用途径。" },
  },
];
