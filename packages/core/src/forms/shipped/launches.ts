import {
  area,
  code,
  codeOrText,
  DAY_S,
  field,
  type FieldType,
  type Form,
  HOUR_S,
  integer,
  listOf,
  number,
  text,
  time,
  words,
  yesNo,
} from "../form.ts";
import { DEGREES } from "../units.ts";

const TRACKING: FieldType = codeOrText(["ads-b", "ADS-B", "广播式自动相关监视"], ["telemetry", "Telemetry", "遥测"]);

/** Practice: US-USSR 1988 (24 h), India-Pakistan 2005 (three days before a five-day window), Hague Code. */
export const ballisticMissileOrSpaceLaunch: Form = {
  id: "ballistic-missile-or-space-launch",
  version: 1,
  title: words("Launch of a ballistic missile or space vehicle", "弹道导弹或航天器发射"),
  leadTime: 24 * HOUR_S,
  startKey: "window-start",
  fields: [
    field(
      "launch-kind",
      code(
        ["icbm", "Intercontinental ballistic missile", "洲际弹道导弹"],
        ["slbm", "Submarine-launched ballistic missile", "潜射弹道导弹"],
        ["surface-to-surface", "Surface-to-surface missile", "地地导弹"],
        ["space", "Space launch vehicle", "航天运载火箭"],
        ["other", "Other", "其他"],
      ),
      "Kind of launch",
      "发射种类",
    ),
    field("class", text, "Class", "级别"),
    field("window-start", time, "Window opens", "窗口开始时间"),
    field("window-end", time, "Window closes", "窗口结束时间"),
    field("launch-area", area, "Launch area (range, place, or ocean quadrant)", "发射区域（靶场、地点或海区）"),
    field("azimuth", number(DEGREES), "Launch azimuth", "发射方位角"),
    field("impact-areas", listOf(area), "Impact areas", "落区"),
    field("launch-count", integer, "Number of launches", "发射数量"),
    field("notam-numbers", listOf(text), "NOTAM numbers", "航行通告编号"),
    field("navarea-numbers", listOf(text), "NAVAREA warning numbers", "航行警告编号"),
    field("extension", text, "Extension or cancellation of", "延长或取消的通报编号"),
    field("post-launch", yesNo, "Notice after the launch", "发射后通报"),
  ],
};

/** Practice: the airship case of 2023; ICAO rules for unmanned free balloons. A proposal of this project. */
export const balloonOrAirshipOverflight: Form = {
  id: "balloon-or-airship-overflight",
  version: 1,
  title: words("Overflight of a balloon or airship", "气球或飞艇飞越"),
  leadTime: DAY_S,
  startKey: "launch-time",
  fields: [
    field("operator", text, "Operator", "运营方"),
    field("purpose", text, "Purpose", "用途"),
    field("size", text, "Size", "尺寸"),
    field("payload", text, "Payload", "载荷"),
    field("launch-place", area, "Launch place", "放飞地点"),
    field("launch-time", time, "Launch time", "放飞时间"),
    field("planned-track", area, "Planned track", "计划航迹"),
    field("planned-heights", text, "Planned heights", "计划高度"),
    field("steering", text, "Steering", "操控方式"),
    field("self-termination", text, "Self-termination", "自毁或终止装置"),
    field("tracking", listOf(TRACKING), "Tracking", "跟踪方式"),
    field("contact", text, "Contact", "联系方式"),
    field("if-it-strays", text, "What to do if it strays", "偏离时的处置办法"),
  ],
};
