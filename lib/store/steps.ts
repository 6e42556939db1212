import { list, numeric, record } from './shape.ts';

/** Numbers of which most are what the one before is: those that are not, with their places. */
export interface Steps {
  readonly places: readonly number[];
  readonly values: readonly number[];
}

export const stepsShape = record<Steps>({ places: list(numeric), values: list(numeric) });

export function stepsOf(numbers: readonly number[]): Steps {
  const places = numbers.flatMap((value, place) => (value === numbers[place - 1] ? [] : [place]));
  return { places, values: places.flatMap((place) => numbers[place] ?? []) };
}

/** Returns what gives the numbers from a place on, one after the other, the last one again and again. */
export function stepReader({ places, values }: Steps, from = 0): () => number {
  let place = from;
  let step = 0;
  while ((places[step] ?? Number.POSITIVE_INFINITY) < from) {
    step += 1;
  }
  return () => {
    step += places[step] === place ? 1 : 0;
    place += 1;
    return columnValue(values, step - 1);
  };
}

/** Returns what a column holds at a place; throws where the document is too short to hold it. */
export function columnValue<T>(values: readonly T[], index: number): T {
  const value = values[index];
  if (value === undefined) {
    throw new Error(`the document holds no series: a column has nothing at ${index}`);
  }
  return value;
}
