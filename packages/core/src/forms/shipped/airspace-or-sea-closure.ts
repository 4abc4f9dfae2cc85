import { area, code, DAY_S, field, type Form, listOf, number, position, text, time, words } from "../form.ts";
import { DISTANCE, HEIGHT } from "../units.ts";

/** Practice: ICAO NOTAM, NAVAREA warnings, INCSEA. At sea notice is given 3 to 5 days ahead; the shorter counts. */
export const airspaceOrSeaClosure: Form = {
  id: "airspace-or-sea-closure",
  version: 1,
  title: words("Closure of airspace or sea area", "空域或海域关闭"),
  leadTime: 3 * DAY_S,
  startKey: "start",
  fields: [
    field("series-number", text, "Series and number", "系列和编号"),
    field(
      "action",
      code(["new", "New", "新发"], ["replace", "Replaces", "代替"], ["cancel", "Cancels", "取消"]),
      "New, replacing or cancelling",
      "新发、代替或取消",
    ),
    field("replaces", text, "Number replaced or cancelled", "被代替或取消的编号"),
    field("region", text, "Flight information region or NAVAREA", "飞行情报区或航行警告区"),
    field("subject-code", text, "Subject code", "主题代码"),
    field("traffic", text, "Traffic", "适用的交通"),
    field("scope", text, "Scope", "影响范围"),
    field("lower-limit", number(HEIGHT), "Lower limit", "下限"),
    field("upper-limit", number(HEIGHT), "Upper limit", "上限"),
    field("centre", position, "Centre", "中心"),
    field("radius", number(DISTANCE), "Radius", "半径"),
    field("area", area, "Area", "区域"),
    field("place", text, "Place", "地点"),
    field("start", time, "Start", "开始时间"),
    field("end", time, "End", "结束时间"),
    field(
      "end-kind",
      code(["fixed", "Fixed", "确定"], ["estimated", "Estimated", "预计"], ["permanent", "Permanent", "永久"]),
      "End is",
      "结束时间性质",
    ),
    field("schedule", text, "Schedule", "时间表"),
    field("text", text, "Text", "正文"),
    field("general-area", text, "General area", "大区"),
    field("locality", text, "Locality", "具体地区"),
    field("chart", text, "Chart", "海图"),
    field("positions", listOf(position), "Positions", "位置点"),
    field("cancellation-time", time, "Cancels itself at", "自行取消时间"),
  ],
};
