/** Everything a command prints goes through here: one JSON value, or lines. A reader that went away is no error. */
export function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value, undefined, 2)}\n`);
}

export function printLines(lines: readonly string[]): void {
  process.stdout.write(lines.map((line) => `${line}\n`).join(""));
}

export function complain(line: string): void {
  process.stderr.write(`openline: ${line}\n`);
}
