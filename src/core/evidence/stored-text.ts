/**
 * The form in which a text stands in a database column: U+FFFD in place of every NUL and every unpaired surrogate, which
 * PostgreSQL's UTF-8 text cannot hold. Names and titles from git may hold them; the sealed bytes keep the original.
 * Total and idempotent; leaves every other text as it is.
 */
export function storedText(text: string): string {
  return text.toWellFormed().replaceAll('\0', '\uFFFD');
}
