export { EXIT } from "./exit.ts";
