import type { Plugin } from 'esbuild';

export declare const rewrites: readonly { readonly path: RegExp; readonly rewrite: (source: string) => string }[];
declare const plugins: Plugin[];
// biome-ignore lint/style/noDefaultExport: what SST reads
export default plugins;
