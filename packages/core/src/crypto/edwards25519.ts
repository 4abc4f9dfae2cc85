/** Just enough of edwards25519 to judge a public key at enrolment: decode a point, multiply it by a number. RFC 8032 §5.1.
 *  Plain `bigint`, milliseconds and not constant in time: public keys only, never a secret. */

/** 2^255 − 19. */
export const fieldPrime: bigint = 2n ** 255n - 19n;
/** Order of the base point. */
export const groupOrder: bigint = 2n ** 252n + 27742317777372353535851937790883648493n;

const d = 0x52036cee2b6ffe738cc740797779e89800700a4d4141d8ab75eb4dca135978a3n;
const rootOfMinusOne = 0x2b8324804fc1df0b2b4d00993dfbd7a72f431806ad2fe478c4ee1b274a0ea0b0n;

/** Extended coordinates, RFC 8032 §5.1.4: x = X/Z, y = Y/Z, xy = T/Z. */
export interface EdwardsPoint {
  readonly X: bigint;
  readonly Y: bigint;
  readonly Z: bigint;
  readonly T: bigint;
}

const identity: EdwardsPoint = { X: 0n, Y: 1n, Z: 1n, T: 0n };

/** The point with this y (below `fieldPrime`) and this lowest bit of x; `undefined` when there is none. RFC 8032 §5.1.3. */
export function pointOf(y: bigint, oddX: boolean): EdwardsPoint | undefined {
  const u = mod(y * y - 1n);
  const v = mod(d * y * y + 1n);
  const candidate = mod(u * power(v, 3n) * power(u * power(v, 7n), (fieldPrime - 5n) / 8n));
  const square = mod(v * candidate * candidate);
  if (square !== u && square !== mod(-u)) return undefined;
  const root = square === u ? candidate : mod(candidate * rootOfMinusOne);
  if (root === 0n && oddX) return undefined;
  const x = (root & 1n) === (oddX ? 1n : 0n) ? root : mod(-root);
  return { X: x, Y: y, Z: 1n, T: mod(x * y) };
}

/** `point` added to itself `times` times; the group's own order is not taken out of `times`. */
export function multiply(point: EdwardsPoint, times: bigint): EdwardsPoint {
  let sum = identity;
  for (let bit = times.toString(2).length - 1; bit >= 0; bit--) {
    sum = add(sum, sum);
    if (((times >> BigInt(bit)) & 1n) === 1n) sum = add(sum, point);
  }
  return sum;
}

export function isIdentity(point: EdwardsPoint): boolean {
  return point.X === 0n && point.Y === point.Z;
}

/** Complete addition: right for every pair of points on the curve, equal ones too. RFC 8032 §5.1.4. */
function add(p: EdwardsPoint, q: EdwardsPoint): EdwardsPoint {
  const a = mod((p.Y - p.X) * (q.Y - q.X));
  const b = mod((p.Y + p.X) * (q.Y + q.X));
  const c = mod(2n * d * p.T * q.T);
  const e = b - a;
  const z = mod(2n * p.Z * q.Z);
  const f = z - c;
  const g = z + c;
  const h = b + a;
  return { X: mod(e * f), Y: mod(g * h), Z: mod(f * g), T: mod(e * h) };
}

function mod(value: bigint): bigint {
  const rest = value % fieldPrime;
  return rest < 0n ? rest + fieldPrime : rest;
}

function power(base: bigint, exponent: bigint): bigint {
  let result = 1n;
  let square = mod(base);
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if ((rest & 1n) === 1n) result = mod(result * square);
    square = mod(square * square);
  }
  return result;
}
