import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SETTINGS_DOCUMENT, writeSettingsDocument } from '../../infra/settings-document.ts';
import { parseSettings } from '../../lib/settings/parse-settings.ts';
import { parseSettingsDocument } from '../../lib/settings/settings-document.ts';

describe('the settings of a deployment', () => {
  let root = '';
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'elbowroom-deploy-'));
  });
  afterEach(() => rmSync(root, { recursive: true }));

  it('are what the settings file says, as functions read it', () => {
    const source = '# why\nscope: { accounts: { include: [012345678901] } }\n';
    writeFileSync(join(root, 'elbowroom.settings.yaml'), source);
    writeSettingsDocument(root);
    // Once more: what an earlier deployment made is made again.
    writeSettingsDocument(root);
    const settings = parseSettings(source);
    expect(parseSettingsDocument(readFileSync(join(root, SETTINGS_DOCUMENT), 'utf8'))).toEqual({
      ok: true,
      value: { settings: settings.ok && settings.value, source },
    });
  });

  it('stop it where the file is wrong, with each line and reason', () => {
    writeFileSync(join(root, 'elbowroom.settings.yaml'), 'owners: []\nscop: {}\nmetrics: { subnetsMax: -1 }\n');
    expect(() => writeSettingsDocument(root)).toThrow(
      /^Cannot deploy:\nelbowroom\.settings\.yaml:2:1: Cannot read "scop": .*\nelbowroom\.settings\.yaml:3:24: Cannot read "metrics\.subnetsMax": current value is -1, .*$/,
    );
    expect(existsSync(join(root, SETTINGS_DOCUMENT))).toBe(false);
  });

  it('stop it where there is no file: it is not taken for an empty one', () => {
    expect(() => writeSettingsDocument(root)).toThrow(/ENOENT.*elbowroom\.settings\.yaml/);
  });
});
