import { overTls, serviceMay } from './over-tls.ts';

/** The key of AWS for SNS: who may publish may encrypt with it. https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html */
const AWS_KEY = 'alias/aws/sns';

/** Where alerts are sent by mail: whoever subscribes is mailed. */
export function createMailTopic(): sst.aws.SnsTopic {
  const topic = new sst.aws.SnsTopic('AlertMails', {
    transform: {
      topic: (args) => {
        args.kmsMasterKeyId = AWS_KEY;
      },
    },
  });
  new aws.sns.TopicPolicy('AlertMailsPolicy', { arn: topic.arn, policy: overTls(topic.arn, 'sns:Publish') });
  return topic;
}

/**
 * Where alarms about Elbowroom itself go. AWS's key does not let CloudWatch encrypt with it, and a key of our own would cost more than all
 * alarms; an alarm says its own name and numbers and nothing of any account.
 * https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
 */
export function createAlarmTopic(): sst.aws.SnsTopic {
  const topic = new sst.aws.SnsTopic('Alarms');
  const cloudwatch = serviceMay('sns:Publish', topic.arn, 'cloudwatch');
  new aws.sns.TopicPolicy('AlarmsPolicy', {
    arn: topic.arn,
    policy: overTls(topic.arn, 'sns:Publish', cloudwatch),
  });
  return topic;
}
