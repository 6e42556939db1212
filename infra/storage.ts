/** The one table. Its attributes are those of `lib/store/table.ts`. */
export function createTable() {
  return new sst.aws.Dynamo('Table', {
    fields: { pk: 'string', sk: 'string' },
    primaryIndex: { hashKey: 'pk', rangeKey: 'sk' },
    ttl: 'expiresAt',
    transform: {
      table: (table) => {
        table.pointInTimeRecovery = { enabled: true };
        // AWS's own key encrypts every table; that of the account is in CloudTrail and can be denied.
        table.serverSideEncryption = { enabled: true };
        table.deletionProtectionEnabled = $app.removal === 'retain';
      },
    },
  });
}

/** So long a version of the settings can be looked up after the next one came: as long as what was judged under it is of interest. */
const OLD_SETTINGS_DAYS = 365;
/** As long as the facts that a report is made of: 13 months. A report that was overwritten or deleted can be had back for a month. */
const REPORT_DAYS = 400;
const OLD_REPORT_DAYS = 30;
/** What nobody finished uploading. */
const UNFINISHED_DAYS = 7;

/** Where the settings are put, in versions. */
export function createSettingsBucket(): sst.aws.Bucket {
  return privateBucket('Settings', { noncurrentVersionExpiration: { noncurrentDays: OLD_SETTINGS_DAYS } });
}

/** Where reports are put. No function may use it: a grant comes with what writes them. */
export function createReportsBucket(): sst.aws.Bucket {
  return privateBucket('Reports', {
    expiration: { days: REPORT_DAYS },
    noncurrentVersionExpiration: { noncurrentDays: OLD_REPORT_DAYS },
  });
}

type Lifecycle = Pick<
  aws.types.input.s3.BucketLifecycleConfigurationRule,
  'expiration' | 'noncurrentVersionExpiration'
>;

/** Keeps what is overwritten. That it is nobody's but this account's, and answers over TLS alone, is SST's default. */
function privateBucket(name: string, lifecycle: Lifecycle): sst.aws.Bucket {
  const bucket = new sst.aws.Bucket(name, { versioning: true, cors: false });
  new aws.s3.BucketServerSideEncryptionConfiguration(`${name}Encryption`, {
    bucket: bucket.name,
    rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: 'AES256' } }],
  });
  new aws.s3.BucketLifecycleConfiguration(
    `${name}Lifecycle`,
    {
      bucket: bucket.name,
      rules: [
        {
          id: 'old-versions',
          status: 'Enabled',
          // Everything: without it the provider does not know whether that is meant.
          filter: {},
          abortIncompleteMultipartUpload: { daysAfterInitiation: UNFINISHED_DAYS },
          ...lifecycle,
        },
      ],
    },
    // S3 refuses a rule about old versions where none are kept yet.
    { dependsOn: [bucket] },
  );
  return bucket;
}
