import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseDocument } from 'yaml';
import { parseSettings } from '../../lib/settings/parse-settings.ts';
import { defaultSettings } from '../../lib/settings/settings.ts';
import { settingsSchemaDocument } from '../../lib/settings/settings-schema-document.ts';

const file = readFileSync('elbowroom.settings.yaml', 'utf8');

/** The lines that begin with a mark, without it. */
function linesBehind(mark: RegExp): string {
  return file
    .split('\n')
    .filter((line) => mark.test(line))
    .map((line) => line.replace(mark, ''))
    .join('\n');
}

describe('elbowroom.settings.yaml', () => {
  it('is valid as it stands and sets nothing', () => {
    expect(parseSettings(file)).toEqual({ ok: true, value: defaultSettings() });
  });

  it('spells out every default', () => {
    const defaults = linesBehind(/^# (?!yaml-language-server)/);
    expect(parseDocument(defaults).toJS()).toEqual(defaultSettings());
  });

  it('has a valid example of every section', () => {
    const examples = linesBehind(/^## {3}/);
    const parsed = parseSettings(examples);
    expect(parsed).toMatchObject({ ok: true });
    expect(Object.keys(parseDocument(examples).toJS())).toEqual(Object.keys(defaultSettings()));
    expect(
      Object.keys(parseDocument(examples).toJS()).filter(
        (key) => !examples.startsWith(`${key}:`) && !examples.includes(`\n${key}:`),
      ),
    ).toEqual([]);
  });

  it('names the schema that is committed', () => {
    expect(file.split('\n')[0]).toBe('# yaml-language-server: $schema=./elbowroom.settings.schema.json');
  });
});

describe('elbowroom.settings.schema.json', () => {
  it('is what the settings say: run "npm run generate" where it is not', () => {
    expect(readFileSync('elbowroom.settings.schema.json', 'utf8')).toBe(settingsSchemaDocument());
  });

  it('describes every key, and refuses every other', () => {
    const keys = keysIn(JSON.parse(settingsSchemaDocument()), '');
    expect(keys.length).toBeGreaterThan(50);
    expect(keys.filter(({ isDescribed }) => !isDescribed).map(({ path }) => path)).toEqual([]);
    expect(settingsSchemaDocument().match(/"properties": /g)?.length).toBe(
      settingsSchemaDocument().match(/"additionalProperties": false/g)?.length,
    );
  });
});

interface Key {
  readonly path: string;
  readonly isDescribed: boolean;
}

/** Every property anywhere in a JSON schema. */
function keysIn(schema: unknown, path: string): readonly Key[] {
  if (typeof schema !== 'object' || schema === null) {
    return [];
  }
  return Object.entries(schema).flatMap(([name, value]) => {
    if (name !== 'properties') {
      return keysIn(value, `${path}/${name}`);
    }
    return Object.entries<{ description?: string }>(value).flatMap(([key, property]) => [
      { path: `${path}/${key}`, isDescribed: (property.description ?? '').length > 0 },
      ...keysIn(property, `${path}/${key}`),
    ]);
  });
}
