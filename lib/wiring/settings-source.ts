import type { Clock } from '../aws/clock.ts';
import type { Settings } from '../settings/settings.ts';
import { parseSettingsDocument } from '../settings/settings-document.ts';
import { settingsProblemText } from '../settings/settings-problem.ts';
import { keepAnswer } from './keep-answer.ts';
import type { Telemetry } from './telemetry.ts';

/** A version of the settings as it was put. */
export interface SettingsVersion {
  /** Changes with the text: https://docs.aws.amazon.com/AmazonS3/latest/API/API_Object.html */
  readonly etag: string;
  /** Of it and its version, for people. */
  readonly name: string;
  /** A settings document, unless something else was put. */
  readonly text: string;
}

/** The settings where they are kept in versions. */
export interface SettingsVersions {
  /** Returns the newest version, unless it is the one of this tag; `absent` where there is none, or it was deleted. */
  newest(knownEtag: string | undefined): Promise<SettingsVersion | 'unchanged' | 'absent'>;
  /** Yields every version, the newest first; throws where there are more than a person would look through. */
  all(): AsyncIterable<SettingsVersion>;
}

export interface SettingsSourceOptions {
  readonly versions: SettingsVersions;
  /** Those that hold where no version is kept. */
  readonly bundled: () => Promise<Settings>;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
}

/** So long after a change the settings before it may still be in force. */
const KEPT_MS = 5 * 60_000;

/**
 * Returns what gives the settings in force, the same object until they change. Looks for a newer version every 5 minutes. One that
 * cannot be read is an error in the log, with each path and reason, and a metric at each look while it is there; the newest one
 * before it that can stays in force. Throws where nothing was read yet and nothing can be: what is scanned is not to be guessed.
 */
export function createSettingsSource({
  versions,
  bundled,
  clock,
  telemetry: { log, publish },
}: SettingsSourceOptions): () => Promise<Settings> {
  let inForce: { readonly etag?: string; readonly settings: Settings; readonly isNewest: boolean } | undefined;
  const refresh = async (known: typeof inForce) => {
    const newest = await versions.newest(known?.etag);
    if (newest === 'absent') {
      return { settings: await bundled(), isNewest: true };
    }
    if (newest === 'unchanged') {
      return known;
    }
    const document = parseSettingsDocument(newest.text);
    if (document.ok) {
      return { etag: newest.etag, settings: document.value.settings, isNewest: true };
    }
    const lines = document.error.map((problem) => settingsProblemText(newest.name, problem));
    log.error('Refused the newest settings: those before them stay in force', { problems: lines });
    return { etag: newest.etag, settings: (await newestGood(versions)) ?? (await bundled()), isNewest: false };
  };
  return keepAnswer(clock, KEPT_MS, async () => {
    try {
      inForce = await refresh(inForce);
    } catch (error) {
      if (inForce === undefined) {
        throw error;
      }
      log.warn('Cannot look for newer settings: those read last stay in force', { error });
    }
    if (inForce === undefined) {
      throw new Error('Cannot read the settings: they are said not to have changed, and nothing was read before');
    }
    if (!inForce.isNewest) {
      publish({ SettingsRefused: 1 });
    }
    return inForce.settings;
  });
}

async function newestGood(versions: SettingsVersions): Promise<Settings | undefined> {
  for await (const { text } of versions.all()) {
    const document = parseSettingsDocument(text);
    if (document.ok) {
      return document.value.settings;
    }
  }
  return undefined;
}
