import { LANGUAGES, type Language } from "@openline/core";
import { useCallback, useState } from "react";

export type Theme = "night" | "day";

/** What this machine's console keeps for whoever sits at it; nothing of the line is kept. */
const KEY = { theme: "openline-theme", language: "openline-language" } as const;

export interface Settings {
  readonly theme: Theme;
  readonly language: Language;
  readonly setTheme: (theme: Theme) => void;
  readonly setLanguage: (language: Language) => void;
}

export function useSettings(): Settings {
  const [theme, keepTheme] = useState(storedTheme);
  const [language, keepLanguage] = useState(storedLanguage);
  document.documentElement.dataset["theme"] = theme;
  const setTheme = useCallback((next: Theme) => {
    localStorage.setItem(KEY.theme, next);
    keepTheme(next);
  }, []);
  const setLanguage = useCallback((next: Language) => {
    localStorage.setItem(KEY.language, next);
    keepLanguage(next);
  }, []);
  return { theme, language, setTheme, setLanguage };
}

/** A watch sits in the dark: night unless somebody chose otherwise here. */
const storedTheme = (): Theme => (localStorage.getItem(KEY.theme) === "day" ? "day" : "night");

/** What was chosen here, else what the link that led here says, else the browser. */
function storedLanguage(): Language {
  const linked = LANGUAGES.find((language) => language === new URLSearchParams(location.search).get("language"));
  if (linked !== undefined && localStorage.getItem(KEY.language) === null) localStorage.setItem(KEY.language, linked);
  const wanted = [localStorage.getItem(KEY.language), ...navigator.languages.map((tag) => tag.slice(0, 2))];
  return wanted.flatMap((tag) => LANGUAGES.find((language) => language === tag) ?? [])[0] ?? "en";
}
