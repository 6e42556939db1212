import type { FunctionsInput } from './functions.ts';
import type { GrantedResource } from './grants.ts';

/** Returns the ARN of what policies name, for the function whose full name is given. */
export type ArnOf = (resource: GrantedResource, functionFullName: string) => $util.Input<string>;

/** What the settings are called, in their bucket and beside the bundle. */
export const SETTINGS_FILE = 'elbowroom.settings.json';

const SECRET = 'secret:';

export function resourceArns({ parameters, table, settings, queues, bus, mailTopic }: FunctionsInput): ArnOf {
  const known: Readonly<Record<Exclude<GrantedResource, `secret:${string}` | 'own-log'>, $util.Input<string>>> = {
    table: table.arn,
    'settings-object': $interpolate`${settings.arn}/${SETTINGS_FILE}`,
    'settings-bucket': settings.arn,
    'scan-queue': queues.scan.queue.arn,
    'pulse-queue': queues.pulse.queue.arn,
    'judge-queue': queues.judge.queue.arn,
    'event-dead-letters': queues.events.arn,
    bus: bus.arn,
    'mail-topic': mailTopic.arn,
    'member-role': $interpolate`arn:${aws.getPartitionOutput().partition}:iam::*:role/${parameters.roleName}`,
    // Has no resources: https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsorganizations.html
    organization: '*',
  };
  return (resource, functionFullName) => {
    if (resource === 'own-log') {
      return ownArn('logs', `log-group:/aws/lambda/${functionFullName}:*`);
    }
    return isSecret(resource)
      ? ownArn('ssm', `parameter${secretsPath()}${resource.slice(SECRET.length)}`)
      : known[resource];
  };
}

/** Where this stage's secrets are in Parameter Store. */
export function secretsPath(): string {
  return `/elbowroom/${$app.stage}/`;
}

function isSecret(resource: GrantedResource): resource is `secret:${string}` {
  return resource.startsWith(SECRET);
}

/** Returns the ARN of something in this account and region. */
export function ownArn(service: string, resource: string): $util.Output<string> {
  const { partition } = aws.getPartitionOutput();
  const { region } = aws.getRegionOutput();
  const { accountId } = aws.getCallerIdentityOutput();
  return $interpolate`arn:${partition}:${service}:${region}:${accountId}:${resource}`;
}
