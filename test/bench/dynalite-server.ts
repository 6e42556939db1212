import { startDynalite } from '../helpers/dynamodb-engines.ts';

/** Runs dynalite in a process of its own, so that its work is not measured as ours, and prints where it listens. */
const { endpoint } = await startDynalite();
process.stdout.write(`${endpoint}\n`);
