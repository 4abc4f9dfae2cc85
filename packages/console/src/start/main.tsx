import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { LANGUAGES } from "@openline/core";
import { loadWords } from "../words/say.ts";
import { StartPage } from "./start-page.tsx";
import "../theme/theme.css";
import "../theme/frame.css";
import "../theme/start.css";

const place = document.getElementById("start");
if (place === null) throw new Error("the page has a place for the start page");
await Promise.all(LANGUAGES.map(loadWords));
createRoot(place).render(
  <StrictMode>
    <StartPage />
  </StrictMode>,
);
