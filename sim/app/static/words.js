/** Writes numbers and months for people. */

const MONTHS = ["April", "May", "June", "July", "August", "September", "October", "November", "December", "January", "February", "March"];

/** Returns 'April 2018' for month 24. */
export function dateOf(month) {
  return `${MONTHS[month % 12]} ${2016 + Math.floor((month + 3) / 12)}`;
}

/** Writes a number to about three digits, with a true minus sign. */
export function plain(value) {
  if (value === null || value === undefined || Number.isNaN(value)) return "–";
  const size = Math.abs(value);
  const digits = size >= 100 || size === 0 ? 0 : size >= 10 ? 1 : size >= 0.1 ? 2 : 3;
  const text = size.toLocaleString("en-GB", { minimumFractionDigits: 0, maximumFractionDigits: digits });
  return value < 0 && Number(text.replaceAll(",", "")) !== 0 ? `−${text}` : text;
}

const isShare = (unit) => unit === "share" || unit.startsWith("share of") || unit === "share a month";

// Units that are not written: they only repeat the label, so the bare number reads better.
const BARE = new Set([
  "",
  "index",
  "value",
  "trust",
  "slope",
  "engagement",
  "integration",
  "appraisal",
  "effort",
  "confidence",
  "quality",
  "evidence",
  "pressure",
  "distress",
  "voice",
  "relative",
  "factor",
  "chance",
]);

/** Writes a value with its unit: shares as per cent, money as pounds. */
export function withUnit(value, unit) {
  if (value === null || value === undefined) return "–";
  if (isShare(unit)) return `${plain(100 * value)} %${unit.slice(5)}`;
  if (unit === "1/year") return `${plain(100 * value)} % a year`;
  if (unit === "1/month") return `${plain(100 * value)} % a month`;
  if (unit.startsWith("GBP m")) return `${value < 0 ? "−" : ""}£${plain(Math.abs(value))}m${unit.slice(5)}`;
  return BARE.has(unit) ? plain(value) : `${plain(value)} ${unit}`;
}

/** Writes a value without the 'for' or 'over' part of its unit, for the ends of a scale. */
export const bare = (value, unit) =>
  withUnit(value, unit.startsWith("GBP m") ? "GBP m" : isShare(unit) || unit.startsWith("1/") ? "share" : "").trim();

/** Writes a difference and its interval under chance: '+1.2 (1.0 to 1.4)', shares in percentage points. */
export function change(row) {
  if (row.difference === null) return "–";
  const factor = isShare(row.unit) ? 100 : 1;
  const signed = (value) => (value > 0 ? "+" : "") + plain(factor * value);
  const interval = row.low === null ? "" : ` (${signed(row.low)} to ${signed(row.high)})`;
  return signed(row.difference) + interval;
}

/** Returns the unit of a difference. */
export function unitOfChange(unit) {
  return isShare(unit) ? "percentage points" : unit.replace("GBP m", "£m");
}
