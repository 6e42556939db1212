import { createSignedGet, type SignedAnswer, type SignedGetOptions, type SignedRequest } from '../aws/signed-get.ts';
import { createOwnRequestHandler } from './own-request-handler.ts';
import type { SettingsVersion, SettingsVersions } from './settings-source.ts';

/** What the settings are called in their bucket. */
export const SETTINGS_KEY = 'elbowroom.settings.json';
/** Nobody puts more bad versions in a row by mistake. */
const VERSIONS_MAX = 20;
const OK = 200;
const NOT_MODIFIED = 304;
const FORBIDDEN = 403;
const NOT_FOUND = 404;

const TEXT_SHOWN_MAX = 500;

/** Returns the settings in a versioned bucket, read with the credentials and in the region that are given. */
export function createSettingsBucket(
  bucket: string,
  access: Omit<SignedGetOptions, 'requestHandler'>,
): SettingsVersions {
  const get = createSignedGet({ ...access, requestHandler: createOwnRequestHandler() });
  const read = (more: Pick<SignedRequest, 'query' | 'headers'>) =>
    get({ action: 's3:GetObject', bucket, key: SETTINGS_KEY, ...more });
  // https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectVersions.html
  const list = async () => {
    const query = { versions: '', prefix: SETTINGS_KEY, 'max-keys': String(VERSIONS_MAX) };
    const answer = await get({ action: 's3:ListBucketVersions', bucket, query });
    if (answer.status !== OK) {
      throw notAnswered(answer, bucket);
    }
    return listedIn(answer.text);
  };
  return {
    async newest(knownEtag) {
      const answer = await read(knownEtag === undefined ? {} : { headers: { 'if-none-match': knownEtag } });
      switch (answer.status) {
        case OK:
          return toVersion(bucket, answer);
        case NOT_MODIFIED:
          return 'unchanged';
        // Whoever may not list current objects is not told whether there is one, and a bucket that is absent is not an empty one: the
        // list knows. https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
        case NOT_FOUND:
        case FORBIDDEN:
          if (!(await list()).versions.some(({ isLatest }) => isLatest)) {
            return 'absent';
          }
      }
      throw notAnswered(answer, bucket);
    },
    async *all() {
      const { versions, isAll } = await list();
      for (const { versionId } of versions) {
        const answer = await read({ query: { versionId } });
        if (answer.status !== OK) {
          throw notAnswered(answer, bucket);
        }
        yield toVersion(bucket, answer);
      }
      if (!isAll) {
        throw new Error(
          `Cannot read the settings: none of the newest ${VERSIONS_MAX} versions of s3://${bucket}/${SETTINGS_KEY} is right. Put one with "npm run settings -- put"`,
        );
      }
    },
  };
}

/** Newest first: https://docs.aws.amazon.com/AmazonS3/latest/userguide/list-obj-version-enabled-bucket.html */
function listedIn(xml: string) {
  const versions = Array.from(xml.matchAll(/<Version>(.*?)<\/Version>/gs), ([, version = '']) => ({
    key: textOf(version, 'Key'),
    versionId: textOf(version, 'VersionId'),
    isLatest: textOf(version, 'IsLatest') === 'true',
  }));
  return {
    versions: versions.filter(({ key }) => key === SETTINGS_KEY),
    isAll: textOf(xml, 'IsTruncated') !== 'true',
  };
}

/** What stands in an element that holds only text. None of those that are read here has a character that XML would escape. */
function textOf(xml: string, element: string): string {
  return new RegExp(`<${element}>([^<]*)</${element}>`).exec(xml)?.[1] ?? '';
}

function toVersion(bucket: string, { headers, text }: SignedAnswer): SettingsVersion {
  const etag = headers['etag'];
  if (etag === undefined) {
    throw new Error(`Cannot read s3://${bucket}/${SETTINGS_KEY}: S3 answered without its tag`);
  }
  return { etag, name: `s3://${bucket}/${SETTINGS_KEY}?versionId=${headers['x-amz-version-id']}`, text };
}

/** The answer says in XML what is wrong: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html */
function notAnswered({ status, text }: SignedAnswer, bucket: string): Error {
  const reason = `${textOf(text, 'Code')} ${textOf(text, 'Message')}`.slice(0, TEXT_SHOWN_MAX);
  return new Error(`Cannot read s3://${bucket}/${SETTINGS_KEY}: S3 answers ${status} ${reason}`);
}
