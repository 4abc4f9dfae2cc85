import { type Digest, RefusedInput, digitsOf } from "@openline/core";

/** 80 digits as a person typed what the other side read, in whatever groups; without them. Throws `RefusedInput` where they are not 80. */
export function typedDigits(digits: string): string {
  const given = digits.replaceAll(/\s/g, "");
  if (!/^\d{80}$/.test(given)) throw new RefusedInput("wrong-accord", `80 digits are needed, not ${given.length}`);
  return given;
}

/** Number of the first group of five, from 1, in which they are not those of the digest; 0 where all agree. */
export function groupThatDiffers(digest: Digest, digits: string): number {
  const given = typedDigits(digits);
  return (
    digitsOf(digest)
      .split(" ")
      .findIndex((group, i) => given.slice(5 * i, 5 * i + 5) !== group) + 1
  );
}

/** Throws `RefusedInput` `wrong-accord`. */
export function refuseOtherDigits(digest: Digest, digits: string): void {
  const group = groupThatDiffers(digest, digits);
  if (group > 0)
    throw new RefusedInput("wrong-accord", `the digits differ from group ${group} on: the two sides do not hold the same files`);
}
