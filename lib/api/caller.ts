import type { Context } from 'hono';
import type { Result } from '../domain/result.ts';
import type { Problem } from './problem.ts';

export const SCOPES = ['read', 'write'] as const;
export type Scope = (typeof SCOPES)[number];

/** Who asks. */
export interface Caller {
  /** As the audit trail and the alerts name it. Hostile input. */
  readonly name: string;
  readonly scopes: readonly Scope[];
  /** The accounts that it may see; `undefined`: every one. */
  readonly accountIds: readonly string[] | undefined;
}

/** Says who asks, or what is wrong with how it says so. */
export type Authenticate = (context: Context) => Promise<Result<Caller, Problem>>;

/** Nobody was asked who they are. Sees nothing that is of an account. */
export const ANYBODY: Caller = { name: 'anybody', scopes: [], accountIds: [] };
