/**
 * How functions are bundled: by SST for AWS, and alike by the tests and the bench. Of esbuild's options SST hands on few, `alias`
 * not among them; whatever else is left out of a bundle is up to the plugins. https://sst.dev/docs/component/aws/function#nodejs
 */
export const BUNDLING = {
  format: 'cjs' as const,
  minify: true,
  /** Where its plugins are, from the folder of `sst.config.ts`. */
  plugins: 'infra/bundle-plugins.mjs',
  esbuild: {
    // For CommonJS SST takes `main` otherwise, of which nothing can be left out: twice the size.
    mainFields: ['module', 'main'],
    // SST keeps names otherwise, by a call for each function and class.
    keepNames: false,
    target: 'esnext',
  },
};
