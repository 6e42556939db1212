import { isDeepStrictEqual } from 'node:util';
import { EC2Client } from '@aws-sdk/client-ec2';
import { AwsEc2QueryProtocol } from '@aws-sdk/core/protocols';
import { HttpResponse } from '@smithy/core/protocols';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FAST_OPERATIONS } from '../../lib/aws/ec2-protocol.ts';
import { createEc2XmlReader, type WantedMembers } from '../../lib/aws/ec2-xml-reader.ts';
import { arbitraryEc2Document } from './arbitrary-ec2-document.ts';
import { INSTANCES_PAGE, NETWORK_INTERFACES_PAGE, SUBNETS_PAGE } from './ec2-pages.ts';

const RUNS_PER_OPERATION = 4_000;
const NAME = 2;
const OUTPUT = 5;

const { config } = new EC2Client({ region: 'eu-west-1', credentials: { accessKeyId: 'a', secretAccessKey: 'b' } });
const sdkProtocol = new AwsEc2QueryProtocol({
  defaultNamespace: 'com.amazonaws.ec2',
  errorTypeRegistries: [],
  xmlNamespace: 'http://ec2.amazonaws.com/doc/2016-11-15',
  version: '2016-11-15',
});
sdkProtocol.setSerdeContext(config);

const OPERATIONS = FAST_OPERATIONS.map(({ operation, wanted }) => ({
  name: operation[NAME],
  wanted,
  output: operation[OUTPUT],
  read: createEc2XmlReader(operation[OUTPUT], wanted),
  /** What the SDK makes of the document, only the wanted members of it. */
  readBySdk: async (bytes: Buffer) => {
    const [, namespace, name, traits, input, output] = operation;
    const response = new HttpResponse({ statusCode: 200, headers: {}, body: new Uint8Array(bytes) });
    const { $metadata: _, ...members } = await sdkProtocol.deserializeResponse(
      { namespace, name, traits, input, output },
      { ...config, endpoint: async () => ({ protocol: 'https:', hostname: 'ec2', path: '/' }) },
      response,
    );
    return restricted(members, wanted);
  },
}));

function restricted(value: unknown, wanted: true | WantedMembers): unknown {
  if (wanted === true || typeof value !== 'object' || value === null) {
    return value;
  }
  if (Array.isArray(value)) {
    return value.map((item) => restricted(item, wanted));
  }
  return Object.fromEntries(
    Object.entries(value).flatMap(([member, inner]) => {
      const innerWanted = wanted[member];
      return innerWanted === undefined ? [] : [[member, restricted(inner, innerWanted)]];
    }),
  );
}

type Operation = (typeof OPERATIONS)[number];

function operationNamed(name: string): Operation {
  const operation = OPERATIONS.find((candidate) => candidate.name === name);
  if (operation === undefined) {
    throw new Error(`Cannot find operation "${name}"`);
  }
  return operation;
}

/** Returns whether the reader read the document; fails where it did and the SDK says otherwise. */
async function expectAgreement({ read, readBySdk }: Operation, bytes: Buffer): Promise<boolean> {
  const output = read(bytes);
  if (output === undefined) {
    return false;
  }
  const text = bytes.toString('utf8');
  const bySdk = await readBySdk(bytes).catch((cause: unknown) => {
    throw new Error(`The SDK refuses what the reader accepts: ${JSON.stringify(text)}`, { cause });
  });
  if (!isDeepStrictEqual(output, bySdk)) {
    expect({ text, output }).toStrictEqual({ text, output: bySdk });
  }
  return true;
}

const PAGES = [
  { name: 'DescribeNetworkInterfaces', page: NETWORK_INTERFACES_PAGE },
  { name: 'DescribeSubnets', page: SUBNETS_PAGE },
  { name: 'DescribeInstances', page: INSTANCES_PAGE },
];

