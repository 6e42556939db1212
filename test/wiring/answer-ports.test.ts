import { type Context, Hono } from 'hono';
import { describe, expect, it } from 'vitest';
import { createAnswerPorts } from '../../lib/wiring/answer-ports.ts';
import { createRecordingTelemetry } from './recording-telemetry.ts';

const OIDC = { OIDC_ISSUER: 'https://issuer.example', OIDC_AUDIENCE: 'elbowroom', OIDC_ACCOUNTS_CLAIM: undefined };
const NONE = { OIDC_ISSUER: undefined, OIDC_AUDIENCE: undefined, OIDC_ACCOUNTS_CLAIM: undefined };
const CLOCK = { now: () => 0, sleep: async () => undefined };
const IAM_IDENTITY = { iam: { userArn: 'arn:aws:iam::111122223333:user/ana' } };

type Config = Parameters<typeof createAnswerPorts>[0]['config'];

function portsOf(config: Config) {
  const telemetry = createRecordingTelemetry();
  return { telemetry, ports: createAnswerPorts({ telemetry, clock: CLOCK, config }, {}) };
}

/** What a request comes to that API Gateway has let in by these. */
async function callerOf(config: Config, authorizer: object) {
  const app = new Hono();
  const { authenticate } = portsOf(config).ports;
  app.get('/', async (context: Context) => context.json(await authenticate(context)));
  return (await app.request('/', {}, { event: { requestContext: { authorizer } } })).json();
}

describe('a function that answers a part of the API', () => {
  it('knows callers by their IAM identity where no issuer is set', async () => {
    expect(await callerOf(NONE, IAM_IDENTITY)).toMatchObject({ ok: true, value: { name: IAM_IDENTITY.iam.userArn } });
    expect(await callerOf(NONE, {})).toMatchObject({ ok: false, error: { code: 'not-authenticated' } });
  });

  it('knows callers by a token alone where an issuer is set', async () => {
    expect(await callerOf(OIDC, IAM_IDENTITY)).toMatchObject({ ok: false, error: { code: 'not-authenticated' } });
  });

  it.each([{ OIDC_ISSUER: undefined }, { OIDC_AUDIENCE: undefined }])(
    'does not start with half an issuer: %j',
    (half) => {
      expect(() => portsOf({ ...OIDC, ...half })).toThrow(
        'of OIDC_ISSUER and OIDC_AUDIENCE one is set; set both, or none',
      );
    },
  );

  it('writes a line for each answer and counts it', () => {
    const { telemetry, ports } = portsOf(NONE);
    const answer = { requestId: 'r', operationId: 'getFleet', route: 'GET /v1/fleet', caller: 'ana', durationMs: 3 };
    ports.onAnswer({ ...answer, status: 200 });
    expect(telemetry.lines).toHaveLength(1);
    expect(telemetry.published).toEqual([{ RequestDuration: 3 }, { ColdStarts: 1 }]);
  });
});
