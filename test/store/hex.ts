const HEX_DIGITS_PER_LINE = 100;

/** Returns bytes as lines of hexadecimal digits, for a golden file. */
export function hexOf(bytes: Uint8Array): string {
  const lines = Buffer.from(bytes)
    .toString('hex')
    .match(new RegExp(`.{1,${HEX_DIGITS_PER_LINE}}`, 'g'));
  return `${(lines ?? []).join('\n')}\n`;
}
