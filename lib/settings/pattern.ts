const ANY_TEXT = '*';

/** Whether text is what a pattern describes: `*` stands for any text, also none; everything else stands for itself. */
export function matchesPattern(pattern: string, text: string): boolean {
  const [start, ...others] = pattern.split(ANY_TEXT);
  const end = others.pop();
  if (start === undefined || end === undefined) {
    return text === pattern;
  }
  if (!text.startsWith(start) || !text.endsWith(end)) {
    return false;
  }
  // The first place where a part fits leaves the most text to the parts after it, so no other needs to be tried.
  let position = start.length;
  for (const part of others) {
    const found = text.indexOf(part, position);
    if (found === -1) {
      return false;
    }
    position = found + part.length;
  }
  return position <= text.length - end.length;
}
