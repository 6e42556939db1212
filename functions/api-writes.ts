import { createAwsApiWrites } from '../lib/wiring/api-writes-runtime.ts';
import { httpFunction } from '../lib/wiring/http-function.ts';
import { underSettings } from '../lib/wiring/under-settings.ts';

/** Answers what API Gateway hands over of requests that change something. */
export const handler = underSettings('api-writes', process.env, async (settings) =>
  httpFunction(createAwsApiWrites(process.env, settings)),
);
