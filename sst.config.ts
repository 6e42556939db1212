/// <reference path="./.sst/platform/config.d.ts" />

export default $config({
  app: ({ stage }) => ({
    name: 'elbowroom',
    home: 'aws',
    // What was seen over months cannot be seen again: `npx sst remove` leaves the data of this stage.
    removal: stage === 'production' ? 'retain' : 'remove',
    protect: stage === 'production',
    providers: { aws: { version: '7.20.0', defaultTags: { tags: { app: 'elbowroom', stage } } }, random: '4.16.6' },
  }),
  async run() {
    const { deploy } = await import('./infra/deploy.ts');
    return deploy(process.env);
  },
});
