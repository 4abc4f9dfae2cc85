import { area, code, codeOrText, field, type Form, listOf, number, position, text, time, words, yesNo } from "../form.ts";
import { DEGREES, DISTANCE, HEIGHT, METRES, SPEED } from "../units.ts";

/** Practice: Code for Unplanned Encounters at Sea; US-China memorandum of 2014. */
export const airSeaEncounter: Form = {
  id: "air-sea-encounter",
  version: 1,
  title: words("Encounter in the air or at sea", "海空相遇"),
  leadTime: "at-once",
  fields: [
    field("time", time, "Time", "时间"),
    field("designation-signal", text, "Designation signal", "识别信号"),
    field("call-signs", listOf(text), "Call signs", "呼号"),
    field("side-numbers", listOf(text), "Hull or side numbers", "舷号或机号"),
    field("position", position, "Position", "位置"),
    field("course", number(DEGREES), "Course", "航向"),
    field("speed", number(SPEED), "Speed", "航速"),
    field("intention", text, "Intention", "意图"),
    field("manoeuvring-intention", text, "Manoeuvring intention", "机动意图"),
    field("radio-channel", text, "Radio channel", "无线电频道"),
    field("closest-approach", number(METRES), "Closest approach", "最近距离"),
    field("heights", text, "Heights", "高度"),
    field("weather", text, "Weather", "天气"),
    field("actions", text, "Actions", "采取的行动"),
    field("recordings", listOf(text), "Recordings", "记录资料"),
    field(
      "own-view",
      code(["safe", "Safe and professional", "安全、专业"], ["unsafe", "Unsafe", "不安全"]),
      "Own view of the encounter",
      "己方对相遇的看法",
    ),
    field("rule-cited", text, "Rule cited", "所引规则"),
  ],
};

/** Practice: texts of 1971 and 1976; airship case of 2023. Kind and origin are what the sender states, agreed by nobody. */
export const unidentifiedObjectOrIncident: Form = {
  id: "unidentified-object-or-incident",
  version: 1,
  title: words("Unidentified object or incident", "不明物体或事件"),
  leadTime: "at-once",
  fields: [
    field("seen", text, "What was seen", "所见情况"),
    field(
      "kind",
      codeOrText(
        ["aircraft", "Aircraft", "航空器"],
        ["balloon-or-airship", "Balloon or airship", "气球或飞艇"],
        ["missile", "Missile", "导弹"],
        ["surface-vessel", "Surface vessel", "水面船只"],
        ["submarine", "Submarine", "潜艇"],
        ["unknown", "Unknown", "不明"],
      ),
      "Kind, as the sender states it",
      "发送方所述种类",
    ),
    field("position", position, "Position", "位置"),
    field("track", area, "Track", "航迹"),
    field("height", number(HEIGHT), "Height", "高度"),
    field("speed", number(SPEED), "Speed", "速度"),
    field("first-seen", time, "First seen", "首次发现时间"),
    field("origin-question", text, "Assessed origin, as a question", "来源判断（以提问方式）"),
    field("risk-to-air-traffic", yesNo, "Risk to air traffic", "对空中交通的危险"),
    field("request", text, "Request", "请求"),
    field("measures", text, "Measures", "措施"),
  ],
};

/** Practice: the 1971 Agreement; questions asked in March 2022. */
export const accidentOrUnauthorisedAct: Form = {
  id: "accident-or-unauthorised-act",
  version: 1,
  title: words("Accident or unauthorised act", "事故或未经授权的行动"),
  leadTime: "at-once",
  fields: [
    field("what", text, "What happened", "发生了什么"),
    field("time", time, "Time", "时间"),
    field("place", area, "Place", "地点"),
    field("kind", text, "Kind and specification", "种类和规格"),
    field("course", number(DEGREES), "Course", "航向"),
    field("range", number(DISTANCE), "Range to go", "剩余航程"),
    field(
      "self-destruct",
      code(["present", "Present", "有"], ["absent", "Absent", "无"], ["worked", "Worked", "已启动"], ["failed", "Failed", "失效"]),
      "Self-destruct",
      "自毁装置",
    ),
    field("readiness-of-rest", text, "State of readiness of the rest", "其余部队的战备状态"),
    field("who-controls", text, "Who controls it", "由谁控制"),
    field("known-since", time, "Known since", "何时得知"),
    field("measures", text, "Measures taken", "已采取的措施"),
    field("do-not-read", text, "What the other side is asked not to read into it", "请对方不要作出的解读"),
  ],
};
