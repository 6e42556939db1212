import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSettingsBucket, SETTINGS_KEY } from '../../lib/wiring/settings-bucket.ts';

/** As S3 answers whoever may read an object and list versions, but not list objects: it does not say that there is none. */
const DENIED = '<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>';

describe('a bucket of settings that may not be listed', () => {
  let server: Server;
  let versions = '';
  let access: Parameters<typeof createSettingsBucket>[1];

  beforeEach(async () => {
    server = createServer((request, response) => {
      const isList = new URL(request.url ?? '', 'http://s3').searchParams.has('versions');
      response.writeHead(isList ? 200 : 403, { 'content-type': 'application/xml', connection: 'close' });
      response.end(
        isList ? `<ListVersionsResult><IsTruncated>false</IsTruncated>${versions}</ListVersionsResult>` : DENIED,
      );
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    access = {
      credentials: { accessKeyId: 'x', secretAccessKey: 'x' },
      region: 'us-east-1',
      endpoint: `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`,
    };
  });

  afterEach(async () => {
    server.close();
    await once(server, 'close');
  });

  function version(key: string, isLatest: boolean): string {
    return `<Version><Key>${key}</Key><VersionId>v1</VersionId><IsLatest>${isLatest}</IsLatest></Version>`;
  }

  it.each([
    ['nothing', ''],
    ['another object', version(`${SETTINGS_KEY}.bak`, true)],
    ['versions that were deleted', version(SETTINGS_KEY, false)],
  ])('is empty where it holds %s', async (_, held) => {
    versions = held;
    expect(await createSettingsBucket('elbowroom-settings', access).newest(undefined)).toBe('absent');
  });

  it('is not empty where it holds a version that may not be read', async () => {
    versions = version(SETTINGS_KEY, true);
    await expect(createSettingsBucket('elbowroom-settings', access).newest('etag')).rejects.toThrow('Access Denied');
  });
});
