import { ownArn } from './resource-arns.ts';

interface Statement {
  readonly effect: 'Allow' | 'Deny';
  readonly actions: string[];
  readonly resources: $util.Input<string>[];
  readonly principals: { readonly type: string; readonly identifiers: string[] }[];
  readonly conditions: { readonly test: string; readonly variable: string; readonly values: $util.Input<string>[] }[];
}

/** Returns a resource's policy that refuses these actions to whoever asks without TLS, and allows what else is said. */
export function overTls(
  arn: $util.Input<string>,
  action: 'sqs:*' | 'sns:Publish',
  ...allowed: readonly Statement[]
): $util.Output<string> {
  const refused: Statement = {
    effect: 'Deny',
    actions: [action],
    resources: [arn],
    principals: [{ type: '*', identifiers: ['*'] }],
    conditions: [{ test: 'Bool', variable: 'aws:SecureTransport', values: ['false'] }],
  };
  return aws.iam.getPolicyDocumentOutput({ statements: [refused, ...allowed] }).json;
}

/**
 * Lets a service of AWS in that acts for something of this account, by the key that EventBridge and CloudWatch are documented to send:
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Notify_Users_Alarm_Changes.html
 */
export function serviceMay(action: string, arn: $util.Input<string>, service: 'events' | 'cloudwatch'): Statement {
  const source = service === 'events' ? ownArn('events', 'rule/*') : ownArn('cloudwatch', 'alarm:*');
  return {
    effect: 'Allow',
    actions: [action],
    resources: [arn],
    principals: [{ type: 'Service', identifiers: [`${service}.amazonaws.com`] }],
    conditions: [{ test: 'ArnLike', variable: 'aws:SourceArn', values: [source] }],
  };
}
