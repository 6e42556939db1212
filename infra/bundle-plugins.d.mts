import type { Plugin } from 'esbuild';

declare const plugins: Plugin[];
// biome-ignore lint/style/noDefaultExport: what SST reads
export default plugins;
