import { httpFunction } from '../lib/wiring/http-function.ts';
import { onFirstCall } from '../lib/wiring/on-first-call.ts';
import { createAwsPages } from '../lib/wiring/pages-runtime.ts';

/** Shows the dashboard to who logs in. */
export const handler = onFirstCall(async () => httpFunction(createAwsPages(process.env)));
