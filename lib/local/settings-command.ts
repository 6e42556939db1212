import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { err, ok, type Result } from '../domain/result.ts';
import { parseSettings } from '../settings/parse-settings.ts';
import { settingsHash } from '../settings/settings-hash.ts';
import { settingsProblemText } from '../settings/settings-problem.ts';
import type { SettingsVersions } from '../wiring/settings-source.ts';
import { EXIT_CODE, type Terminal } from './audit-command.ts';
import { SETTINGS_FILE } from './settings-file.ts';

export const SETTINGS_USAGE = `Usage: npm run settings -- check [file]
       npm run settings -- put [file] --bucket <name>
       npm run settings -- show --bucket <name>

check   says whether a settings file is right, and prints its hash (default: ${SETTINGS_FILE})
put     checks it, and puts it into the bucket of a deployment, where it is in force within five minutes: settingsBucket of what
        "npx sst deploy" printed. A file that is wrong is not put.
show    says which version in the bucket is in force, and why the newest one is not where it is not
`;

/** The bucket of a deployment's settings. */
export interface SettingsShelf {
  /** Puts the text of a settings file, and returns its version; none where the bucket keeps no versions. */
  put(bucket: string, text: string): Promise<string | undefined>;
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
    return verb === 'show'
      ? await showVersions(bucket, shelf.versionsIn(bucket), terminal)
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
  const { text, hash } = checked.value;
  if (bucket !== undefined) {
    const version = await put(bucket, text);
    const kept =
      version === undefined ? 'It keeps no versions: is it the one of a deployment?' : `It is version ${version}.`;
    terminal.stdout.write(`"${path}" is in "${bucket}". ${kept}\n`);
  }
  terminal.stdout.write(`The settings are right. What is judged under them is kept with the hash\n${hash}\n`);
  return EXIT_CODE.allSeen;
}

/** Reads them as the functions do: the newest that is right is in force. */
async function showVersions(bucket: string, versions: SettingsVersions, terminal: Terminal): Promise<number> {
  const newest = await versions.newest(undefined);
  if (newest === 'absent' || newest === 'unchanged') {
    terminal.stdout.write(`No settings are in "${bucket}": those of the last deployment are in force\n`);
    return EXIT_CODE.allSeen;
  }
  const refused: string[] = [];
  for await (const { name, text } of versions.all()) {
    const settings = parseSettings(text);
    if (settings.ok) {
      terminal.stderr.write(refused.join(''));
      terminal.stdout.write(`In force is ${name}. What is judged under it is kept with the hash\n`);
      terminal.stdout.write(`${settingsHash(settings.value)}\n`);
      return refused.length === 0 ? EXIT_CODE.allSeen : EXIT_CODE.notSeen;
    }
    refused.push(...settings.error.map((problem) => `Refused: ${settingsProblemText(name, problem)}\n`));
  }
  terminal.stderr.write(refused.join(''));
  terminal.stdout.write(`No version in "${bucket}" is right: the settings of the last deployment are in force\n`);
  return EXIT_CODE.notSeen;
}

type Asked =
  | { readonly verb: 'check'; readonly path: string; readonly bucket: undefined }
  | { readonly verb: 'put'; readonly path: string; readonly bucket: string }
  | { readonly verb: 'show'; readonly path: undefined; readonly bucket: string };

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
  if (verb === 'show' && file === undefined && bucket !== undefined) {
    return ok({ verb, path: undefined, bucket });
  }
  return err(
    `Cannot read the command line: it is "${argv.join(' ')}", expected "check" with at most one file, "put" with at most one file and --bucket, or "show" with --bucket`,
  );
}

async function checkedFile(path: string): Promise<Result<{ readonly text: string; readonly hash: string }>> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    return err(`Cannot read the settings "${path}": ${reasonOf(cause)}`);
  }
  const settings = parseSettings(text);
  return settings.ok
    ? ok({ text, hash: settingsHash(settings.value) })
    : err(settings.error.map((problem) => settingsProblemText(path, problem)).join('\n'));
}

function reasonOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
