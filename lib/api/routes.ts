import { READ_ROUTES } from './read-routes.ts';
import type { Route } from './route.ts';
import { WRITE_ROUTES } from './write-routes.ts';

/** Every route of the API, in the order of its document. What walks all of them walks this list. */
export const ROUTES: readonly Route[] = [...READ_ROUTES, ...WRITE_ROUTES];
