import { createAwsApi } from '../lib/wiring/api-runtime.ts';
import { httpFunction } from '../lib/wiring/http-function.ts';
import { onFirstCall } from '../lib/wiring/on-first-call.ts';

/** Answers what API Gateway hands over. */
export const handler = onFirstCall(async () => httpFunction(await createAwsApi(process.env)));
