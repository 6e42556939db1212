import * as z from 'zod/mini';
import { err, ok, type Result } from '../domain/result.ts';
import { jsonText } from '../domain/text/json-text.ts';
import { checkValue } from './check-value.ts';
import { map } from './setting-parts.ts';
import { Settings } from './settings.ts';
import { PROBLEM_COUNT_MAX, type SettingsProblem } from './settings-problem.ts';
import { shownText } from './value-text.ts';

/** What functions read: a settings file that was found right, as JSON. */
export interface SettingsDocument {
  /** What is in force, with every default filled in. */
  readonly settings: Settings;
  /** The YAML that it was made of, comments and all: for people, and read by no function. */
  readonly source: string;
}

/** Rises when what is kept beside the settings changes its meaning. A key of the settings that is new changes nothing. */
const SCHEMA_VERSION = 1;
const MADE_BY = '"npm run settings -- put"';

const Document = map({
  schemaVersion: z.literal(SCHEMA_VERSION, `${SCHEMA_VERSION}, as ${MADE_BY} of this release writes it`),
  settings: z.custom<unknown>((value) => value !== undefined, 'a map'),
  source: z.string(),
});

/** Returns the text of the document of a file: the text of the file, and what it says, which has to be right. */
export function printSettingsDocument(source: string, written: unknown): string {
  return jsonText({ schemaVersion: SCHEMA_VERSION, settings: written, source } satisfies z.input<typeof Document>);
}

/** Reads the text of a document. Returns it, or what is wrong, at most 100 problems, each with its path in the settings. */
export function parseSettingsDocument(text: string): Result<SettingsDocument, readonly SettingsProblem[]> {
  const json = parseJson(text);
  if (!json.ok) {
    return json;
  }
  const document = checkValue(Document, json.value);
  if (!document.ok) {
    return err(document.error.slice(0, PROBLEM_COUNT_MAX));
  }
  const settings = checkValue(Settings, document.value.settings);
  return settings.ok
    ? ok({ settings: settings.value, source: document.value.source })
    : err(settings.error.slice(0, PROBLEM_COUNT_MAX));
}

function parseJson(text: string): Result<unknown, readonly SettingsProblem[]> {
  try {
    return ok(JSON.parse(text));
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) {
      throw cause;
    }
    const current = text === '' ? 'it is empty' : `it begins with "${shownText(text)}"`;
    return err([{ code: 'not-json', path: '', current, expected: `JSON that ${MADE_BY} made of a settings file` }]);
  }
}
