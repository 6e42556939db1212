import { createHash } from 'node:crypto';
import type { SettingsVersion, SettingsVersions } from '../../lib/wiring/settings-source.ts';

export interface SettingsShelf {
  readonly versions: SettingsVersions;
  put(text: string): Promise<void>;
  /** Marks the newest version as deleted; those before it are kept. */
  remove(): Promise<void>;
}

export interface MemorySettings extends SettingsShelf {
  /** Each question, in order. */
  readonly asked: readonly string[];
  /** While it is set every question fails. */
  failure: Error | undefined;
}

/** A settings file and its versions in memory. */
export function createMemorySettings(): MemorySettings {
  const kept: SettingsVersion[] = [];
  const asked: string[] = [];
  let isDeleted = false;
  const shelf: MemorySettings = {
    asked,
    failure: undefined,
    versions: {
      async newest(knownEtag) {
        asked.push('newest');
        if (shelf.failure !== undefined) {
          throw shelf.failure;
        }
        const newest = isDeleted ? undefined : kept[0];
        return newest === undefined ? 'absent' : newest.etag === knownEtag ? 'unchanged' : newest;
      },
      async *all() {
        for (const version of kept) {
          asked.push(version.name);
          yield version;
        }
      },
    },
    async put(text) {
      isDeleted = false;
      const etag = createHash('md5').update(text).digest('hex');
      kept.unshift({ etag, name: `version ${kept.length + 1}`, text });
    },
    async remove() {
      isDeleted = true;
    },
  };
  return shelf;
}
