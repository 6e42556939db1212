const ELLIPSIS = '…';

/** Returns text of at most `lengthMax` characters: what is longer is cut between two of them, and ends in an ellipsis. */
export function cutText(text: string, lengthMax: number): string {
  // No text has more characters than code units.
  if (text.length <= lengthMax) {
    return text;
  }
  const characters = [...text];
  return characters.length <= lengthMax ? text : characters.slice(0, lengthMax - 1).join('') + ELLIPSIS;
}
