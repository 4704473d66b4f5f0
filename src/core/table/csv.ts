/** Excel takes a file without it for the machine's old code page and spoils every name outside of ASCII; others skip it. */
export const byteOrderMark = '\uFEFF';

/** One line of RFC 4180, CRLF at its end. */
export function csvLine(cells: readonly (string | number | null)[]): string {
  return `${cells.map(csvCell).join(',')}\r\n`;
}

/**
 * Excel, LibreOffice and Google Sheets run a cell that begins so as a formula, quoted or not (OWASP, CSV injection); the wide
 * forms are what they make of the narrow ones in East Asian settings. An apostrophe in front makes it text.
 */
const formula = /^[=+\-@\t\r\n＝＋－＠]/;

function csvCell(value: string | number | null): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  const text = formula.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) || text !== text.trim() ? `"${text.replaceAll('"', '""')}"` : text;
}
