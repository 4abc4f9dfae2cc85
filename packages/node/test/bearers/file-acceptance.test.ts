import { bearerAcceptance } from "./acceptance.ts";
import { FileWay } from "./file-way.ts";

bearerAcceptance("file", (options) => FileWay.open(options), { oneWay: true });