describe('the reader of EC2 listings', () => {
  it.each(PAGES)('reads an ordinary page of $name itself and as the SDK does', async ({ name, page }) => {
    const { read, readBySdk } = operationNamed(name);
    const output = read(Buffer.from(page));
    expect(output).toBeDefined();
    expect(output).toStrictEqual(await readBySdk(Buffer.from(page)));
  });

  it.each(PAGES)('finds every wanted member in an ordinary page of $name', ({ name, page }) => {
    const { read, wanted } = operationNamed(name);
    expect(membersOf(read(Buffer.from(page)))).toEqual(membersOfWanted(wanted));
  });

  it('reads the values of a page that was worked out by hand', () => {
    const page = `<?xml version="1.0" encoding="UTF-8"?>
<DescribeSubnetsResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/">
    <requestId>59dbff89</requestId>
    <subnetSet>
        <item>
            <subnetId>subnet-0a</subnetId>
            <availableIpAddressCount>251</availableIpAddressCount>
            <mapPublicIpOnLaunch>false</mapPublicIpOnLaunch>
            <ipv6Native>true</ipv6Native>
            <tagSet>
                <item><key>Name</key><value>a &lt;b&gt; &#233;&#xe9;é €</value></item>
                <item><key>empty</key><value/></item>
            </tagSet>
        </item>
        <item><subnetId></subnetId><tagSet/></item>
    </subnetSet>
</DescribeSubnetsResponse>
`;
    expect(operationNamed('DescribeSubnets').read(Buffer.from(page))).toStrictEqual({
      Subnets: [
        {
          SubnetId: 'subnet-0a',
          AvailableIpAddressCount: 251,
          MapPublicIpOnLaunch: false,
          Ipv6Native: true,
          Tags: [
            { Key: 'Name', Value: 'a <b> éé\u00e9 €' },
            { Key: 'empty', Value: '' },
          ],
        },
        { SubnetId: '', Tags: [] },
      ],
    });
  });

  it.each(OPERATIONS)(
    'agrees with the SDK on random documents of $name, or leaves them to it',
    async (operation) => {
      const seen = { read: 0, left: 0 };
      await fc.assert(
        fc.asyncProperty(arbitraryEc2Document(operation.output, operation.wanted), async (bytes) => {
          seen[(await expectAgreement(operation, bytes)) ? 'read' : 'left'] += 1;
        }),
        { numRuns: RUNS_PER_OPERATION },
      );
      // Both kinds must be there in number, or the property says nothing.
      expect(seen.read).toBeGreaterThan(RUNS_PER_OPERATION / 5);
      expect(seen.left).toBeGreaterThan(RUNS_PER_OPERATION / 5);
    },
    120_000,
  );

  it.each(PAGES)('leaves a page of $name that is cut short at any byte to the SDK', ({ name, page }) => {
    const { read } = operationNamed(name);
    const bytes = Buffer.from(page.trimEnd());
    const accepted = Array.from({ length: bytes.length }, (_, length) => length).filter(
      (length) => read(bytes.subarray(0, length)) !== undefined,
    );
    expect(accepted).toEqual([]);
  });

  it.each([
    ['an attribute of the root that the SDK takes for a member', '<R nextToken="a"><nextToken>b</nextToken></R>'],
    ['a second attribute of the root', '<R xmlns="a" nextToken="b"></R>'],
    ['an attribute', '<R><nextToken a="b">c</nextToken></R>'],
    ['a root that closes itself', '<R/>'],
    ['a declaration that ends late', '<?xml > <R></R> ?><R></R>'],
    ['text beside elements', '<R><subnetSet>text<item/></subnetSet></R>'],
    ['a space between elements, which the SDK takes for the value', '<R><subnetSet> <item/></subnetSet></R>'],
    ['a comment', '<R><!-- a --><nextToken>b</nextToken></R>'],
    ['CDATA', '<R><nextToken><![CDATA[b]]></nextToken></R>'],
    ['a processing instruction', '<R><?a?><nextToken>b</nextToken></R>'],
    ['an element that the SDK chokes on', '<R><__proto__>a</__proto__></R>'],
    ['an element twice', '<R><nextToken>a</nextToken><nextToken>b</nextToken></R>'],
    ['a character beyond 16 bits as a number, which the SDK reads wrong', '<R><nextToken>&#x1F600;</nextToken></R>'],
    ['an unknown entity', '<R><nextToken>&nbsp;</nextToken></R>'],
    ['an entity without an end', '<R><nextToken>&amp</nextToken></R>'],
    ['a carriage return in text', '<R><nextToken>a\r\nb</nextToken></R>'],
    ['closing tags that do not match', '<R><subnetSet><item></subnetSet></item></R>'],
    ['a closing tag that is longer', '<R><nextToken>a</nextTokens></R>'],
    ['a number that is none', '<R><subnetSet><item><availableIpAddressCount/></item></subnetSet></R>'],
    ['a boolean that is none', '<R><subnetSet><item><ipv6Native>True</ipv6Native></item></subnetSet></R>'],
    ['an empty body', ''],
  ])('leaves %s to the SDK', (_, document) => {
    expect(operationNamed('DescribeSubnets').read(Buffer.from(document))).toBeUndefined();
  });

  it.each([
    ['line breaks of Windows between elements', '<R>\r\n<nextToken>a</nextToken>\r\n</R>'],
    ['an old declaration', '<?xml version="1.0"?><R xmlns="urn:a"><nextToken>a</nextToken></R>'],
    ['a wanted name inside an unknown element', '<R><x><nextToken>b</nextToken></x><nextToken>a</nextToken></R>'],
    ['a list with an unknown element', '<R><subnetSet><x><y/>z</x></subnetSet><nextToken>a</nextToken></R>'],
    ['names of JavaScript', '<R><constructor>b</constructor><toString/><nextToken>a</nextToken></R>'],
    ['what follows the root', '<R><nextToken>a</nextToken></R><nextToken>b</nextToken>'],
  ])('reads %s itself', async (_, document) => {
    const operation = operationNamed('DescribeSubnets');
    expect(await expectAgreement(operation, Buffer.from(document))).toBe(true);
    expect(operation.read(Buffer.from(document))).toMatchObject({ NextToken: 'a' });
  });

  it('takes text that is only a line break, written plainly or as an entity, for no text, as the SDK does', async () => {
    const operation = operationNamed('DescribeSubnets');
    for (const text of ['\n', ' \n ', '&#10;', '&#32;\n', '\n\u00a0']) {
      const document = Buffer.from(`<R><nextToken>${text}</nextToken></R>`);
      expect(await expectAgreement(operation, document)).toBe(true);
      expect(operation.read(document)).toStrictEqual({ NextToken: '' });
    }
  });

  it('reads a very long text', async () => {
    const text = 'aé€😀&amp;'.repeat(100_000);
    const document = Buffer.from(`<R><nextToken>${text}</nextToken></R>`);
    expect(await expectAgreement(operationNamed('DescribeSubnets'), document)).toBe(true);
  });

  it.each([
    ['beside the wanted elements', '<R>', '</R>'],
    ['inside an item', '<R><subnetSet><item>', '</item></subnetSet></R>'],
  ])('leaves elements nested without end to the SDK, %s', (_, before, after) => {
    const nested = (depth: number) => Buffer.from(`${before}${'<x>'.repeat(depth)}${'</x>'.repeat(depth)}${after}`);
    const { read } = operationNamed('DescribeSubnets');
    expect(read(nested(50))).toBeDefined();
    expect(read(nested(100_000))).toBeUndefined();
    expect(read(Buffer.from(`${before}${'<subnetSet><item>'.repeat(100_000)}`))).toBeUndefined();
  });

  it('refuses to be compiled for a structure whose members are not named', () => {
    const { output } = operationNamed('DescribeSubnets');
    expect(() => createEc2XmlReader(output, { Subnets: true })).toThrow('"Subnets" is a structure');
  });
});

/** Every member found anywhere, as `Subnets.Tags.Key`. */
function membersOf(value: unknown, path = ''): readonly string[] {
  if (Array.isArray(value)) {
    return unique(value.flatMap((item) => membersOf(item, path)));
  }
  if (typeof value !== 'object' || value === null) {
    return [path];
  }
  return unique(Object.entries(value).flatMap(([member, inner]) => membersOf(inner, `${path}.${member}`)));
}

function membersOfWanted(wanted: true | WantedMembers, path = ''): readonly string[] {
  return wanted === true
    ? [path]
    : unique(Object.entries(wanted).flatMap(([member, inner]) => membersOfWanted(inner, `${path}.${member}`)));
}

function unique(paths: readonly string[]): readonly string[] {
  return [...new Set(paths)].sort();
}
