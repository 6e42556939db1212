import * as z from 'zod/mini';

/** How requests name what there is. Apart from what lists take, which requests for one thing need not carry along. */

export const ACCOUNT_ID = z.string().check(z.regex(/^\d{12}$/));
export const REGION = z.string().check(z.regex(/^[a-z]{2,}(?:-[a-z]+)+-\d+$/));
export const CLUSTER_ID = z
  .string()
  .check(
    z.regex(/^\d{12}:[a-z0-9-]{1,30}:[\w-]{1,100}$/),
    z.describe('the id of a cluster: {accountId}:{region}:{clusterName}'),
  );
export const SUBNET_ID = z
  .string()
  .check(z.regex(/^subnet-[0-9a-z-]{1,60}$/), z.describe('the id of a subnet, such as subnet-0123456789abcdef0'));
export const ALERT_ID = z
  .string()
  .check(z.regex(/^[A-Za-z0-9._~-]{1,512}$/), z.describe('the id of an alert: letters, digits and "._~-"'));
