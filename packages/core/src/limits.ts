/** Every maximum of the protocol, with its unit in its name and its reason beside it. Source: docs/spec/limits.md. */
export const limits = {
  /** An entry's length travels as uint16 in C2SP entry bundles. */
  entryBytesMax: 65_535,
  /** Words stay far below; larger things are attachments, which travel as objects. */
  disclosureBytesMax: 1_048_576,
  /** Nesting of signed CBOR: entry, act, release and facts need 4; bodies with GeoJSON need 8. */
  cborDepthMax: 16,
  /** Author, releaser and one national signature each. */
  releasesMax: 4,
  /** Entries one act may refer to. */
  referencesMax: 16,
  /** Posts one act may be addressed to: every post of the largest channel. */
  recipientsMax: 128,
  /** Peer heads in one placement: one log each for the largest line, with one closed incarnation each. */
  headsMax: 128,
  /** Leaves held ahead of a gap, per log (docs/spec/exchange.md). */
  heldAheadMax: 64,
  /** Parties of one line. */
  partiesMax: 60,
  /** TLS certificates of one party at one time: each of its machines, twice while they are renewed. */
  certificatesMax: 16,
  /** Addresses at which one party's node may be dialled. */
  addressesMax: 16,
  /** A private key or a certificate as PEM text; P-256 needs 1 KB, RSA 4 KB. */
  pemBytesMax: 16_384,
  /** Longest length of time in terms: a hundred years of 366 days. A longer one is `malformed`. */
  durationMaxS: 3_162_240_000,
  /** Amendments of one line in an export: one a week for two hundred years. */
  amendmentsMax: 10_000,
  /** Channels of one line, so that a channel number is one byte. */
  channelsMax: 255,
  /** Forms one suspension may name. */
  scopeFormsMax: 64,
  /** Windows one counter-proposal may offer. */
  windowsMax: 16,
  /** A placement may be ahead of the receiver's clock by this before it is refused. */
  clockToleranceS: 60,
  /** Text of one message in one language. */
  textBytesMax: 262_144,
  /** A short text: subject, title, reason, ground, place. */
  shortTextBytesMax: 16_384,
  /** A signed note in C2SP text form: two roots' worth of ML-DSA and a cosignature for each party. */
  checkpointBytesMax: 1_000_000,
  /** Levels of a tree of 2^53 leaves: no inclusion proof is longer. */
  proofHashesMax: 53,
  /** One frame between nodes: a checkpoint with ML-DSA and one largest entry with its disclosure, and room beside. */
  frameBytesMax: 8_388_608,
  /** Entries in one frame. */
  frameEntriesMax: 4_096,
  /** Disclosures one frame may ask for again. */
  missingMax: 1_024,
  /** An object put together from parts: the largest frame, the largest attachment. */
  objectBytesMax: 33_554_432,
  /** Objects of one peer being put together at once. */
  openObjectsMax: 16,
  /** Ranges that one open object may lack: parts mostly come in order. */
  openRangesMax: 64,
  /** What one party's entries and bodies may take of a node's disk, where nothing else is set: years of any line. */
  peerBytesDefault: 68_719_476_736,
  /** A node whose disk has less left is not ready: one largest attachment, and the log of its store. */
  freeBytesMin: 50_331_648,
  /** Bytes of frames being put together for one peer: two of the largest. */
  assemblyBytesMax: 16_777_216,
  /** Attachments one body may name. */
  attachmentsMax: 16,
  /** Attachments being fetched at once; more wait. */
  openAttachmentsMax: 256,
  /** Bytes of one part, so that what overtakes waits for no more than this. */
  partBytesMax: 262_144,
  /** An accord file, either kind. */
  accordFileBytesMax: 1_048_576,
  /** A notice of a lost pre-shared key: it goes in one frame of any direct way, with the signatures of 24 root holders. */
  noticeBytesMax: 64_000,
  /** An evidence pack or one exported file. */
  packBytesMax: 268_435_456,
  /** A key file: the node's holds a key for each party of the largest line and two PEM texts. */
  keyFileBytesMax: 65_536,
  /** An exercise file. */
  exerciseBytesMax: 8_388_608,
  /** Nesting of a YAML file: the exercise format needs 6 levels, bodies with GeoJSON 8 more; readers recurse. */
  yamlDepthMax: 24,
} as const;
