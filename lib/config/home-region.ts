import { STSClient } from '@aws-sdk/client-sts';

/** Where nothing names a region: the one in which every account of the `aws` partition has an STS endpoint. */
const HOME_REGION_DEFAULT = 'us-east-1';

/**
 * Returns the region whose STS, Organizations and `DescribeRegions` are asked first: `AWS_REGION`, `AWS_DEFAULT_REGION` (which
 * the AWS CLI reads and the SDK does not), the profile's region, or us-east-1.
 */
export async function homeRegionOf(environment: Readonly<Record<string, string | undefined>>): Promise<string> {
  const named = environment['AWS_REGION'] || environment['AWS_DEFAULT_REGION'];
  if (named) {
    return named;
  }
  try {
    return await new STSClient({}).config.region();
  } catch {
    // The SDK throws where no profile names a region; there is nothing else it could be about.
    return HOME_REGION_DEFAULT;
  }
}
