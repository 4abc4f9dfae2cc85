import { area, codeOrText, duration, field, type Form, integer, listOf, safetyField, text, time, words } from "../form.ts";

/** Notice of live training near another's forces. Practice: the dispute of 6 December 2025, where notice by radio was given and
 *  confirmed, and scale, area and types were afterwards said to be missing. Those are the safety fields. */
export const liveTrainingShortNotice: Form = {
  id: "live-training-short-notice",
  version: 1,
  title: words("Live training at short notice", "实兵训练临时通报"),
  leadTime: "per-accord",
  startKey: "start",
  fields: [
    field("unit", text, "Unit or ship", "部队或舰艇"),
    field(
      "activity",
      codeOrText(
        ["carrier-flight-training", "Carrier flight training", "航母舰载机飞行训练"],
        ["air-combat-training", "Air combat training", "空战训练"],
        ["live-firing-air", "Live firing in the air", "空中实弹射击"],
        ["live-firing-sea", "Live firing at sea", "海上实弹射击"],
        ["missile-firing", "Missile firing", "导弹实射"],
        ["anti-submarine-training", "Anti-submarine training", "反潜训练"],
        ["helicopter-training", "Helicopter training", "直升机训练"],
        ["replenishment", "Replenishment at sea", "海上补给"],
      ),
      "Activity",
      "活动内容",
    ),
    field("start", time, "Start", "开始时间"),
    field("duration", duration, "Duration", "持续时间"),
    field("sector", text, "Sector relative to the force", "相对编队的方位区域"),
    safetyField("area", area, "Area with limits and heights", "区域范围和高度"),
    safetyField("aircraft-count", integer, "Number of aircraft", "航空器数量"),
    safetyField(
      "aircraft-type",
      listOf(
        codeOrText(
          ["fighter", "Fighter", "战斗机"],
          ["bomber", "Bomber", "轰炸机"],
          ["helicopter", "Helicopter", "直升机"],
          ["airborne-early-warning", "Airborne early warning", "预警机"],
          ["maritime-patrol", "Maritime patrol aircraft", "海上巡逻机"],
          ["tanker", "Tanker", "加油机"],
          ["unmanned", "Unmanned aircraft", "无人机"],
          ["mixed", "Several types", "多种机型"],
        ),
      ),
      "Type of aircraft",
      "航空器类型",
    ),
    safetyField("navigation-warning", listOf(text), "NOTAM or navigation warning number", "航行通告或航行警告编号"),
    field("remarks", text, "Remarks", "备注"),
  ],
};
