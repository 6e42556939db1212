import { GetParametersCommand, type SSMClient } from '@aws-sdk/client-ssm';
import { describe, expect, it } from 'vitest';
import { createSecretReader } from '../../lib/wiring/secret-reader.ts';
import { createFakeClock } from '../aws/fake-clock.ts';

const MINUTE_MS = 60_000;

/** A Parameter Store of one account, and what it was asked. */
function aParameterStore(values: Map<string, string>) {
  const asked: unknown[] = [];
  const answer = async (command: unknown) => {
    if (!(command instanceof GetParametersCommand)) {
      throw new Error('The fake Parameter Store knows GetParameters only');
    }
    asked.push(command.input);
    const names = command.input.Names ?? [];
    return {
      $metadata: {},
      Parameters: names.flatMap((Name) => (values.has(Name) ? [{ Name, Value: values.get(Name) }] : [])),
      InvalidParameters: names.filter((name) => !values.has(name)),
    };
  };
  // Of its many overloads the code uses this one.
  const client = { send: answer } as unknown as Pick<SSMClient, 'send'>;
  return { client, asked };
}

function aReader(values: Map<string, string>) {
  const clock = createFakeClock();
  const { client, asked } = aParameterStore(values);
  return { clock, asked, read: createSecretReader({ client, path: '/elbowroom/test/', clock }) };
}

describe('the reader of secrets', () => {
  it('asks for each when it is wanted first, decrypted, and keeps it 5 minutes', async () => {
    const values = new Map([['/elbowroom/test/slack-bot-token', 'xoxb-1']]);
    const { clock, asked, read } = aReader(values);
    expect(asked).toEqual([]);
    expect(await read('slack-bot-token')).toEqual(['xoxb-1']);
    values.set('/elbowroom/test/slack-bot-token', 'xoxb-2');
    await clock.advance(5 * MINUTE_MS - 1);
    expect(await read('slack-bot-token')).toEqual(['xoxb-1']);
    await clock.advance(1);
    expect(await read('slack-bot-token')).toEqual(['xoxb-2']);
    expect(asked).toEqual(Array(2).fill({ Names: ['/elbowroom/test/slack-bot-token'], WithDecryption: true }));
  });

  it('gives the new one before the old one while it rotates', async () => {
    const values = new Map([['/elbowroom/test/slack-signing-secret', ' new\r\nold \n\n']]);
    expect(await aReader(values).read('slack-signing-secret')).toEqual(['new', 'old']);
  });

  it.each(['', ' \n'])('gives none where there is none, or only %j', async (value) => {
    expect(await aReader(new Map([['/elbowroom/test/slack-bot-token', value]])).read('slack-bot-token')).toEqual([]);
    expect(await aReader(new Map()).read('slack-bot-token')).toEqual([]);
  });

  it('does not mix them up', async () => {
    const { read } = aReader(
      new Map([
        ['/elbowroom/test/slack-bot-token', 'a'],
        ['/elbowroom/test/cursor-key', 'b'],
      ]),
    );
    expect(await Promise.all([read('slack-bot-token'), read('cursor-key')])).toEqual([['a'], ['b']]);
  });
});
