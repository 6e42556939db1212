import { GetObjectCommand, type GetObjectCommandOutput, ListObjectVersionsCommand, S3Client } from '@aws-sdk/client-s3';
import { createOwnRequestHandler } from './own-request-handler.ts';
import type { SettingsVersion, SettingsVersions } from './settings-source.ts';

/** What the settings file is called in its bucket. */
export const SETTINGS_KEY = 'elbowroom.settings.yaml';
/** Nobody puts more bad versions in a row by mistake. */
const VERSIONS_MAX = 20;
const NOT_MODIFIED = 304;
const FORBIDDEN = 403;
const NOT_FOUND = 404;

/** Returns the settings file in a versioned bucket, read with the function's own role in its own region. */
export function createSettingsBucket(bucket: string): SettingsVersions {
  const client = createClient();
  const read = async (conditions: { readonly IfNoneMatch?: string; readonly VersionId?: string }) => {
    const command = new GetObjectCommand({ Bucket: bucket, Key: SETTINGS_KEY, ...conditions });
    return toVersion(bucket, await client.send(command));
  };
  const list = async () => {
    const command = new ListObjectVersionsCommand({ Bucket: bucket, Prefix: SETTINGS_KEY, MaxKeys: VERSIONS_MAX });
    const { Versions, IsTruncated } = await client.send(command);
    // The SDK leaves an empty list out. Newest first: https://docs.aws.amazon.com/AmazonS3/latest/userguide/list-obj-version-enabled-bucket.html
    return { versions: (Versions ?? []).filter(({ Key }) => Key === SETTINGS_KEY), isAll: IsTruncated !== true };
  };
  return {
    async newest(knownEtag) {
      try {
        return await read(knownEtag === undefined ? {} : { IfNoneMatch: knownEtag });
      } catch (cause) {
        const status = statusOf(cause);
        if (status === NOT_MODIFIED) {
          return 'unchanged';
        }
        // Whoever may not list current objects is not told whether there is one, and a bucket that is absent is not an empty one: the
        // list knows. https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
        const isMaybeAbsent = status === NOT_FOUND || status === FORBIDDEN;
        if (isMaybeAbsent && !(await list()).versions.some(({ IsLatest }) => IsLatest)) {
          return 'absent';
        }
        throw cause;
      }
    },
    async *all() {
      const { versions, isAll } = await list();
      for (const { VersionId } of versions) {
        if (VersionId !== undefined) {
          yield await read({ VersionId });
        }
      }
      if (!isAll) {
        throw new Error(
          `Cannot read the settings: none of the newest ${VERSIONS_MAX} versions of s3://${bucket}/${SETTINGS_KEY} is right. Put one with "npm run settings -- put"`,
        );
      }
    },
  };
}

function createClient(): S3Client {
  const client = new S3Client({ requestHandler: createOwnRequestHandler() });
  // It deep-copies every answer for a logger that is not there.
  client.middlewareStack.remove('loggerMiddleware');
  return client;
}

async function toVersion(bucket: string, { Body, ETag, VersionId }: GetObjectCommandOutput): Promise<SettingsVersion> {
  if (Body === undefined || ETag === undefined) {
    throw new Error(`Cannot read s3://${bucket}/${SETTINGS_KEY}: S3 answered without its text or tag`);
  }
  return {
    etag: ETag,
    name: `s3://${bucket}/${SETTINGS_KEY}?versionId=${VersionId}`,
    text: await Body.transformToString('utf-8'),
  };
}

/** S3 has no error of its own for what has not changed: only the status says so. */
function statusOf(cause: unknown): number | undefined {
  const metadata = cause instanceof Error && '$metadata' in cause ? cause.$metadata : undefined;
  const status = typeof metadata === 'object' && metadata !== null && 'httpStatusCode' in metadata;
  return status && typeof metadata.httpStatusCode === 'number' ? metadata.httpStatusCode : undefined;
}
