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
