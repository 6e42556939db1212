import { DescribeNetworkInterfacesCommand, DescribeSubnetsCommand, EC2Client } from '@aws-sdk/client-ec2';
import { describe, expect, it } from 'vitest';
import { createAwsClients } from '../../lib/aws/clients.ts';
import { UnexpectedResponseError } from '../../lib/aws/errors.ts';
import { NETWORK_INTERFACES_PAGE } from './ec2-pages.ts';
import { type Answer, createInProcessEndpoint, ec2Error } from './in-process-endpoint.ts';

const CREDENTIALS = { accessKeyId: 'AKIA', secretAccessKey: 'secret' };
const REGION = 'eu-west-1';

/** Our client and the SDK's own, answered alike. */
function bothClients(answer: Answer): readonly [ours: EC2Client, sdk: EC2Client] {
  const { requestHandler } = createInProcessEndpoint(() => answer);
  const clients = createAwsClients({ limiter: { take: async () => {} }, requestHandler, attemptsMax: 1 });
  const { signal } = new AbortController();
  return [
    clients.ec2({ accountId: '111122223333', region: REGION, credentials: CREDENTIALS, signal }),
    new EC2Client({ region: REGION, credentials: CREDENTIALS, requestHandler, maxAttempts: 1 }),
  ];
}

const HEADERS = { 'x-amzn-requestid': 'fc45294c', 'content-type': 'text/xml;charset=UTF-8' };

describe('the EC2 protocol', () => {
  it('reads a long listing without what nobody asked for', async () => {
    const [ours] = bothClients({ statusCode: 200, headers: HEADERS, body: NETWORK_INTERFACES_PAGE });
    const { NetworkInterfaces, $metadata } = await ours.send(new DescribeNetworkInterfacesCommand({}));
    expect(NetworkInterfaces).toHaveLength(2);
    expect(NetworkInterfaces?.[0]?.PrivateIpAddresses).toHaveLength(2);
    expect(NetworkInterfaces?.[0]).not.toHaveProperty('MacAddress');
    expect($metadata).toMatchObject({ httpStatusCode: 200, requestId: 'fc45294c', attempts: 1 });
  });

  it.each([
    [
      'CDATA',
      '<DescribeSubnetsResponse><subnetSet><item><subnetId><![CDATA[subnet-0a]]></subnetId></item></subnetSet></DescribeSubnetsResponse>',
    ],
    [
      'attributes',
      '<DescribeSubnetsResponse><subnetSet><item a="b"><subnetId>subnet-0a</subnetId></item></subnetSet></DescribeSubnetsResponse>',
    ],
  ])('answers with all that the SDK reads where the document has %s', async (_, body) => {
    const [ours, sdk] = bothClients({ statusCode: 200, headers: HEADERS, body });
    const command = new DescribeSubnetsCommand({});
    expect(await ours.send(command)).toEqual(await sdk.send(command));
  });

  it.each([
    ['nothing', ''],
    ['a page of something in between', '<html><body>Please log in</body></html>'],
    ['the answer to another action', '<DescribeVpcsResponse><vpcSet/></DescribeVpcsResponse>'],
    ['text', 'OK'],
  ])('refuses %s, which the SDK would read as an empty listing or not at all', async (_, body) => {
    const [ours] = bothClients({ statusCode: 200, headers: HEADERS, body });
    await expect(ours.send(new DescribeSubnetsCommand({}))).rejects.toThrow(UnexpectedResponseError);
  });

  it('throws the SDK’s error for an error', async () => {
    const [ours, sdk] = bothClients(ec2Error(400, 'InvalidParameterValue', 'No such page'));
    const thrown = await Promise.all(
      [ours, sdk].map((client) => client.send(new DescribeSubnetsCommand({})).catch((error: unknown) => error)),
    );
    expect(thrown[0]).toMatchObject({ name: 'InvalidParameterValue', message: 'No such page', $fault: 'client' });
    expect(thrown[0]).toEqual(thrown[1]);
  });
});
