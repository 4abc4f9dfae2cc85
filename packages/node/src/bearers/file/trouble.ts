/** Why a folder or a file in it cannot be used now. */
export type FolderTrouble =
  | "gone" // it is not there: the stick is out, or not mounted
  | "not-a-folder" // something else has its name, a link too
  | "denied" // this process may not
  | "full" // no room on the medium, or as much waits there as may
  | "read-only" // the medium is write-protected
  | "crowd" // more names in it than are looked at
  | "failing"; // the medium does not read or write

const BY_ERRNO: Readonly<Record<string, FolderTrouble>> = {
  ENOENT: "gone",
  ENODEV: "gone",
  ENXIO: "gone",
  ENOTDIR: "not-a-folder",
  ELOOP: "not-a-folder",
  EACCES: "denied",
  EPERM: "denied",
  ENOSPC: "full",
  EDQUOT: "full",
  EROFS: "read-only",
};

/** What an error of the file system says about a folder. An error that is none of the file system's is a bug and goes on. */
export function troubleOf(error: unknown): FolderTrouble {
  if (!(error instanceof Error) || !("code" in error) || typeof error.code !== "string" || !("syscall" in error)) throw error;
  return BY_ERRNO[error.code] ?? "failing";
}
