import { LANGUAGES } from "@openline/core";
import { lazy } from "react";
import { loadWords } from "../words/say.ts";

/** Not of the first screen, and loaded after it. */
const load = {
  KeyList: async () => ({ default: (await import("../keys/key-list.tsx")).KeyList }),
  TwoTexts: async () => ({ default: (await import("../typed/two-texts.tsx")).TwoTexts }),
  SaveEvidence: async () => ({ default: (await import("../evidence/save-evidence.tsx")).SaveEvidence }),
  ChannelPage: async () => ({ default: (await import("./channel/channel-page.tsx")).ChannelPage }),
  DraftPage: async () => ({ default: (await import("./draft/draft-page.tsx")).DraftPage }),
  FormPage: async () => ({ default: (await import("./form/form-page.tsx")).FormPage }),
  UpdatePage: async () => ({ default: (await import("./form/update-page.tsx")).UpdatePage }),
  HistoryPage: async () => ({ default: (await import("./history/history-page.tsx")).HistoryPage }),
};

export const KeyList = lazy(load.KeyList);
export const TwoTexts = lazy(load.TwoTexts);
export const SaveEvidence = lazy(load.SaveEvidence);
export const ChannelPage = lazy(load.ChannelPage);
export const DraftPage = lazy(load.DraftPage);
export const FormPage = lazy(load.FormPage);
export const UpdatePage = lazy(load.UpdatePage);
export const HistoryPage = lazy(load.HistoryPage);

/** Every screen and every language is in this browser before its node may be gone: none is asked for only when somebody needs it. */
export async function loadEveryScreen(): Promise<void> {
  await Promise.all([...Object.values(load).map((one) => one()), ...LANGUAGES.map(loadWords)]);
}
