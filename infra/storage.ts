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

/** Where the settings file is put, in versions. That it is nobody's but this account's, and answers over TLS alone, is SST's default. */
export function createSettingsBucket(): sst.aws.Bucket {
  const settings = new sst.aws.Bucket('Settings', { versioning: true, cors: false });
  new aws.s3.BucketServerSideEncryptionConfiguration('SettingsEncryption', {
    bucket: settings.name,
    rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: 'AES256' } }],
  });
  new aws.s3.BucketLifecycleConfiguration(
    'SettingsLifecycle',
    {
      bucket: settings.name,
      rules: [
        {
          id: 'old-versions',
          status: 'Enabled',
          noncurrentVersionExpiration: { noncurrentDays: OLD_SETTINGS_DAYS },
        },
      ],
    },
    // S3 refuses a rule about old versions where none are kept yet.
    { dependsOn: [settings] },
  );
  return settings;
}
