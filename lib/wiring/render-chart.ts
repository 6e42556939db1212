import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';

/** Twice the size of the document, for screens with fine pixels. */
const ZOOM = 2;

let loaded: Promise<(svg: string) => Uint8Array> | undefined;

/**
 * Renders an SVG document as PNG. What it takes, 4 MB of code and fonts, is loaded by the first call: a process that draws
 * nothing does not pay for it. Its packages are looked for beside this module: a bundle leaves them out, and they are shipped with
 * it as they are, with their licences. Throws where the document cannot be read.
 */
export async function renderChart(svg: string): Promise<Uint8Array> {
  // It can be set up once only, so one that failed is not tried again.
  loaded ??= load();
  return (await loaded)(svg);
}

async function load(): Promise<(svg: string) => Uint8Array> {
  // A bundle is CommonJS, where the one is not known and the other is.
  const require = createRequire(import.meta.filename ?? __filename);
  const [{ initWasm, Resvg }, wasm, ...fontBuffers] = await Promise.all([
    import('@resvg/resvg-wasm'),
    readFile(require.resolve('@resvg/resvg-wasm/index_bg.wasm')),
    readFile(require.resolve('dejavu-fonts-ttf/ttf/DejaVuSansCondensed.ttf')),
    readFile(require.resolve('dejavu-fonts-ttf/ttf/DejaVuSansCondensed-Bold.ttf')),
  ]);
  await initWasm(wasm);
  return (svg) => {
    const document = new Resvg(svg, {
      fitTo: { mode: 'zoom', value: ZOOM },
      font: { fontBuffers, defaultFontFamily: 'DejaVu Sans' },
    });
    const image = document.render();
    try {
      return image.asPng();
    } finally {
      image.free();
      document.free();
    }
  };
}
