import { type Unit, words } from "./form.ts";

/** Units of the shipped forms: SI, with the unit of sailors and airmen beside it. */
export const HEIGHT: Unit = { label: words("m", "米"), customary: { factor: 1 / 0.3048, label: words("ft", "英尺") } };
export const METRES: Unit = { label: words("m", "米") };
export const DISTANCE: Unit = { label: words("km", "公里"), customary: { factor: 1 / 1.852, label: words("nmi", "海里") } };
export const SPEED: Unit = { label: words("km/h", "公里/小时"), customary: { factor: 1 / 1.852, label: words("kn", "节") } };
export const DEGREES: Unit = { label: words("° true", "度（真方位）") };
export const BECQUEREL: Unit = { label: words("Bq", "贝可") };
