/** Reads which seeds to run: one such as 17, or a range such as 1-1000. */
export function seedsOf(text: string): number[] {
  const [first, last = first] = text.split('-').map(Number);
  if (first === undefined || last === undefined || !(first >= 1 && last >= first)) {
    throw new Error(`ELBOWROOM_FAULT_SEEDS is "${text}", expected a seed such as 17, or a range such as 1-1000`);
  }
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}
