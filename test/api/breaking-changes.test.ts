import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { openapiDocument, openapiText } from '../../lib/local/openapi-document.ts';
import { expectGolden } from '../helpers/golden.ts';
import { breakingChanges } from './breaking-changes.ts';

const RELEASED = 'openapi-released.json';

function changed(change: (text: string) => string): string[] {
  const before = JSON.parse(openapiText());
  const text = change(openapiText());
  expect(text).not.toBe(openapiText());
  return breakingChanges(before, JSON.parse(text));
}

describe('the contract of the API', () => {
  it('breaks no client of the released one unless the first number of its version moves', () => {
    const { info } = openapiDocument();
    const major = (version: string) => Number(version.split('.')[0]);
    const released = JSON.parse(readFileSync(`test/golden/${RELEASED}`, 'utf8'));
    if (major(info.version) > major(released.info.version)) {
      // A new first number is released by writing the golden file anew.
      expectGolden(RELEASED, openapiText());
    }
    expect(breakingChanges(released, JSON.parse(openapiText()))).toEqual([]);
  });
});

describe('a change of the contract', () => {
  it.each([
    [
      'an operation that is gone',
      (text: string) => text.replace('"/v1/runs/{slot}"', '"/v1/run/{slot}"'),
      'GET /v1/runs/{slot} is gone',
    ],
    [
      'a parameter that is gone',
      (text: string) => text.replaceAll('"name": "window"', '"name": "days"'),
      'no longer takes query window',
    ],
    ['a field that is gone', (text: string) => text.replaceAll('"silenceId"', '"id"'), '.silenceId is gone'],
    [
      'a field of another type',
      (text: string) => text.replaceAll('"addressesLeft": {\n', '"addressesLeft": {\n          "type": "string",\n'),
      'it was',
    ],
    [
      'a value that is newly given',
      (text: string) => text.replaceAll('"in-force",', '"in-force", "paused",'),
      'newly gives paused',
    ],
    [
      'a value that is no longer taken',
      (text: string) =>
        text.replaceAll(
          '"exhausted", "critical", "warning", "unknown", "healthy"',
          '"exhausted", "critical", "warning", "unknown"',
        ),
      'no longer takes healthy',
    ],
    [
      'a field that is newly needed',
      (text: string) =>
        text.replaceAll('"required": ["match", "until", "reason"]', '"required": ["match", "until", "reason", "from"]'),
      '.from is newly needed',
    ],
    ['another status', (text: string) => text.replaceAll('"202": {', '"200": {'), 'no longer answers 202'],
  ])('is seen: %s', (_, change, sentence) => {
    expect(changed(change).join('\n')).toContain(sentence);
  });

  it.each([
    ['a new operation', (text: string) => text.replace('"/v1/runs/{slot}": {', '"/v1/new": {}, "/v1/runs/{slot}": {')],
    ['other words', (text: string) => text.replaceAll('The fleet', 'A fleet')],
    [
      'a parameter more',
      (text: string) =>
        text.replace('"parameters": []', '"parameters": [{ "name": "a", "in": "query", "required": false }]'),
    ],
  ])('breaks nothing: %s', (_, change) => {
    expect(changed(change)).toEqual([]);
  });
});
