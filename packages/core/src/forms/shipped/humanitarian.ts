import { area, DAY_S, field, type Form, HOUR_S, listOf, position, text, time, words, yesNo } from "../form.ts";

/** Practice: humanitarian notification systems. Notice gives no guarantee, and the form says so. */
export const humanitarianMovement: Form = {
  id: "humanitarian-movement",
  version: 1,
  title: words("Humanitarian movement", "人道主义行动"),
  leadTime: 2 * DAY_S,
  shorterLeadTime: { key: "urgent", leadTimeS: 24 * HOUR_S },
  startKey: "start",
  fields: [
    field("organisation", text, "Organisation", "组织"),
    field("purpose", text, "Purpose", "目的"),
    field("urgent", yesNo, "Urgent", "紧急"),
    field("staff", text, "Staff", "人员"),
    field("cargo", text, "Cargo", "货物"),
    field("vehicles", listOf(text), "Vehicles (type, plate, logo, roof mark, photograph)", "车辆（型号、车牌、标志、车顶标识、照片）"),
    field("route", area, "Route", "路线"),
    field("waypoints", listOf(text), "Waypoints with times", "途经点和时间"),
    field("start", time, "Start", "开始时间"),
    field("end", time, "End", "结束时间"),
    field("telephone", text, "Telephone", "电话"),
    field("no-guarantee", yesNo, "It is understood that notice gives no guarantee", "双方理解通报不构成保证"),
    field("passed-to-units-at", time, "Passed to units at", "转达部队时间"),
    field("finished-at", time, "Finished at", "结束于"),
  ],
};

/** Practice: as above. */
export const humanitarianStaticSite: Form = {
  id: "humanitarian-static-site",
  version: 1,
  title: words("Humanitarian site", "人道主义场所"),
  leadTime: 2 * DAY_S,
  startKey: "valid-from",
  fields: [
    field("name", text, "Name", "名称"),
    field("kind", text, "Kind", "种类"),
    field("coordinates", position, "Coordinates", "坐标"),
    field("datum", text, "Datum", "坐标基准"),
    field("address", text, "Address", "地址"),
    field("photograph", text, "Photograph", "照片"),
    field("use", text, "Use", "用途"),
    field("valid-from", time, "Valid from", "生效时间"),
    field("valid-to", time, "Valid to", "有效至"),
    field("consent", text, "Consent", "同意"),
  ],
};
