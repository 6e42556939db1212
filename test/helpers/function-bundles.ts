import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { type BuildOptions, build } from 'esbuild';
import bundlePlugins from '../../infra/bundle-plugins.mjs';
import { BUNDLING } from '../../infra/bundling.ts';

export interface Bundle {
  /** `scan-target`. */
  readonly name: string;
  readonly path: string;
  readonly sizeBytes: number;
  /** What is in it, by package, the largest first; our own files are `elbowroom`. */
  readonly packages: readonly { readonly name: string; readonly sizeBytes: number }[];
  /** The files of which something is in it. */
  readonly files: readonly string[];
  /** What is imported late, in it or in what it was made from: esbuild wraps that and all that it rests on. */
  readonly lateFiles: readonly string[];
}

const OPTIONS = {
  ...BUNDLING.esbuild,
  bundle: true,
  minify: BUNDLING.minify,
  format: BUNDLING.format,
  plugins: bundlePlugins,
  platform: 'node',
  // Shipped beside the bundle of the one function that draws.
  external: ['@resvg/resvg-wasm'],
  metafile: true,
  logLevel: 'error',
} as const satisfies BuildOptions;

const PACKAGE = /node_modules\/((?:@[^/]+\/)?[^/]+)\/(?!.*node_modules\/)/;

/** Bundles `functions/<name>.ts` into a folder of its own, as SST does by `infra/lambda-function.ts`. */
export function bundleFunction(entry: string): Promise<Bundle> {
  return bundle(basename(entry, '.ts'), { entryPoints: [entry] });
}

/** Bundles a piece of code as a function is, into a folder of its own. */
export function bundleCode(name: string, code: string): Promise<Bundle> {
  return bundle(name, { stdin: { contents: code, resolveDir: process.cwd(), loader: 'ts' } });
}

async function bundle(name: string, input: Pick<BuildOptions, 'entryPoints' | 'stdin'>): Promise<Bundle> {
  const folder = mkdtempSync(join(tmpdir(), 'elbowroom-bundle-'));
  const path = join(folder, 'bundle.cjs');
  const { metafile } = await build({ ...OPTIONS, ...input, outfile: path });
  const output = Object.values(metafile.outputs)[0];
  const sizes = new Map<string, number>();
  for (const [file, { bytesInOutput }] of Object.entries(output?.inputs ?? {})) {
    const owner = PACKAGE.exec(file)?.[1] ?? 'elbowroom';
    sizes.set(owner, (sizes.get(owner) ?? 0) + bytesInOutput);
  }
  return {
    name,
    path,
    sizeBytes: output?.bytes ?? Number.NaN,
    lateFiles: Object.values(metafile.inputs)
      .flatMap(({ imports }) => imports)
      .flatMap(({ kind, path: file, external }) => (kind === 'dynamic-import' && external !== true ? file : [])),
    files: Object.entries(output?.inputs ?? {}).flatMap(([file, { bytesInOutput }]) => (bytesInOutput > 0 ? file : [])),
    packages: [...sizes]
      .filter(([, sizeBytes]) => sizeBytes > 0)
      .map(([owner, sizeBytes]) => ({ name: owner, sizeBytes }))
      .sort((a, b) => b.sizeBytes - a.sizeBytes),
  };
}
