import { PublishCommand, type SNSClient } from '@aws-sdk/client-sns';
import { type DeliveryReport, NOTHING_TOLD } from '../../audit/delivery-report.ts';
import type { AlertNotification } from '../../domain/alert/alert-notification.ts';
import type { MessageSetting } from '../slack/alert-parts.ts';
import { notificationMail } from './notification-mail.ts';

export interface MailPorts {
  readonly client: Pick<SNSClient, 'send'>;
  readonly topicArn: string;
  readonly setting: () => MessageSetting;
}

/**
 * Sends a notification as one mail by an SNS topic: at least once, since SNS cannot be asked what it has sent. Throws where SNS
 * did not take it. https://docs.aws.amazon.com/sns/latest/api/API_Publish.html
 */
export async function deliverMail(
  notification: AlertNotification,
  { client, topicArn, setting }: MailPorts,
): Promise<DeliveryReport> {
  const { subject, text, severity, kinds } = notificationMail(notification, setting());
  await client.send(
    new PublishCommand({
      TopicArn: topicArn,
      Subject: subject,
      Message: text,
      MessageAttributes: {
        severity: { DataType: 'String', StringValue: severity },
        // A filter policy matches any of a list. https://docs.aws.amazon.com/sns/latest/dg/sns-message-attributes.html
        kinds: { DataType: 'String.Array', StringValue: JSON.stringify(kinds) },
      },
    }),
  );
  const pending = notification.kind === 'alert' ? [notification] : notification.alerts;
  const done = pending.flatMap(({ transitions }) =>
    transitions.map(({ alertId, sequence }) => ({ alertId, sequence })),
  );
  return { ...NOTHING_TOLD, done, toldCount: 1 };
}
