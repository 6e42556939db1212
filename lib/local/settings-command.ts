import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { err, ok, type Result } from '../domain/result.ts';
import { type ConvertedSettings, convertSettings } from '../settings/convert-settings.ts';
import { parseSettings } from '../settings/parse-settings.ts';
import { printSettings } from '../settings/print-settings.ts';
import { parseSettingsDocument, type SettingsDocument } from '../settings/settings-document.ts';
import { settingsHash } from '../settings/settings-hash.ts';
import { placedProblemsText, settingsProblemText } from '../settings/settings-problem.ts';
import type { SettingsVersions } from '../wiring/settings-source.ts';
import { EXIT_CODE, type Terminal } from './audit-command.ts';
import { SETTINGS_FILE } from './settings-file.ts';

export const SETTINGS_USAGE = `Usage: npm run settings -- check [file]
       npm run settings -- put [file] --bucket <name>
       npm run settings -- show --bucket <name>
       npm run settings -- get --bucket <name>

check   says whether a settings file is right, and prints its hash (default: ${SETTINGS_FILE})
put     checks it, and puts it as JSON into the bucket of a deployment, where it is in force within five minutes: settingsBucket of
        what "npx sst deploy" printed. A file that is wrong is not put.
show    says which version in the bucket is in force, and why the newest one is not where it is not
get     prints the settings file that is in force, as it was written
`;

/** The bucket of a deployment's settings. */
export interface SettingsShelf {
  /** Puts the text of a settings document, and returns its version; none where the bucket keeps no versions. */
  put(bucket: string, document: string): Promise<string | undefined>;
  versionsIn(bucket: string): SettingsVersions;
}

/** Runs a command line of `npm run settings`, and returns its exit code. */
export async function runSettings(argv: readonly string[], terminal: Terminal, shelf: SettingsShelf): Promise<number> {
  const asked = parseFlags(argv);
  if (!asked.ok) {
    terminal.stderr.write(`${asked.error}\n\n${SETTINGS_USAGE}`);
    return EXIT_CODE.badUsage;
  }
  const { verb, path, bucket } = asked.value;
  try {
    return path === undefined
      ? await tellInForce(verb, bucket, shelf.versionsIn(bucket), terminal)
      : await checkAndPut(path, bucket, terminal, shelf);
  } catch (cause) {
    terminal.stderr.write(`Cannot ${verb} settings in "${bucket}": ${reasonOf(cause)}\n`);
    return EXIT_CODE.notSeen;
  }
}

async function checkAndPut(
  path: string,
  bucket: string | undefined,
  terminal: Terminal,
  { put }: SettingsShelf,
): Promise<number> {
  const checked = await checkedFile(path);
  if (!checked.ok) {
    terminal.stderr.write(`${checked.error}\n`);
    return EXIT_CODE.badUsage;
  }
  const { settings, document } = checked.value;
  if (bucket !== undefined) {
    const version = await put(bucket, document);
    const kept =
      version === undefined ? 'It keeps no versions: is it the one of a deployment?' : `It is version ${version}.`;
    terminal.stdout.write(`"${path}" is in "${bucket}". ${kept}\n`);
  }
  terminal.stdout.write(
    `The settings are right. What is judged under them is kept with the hash\n${settingsHash(settings)}\n`,
  );
  return EXIT_CODE.allSeen;
}

/** Says which version is in force, or prints the file that it was made of. */
async function tellInForce(
  verb: 'show' | 'get',
  bucket: string,
  versions: SettingsVersions,
  { stdout, stderr }: Terminal,
): Promise<number> {
  // The file alone is what "get" puts out.
  const notes = verb === 'get' ? stderr : stdout;
  const newest = await versions.newest(undefined);
  if (newest === 'absent' || newest === 'unchanged') {
    notes.write(`No settings are in "${bucket}": those of the last deployment are in force\n`);
    return verb === 'get' ? EXIT_CODE.notSeen : EXIT_CODE.allSeen;
  }
  const { inForce, refused } = await readVersions(versions);
  stderr.write(refused.join(''));
  if (inForce === undefined) {
    notes.write(`No version in "${bucket}" is right: the settings of the last deployment are in force\n`);
    return EXIT_CODE.notSeen;
  }
  const { name, document } = inForce;
  notes.write(
    `In force is ${name}. What is judged under it is kept with the hash\n${settingsHash(document.settings)}\n`,
  );
  const isAsWritten = isWhatSourceSays(document);
  if (!isAsWritten) {
    stderr.write(
      `Its "source" is not the file that its "settings" were made of, and the settings count: they were not put by "npm run settings -- put". Put the file that is meant\n`,
    );
  }
  if (verb === 'get') {
    stdout.write(isAsWritten ? document.source : printSettings(document.settings));
  }
  return isAsWritten && refused.length === 0 ? EXIT_CODE.allSeen : EXIT_CODE.notSeen;
}

interface ReadVersions {
  readonly inForce?: { readonly name: string; readonly document: SettingsDocument };
  /** What is wrong with those that are newer, a line each. */
  readonly refused: readonly string[];
}

/** Reads them as the functions do: the newest that is right is in force. */
async function readVersions(versions: SettingsVersions): Promise<ReadVersions> {
  const refused: string[] = [];
  for await (const { name, text } of versions.all()) {
    const document = parseSettingsDocument(text);
    if (document.ok) {
      return { inForce: { name, document: document.value }, refused };
    }
    refused.push(...document.error.map((problem) => `Refused: ${settingsProblemText(name, problem)}\n`));
  }
  return { refused };
}

/** Whether a document says to people what it says to functions, which cannot tell: they have no reader of YAML. */
function isWhatSourceSays({ source, settings }: SettingsDocument): boolean {
  const written = parseSettings(source);
  return written.ok && settingsHash(written.value) === settingsHash(settings);
}

type Asked =
  | { readonly verb: 'check'; readonly path: string; readonly bucket: undefined }
  | { readonly verb: 'put'; readonly path: string; readonly bucket: string }
  | { readonly verb: 'show' | 'get'; readonly path: undefined; readonly bucket: string };

function parseFlags(argv: readonly string[]): Result<Asked> {
  let parsed: { values: { bucket?: string }; positionals: string[] };
  try {
    parsed = parseArgs({ args: [...argv], options: { bucket: { type: 'string' } }, allowPositionals: true });
  } catch (cause) {
    return err(`Cannot read the command line: ${reasonOf(cause)}`);
  }
  const {
    values: { bucket },
    positionals: [verb, file, ...rest],
  } = parsed;
  const path = file ?? SETTINGS_FILE;
  const isOneFile = rest.length === 0;
  if (verb === 'check' && isOneFile && bucket === undefined) {
    return ok({ verb, path, bucket });
  }
  if (verb === 'put' && isOneFile && bucket !== undefined) {
    return ok({ verb, path, bucket });
  }
  if ((verb === 'show' || verb === 'get') && file === undefined && bucket !== undefined) {
    return ok({ verb, path: undefined, bucket });
  }
  return err(
    `Cannot read the command line: it is "${argv.join(' ')}", expected "check" with at most one file, "put" with at most one file and --bucket, or "show" or "get" with --bucket`,
  );
}

async function checkedFile(path: string): Promise<Result<ConvertedSettings>> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    return err(`Cannot read the settings "${path}": ${reasonOf(cause)}`);
  }
  const converted = convertSettings(text);
  return converted.ok ? converted : err(placedProblemsText(path, converted.error));
}

function reasonOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
