import { area, code, DAY_S, field, type Form, integer, listOf, text, time, words } from "../form.ts";

/** Practice: Vienna Document 2011 chapter V (42 days), US-China memorandum 2014. */
export const majorMilitaryActivity: Form = {
  id: "major-military-activity",
  version: 1,
  title: words("Major military activity", "重大军事行动"),
  leadTime: 42 * DAY_S,
  startKey: "start",
  fields: [
    field("designation", text, "Designation", "代号"),
    field("purpose", text, "General purpose", "总体目的"),
    field("states", listOf(text), "States taking part", "参加国"),
    field("command-level", text, "Level of command", "指挥级别"),
    field("start", time, "Start", "开始时间"),
    field("end", time, "End", "结束时间"),
    field("troops", integer, "Troops", "兵力总数"),
    field("formations", text, "Formations", "部队编成"),
    field("tanks", integer, "Tanks", "坦克数量"),
    field("armoured-vehicles", integer, "Armoured vehicles", "装甲车数量"),
    field("artillery", integer, "Artillery, 100 mm and above", "100毫米及以上火炮数量"),
    field("helicopters", integer, "Helicopters", "直升机数量"),
    field("air-sorties", integer, "Air sorties", "飞行架次"),
    field("ships", integer, "Ships", "舰艇数量"),
    field("landings", integer, "Amphibious or parachute landing, troops", "两栖登陆或空降兵力"),
    field("area", area, "Area", "区域"),
    field("phases", listOf(text), "Phases with area and times", "各阶段区域和时间"),
    field("calendar-changes", text, "Changes against the calendar", "与年度计划相比的变化"),
    field("observer-contact", text, "Contact for observers", "观察员联系方式"),
  ],
};

/** Practice: yearly plan of the maritime consultation agreement of 1998. */
export const meetingProposal: Form = {
  id: "meeting-proposal",
  version: 1,
  title: words("Meeting proposal", "会晤提议"),
  leadTime: "per-accord",
  startKey: "start",
  fields: [
    field(
      "kind",
      code(
        ["yearly", "Yearly meeting", "年度会晤"],
        ["working-group", "Working group", "工作小组"],
        ["special", "Special meeting", "专门会议"],
      ),
      "Kind",
      "种类",
    ),
    field("host", text, "Host in turn", "轮值主办方"),
    field("start", time, "Start", "开始时间"),
    field("end", time, "End", "结束时间"),
    field("head-rank", text, "Rank of the heads", "团长级别"),
    field("agenda", listOf(text), "Agenda, each item with its initiator", "议事日程及各议题提出方"),
    field("working-papers", listOf(text), "Working papers", "工作文件"),
    field("place", text, "Place", "地点"),
  ],
};
