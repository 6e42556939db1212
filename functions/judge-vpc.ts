import { JudgeVpcMessage } from '../events/judge-vpc.ts';
import { judgeVpc } from '../lib/audit/judge-vpc.ts';
import { createAwsJudgeVpc, type JudgeVpcRuntime } from '../lib/wiring/judge-vpc-runtime.ts';
import { queueFunction } from '../lib/wiring/queue-function.ts';
import { underSettings } from '../lib/wiring/under-settings.ts';

/** As many as a batch has: a judgement mostly waits for the table. */
const VPCS_AT_ONCE = 10;

/** Judges the VPCs of a batch side by side, and the messages of one VPC in their order. */
export function createJudgeVpcHandler({ ports, ...runtime }: JudgeVpcRuntime) {
  return queueFunction({
    ...runtime,
    name: 'judge-vpc',
    schema: JudgeVpcMessage,
    order: 'by-group',
    atOnce: VPCS_AT_ONCE,
    run: async (message) => ({ result: await judgeVpc(message, ports), retry: false }),
    summaryOf: (summary) => ({ ...summary }),
    isToldWithOthers: () => true,
  });
}

export const handler = underSettings('judge-vpc', process.env, async (settings) =>
  createJudgeVpcHandler(createAwsJudgeVpc(process.env, settings)),
);
