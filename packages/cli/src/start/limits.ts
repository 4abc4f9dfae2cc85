/** How long a node on this machine is waited for. A page that asks once a second has to say within 5 s what it no longer knows. */
export const ANSWER_MS = 2000;
/** A key is written to the record, which may take longer on a machine that is busy with four nodes. */
export const GIVE_KEYS_MS = 10_000;
