/** A signature to be verified: key of 32 bytes, signature of 64. */
export interface Question {
  readonly publicKey: Uint8Array;
  readonly message: Uint8Array;
  readonly signature: Uint8Array;
}

/** To the thread: the questions one after the other in one buffer, each as key, signature and message; and how long each message is.
 *  Cloning every byte string by itself costs more than verifying does. */
interface Packed {
  readonly bytes: Uint8Array;
  readonly lengths: readonly number[];
}

const KEY = 32;
const KEY_AND_SIGNATURE = 96;

export function packQuestions(questions: readonly Question[]): { readonly message: Packed; readonly buffer: ArrayBuffer } {
  const lengths = questions.map(({ message }) => message.length);
  const buffer = new ArrayBuffer(lengths.reduce((sum, length) => sum + KEY_AND_SIGNATURE + length, 0));
  const bytes = new Uint8Array(buffer);
  let at = 0;
  for (const { publicKey, message, signature } of questions) {
    bytes.set(publicKey, at);
    bytes.set(signature, at + KEY);
    bytes.set(message, at + KEY_AND_SIGNATURE);
    at += KEY_AND_SIGNATURE + message.length;
  }
  return { message: { bytes, lengths }, buffer };
}

/** Only our own two threads speak here, so the shape is a matter of the types above. */
export function parseQuestions(message: unknown): readonly Question[] {
  const { bytes, lengths } = message as Packed;
  let at = 0;
  return lengths.map((length) => {
    const start = at;
    at += KEY_AND_SIGNATURE + length;
    return {
      publicKey: bytes.subarray(start, start + KEY),
      signature: bytes.subarray(start + KEY, start + KEY_AND_SIGNATURE),
      message: bytes.subarray(start + KEY_AND_SIGNATURE, at),
    };
  });
}

/** From the thread: whether each signature of a group is good. */
export const parseAnswers = (message: unknown): readonly boolean[] => message as readonly boolean[];
