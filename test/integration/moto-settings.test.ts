import { randomUUID } from 'node:crypto';
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { createSettingsBucket, SETTINGS_KEY } from '../../lib/wiring/settings-bucket.ts';
import { underSettings } from '../../lib/wiring/under-settings.ts';
import { hasCommand } from '../helpers/commands.ts';
import { MOTO_NOTE, type MotoServer, startMoto } from '../helpers/moto.ts';
import { settingsDocument } from '../settings/settings-document-of.ts';
import { describeSettingsVersions, textsOf } from '../wiring/settings-versions-contract.ts';

const START_WITHIN_MS = 60_000;
const FIVE_MINUTES_MS = 5 * 60_000;
const CONTEXT = { awsRequestId: 'request', getRemainingTimeInMillis: () => 10_000 };

describe.skipIf(!hasCommand('moto_server'))(`moto: the settings in a bucket (${MOTO_NOTE})`, () => {
  let moto: MotoServer | undefined;
  let s3: S3Client;
  beforeAll(async () => {
    moto = await startMoto();
    vi.stubEnv('AWS_ENDPOINT_URL', moto.url);
    vi.stubEnv('AWS_REGION', 'us-east-1');
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'x');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'x');
    s3 = new S3Client({ forcePathStyle: true });
  }, START_WITHIN_MS);
  afterAll(async () => {
    vi.unstubAllEnvs();
    await moto?.stop();
  });

  const access = () => ({
    credentials: { accessKeyId: 'x', secretAccessKey: 'x' },
    region: 'us-east-1',
    endpoint: moto?.url,
  });

  async function openBucket() {
    const Bucket = `settings-${randomUUID()}`;
    await s3.send(new CreateBucketCommand({ Bucket }));
    await s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Enabled' } }));
    return {
      bucket: Bucket,
      versions: createSettingsBucket(Bucket, access()),
      put: async (text: string) => {
        await s3.send(new PutObjectCommand({ Bucket, Key: SETTINGS_KEY, Body: Buffer.from(text) }));
      },
      remove: async () => {
        await s3.send(new DeleteObjectCommand({ Bucket, Key: SETTINGS_KEY }));
      },
    };
  }

  describeSettingsVersions(openBucket);

  it('does not take another object for them', async () => {
    const { bucket, versions } = await openBucket();
    await s3.send(new PutObjectCommand({ Bucket: bucket, Key: `${SETTINGS_KEY}.bak`, Body: Buffer.from('a: 1') }));
    expect(await textsOf(versions)).toEqual([]);
  });

  it('says that twenty bad versions in a row are too many to look further', async () => {
    const { bucket, versions, put } = await openBucket();
    for (let count = 0; count < 20; count += 1) {
      await put(`a: ${count}`);
    }
    expect(await textsOf(versions)).toHaveLength(20);
    await put('a: 20');
    await expect(textsOf(versions)).rejects.toThrow(
      `none of the newest 20 versions of s3://${bucket}/${SETTINGS_KEY} is right`,
    );
  });

  it('throws where there is no such bucket', async () => {
    await expect(createSettingsBucket(`settings-${randomUUID()}`, access()).newest(undefined)).rejects.toThrow(
      'bucket',
    );
  });

  it('are what a function is built under, and built again once they changed', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    onTestFinished(() => {
      vi.useRealTimers();
    });
    const { bucket, put } = await openBucket();
    await put(settingsDocument('scope:\n  regions:\n    include: [eu-north-1]\n'));
    let builds = 0;
    const handler = underSettings('judge-vpc', { ...process.env, SETTINGS_BUCKET: bucket }, async (settings) => {
      builds += 1;
      return async () => settings.scope.regions.include;
    });
    expect(await handler({}, CONTEXT)).toEqual(['eu-north-1']);
    await put(settingsDocument('scope:\n  regions:\n    include: [eu-south-1]\n'));
    expect(await handler({}, CONTEXT)).toEqual(['eu-north-1']);
    vi.setSystemTime(Date.now() + FIVE_MINUTES_MS);
    expect(await handler({}, CONTEXT)).toEqual(['eu-south-1']);
    vi.setSystemTime(Date.now() + FIVE_MINUTES_MS);
    expect(await handler({}, CONTEXT)).toEqual(['eu-south-1']);
    expect(builds).toBe(2);
  });
});
