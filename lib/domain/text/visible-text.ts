/**
 * Characters that change how text is laid out without showing: line ends, other controls, and format characters such as the
 * right-to-left override. The joiners U+200C and U+200D are left alone: scripts and emoji are written with them.
 * https://www.unicode.org/reports/tr36/#Bidirectional_Text_Spoofing
 */
const UNSEEN_CHARACTERS = /\r\n|(?![\u200c\u200d])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;
const LINE_END = /^[\r\n\u0085\u2028\u2029]/u;
const HEXADECIMAL = 16;
const CODE_POINT_DIGITS = 4;

/** Returns text from outside with every unseen character made visible, so that it reads as it is on one line. */
export function visibleText(text: string): string {
  return text.toWellFormed().replace(UNSEEN_CHARACTERS, (unseen) => {
    if (LINE_END.test(unseen)) {
      return '↵';
    }
    return unseen === '\t' ? ' ' : `[U+${codePointText(unseen)}]`;
  });
}

function codePointText(character: string): string {
  // The pattern matches one character at least, so there is a first code point.
  const codePoint = character.codePointAt(0) ?? 0;
  return codePoint.toString(HEXADECIMAL).toUpperCase().padStart(CODE_POINT_DIGITS, '0');
}
