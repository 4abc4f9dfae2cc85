import { type Language, LANGUAGES, limits } from "@openline/core";
import { answerChecks, checkAside } from "./checking.ts";
import { type Chosen, droppedFrom, folderFrom, packFrom } from "./chosen-files.ts";
import { element } from "./elements.ts";
import { ownScript } from "./own-script.ts";
import { type Standing, standingView } from "./report-view.ts";
import { PAGE_WORDS } from "./words.ts";

/** The same script is the page and the thread that checks. */
if (typeof document === "undefined") answerChecks();
else page(document.currentScript?.textContent ?? "");

function page(script: string): void {
  const own = ownScript(script);
  let standing: Standing = { is: "nothing" };
  let language: Language = navigator.language.toLowerCase().startsWith("zh") ? "zh" : "en";
  const below = element("section", { role: "status", "aria-atomic": "false" });
  const header = element("header", {});
  const main = element("main", {});

  const show = (next: Standing): void => {
    standing = next;
    below.replaceChildren(...standingView(standing, language));
  };
  const take = async (chosen: Promise<Chosen>): Promise<void> => {
    const what = await chosen;
    if (what.is !== "pack" && what.is !== "record") return show({ is: "refused", why: what, limit: limits.packBytesMax });
    const under: Standing = { is: "checking", name: what.name };
    show(under);
    const found = await checkAside(own, what.is === "pack" ? { is: "pack", bytes: what.bytes } : { is: "record", files: what.files });
    if (standing === under) show({ is: "done", name: what.name, found });
  };
  const speak = (chosen: Language): void => {
    language = chosen;
    document.documentElement.lang = language;
    document.title = PAGE_WORDS[language].title;
    header.replaceChildren(...headerView(language, speak));
    main.replaceChildren(...choosing(language, take), below);
    show(standing);
  };
  document.body.replaceChildren(header, main);
  speak(language);
}

function headerView(language: Language, speak: (chosen: Language) => void): readonly HTMLElement[] {
  const buttons = LANGUAGES.map((item) => {
    const button = element("button", { type: "button", lang: item, "aria-pressed": String(item === language) }, PAGE_WORDS[item].language);
    button.addEventListener("click", () => {
      speak(item);
      document.querySelector<HTMLElement>(`button[lang="${item}"]`)?.focus();
    });
    return button;
  });
  const words = PAGE_WORDS[language];
  return [element("h1", {}, words.title), element("div", { role: "group", "aria-label": words.languages }, ...buttons)];
}

function choosing(language: Language, take: (chosen: Promise<Chosen>) => Promise<void>): readonly HTMLElement[] {
  const words = PAGE_WORDS[language];
  const pack = element("input", { type: "file", name: "pack" });
  pack.addEventListener("change", () => {
    const [file] = pack.files ?? [];
    if (file !== undefined) void take(packFrom(file));
    pack.value = "";
  });
  const folder = element("input", { type: "file", name: "folder", webkitdirectory: "" });
  folder.addEventListener("change", () => {
    const files = [...(folder.files ?? [])];
    if (files.length > 0) void take(folderFrom(files));
    folder.value = "";
  });
  const drop = element(
    "div",
    { class: "drop" },
    element("label", { class: "choose" }, words.pack, pack),
    element("label", { class: "choose" }, words.folder, folder),
    element("span", { class: "dim" }, words.drop),
  );
  takesDrops(drop, take);
  return [
    element("p", {}, words.what),
    element("p", { class: "dim" }, [words.offline, words.reviewed].join(" ").trim()),
    element("h2", {}, words.choose),
    drop,
  ];
}

function takesDrops(drop: HTMLElement, take: (chosen: Promise<Chosen>) => Promise<void>): void {
  for (const event of ["dragenter", "dragover"] as const)
    drop.addEventListener(event, (over) => {
      over.preventDefault();
      drop.classList.add("over");
    });
  for (const event of ["dragleave", "drop"] as const) drop.addEventListener(event, () => drop.classList.remove("over"));
  drop.addEventListener("drop", (dropped) => {
    dropped.preventDefault();
    const entries = [...(dropped.dataTransfer?.items ?? [])].flatMap((item) => item.webkitGetAsEntry() ?? []);
    if (entries.length > 0) void take(droppedFrom(entries));
  });
}
