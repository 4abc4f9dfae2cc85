/** The two global text codecs of the WHATWG Encoding Standard, which every place that runs `core` has.
 *  They are pure. Declared here because `core` compiles without the DOM library. */
declare class TextEncoder {
  encode(text: string): Uint8Array;
}
declare class TextDecoder {
  constructor(label: "utf-8", options: { fatal: boolean; ignoreBOM: boolean });
  decode(bytes: Uint8Array): string;
}
