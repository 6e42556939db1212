import { describe, expect, it } from 'vitest';
import { defaultSettings } from '../../lib/settings/settings.ts';
import { createSettingsSource } from '../../lib/wiring/settings-source.ts';
import { createFakeClock } from '../aws/fake-clock.ts';
import { settingsDocument } from '../settings/settings-document-of.ts';
import { createMemorySettings } from './memory-settings-versions.ts';
import { createRecordingTelemetry } from './recording-telemetry.ts';
import { describeSettingsVersions } from './settings-versions-contract.ts';

const FIVE_MINUTES_MS = 5 * 60_000;
const BAD = JSON.stringify({ schemaVersion: 1, settings: { thresholds: {}, scop: {} }, source: '' });

function scopeTo(region: string): string {
  return settingsDocument(`scope:\n  regions:\n    include: [${region}]\n`);
}

function createWorld() {
  const shelf = createMemorySettings();
  const clock = createFakeClock();
  const telemetry = createRecordingTelemetry();
  const bundled = { ...defaultSettings() };
  const read = createSettingsSource({
    versions: shelf.versions,
    bundled: async () => bundled,
    clock,
    telemetry,
  });
  const regions = async () => (await read()).scope.regions.include;
  const { lines, published } = telemetry;
  return { shelf, clock, read, regions, bundled, lines, published, later: () => clock.advance(FIVE_MINUTES_MS) };
}

describe('versions of the settings in memory', () => {
  describeSettingsVersions(async () => createMemorySettings());
});

describe('the settings in force', () => {
  it('are those of the bundle where no version was put', async () => {
    const { read, bundled, later } = createWorld();
    expect(await read()).toBe(bundled);
    await later();
    expect(await read()).toBe(bundled);
  });

  it('are those of the bundle again once the versions are deleted', async () => {
    const { shelf, regions, later, read, bundled } = createWorld();
    await shelf.put(scopeTo('eu-west-1'));
    expect(await regions()).toEqual(['eu-west-1']);
    await shelf.remove();
    await later();
    expect(await read()).toBe(bundled);
  });

  it('are looked for once in five minutes, and are the same object until they change', async () => {
    const { shelf, clock, read, regions } = createWorld();
    await shelf.put(scopeTo('eu-west-1'));
    const first = await read();
    await shelf.put(scopeTo('eu-west-2'));
    await clock.advance(FIVE_MINUTES_MS - 1);
    expect(await read()).toBe(first);
    expect(shelf.asked).toEqual(['newest']);
    await clock.advance(1);
    expect(await regions()).toEqual(['eu-west-2']);
    const second = await read();
    await clock.advance(FIVE_MINUTES_MS);
    expect(await read()).toBe(second);
    expect(shelf.asked).toEqual(['newest', 'newest', 'newest']);
  });

  it('stay the newest right ones where a bad version is put, which is told once with its path and reason', async () => {
    const { shelf, regions, later, lines, read } = createWorld();
    await shelf.put(scopeTo('eu-west-1'));
    expect(await regions()).toEqual(['eu-west-1']);
    // A right one and a bad one between two looks: who looks first now and who looked before come to the same.
    await shelf.put(scopeTo('eu-west-2'));
    await shelf.put(BAD);
    await later();
    expect(await regions()).toEqual(['eu-west-2']);
    const stayed = await read();
    await later();
    expect(await read()).toBe(stayed);
    expect(lines).toEqual([
      {
        level: 'error',
        message: 'Refused the newest settings: those before them stay in force',
        fields: { problems: [expect.stringMatching(/^version 3: Cannot read "scop": there is no such key/)] },
      },
    ]);
    await shelf.put(scopeTo('eu-west-3'));
    await later();
    expect(await regions()).toEqual(['eu-west-3']);
  });

  it('are counted as refused at each look while the newest version is wrong, and only then', async () => {
    const { shelf, read, later, published } = createWorld();
    await shelf.put(scopeTo('eu-west-1'));
    await read();
    await shelf.put(BAD);
    await read();
    expect(published).toEqual([]);
    await later();
    await read();
    await read();
    await later();
    await read();
    expect(published).toEqual([{ SettingsRefused: 1 }, { SettingsRefused: 1 }]);
    await shelf.put(scopeTo('eu-west-2'));
    await later();
    await read();
    expect(published).toHaveLength(2);
  });

  it('are counted as refused by who starts under a wrong version, and not once it is deleted', async () => {
    const { shelf, read, later, published } = createWorld();
    await shelf.put(BAD);
    await read();
    expect(published).toEqual([{ SettingsRefused: 1 }]);
    await shelf.remove();
    await later();
    await read();
    expect(published).toHaveLength(1);
  });

  it('are those of the bundle where no version was ever right', async () => {
    const { shelf, read, bundled } = createWorld();
    await shelf.put(BAD);
    await shelf.put('scope: {}\n');
    expect(await read()).toBe(bundled);
  });

  it('stay where the bucket does not answer, and are read again later', async () => {
    const { shelf, regions, later, lines } = createWorld();
    await shelf.put(scopeTo('eu-west-1'));
    await regions();
    await shelf.put(scopeTo('eu-west-2'));
    shelf.failure = new Error('no route');
    await later();
    expect(await regions()).toEqual(['eu-west-1']);
    expect(lines).toMatchObject([{ level: 'warn', fields: { error: shelf.failure } }]);
    shelf.failure = undefined;
    await later();
    expect(await regions()).toEqual(['eu-west-2']);
  });

  it('are not guessed where the bucket does not answer at first, and are asked for again at once', async () => {
    const { shelf, regions } = createWorld();
    await shelf.put(scopeTo('eu-west-1'));
    shelf.failure = new Error('no route');
    await expect(regions()).rejects.toThrow('no route');
    shelf.failure = undefined;
    expect(await regions()).toEqual(['eu-west-1']);
  });
});
