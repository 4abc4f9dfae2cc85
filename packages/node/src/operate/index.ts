export { limits } from "@openline/core";
export { type Exercise, type ExerciseChannel, type ExerciseClaim, type ExerciseEvent, type ExerciseExpect } from "./exercise-file.ts";
export { type ExerciseItem, type ExerciseParty, type ExerciseReadout, readExercise } from "./exercise-file.ts";
