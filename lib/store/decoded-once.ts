/** Returns what decodes bytes when they are asked for first, and then knows them. */
export function decodedOnce<T>(decode: (bytes: Uint8Array) => T): (bytes: Uint8Array) => T {
  const known = new WeakMap<Uint8Array, { readonly value: T }>();
  return (bytes) => {
    const { value } = known.get(bytes) ?? { value: decode(bytes) };
    known.set(bytes, { value });
    return value;
  };
}
