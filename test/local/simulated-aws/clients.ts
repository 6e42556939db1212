import { EC2Client } from '@aws-sdk/client-ec2';
import { EKSClient } from '@aws-sdk/client-eks';
import { OrganizationsClient } from '@aws-sdk/client-organizations';
import { STSClient } from '@aws-sdk/client-sts';
import { simulatedCredentials } from '../../../lib/local/simulated-aws/credentials.ts';
import { simulatedRequestHandler } from '../../../lib/local/simulated-aws/request-handler.ts';
import type { SimulatedAws } from '../../../lib/local/simulated-aws/state.ts';

export interface Clients {
  readonly ec2: EC2Client;
  readonly eks: EKSClient;
  readonly sts: STSClient;
  readonly organizations: OrganizationsClient;
}

export interface ClientOptions {
  readonly accountId: string;
  readonly region?: string;
  readonly credentials?: { accessKeyId: string; secretAccessKey: string; sessionToken?: string };
}

type Door = { readonly requestHandler: ReturnType<typeof simulatedRequestHandler> } | { readonly endpoint: string };

/** The SDK's own clients, through the door inside the process. */
export function clientsOf(aws: SimulatedAws, options: ClientOptions): Clients {
  return clientsThrough({ requestHandler: simulatedRequestHandler(aws) }, options);
}

/** The SDK's own clients, over HTTP. */
export function httpClientsOf(url: string, options: ClientOptions): Clients {
  return clientsThrough({ endpoint: url }, options);
}

function clientsThrough(door: Door, { accountId, region = 'us-east-1', credentials }: ClientOptions): Clients {
  const config = { ...door, region, credentials: credentials ?? simulatedCredentials(accountId), maxAttempts: 1 };
  return {
    ec2: new EC2Client(config),
    eks: new EKSClient(config),
    sts: new STSClient(config),
    organizations: new OrganizationsClient(config),
  };
}

/** An answer without what only says how it came. */
export function withoutMetadata<Output extends object>(output: Output): Omit<Output, '$metadata'> {
  const { $metadata: _metadata, ...rest } = output as Output & { $metadata?: unknown };
  return rest;
}

/** The error of a call that must fail; the SDK names it by AWS's code. */
export async function errorOf(call: Promise<unknown>): Promise<{ name: string; message: string; status: unknown }> {
  const error = await call.then(
    () => undefined,
    (failed: unknown) => failed,
  );
  if (!(error instanceof Error)) {
    throw new Error('The call was answered, expected an error');
  }
  const { $metadata: metadata } = error as Error & { $metadata?: { httpStatusCode?: number } };
  return { name: error.name, message: error.message, status: metadata?.httpStatusCode };
}
