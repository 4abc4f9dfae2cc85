/** Limits of the bearer carried by hand, which are a node's own and no part of the protocol. Source: docs/spec/parcel.md. */
export const fileLimits = {
  /** Longest frame: as on the direct bearer, so that what is cut for one fits the other. */
  frameBytesMax: 65_536,
  /** A parcel has one of these sizes, so that its size says little: each four times the one before, from a HAVE to a thousand messages. */
  sizes: [1_024, 4_096, 16_384, 65_536, 262_144, 1_048_576, 4_194_304],
  /** Frames that are sent within this time travel in one parcel. */
  gatherMs: 1_000,
  /** The folders are looked at this often: a stick is put in and taken out by hand. */
  lookMs: 2_000,
  /** Parcels that wait to be carried, in all: what fits on any stick and is read in a minute. The rest follows the next time. */
  spoolBytesMax: 16_777_216,
  /** Above it, for frames that may not wait: one largest parcel. */
  reserveBytesMax: 4_194_304,
  /** As many parcels wait at most: an hour's HAVEs for six weeks. */
  spoolParcelsMax: 1_024,
  /** Names in one folder; where more lie, none is read until somebody has cleared it. */
  namesMax: 4_096,
  /** Parcels that were read, remembered so as not to be read again. */
  rememberedMax: 4_096,
} as const;

/** The largest size. */
export const parcelBytesMax: number = Math.max(...fileLimits.sizes);
