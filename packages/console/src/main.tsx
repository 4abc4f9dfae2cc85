import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { Console } from "./console.tsx";
import { storedLanguage } from "./frame/settings.ts";
import { loadEveryScreen } from "./pages/later.ts";
import { beginSession } from "./pages/sign-in/sign-in-page.tsx";
import { keepShell } from "./shell/register.ts";
import { loadWords } from "./words/say.ts";
import "./theme/theme.css";
import "./theme/frame.css";
import "./theme/watch.css";
import "./theme/pages.css";

const place = document.getElementById("console");
if (place === null) throw new Error("the page has a place for the console");
// A link that brought somebody here names a language too: it is read before the link is used.
const language = storedLanguage();
beginSession().catch(() => undefined);
await loadWords(language);
createRoot(place).render(
  <StrictMode>
    <Console />
  </StrictMode>,
);
// A browser that keeps nothing still shows everything while the node answers.
void loadEveryScreen()
  .then(keepShell)
  .catch(() => undefined);
