import { LANGUAGES, type Language } from "@openline/core";
import { useCallback, useState } from "react";

export type Theme = "night" | "day";

/** What this machine's console keeps for whoever sits at it; nothing of the line is kept. */
const KEY = { theme: "openline-theme", language: "openline-language", letters: "openline-letters" } as const;

export interface Settings {
  readonly theme: Theme;
  readonly language: Language;
  /** Whether keys that type something act outside of fields. */
  readonly letters: boolean;
  readonly setTheme: (theme: Theme) => void;
  readonly setLanguage: (language: Language) => void;
  readonly setLetters: (letters: boolean) => void;
}

export function useSettings(): Settings {
  const [theme, keepTheme] = useState(storedTheme);
  const [language, keepLanguage] = useState(storedLanguage);
  const [letters, keepLetters] = useState(() => localStorage.getItem(KEY.letters) !== "off");
  document.documentElement.dataset["theme"] = theme;
  const setTheme = useCallback((next: Theme) => {
    localStorage.setItem(KEY.theme, next);
    keepTheme(next);
  }, []);
  const setLanguage = useCallback((next: Language) => {
    localStorage.setItem(KEY.language, next);
    keepLanguage(next);
  }, []);
  const setLetters = useCallback((next: boolean) => {
    localStorage.setItem(KEY.letters, next ? "on" : "off");
    keepLetters(next);
  }, []);
  return { theme, language, letters, setTheme, setLanguage, setLetters };
}

/** A watch sits in the dark: night unless somebody chose otherwise here. */
const storedTheme = (): Theme => (localStorage.getItem(KEY.theme) === "day" ? "day" : "night");

/** What was chosen here, else what the link that led here says, else the browser. */
export function storedLanguage(): Language {
  const linked = LANGUAGES.find((language) => language === new URLSearchParams(location.search).get("language"));
  if (linked !== undefined && localStorage.getItem(KEY.language) === null) localStorage.setItem(KEY.language, linked);
  const wanted = [localStorage.getItem(KEY.language), ...navigator.languages.map((tag) => tag.slice(0, 2))];
  return wanted.flatMap((tag) => LANGUAGES.find((language) => language === tag) ?? [])[0] ?? "en";
}
