import { expect, it } from 'vitest';
import type { SettingsVersion, SettingsVersions } from '../../lib/wiring/settings-source.ts';
import type { SettingsShelf } from './memory-settings-versions.ts';

/** What holds wherever the versions of the settings file are kept. */
export function describeSettingsVersions(open: () => Promise<SettingsShelf>): void {
  it('knows of none at first', async () => {
    const { versions } = await open();
    expect(await versions.newest(undefined)).toBe('absent');
    expect(await textsOf(versions)).toEqual([]);
  });

  it('gives the newest, and says where it is the one that is known', async () => {
    const { versions, put } = await open();
    await put('a: 1');
    const first = await newestOf(versions);
    expect(first.text).toBe('a: 1');
    expect(await versions.newest(first.etag)).toBe('unchanged');
    await put('a: ü\n');
    const second = await newestOf(versions, first.etag);
    expect(second.text).toBe('a: ü\n');
    expect(second.name).not.toBe(first.name);
    expect(await versions.newest(second.etag)).toBe('unchanged');
  });

  it('gives an empty text as what it is', async () => {
    const { versions, put } = await open();
    await put('');
    expect((await newestOf(versions)).text).toBe('');
  });

  it('gives all of them, the newest first', async () => {
    const { versions, put } = await open();
    for (const text of ['a: 1', 'a: 2', 'a: 3']) {
      await put(text);
    }
    expect(await textsOf(versions)).toEqual(['a: 3', 'a: 2', 'a: 1']);
  });

  it('says that there is none where it was deleted, and keeps those before', async () => {
    const { versions, put, remove } = await open();
    await put('a: 1');
    const { etag } = await newestOf(versions);
    await remove();
    expect(await versions.newest(undefined)).toBe('absent');
    expect(await versions.newest(etag)).toBe('absent');
    expect(await textsOf(versions)).toEqual(['a: 1']);
  });
}

async function newestOf(versions: SettingsVersions, knownEtag?: string): Promise<SettingsVersion> {
  const newest = await versions.newest(knownEtag);
  if (newest === 'absent' || newest === 'unchanged') {
    throw new Error(`Cannot test the newest version: it is ${newest}`);
  }
  return newest;
}

export async function textsOf(versions: SettingsVersions): Promise<string[]> {
  const texts: string[] = [];
  for await (const { text } of versions.all()) {
    texts.push(text);
  }
  return texts;
}
