import type { SilenceStore } from '../../lib/audit/alert-ports.ts';
import type { Silence } from '../../lib/domain/alert/silence.ts';

/** The store of silences in memory: what it promises and nothing else. */
export function memorySilenceStore(): SilenceStore {
  const silences = new Map<string, Silence>();
  return {
    async readSilences() {
      return [...silences.values()];
    },
    async writeSilence(silence) {
      silences.set(silence.silenceId, silence);
    },
    async deleteSilence(silenceId) {
      silences.delete(silenceId);
    },
  };
}
