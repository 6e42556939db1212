import type { AlertHome, AlertKind, AlertSubject } from './alert.ts';

/** Stands between the words of an id, and in none of them. */
const SEPARATOR = '.';
const PLAIN_CHARACTER = /[A-Za-z0-9_-]/;
const ESCAPE = '~';
/** Of a UTF-16 code in hexadecimal. */
const ESCAPE_DIGITS = 4;

/** Returns the id of an alert: one for each kind, home and subject, whatever their names hold. */
export function alertIdOf(kind: AlertKind, home: AlertHome, subject: AlertSubject): string {
  return idText([kind, ...homeWords(home), ...subjectWords(subject)]);
}

/** Returns words as one text of letters, digits and `-_.~`; no two lists of words give the same. */
export function idText(words: readonly string[]): string {
  return words.map(encoded).join(SEPARATOR);
}

function homeWords(home: AlertHome): string[] {
  return home.kind === 'vpc' ? [home.vpc.ownerId, home.vpc.region, home.vpc.vpcId] : [home.accountId];
}

function subjectWords(subject: AlertSubject): string[] {
  switch (subject.kind) {
    case 'subnet':
      return ['subnet', subject.subnetId];
    case 'cluster':
      return ['cluster', subject.clusterId];
    case 'account':
      return ['account', subject.accountId];
    case 'target':
      return ['target', subject.target.accountId, subject.target.region];
  }
}

function encoded(word: string): string {
  let text = '';
  for (let index = 0; index < word.length; index += 1) {
    const character = word.charAt(index);
    text += PLAIN_CHARACTER.test(character)
      ? character
      : ESCAPE + word.charCodeAt(index).toString(16).padStart(ESCAPE_DIGITS, '0');
  }
  return text;
}

/** How many words an id has whose home is an account: its kind, the account, and two or three of the subject. */
const ACCOUNT_WORDS_MAX = 5;
const ESCAPED = /~([0-9a-f]{4})/g;
const HEXADECIMAL = 16;

/** Returns the home that an id names, or `undefined` where it is no id of an alert. */
export function homeOfAlertId(alertId: string): AlertHome | undefined {
  const words = alertId.split(SEPARATOR).map(decoded);
  const [, first, region, vpcId] = words;
  if (first === undefined || region === undefined || vpcId === undefined) {
    return undefined;
  }
  return words.length <= ACCOUNT_WORDS_MAX
    ? { kind: 'account', accountId: first }
    : { kind: 'vpc', vpc: { ownerId: first, region, vpcId } };
}

function decoded(word: string): string {
  return word.replaceAll(ESCAPED, (_, code: string) => String.fromCharCode(Number.parseInt(code, HEXADECIMAL)));
}
