export interface Price {
  readonly service: string;
  readonly usd: number;
  /** For how many of the unit. */
  readonly per: number;
  readonly unit: string;
  /** Where AWS says it. */
  readonly page: string;
  /** Where it was read, since that page draws its prices by a script. */
  readonly readAt: string;
}

/** The day they were read. On-demand, us-east-1, without free tiers, volume discounts, savings plans and taxes. */
export const PRICES_READ_ON = '2026-11-23';

const MILLION = 1_000_000;
const DYNAMODB = 'https://aws.amazon.com/dynamodb/pricing/on-demand/';
const CLOUDWATCH = 'https://aws.amazon.com/cloudwatch/pricing/';
const CLOUDWATCH_READ = 'https://www.factualminds.com/blog/amazon-cloudwatch-pricing-metrics-logs-alarms-dashboards/';
const LAMBDA = 'https://aws.amazon.com/lambda/pricing/';
const SQS = 'https://aws.amazon.com/sqs/pricing/';
const SQS_READ = 'https://cloudburn.io/blog/amazon-sqs-pricing';
const EVENTBRIDGE = 'https://aws.amazon.com/eventbridge/pricing/';
const EVENTBRIDGE_READ = 'https://cloudburn.io/blog/amazon-eventbridge-pricing';

export const PRICES = {
  writeUnit: {
    service: 'DynamoDB',
    usd: 0.625,
    per: MILLION,
    unit: 'write units',
    page: DYNAMODB,
    readAt: 'https://airbyte.com/data-engineering-resources/dynamodb-pricing',
  },
  readUnit: {
    service: 'DynamoDB',
    usd: 0.125,
    per: MILLION,
    unit: 'read units',
    page: DYNAMODB,
    readAt: 'https://airbyte.com/data-engineering-resources/dynamodb-pricing',
  },
  tableStorage: {
    service: 'DynamoDB',
    usd: 0.25,
    per: 1,
    unit: 'GB-months',
    page: DYNAMODB,
    readAt: 'https://aws.amazon.com/dynamodb/pricing/',
  },
  recovery: {
    service: 'DynamoDB',
    usd: 0.2,
    per: 1,
    unit: 'GB-months of point-in-time recovery',
    page: DYNAMODB,
    readAt: 'https://finops.com.py/services/dynamodb/backups',
  },
  lambdaTime: {
    service: 'Lambda',
    usd: 13.3334,
    per: MILLION,
    unit: 'GB-seconds on arm64',
    page: LAMBDA,
    readAt: 'https://cloudchipr.com/blog/aws-lambda-pricing',
  },
  lambdaRequest: {
    service: 'Lambda',
    usd: 0.2,
    per: MILLION,
    unit: 'invocations',
    page: LAMBDA,
    readAt: 'https://git.mcrn.ar/mariano/lambda_local_runner/src/branch/main/docs/lambdas-md/lambda-13-cost.md',
  },
  queueRequest: { service: 'SQS', usd: 0.4, per: MILLION, unit: 'requests', page: SQS, readAt: SQS_READ },
  fifoRequest: { service: 'SQS', usd: 0.5, per: MILLION, unit: 'requests to FIFO queues', page: SQS, readAt: SQS_READ },
  schedule: {
    service: 'EventBridge',
    usd: 1,
    per: MILLION,
    unit: 'starts by the Scheduler',
    page: EVENTBRIDGE,
    readAt: EVENTBRIDGE_READ,
  },
  event: {
    service: 'EventBridge',
    usd: 1,
    per: MILLION,
    unit: 'events on the bus',
    page: EVENTBRIDGE,
    readAt: EVENTBRIDGE_READ,
  },
  apiRequest: {
    service: 'API Gateway',
    usd: 1,
    per: MILLION,
    unit: 'requests to the HTTP API',
    page: 'https://aws.amazon.com/api-gateway/pricing/',
    readAt: 'https://www.apigatewaycost.com/aws',
  },
  logIngestion: {
    service: 'CloudWatch',
    usd: 0.5,
    per: 1,
    unit: 'GB of logs taken in',
    page: CLOUDWATCH,
    readAt: CLOUDWATCH_READ,
  },
  logStorage: {
    service: 'CloudWatch',
    usd: 0.03,
    per: 1,
    unit: 'GB-months of logs',
    page: CLOUDWATCH,
    // As a tool printed it that reads AWS's price list.
    readAt: 'https://github.com/vreutova/infracost-idem-support/pull/2',
  },
  metric: {
    service: 'CloudWatch',
    usd: 0.3,
    per: 1,
    unit: 'custom metrics',
    page: CLOUDWATCH,
    readAt: 'https://signoz.io/guides/cloudwatch-pricing',
  },
  metricBeyond10000: {
    service: 'CloudWatch',
    usd: 0.1,
    per: 1,
    unit: 'custom metrics beyond 10,000',
    page: CLOUDWATCH,
    readAt: 'https://cal53.calculator.city/cloudwatch-custom-metrics-calculator/',
  },
  alarm: {
    service: 'CloudWatch',
    usd: 0.1,
    per: 1,
    unit: 'alarms',
    page: CLOUDWATCH,
    // The same tool, by those who make it.
    readAt: 'https://github.com/infracost/infracost/pull/235',
  },
  dashboard: { service: 'CloudWatch', usd: 3, per: 1, unit: 'dashboards', page: CLOUDWATCH, readAt: CLOUDWATCH_READ },
  objectRead: {
    service: 'S3',
    usd: 0.4,
    per: MILLION,
    unit: 'reads of the settings',
    page: 'https://aws.amazon.com/s3/pricing/',
    readAt: 'https://devnotes.tech/understanding-aws-s3-pricing-a-complete-cost-breakdown-with-examples',
  },
  keyRequest: {
    service: 'KMS',
    usd: 3,
    per: MILLION,
    unit: "requests to AWS's own key of the table",
    page: 'https://aws.amazon.com/kms/pricing/',
    readAt: 'https://www.wring.co/blog/aws-kms-pricing-guide',
  },
  trailCopy: {
    service: 'CloudTrail',
    usd: 20,
    per: MILLION,
    unit: 'management events, for each trail but the first',
    page: 'https://aws.amazon.com/cloudtrail/pricing/',
    readAt: 'https://aws.amazon.com/cloudtrail/pricing/',
  },
  guardDutyEvent: {
    service: 'GuardDuty',
    usd: 4,
    per: MILLION,
    unit: 'management events',
    page: 'https://aws.amazon.com/guardduty/pricing/',
    readAt: 'https://www.factualminds.com/blog/amazon-guardduty-pricing-data-sources-multi-account/',
  },
  ipamAddressHour: {
    service: 'VPC IPAM, advanced tier',
    usd: 0.000_27,
    per: 1,
    unit: 'hours of active addresses',
    page: 'https://aws.amazon.com/vpc/pricing/',
    // As of May 2024.
    readAt: 'https://aws.amazon.com/vpc/pricing/',
  },
  configItem: {
    service: 'AWS Config',
    usd: 0.003,
    per: 1,
    unit: 'configuration items',
    page: 'https://aws.amazon.com/config/pricing/',
    readAt: 'https://www.vantage.sh/blog/aws-config-pricing',
  },
} as const satisfies Readonly<Record<string, Price>>;

export type PriceName = keyof typeof PRICES;
