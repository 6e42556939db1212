import type { Silence } from '../domain/alert/silence.ts';
import type { SilencePorts } from './write-silence.ts';

/** - `ended`: it ends now, or never begins. - `already-ended`: it was over. - `not-found`: there is none, or it was over long ago. */
export type EndSilenceOutcome =
  | { readonly outcome: 'ended' | 'already-ended'; readonly silence: Silence }
  | { readonly outcome: 'not-found' };

/**
 * Lets a silence end now, and keeps it as long as others that have ended: a digest still says what was silenced. One that has not
 * begun is forgotten. Repeating it changes nothing. Returns the silence as it was.
 */
export async function endSilence(silenceId: string, { silences, now }: SilencePorts): Promise<EndSilenceOutcome> {
  const silence = (await silences.readSilences()).find((one) => one.silenceId === silenceId);
  if (silence === undefined) {
    return { outcome: 'not-found' };
  }
  const until = now();
  if (silence.until <= until) {
    return { outcome: 'already-ended', silence };
  }
  await (silence.from < until ? silences.writeSilence({ ...silence, until }) : silences.deleteSilence(silenceId));
  return { outcome: 'ended', silence };
}
