export { type Exercise, type ExerciseChannel, type ExerciseClaim, type ExerciseEvent, type ExerciseExpect } from "./exercise-file.ts";
export { type ExerciseItem, type ExerciseParty, type ExerciseReadout, readExercise } from "./exercise-file.ts";
export { type ExerciseRun, ExerciseUnreadable, endOfExercise, playOn, runExercise } from "./exercise-run.ts";
export { type Played, type ReplayOptions, replay } from "./exercise-replay.ts";
export { ExerciseRefused } from "./exercise-steps.ts";
export { type FolderView, readFolder } from "./folder.ts";
export { type LineSnapshot, type Status, cutAt, recordOf, snapshotOf, statusOf, wordsOf } from "./status.ts";
export { recordsThen } from "./known-then.ts";
export { backUp, restoreBackup, verifyFolder } from "./backup.ts";
export { makeFolders } from "../store/make-folders.ts";
export { recordSource } from "./record-source.ts";
export { type ActFile } from "./act-file.ts";
export { placeAct } from "./place-act.ts";
export type { StoredEntry } from "../store/store.ts";
export { nativeSuite } from "../crypto/native-suite.ts";
export { handOf } from "./line-setup.ts";
export { directorySeed, postSeed } from "./folder.ts";
export { controlOf } from "../http/control.ts";
export { exerciseClock, systemClock } from "../service/clock.ts";
export type { RunningLine } from "../service/running-line.ts";
export { type Up, up } from "./start-service.ts";
export {
  type KeyLabel,
  type Protection,
  type Unlock,
  type Unlocker,
  KEY_KINDS,
  labelOf,
  loadKeyFile,
  protectAnew,
  readKeyFile,
} from "./key-file.ts";
export { credentialOf } from "./credential.ts";
export { plainYaml, readYamlFile } from "./yaml-file.ts";
export { type PartyDescription, partyDescriptionOf, partyDraft } from "./party-yaml.ts";
export { termsDraft, termsOf, termsYaml } from "./terms-yaml.ts";
export { decodePersonSecret } from "./make-party.ts";
export { type InitOptions, type Initialised, initLine } from "./init-line.ts";
export { type LineConfig, readLineConfig } from "./line-folder.ts";
export { type Ceremony, isInForce, readCeremony } from "./ceremony.ts";
export { type Imported, importFile } from "./ceremony-import.ts";
export * from "./ceremony-steps.ts";
export * from "./ceremony-progress.ts";
export { type LiveLine, type SigningKey, accordInForce, loadSigningKey, openLine } from "./open-line.ts";
export * from "./directory-acts.ts";
export * from "./amend.ts";
export * from "./amend-elsewhere.ts";
export * from "./amend-proposals.ts";
export * from "./terms-changes.ts";
export * from "./psk-lost.ts";
export * from "./later-keys.ts";
