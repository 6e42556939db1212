import { PublishCommand, type PublishCommandInput, type SNSClient } from '@aws-sdk/client-sns';
import type { AlertNotification } from '../../../lib/domain/alert/alert-notification.ts';

/**
 * What becomes of a mail: `answer-lost` after the topic took it; `taken-twice` where the SDK repeats what it had no answer to.
 */
export type MailFate = 'taken' | 'refused' | 'answer-lost' | 'taken-twice';

export interface TakenMail {
  /** The transitions that it was made to tell, as `alertId~sequence`, in its order. */
  readonly told: readonly string[];
  readonly subject: string;
  readonly text: string;
}

export interface FakeMailTopic {
  /** What the topic took, in its order. */
  readonly mails: readonly TakenMail[];
  /** What SNS would not have taken, as sentences. */
  readonly problems: readonly string[];
  /** A client that is sent the mail of one notification. */
  clientFor(notification: AlertNotification): Pick<SNSClient, 'send'>;
}

export class MailFault extends Error {}

/** https://docs.aws.amazon.com/sns/latest/api/API_Publish.html */
const TEXT_BYTES_MAX = 262_144;
const SUBJECT = /^[!-~][ -~]{0,98}$/;

/** A topic that does with each mail as it is told to, and keeps what it took. */
export function createFakeMailTopic(fateOf: () => Promise<MailFate>): FakeMailTopic {
  const mails: TakenMail[] = [];
  const problems: string[] = [];
  return {
    mails,
    problems,
    clientFor(notification) {
      const send = async (command: unknown) => {
        if (!(command instanceof PublishCommand)) {
          throw new TypeError('Cannot take anything but PublishCommand');
        }
        const fate = await fateOf();
        const mail = mailOf(command.input, notification);
        problems.push(...problemsOf(mail));
        if (fate === 'refused') {
          throw new MailFault('Rate exceeded');
        }
        mails.push(...(fate === 'taken-twice' ? [mail, mail] : [mail]));
        if (fate === 'answer-lost') {
          throw new MailFault('socket hang up');
        }
        return { $metadata: {} };
      };
      // The one command that it is sent is answered as SNS does.
      return { send: send as SNSClient['send'] };
    },
  };
}

function mailOf(input: PublishCommandInput, notification: AlertNotification): TakenMail {
  const pending = notification.kind === 'alert' ? [notification] : notification.alerts;
  return {
    told: pending.flatMap(({ transitions }) => transitions.map(({ alertId, sequence }) => `${alertId}~${sequence}`)),
    // One without either is told of as a problem.
    subject: input.Subject ?? '',
    text: input.Message ?? '',
  };
}

function problemsOf({ subject, text }: TakenMail): string[] {
  return [
    ...(SUBJECT.test(subject) ? [] : [`a subject that SNS does not take: ${JSON.stringify(subject)}`]),
    ...(text === '' || Buffer.byteLength(text) > TEXT_BYTES_MAX ? [`a text of ${Buffer.byteLength(text)} bytes`] : []),
  ];
}
