import { expect, test } from "vitest";
import { screenOf } from "../src/frame/screen.ts";

test.each([
  ["/", { screen: "watch" }],
  ["/history", { screen: "history" }],
  ["/sign-in", { screen: "sign-in" }],
  ["/d/3", { screen: "draft", draft: 3 }],
  ["/d/0", { screen: "unknown" }],
  ["/send", { screen: "send" }],
  ["/form", { screen: "form" }],
  ["/c/dtl", { screen: "channel", id: "dtl" }],
  ["/m/usa:3", { screen: "message", log: "usa", index: 3 }],
  ["/m/usa@b8bfb868a3fa3364:35", { screen: "message", log: "usa@b8bfb868a3fa3364", index: 35 }],
  ["/f/usa:3", { screen: "update", log: "usa", index: 3 }],
  ["/f/usa", { screen: "unknown" }],
  ["/m/usa:-1", { screen: "unknown" }],
  ["/m/usa", { screen: "unknown" }],
  ["/m/usa:1/../x", { screen: "unknown" }],
  ["/c/../m", { screen: "unknown" }],
  ["/c/%3Cscript%3E", { screen: "unknown" }],
  ["//other.example/", { screen: "unknown" }],
])("%s", (path, screen) => expect(screenOf(path)).toEqual(screen));
