import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { err, ok, type Result } from '../domain/result.ts';
import { parseSettings } from '../settings/parse-settings.ts';
import { settingsHash } from '../settings/settings-hash.ts';
import { settingsProblemText } from '../settings/settings-problem.ts';
import { EXIT_CODE, type Terminal } from './audit-command.ts';
import { SETTINGS_FILE } from './settings-file.ts';

export const SETTINGS_USAGE = `Usage: npm run settings -- check [file]
       npm run settings -- put [file] --bucket <name>

check   says whether a settings file is right, and prints its hash (default: ${SETTINGS_FILE})
put     checks it, and puts it into the bucket of a deployment, where it is in force within five minutes: settingsBucket of what
        "npx sst deploy" printed. A file that is wrong is not put.
`;

/** Puts the text of a settings file into a bucket, and returns its version there; none where the bucket keeps no versions. */
export type PutSettings = (bucket: string, text: string) => Promise<string | undefined>;

/** Runs a command line of `npm run settings`, and returns its exit code. */
export async function runSettings(argv: readonly string[], terminal: Terminal, put: PutSettings): Promise<number> {
  const asked = parseFlags(argv);
  if (!asked.ok) {
    terminal.stderr.write(`${asked.error}\n\n${SETTINGS_USAGE}`);
    return EXIT_CODE.badUsage;
  }
  const { path, bucket } = asked.value;
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

interface Asked {
  readonly path: string;
  /** Absent where the file is only checked. */
  readonly bucket: string | undefined;
}

function parseFlags(argv: readonly string[]): Result<Asked> {
  let parsed: { values: { bucket?: string }; positionals: string[] };
  try {
    parsed = parseArgs({ args: [...argv], options: { bucket: { type: 'string' } }, allowPositionals: true });
  } catch (cause) {
    return err(`Cannot read the command line: ${cause instanceof Error ? cause.message : String(cause)}`);
  }
  const {
    values: { bucket },
    positionals: [verb, path = SETTINGS_FILE, ...rest],
  } = parsed;
  if ((verb !== 'check' && verb !== 'put') || rest.length > 0) {
    return err(
      `Cannot read the command line: it is "${argv.join(' ')}", expected "check" or "put", and at most one file`,
    );
  }
  if ((verb === 'put') !== (bucket !== undefined)) {
    return err(
      `Cannot ${verb} settings: --bucket is ${bucket ?? 'not given'}, expected the bucket with "put", and only there`,
    );
  }
  return ok({ path, bucket });
}

async function checkedFile(path: string): Promise<Result<{ readonly text: string; readonly hash: string }>> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    return err(`Cannot read the settings "${path}": ${cause instanceof Error ? cause.message : String(cause)}`);
  }
  const settings = parseSettings(text);
  return settings.ok
    ? ok({ text, hash: settingsHash(settings.value) })
    : err(settings.error.map((problem) => settingsProblemText(path, problem)).join('\n'));
}
