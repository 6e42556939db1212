import { dirname, posix } from 'node:path';
import { parseSync } from 'oxc-parser';
import { LAYERS, type Layer } from './layers.ts';

/** Every module that a source file names: imports, type-only imports, re-exports, dynamic imports. */
export function importsOf(path: string, source: string): string[] {
  const { module, errors } = parseSync(path, source);
  if (errors.length > 0) {
    throw new Error(`Cannot parse ${path}: ${errors[0]?.message}`);
  }
  return [
    ...module.staticImports.map(({ moduleRequest }) => moduleRequest.value),
    ...module.staticExports.flatMap(({ entries }) =>
      entries.flatMap(({ moduleRequest }) => (moduleRequest === null ? [] : [moduleRequest.value])),
    ),
    ...module.dynamicImports.map(({ moduleRequest }) =>
      // The request of a dynamic import is a range of the source: a literal with its quotes, or an expression.
      source.slice(moduleRequest.start, moduleRequest.end).replace(/^['"`]|['"`]$/g, ''),
    ),
  ];
}

/** Returns what a file imports across a boundary that `LAYERS` does not open, as sentences. */
export function findViolations(path: string, source: string): string[] {
  const folder = folderOf(path);
  const layer = LAYERS[folder];
  if (layer === undefined) {
    return [`${path}: the folder "${folder}" is not in the table of layers`];
  }
  return importsOf(path, source).flatMap((request) => violationOf(path, folder, layer, request));
}

function violationOf(path: string, folder: string, layer: Layer, request: string): string[] {
  if (!request.startsWith('.')) {
    return layer.packages.some((allowed) => matches(allowed, request))
      ? []
      : [`${path} imports the package "${request}"`];
  }
  const file = posix.join(dirname(path), request);
  const target = folderOf(file);
  const isOpen = target === folder || layer.folders.includes(target) || layer.folders.includes(file);
  return isOpen ? [] : [`${path} imports "${request}" of ${target}`];
}

function matches(allowed: string, request: string): boolean {
  return allowed.endsWith('*') ? request.startsWith(allowed.slice(0, -1)) : request === allowed;
}

function folderOf(path: string): string {
  const [top = '', below = ''] = path.split('/');
  return top === 'lib' ? `${top}/${below}` : top;
}
