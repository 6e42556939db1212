import { hash } from 'node:crypto';

/** As many characters as no two bodies share. */
const LENGTH = 22;

/** Returns the strong validator of a body. https://www.rfc-editor.org/rfc/rfc9110#section-8.8 */
export function etagOf(body: string | Uint8Array): string {
  return `"${hash('sha256', body, 'base64url').slice(0, LENGTH)}"`;
}

/** Returns the validator of a body that is sent in an encoding: other bytes have another. https://www.rfc-editor.org/rfc/rfc9110#section-8.8.3.3 */
export function etagInEncoding(etag: string, encoding: string): string {
  return `${encodedPrefix(etag)}${encoding}"`;
}

function encodedPrefix(etag: string): string {
  return `${etag.slice(0, -1)}-`;
}

/**
 * Returns whether a header `If-None-Match` names the validator of a body as it would be sent. A cache that compressed a body may have
 * made its validator a weak one.
 */
export function namesEtag(header: string, etag: string): boolean {
  return validatorsOf(header).some((named) => named === '*' || named === etag || named === `W/${etag}`);
}

/** Returns whether a header `If-Match` names the validator of a body, in whatever encoding it was sent. */
export function namesEtagInAnyEncoding(header: string, etag: string): boolean {
  return validatorsOf(header).some((named) => named === '*' || named === etag || named.startsWith(encodedPrefix(etag)));
}

function validatorsOf(header: string): string[] {
  return header.split(',').map((one) => one.trim());
}
