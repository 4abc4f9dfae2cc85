import { area, field, type Form, integer, listOf, text, time, words, yesNo } from "../form.ts";

/** Practice: Vienna Document chapter III. The reply is due within 48 hours, which is the channel's answer clock. */
export const requestForExplanation: Form = {
  id: "request-for-explanation",
  version: 1,
  title: words("Request for explanation", "要求说明"),
  leadTime: "at-once",
  fields: [
    field("seen", text, "What was seen", "所见情况"),
    field("place", area, "Place", "地点"),
    field("time", time, "Time", "时间"),
    field("concern", text, "Why it is a concern", "关切原因"),
    field("questions", listOf(text), "Questions", "问题"),
    field("reply-by", time, "Reply by", "答复期限"),
    field("reply", text, "Reply", "答复"),
    field("meeting-requested", yesNo, "Meeting requested", "请求会晤"),
    field("outcome", text, "Outcome", "结果"),
  ],
};

/** Practice: 5 August 2022; New START 2023; written notice of the Japan-China mechanism. A proposal of this project. */
export const suspensionOrResumption: Form = {
  id: "suspension-or-resumption",
  version: 1,
  title: words("Suspension or resumption", "暂停或恢复"),
  leadTime: "per-accord",
  startKey: "start",
  fields: [
    field("subject", text, "Channel or agreement", "渠道或协定"),
    field("forms-affected", listOf(text), "Forms affected", "受影响的表格"),
    field("forms-kept", listOf(text), "Forms kept", "保留的表格"),
    field("ground", text, "Ground", "理由"),
    field("start", time, "Start", "开始时间"),
    field("review-date", time, "Review", "审议时间"),
    field("contact", text, "Contact that stays", "保留的联系方式"),
    field("reversible", yesNo, "Reversible", "可恢复"),
    field("revokes", text, "Earlier act revoked", "撤销的先前行为"),
  ],
};

/** Practice: line checks of the direct link and of the Korean lines. */
export const lineTest: Form = {
  id: "test",
  version: 1,
  title: words("Line check", "线路检查"),
  leadTime: "per-accord",
  fields: [
    field("slot", time, "Slot", "时段"),
    field("caller", text, "Caller", "呼叫方"),
    field("text-id", text, "Text", "文本编号"),
    field("bearer", text, "Bearer", "承载"),
    field("sent", time, "Sent", "发出时间"),
    field("heard", time, "Heard", "收听时间"),
    field("read-back-hash", text, "Read-back code", "复诵码"),
    field("quality", integer, "Quality, 1 to 5", "质量（1至5）"),
    field("interpreter", yesNo, "Interpreter on the line", "译员在线"),
    field("remark", text, "Remark", "备注"),
  ],
};
