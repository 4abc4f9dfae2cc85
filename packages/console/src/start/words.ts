import type { Language } from "@openline/core";

/** Words of the start page. `{name}` stands for a text. */
const en = {
  title: "Two lines, both sides of each, on this machine",
  intro:
    "Each column is what one party's own node computes from the record it holds. Nobody sets a state: where both hold the same record, both columns say the same.",
  lost: "openline start does not answer; what stands here is old.",
  loading: "Asking the nodes.",
  live: "LIVE LINE",
  same: "Both nodes compute the same for every channel.",
  differ: "The nodes do not hold the same yet: {channels}.",
  notAll: "Not every node runs and answers, so the sides cannot be compared.",
  runs: "Node runs",
  noAnswer: "Node does not answer",
  stands: "Node does not run",
  stop: "Stop the node of {party}",
  start: "Start the node of {party}",
  consoles: "Consoles:",
  console: "Console of {party}: {post}",
  ways: "{up} of {all} ways proven",
  playOn: "Play on to the end ({date})",
  playing: "The exercise is being played on to {date}: its nodes stand until then.",
  playedOn: "The exercise has been played on to {date}, and its nodes run again.",
  notPlayedOn: "The exercise was not played to its end: {why}",
  steps: "To try",
  step1:
    "Open one console of each party of the exercise. Seven channels, the same words on both: three suspended, three unproven, one open.",
  step2: "Read the three meanings of open on a channel's page: each public sentence stands under the one that it is about.",
  step3: "Press “Play on to the end”, and see on both sides how the suspensions ended. Then go through 2022 to 2024 on the timeline.",
  step4: "On the live line, send a FLASH from Blue; acknowledge it at Green and say that a reply follows.",
  step5:
    "Stop the node of Green. Blue says so within seconds, and after 15 s that Green is silent, which proves no refusal. Send all the same, and start it again.",
  step6: "Save evidence of an entry, and check it in the verifier page with the network off.",
  settings: "Language and theme",
  night: "Night",
  day: "Day",
} as const;
export type StartWord = keyof typeof en;

const zh: Readonly<Record<StartWord, string>> = {
  title: "本机上的两条线路，每条线路的双方都在此",
  intro: "每一栏是一方自己的节点根据其所持记录计算得出的结果。状态不由任何人设定：双方所持记录相同，两栏所示即相同。",
  lost: "openline start 没有应答；此处所示为旧内容。",
  loading: "正在询问各节点。",
  live: "正式线路",
  same: "对每个渠道，双方节点的计算结果相同。",
  differ: "双方节点所持尚不相同：{channels}。",
  notAll: "并非所有节点都在运行并应答，双方无法比较。",
  runs: "节点在运行",
  noAnswer: "节点没有应答",
  stands: "节点未运行",
  stop: "停止{party}的节点",
  start: "启动{party}的节点",
  consoles: "控制台：",
  console: "{party}的控制台：{post}",
  ways: "{all}条承载中{up}条已证实",
  playOn: "将演习继续进行到底（{date}）",
  playing: "演习正在继续进行至{date}：其间节点停止运行。",
  playedOn: "演习已进行至{date}，节点已重新运行。",
  notPlayedOn: "演习未能进行到底：{why}",
  steps: "可以一试",
  step1: "打开演习双方各一个控制台。七个渠道，双方用词相同：三个暂停，三个未经证实，一个畅通。",
  step2: "在渠道页上阅读“畅通”的三种含义：每一句公开表态列在它所指的含义之下。",
  step3: "按“将演习继续进行到底”，在双方两栏查看暂停如何结束；然后在时间线上走过2022年至2024年。",
  step4: "在正式线路上，由蓝方发出Z级（FLASH）电文；在绿方确认，并表示随后答复。",
  step5: "停止绿方的节点。蓝方在数秒内即指出，15秒后显示绿方静默；这不证明对方拒绝。照常发送，然后重新启动。",
  step6: "保存一条记录的证据，断网后在验证页中验证。",
  settings: "语言与主题",
  night: "夜间",
  day: "日间",
};

export const START_WORDS: Readonly<Record<Language, Readonly<Record<StartWord, string>>>> = { en, zh };
