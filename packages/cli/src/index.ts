export { limits } from "@openline/core";
