import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { fromNodeProviderChain } from '@aws-sdk/credential-providers';
import { homeRegionOf } from '../config/home-region.ts';
import { createSettingsBucket, SETTINGS_KEY } from '../wiring/settings-bucket.ts';
import { runSettings } from './settings-command.ts';

async function put(bucket: string, document: string): Promise<string | undefined> {
  // Buckets are found by their names, wherever the credentials' region is.
  const client = new S3Client({ followRegionRedirects: true });
  const command = new PutObjectCommand({
    Bucket: bucket,
    Key: SETTINGS_KEY,
    Body: Buffer.from(document),
    ContentType: 'application/json',
  });
  return (await client.send(command)).VersionId;
}

const credentials = fromNodeProviderChain();
// biome-ignore lint/style/noProcessEnv: a command reads its environment, once
const environment = process.env;
const region = await homeRegionOf(environment);
const endpoint = environment['AWS_ENDPOINT_URL'];
process.exitCode = await runSettings(process.argv.slice(2), process, {
  put,
  versionsIn: (bucket) => createSettingsBucket(bucket, { credentials, region, endpoint }),
});
