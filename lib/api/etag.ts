import { hash } from 'node:crypto';

/** As many characters as no two bodies share. */
const LENGTH = 22;

/** Returns the strong validator of a body. https://www.rfc-editor.org/rfc/rfc9110#section-8.8 */
export function etagOf(body: string | Uint8Array): string {
  return `"${hash('sha256', body, 'base64url').slice(0, LENGTH)}"`;
}

/**
 * Returns whether a header `If-Match` or `If-None-Match` names a validator. A cache that compressed a body may have made its
 * validator a weak one, which serves for reading and not for writing.
 */
export function namesEtag(header: string, etag: string, comparison: 'strong' | 'weak'): boolean {
  return header.split(',').some((one) => {
    const named = one.trim();
    return named === '*' || named === etag || (comparison === 'weak' && named === `W/${etag}`);
  });
}
