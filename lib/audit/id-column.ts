/**
 * The ids of rows, as the bytes that their digits stand for: a hundred thousand texts would take longer to make than the page takes
 * that shows a hundred of them.
 */
export interface IdColumn<F extends IdForm = IdForm> {
  readonly length: number;
  readonly form: F;
  /** Of each row as many bytes as its form has; zeros where the row's id is of another form. */
  readonly digits: Uint8Array;
  /** Ids of another form, by row. */
  readonly others: ReadonlyMap<number, string>;
}

/** Ids of one form, as most are: what is the same in all of them is not kept. */
export interface IdForm {
  /** How many bytes the digits of an id are: some words of four. */
  readonly byteCount: number;
  /** Returns the hexadecimal digits, or `undefined` where the id is of another form. */
  digitsOf(id: string): string | undefined;
  idOf(digits: string): string;
}

/** A text, and then digits. */
export interface LongIdForm extends IdForm {
  readonly prefix: string;
}

export const HEX_DIGITS_PER_BYTE = 2;

/** EC2's long ids: seventeen digits, of which the first is 0. https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/resource-ids.html */
function longIdForm(kind: string): LongIdForm {
  const prefix = `${kind}-0`;
  const pattern = new RegExp(`^${prefix}([0-9a-f]{16})$`);
  return { prefix, byteCount: 8, digitsOf: (id) => pattern.exec(id)?.[1], idOf: (digits) => prefix + digits };
}

export const vpcIdForm = longIdForm('vpc');
export const subnetIdForm = longIdForm('subnet');

const UUID = /^([0-9a-f]{8})-([0-9a-f]{4})-([0-9a-f]{4})-([0-9a-f]{4})-([0-9a-f]{12})$/;
export const uuidForm: IdForm = {
  byteCount: 16,
  digitsOf: (id) => UUID.exec(id)?.slice(1).join(''),
  idOf: (digits) =>
    [digits.slice(0, 8), digits.slice(8, 12), digits.slice(12, 16), digits.slice(16, 20), digits.slice(20)].join('-'),
};

export function idColumn<F extends IdForm>(form: F, ids: readonly string[]): IdColumn<F> {
  const digits = new Uint8Array(ids.length * form.byteCount);
  const others = new Map<number, string>();
  ids.forEach((id, row) => {
    const own = form.digitsOf(id);
    if (own === undefined) {
      others.set(row, id);
    } else {
      digits.set(Buffer.from(own, 'hex'), row * form.byteCount);
    }
  });
  return { length: ids.length, form, digits, others };
}

/** Returns the id of a row. Throws where there is no such row. */
export function idAt({ length, form, digits, others }: IdColumn, row: number): string {
  if (!(row >= 0 && row < length)) {
    throw new RangeError(`Cannot read row ${row}: there are ${length}`);
  }
  return (
    others.get(row) ?? form.idOf(bytesOf(digits).toString('hex', row * form.byteCount, (row + 1) * form.byteCount))
  );
}

/** Compares two rows' ids by UTF-16 code unit, as `<` has it: less than 0 where the first one's comes first. */
export function compareIds(column: IdColumn, first: number, second: number): number {
  const { form, digits, others } = column;
  if (others.has(first) || others.has(second)) {
    return compareTexts(idAt(column, first), idAt(column, second));
  }
  // Digits sort as their bytes do.
  const start = first * form.byteCount;
  const otherStart = second * form.byteCount;
  for (let index = 0; index < form.byteCount; index += 1) {
    const difference = (digits[start + index] ?? 0) - (digits[otherStart + index] ?? 0);
    if (difference !== 0) {
      return difference;
    }
  }
  return 0;
}

/** By UTF-16 code unit, as `<` has it. */
export function compareTexts(a: string, b: string): number {
  if (a === b) {
    return 0;
  }
  return a < b ? -1 : 1;
}

/** Returns the first row of an id, or `undefined` where none has it. */
export function rowOfId({ form, digits, others: odd }: IdColumn, id: string): number | undefined {
  const own = form.digitsOf(id);
  if (own === undefined) {
    return [...odd].find(([, other]) => other === id)?.[0];
  }
  const [first = 0, ...others] = wordsOf(Uint8Array.from(Buffer.from(own, 'hex')));
  const all = wordsOf(digits);
  const wordCount = form.byteCount / Uint32Array.BYTES_PER_ELEMENT;
  // An id goes on in words that may look like the first of another; an id of another form has zeros.
  const isFound = (place: number) =>
    place % wordCount === 0 &&
    others.every((word, index) => word === all[place + 1 + index]) &&
    !odd.has(place / wordCount);
  let place = all.indexOf(first);
  while (place >= 0 && !isFound(place)) {
    place = all.indexOf(first, place + 1);
  }
  return place < 0 ? undefined : place / wordCount;
}

/** Words are found ten times as fast as bytes. Columns begin where a word may. */
function wordsOf({ buffer, byteOffset, byteLength }: Uint8Array): Uint32Array {
  return new Uint32Array(buffer, byteOffset, byteLength / Uint32Array.BYTES_PER_ELEMENT);
}

function bytesOf({ buffer, byteOffset, byteLength }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}
