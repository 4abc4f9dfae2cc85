/** Limits of the direct bearer, which are a node's own and no part of the protocol. Source: docs/spec/bearers.md. */
export const tlsLimits = {
  /** Longest frame: small enough that a FLASH waits for one of them only, large enough for an entry with its proof. */
  frameBytesMax: 65_536,
  /** A handshake between well nodes takes two round trips; whoever takes longer holds a place that others need. */
  handshakeMs: 10_000,
  /** Connections that have not shown a pinned key yet, in all and from one address. */
  strangersMax: 64,
  strangersPerAddressMax: 8,
  /** Callers the kernel may keep waiting: they cost us nothing, and whoever is above it waits a second for its next try. */
  backlog: 1_024,
  /** Something is sent this often, so that a way that is open is known to be. */
  keepAliveMs: 5_000,
  /** Nothing came for three keep-alives: the other end is gone, whatever the kernel believes. */
  deadMs: 15_000,
  /** A way that is down is tried again this often, for ever. */
  redialMs: 3_000,
  /** A frame that has begun must have come by then: a drip of one byte a minute is no way. */
  frameMs: 30_000,
  /** Most that may be under way, however quick the other end is: it lies in our memory. */
  windowBytesMax: 8_388_608,
  /** Above the window, for frames that may not wait: what one peer's overtaking entries and a HAVE take. */
  reserveBytesMax: 1_048_576,
  /** Bytes of frames that have come and that the node has not taken yet: above it nothing is read. Four of the longest, so that the
   *  node is never idle while the other end waits for its count. */
  waitingBytesMax: 262_144,
  /** What was taken is counted back to its sender after this many bytes, or this long. */
  countBackBytes: 32_768,
  countBackMs: 50,
} as const;
