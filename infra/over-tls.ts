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

/** Lets a service of AWS in that acts for this account. */
export function serviceMay(action: string, service: string, arn: $util.Input<string>): Statement {
  return {
    effect: 'Allow',
    actions: [action],
    resources: [arn],
    principals: [{ type: 'Service', identifiers: [service] }],
    conditions: [
      { test: 'StringEquals', variable: 'aws:SourceAccount', values: [aws.getCallerIdentityOutput().accountId] },
    ],
  };
}
