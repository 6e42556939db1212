// Lambda runs Node 24, and so do the npm scripts, through the `node` package. Plain JavaScript: older versions read it too.
const MAJOR_WANTED = 24;
const current = process.versions.node;
if (Number(current.split('.')[0]) < MAJOR_WANTED) {
  process.stderr.write(
    `Cannot run on Node ${current}: expected ${MAJOR_WANTED} or newer. ` +
      'The "node" package brings it: run "npm ci" without --ignore-scripts and --omit=dev, then use the npm scripts.\n',
  );
  process.exit(1);
}
