/** Returns what makes a value when it is asked for first, and then gives that. */
export function madeOnce<T>(make: () => T): () => T {
  let known: { readonly value: T } | undefined;
  return () => {
    known ??= { value: make() };
    return known.value;
  };
}
