/**
 * Returns text from AWS as it may be printed on a terminal or a log line: control and formatting characters, which could
 * move the cursor, hide text or reverse its direction, become U+FFFD.
 */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, '\uFFFD');
}
