/** As much of a value as a message shows. */
const SHOWN_LENGTH_MAX = 60;
const HEXADECIMAL = 16;
const CODE_UNIT_DIGITS = 4;
/** Everything that could move a cursor, hide text or turn its direction. */
const UNSEEN_CHARACTERS = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** Returns a value of the file as a message shows it: `current value is "x"`, or what kind of thing it is. */
export function valueText(value: unknown): string {
  if (value === undefined) {
    return 'it is absent';
  }
  if (value === null) {
    return 'it is empty';
  }
  if (Array.isArray(value)) {
    return value.length === 0 ? 'it is an empty list' : `it is a list of ${value.length}`;
  }
  if (typeof value === 'object') {
    const keys = Object.keys(value);
    return keys.length === 0 ? 'it is an empty map' : `it is a map with ${shownText(keys.join(', '))}`;
  }
  return `current value is ${typeof value === 'string' ? `"${shownText(value)}"` : String(value)}`;
}

/** Returns text of the file as it may be printed: shortened, without characters that do not show as themselves. */
export function shownText(text: string): string {
  const shown = text.length > SHOWN_LENGTH_MAX ? `${text.slice(0, SHOWN_LENGTH_MAX)}…` : text;
  return shown.replace(UNSEEN_CHARACTERS, (unseen) =>
    // A character may be two code units, each of which is shown.
    unseen
      .split('')
      .map((unit) => `\\u${unit.charCodeAt(0).toString(HEXADECIMAL).padStart(CODE_UNIT_DIGITS, '0')}`)
      .join(''),
  );
}

/** Returns where something stands in the settings: `owners[2].match`. Keys that are no words are quoted. */
export function pathText(path: readonly PropertyKey[]): string {
  return path
    .map((step, index) => {
      if (typeof step === 'number') {
        return `[${step}]`;
      }
      const key = String(step);
      if (!/^[A-Za-z_][\w-]*$/.test(key)) {
        return `["${shownText(key)}"]`;
      }
      return index === 0 ? shownText(key) : `.${shownText(key)}`;
    })
    .join('');
}
