import { CALLBACK_PATH, FLEET_PATH, LOGIN_PATH, LOGOUT_PATH } from '../page-paths.ts';

/** Far above any address of a page; it is kept in a cookie. */
const LENGTH_MAX = 1_024;
/** A path from the root, in the letters of an address: no host by two slashes, and none that a browser makes of a backslash. */
const ABSOLUTE_PATH = /^\/(?![/\\])[!-~]*$/;
const NOT_RETURNED_TO: readonly string[] = [LOGIN_PATH, CALLBACK_PATH, LOGOUT_PATH];

/**
 * Returns the address that somebody is led to after a login: the page that was asked for if it is one of this origin, else the
 * fleet. It names the origin, so that nothing in the path can. https://cwe.mitre.org/data/definitions/601.html
 */
export function returnAddress(asked: string | undefined, origin: string): string {
  const fleet = new URL(FLEET_PATH, origin).href;
  if (asked === undefined || asked.length > LENGTH_MAX || !ABSOLUTE_PATH.test(asked)) {
    return fleet;
  }
  const url = new URL(asked, origin);
  return NOT_RETURNED_TO.includes(url.pathname) ? fleet : origin + url.pathname + url.search;
}
