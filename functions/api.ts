import { createAwsApi } from '../lib/wiring/api-runtime.ts';
import { httpFunction } from '../lib/wiring/http-function.ts';
import { useLightMessages } from '../lib/wiring/light-messages.ts';
import { underSettings } from '../lib/wiring/under-settings.ts';

useLightMessages();

/** Answers what API Gateway hands over of requests that read. */
export const handler = underSettings('api', process.env, async (settings) =>
  httpFunction(createAwsApi(process.env, settings)),
);
