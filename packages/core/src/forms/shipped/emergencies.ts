import { area, code, codeOrText, field, type Form, integer, listOf, number, position, text, time, words } from "../form.ts";
import { BECQUEREL, HEIGHT } from "../units.ts";

/** Practice: Convention on Early Notification of a Nuclear Accident, Article 5. */
export const nuclearOrRadiological: Form = {
  id: "nuclear-or-radiological",
  version: 1,
  title: words("Nuclear or radiological event", "核或辐射事件"),
  leadTime: "at-once",
  fields: [
    field("time", time, "Time", "时间"),
    field("place", area, "Place", "地点"),
    field("nature", text, "Nature", "性质"),
    field("facility", text, "Facility or activity", "设施或活动"),
    field("cause", text, "Cause, assumed or known", "原因（推定或已知）"),
    field("foreseen-course", text, "Foreseen course", "预计发展"),
    field("release-nature", text, "Release: nature", "释放：性质"),
    field(
      "release-form",
      codeOrText(["airborne", "Airborne", "气载"], ["liquid", "Liquid", "液态"], ["solid", "Solid", "固态"]),
      "Release: form",
      "释放：形态",
    ),
    field("release-quantity", number(BECQUEREL), "Release: quantity", "释放：数量"),
    field("release-composition", text, "Release: composition", "释放：成分"),
    field("release-height", number(HEIGHT), "Release: height", "释放：高度"),
    field("weather", text, "Weather and water, now and forecast", "气象和水文：目前和预报"),
    field("monitoring", text, "Results of monitoring", "监测结果"),
    field("protection", text, "Off-site protection", "场外防护措施"),
    field("predicted-course", text, "Predicted course of the release", "释放的预计走向"),
    field("handling-mark", text, "Handling mark", "处理标志"),
  ],
};

/** Practice: IAMSAR situation report; A to F the short form, G to K the long one. */
export const searchAndRescueSitrep: Form = {
  id: "search-and-rescue-sitrep",
  version: 1,
  title: words("Search and rescue situation report", "搜救情况报告"),
  leadTime: "at-once",
  fields: [
    field(
      "transmission-priority",
      code(["distress", "Distress", "遇险"], ["urgent", "Urgent", "紧急"], ["routine", "Routine", "常规"]),
      "Transmission priority",
      "发送等级",
    ),
    field("date-time", time, "Date and time", "日期和时间"),
    field("from-centre", text, "From centre", "发出中心"),
    field("to-centre", text, "To centre", "收件中心"),
    field("serial", text, "Serial number of the case", "案件序号"),
    field("identity", text, "A: identity", "A：识别"),
    field("position", position, "B: position", "B：位置"),
    field("situation-kind", text, "C: situation, kind of message or accident", "C：情况，种类"),
    field("situation-time", time, "C: situation, time", "C：情况，时间"),
    field("situation-nature", text, "C: situation, nature", "C：情况，性质"),
    field("persons-at-risk", integer, "D: persons at risk", "D：遇险人数"),
    field("help-needed", text, "E: help needed", "E：所需援助"),
    field("coordinating-centre", text, "F: coordinating centre", "F：协调中心"),
    field("description", text, "G: description", "G：描述"),
    field("weather", text, "H: weather on scene", "H：现场天气"),
    field("actions", text, "J: first actions", "J：初步行动"),
    field("search-area", area, "K: search area", "K：搜寻区域"),
    field("instructions", text, "Instructions for coordination", "协调指示"),
    field("future-plans", text, "Future plans", "后续计划"),
    field("conclusion", text, "Conclusion", "结论"),
  ],
};

/** Practice: US-Russia 2013, OSCE measures; where no public format was found, a proposal of this project. */
export const cyberIncidentInquiry: Form = {
  id: "cyber-incident-inquiry",
  version: 1,
  title: words("Cyber incident", "网络事件"),
  leadTime: "at-once",
  fields: [
    field(
      "kind",
      code(["inquiry", "Inquiry", "询问"], ["notification", "Notification", "通报"], ["assistance", "Request for assistance", "请求协助"]),
      "Kind",
      "种类",
    ),
    field("seen-time", time, "Seen", "发现时间"),
    field("sector", text, "Sector affected", "受影响部门"),
    field("severity", text, "Severity, on the agreed scale", "严重程度（按商定等级）"),
    field("indicators", listOf(text), "Indicators", "技术指标"),
    field("apparent-origin", text, "Apparent origin, without attribution", "表面来源（不作归因）"),
    field("request", text, "Request", "请求"),
    field("handling-mark", text, "Handling mark", "处理标志"),
    field("contact", text, "Contact", "联系方式"),
  ],
};
