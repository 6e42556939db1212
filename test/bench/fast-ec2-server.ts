import { createServer } from 'node:http';

/**
 * An EC2 that answers as fast as a socket takes it: pages are made from templates, so that what is measured is the client.
 * One account, one region, one VPC; every subnet is a /16 with 4,000 interfaces of 15 addresses each.
 * Run as a process of its own: `tsx fast-ec2-server.ts <network interfaces>`; it prints its URL.
 */
const PAGE_SIZE = 1000;
const INTERFACES_PER_SUBNET = 4000;
const ADDRESSES_PER_INTERFACE = 15;
const INTERFACES_PER_INSTANCE = 4;
const ACCOUNT_ID = '123456789012';
const REGION = 'us-east-1';
const USABLE_OF_A_16 = 65_531;
/** The first address EC2 gives out: the four before it are AWS's. */
const FIRST_ADDRESS = 4;

const interfaceCount = Number(process.argv[2]);
const subnetCount = Math.ceil(interfaceCount / INTERFACES_PER_SUBNET);
const instanceCount = Math.ceil(interfaceCount / INTERFACES_PER_INSTANCE);

function hex(value: number): string {
  return value.toString(16).padStart(17, '0');
}

function networkInterfaceXml(index: number): string {
  const subnet = Math.floor(index / INTERFACES_PER_SUBNET);
  const instance = `i-${hex(Math.floor(index / INTERFACES_PER_INSTANCE))}`;
  const first = FIRST_ADDRESS + (index % INTERFACES_PER_SUBNET) * ADDRESSES_PER_INTERFACE;
  const addresses: string[] = [];
  for (let offset = 0; offset < ADDRESSES_PER_INTERFACE; offset += 1) {
    const address = `10.${subnet}.${(first + offset) >> 8}.${(first + offset) & 255}`;
    addresses.push(
      `<item><privateIpAddress>${address}</privateIpAddress><privateDnsName>ip-${address.replaceAll('.', '-')}.ec2.internal</privateDnsName><primary>${offset === 0}</primary></item>`,
    );
  }
  const isPrimary = index % INTERFACES_PER_INSTANCE === 0;
  return `<item><networkInterfaceId>eni-${hex(index)}</networkInterfaceId><subnetId>subnet-${hex(subnet)}</subnetId><vpcId>vpc-${hex(1)}</vpcId><availabilityZone>${REGION}a</availabilityZone><availabilityZoneId>use1-az1</availabilityZoneId><description>${isPrimary ? '' : `aws-K8S-${instance}`}</description><ownerId>${ACCOUNT_ID}</ownerId><requesterManaged>false</requesterManaged><status>in-use</status><macAddress>0e:00:00:00:00:01</macAddress><privateIpAddress>10.${subnet}.${first >> 8}.${first & 255}</privateIpAddress><sourceDestCheck>true</sourceDestCheck><groupSet><item><groupId>sg-${hex(1)}</groupId><groupName>eks-cluster-sg</groupName></item></groupSet><attachment><attachmentId>eni-attach-${hex(index)}</attachmentId><instanceId>${instance}</instanceId><instanceOwnerId>${ACCOUNT_ID}</instanceOwnerId><deviceIndex>${index % INTERFACES_PER_INSTANCE}</deviceIndex><networkCardIndex>0</networkCardIndex><status>attached</status><attachTime>2026-11-01T00:00:00.000Z</attachTime><deleteOnTermination>true</deleteOnTermination></attachment><tagSet><item><key>node.k8s.amazonaws.com/instance_id</key><value>${instance}</value></item><item><key>cluster.k8s.amazonaws.com/name</key><value>bench</value></item></tagSet><privateIpAddressesSet>${addresses.join('')}</privateIpAddressesSet><ipv6AddressesSet/><interfaceType>interface</interfaceType></item>`;
}

function instanceXml(index: number): string {
  const subnet = Math.floor((index * INTERFACES_PER_INSTANCE) / INTERFACES_PER_SUBNET);
  return `<item><reservationId>r-${hex(index)}</reservationId><ownerId>${ACCOUNT_ID}</ownerId><instancesSet><item><instanceId>i-${hex(index)}</instanceId><imageId>ami-${hex(1)}</imageId><instanceState><code>16</code><name>running</name></instanceState><instanceType>m5.xlarge</instanceType><subnetId>subnet-${hex(subnet)}</subnetId><vpcId>vpc-${hex(1)}</vpcId><tagSet><item><key>eks:cluster-name</key><value>bench</value></item><item><key>eks:nodegroup-name</key><value>general</value></item></tagSet></item></instancesSet></item>`;
}

function subnetXml(index: number): string {
  const held =
    Math.min(INTERFACES_PER_SUBNET, interfaceCount - index * INTERFACES_PER_SUBNET) * ADDRESSES_PER_INTERFACE;
  return `<item><subnetId>subnet-${hex(index)}</subnetId><subnetArn>arn:aws:ec2:${REGION}:${ACCOUNT_ID}:subnet/subnet-${hex(index)}</subnetArn><state>available</state><vpcId>vpc-${hex(1)}</vpcId><ownerId>${ACCOUNT_ID}</ownerId><cidrBlock>10.${index}.0.0/16</cidrBlock><availableIpAddressCount>${USABLE_OF_A_16 - held}</availableIpAddressCount><availabilityZone>${REGION}a</availabilityZone><availabilityZoneId>use1-az1</availabilityZoneId></item>`;
}

interface Listing {
  readonly set: string;
  readonly count: number;
  readonly item: (index: number) => string;
}

const LISTINGS: Readonly<Record<string, Listing>> = {
  DescribeNetworkInterfaces: { set: 'networkInterfaceSet', count: interfaceCount, item: networkInterfaceXml },
  DescribeInstances: { set: 'reservationSet', count: instanceCount, item: instanceXml },
  DescribeSubnets: { set: 'subnetSet', count: subnetCount, item: subnetXml },
  DescribeRegions: {
    set: 'regionInfo',
    count: 1,
    item: () => `<item><regionName>${REGION}</regionName><optInStatus>opt-in-not-required</optInStatus></item>`,
  },
};

const pages = new Map<string, Buffer>();

/** Pages are kept: the second pass over a listing costs the server nothing but the socket. */
function page(action: string, token: number): Buffer {
  const key = `${action} ${token}`;
  const known = pages.get(key);
  if (known !== undefined) {
    return known;
  }
  const listing = LISTINGS[action];
  const items: string[] = [];
  const end = Math.min(token + PAGE_SIZE, listing?.count ?? 0);
  for (let index = token; index < end; index += 1) {
    items.push(listing?.item(index) ?? '');
  }
  const set = listing === undefined ? '' : `<${listing.set}>${items.join('')}</${listing.set}>`;
  const next = listing !== undefined && end < listing.count ? `<nextToken>${end}</nextToken>` : '';
  const visibility = '<visibility><defaultVisibility>visible</defaultVisibility></visibility>';
  const xml = `<?xml version="1.0" encoding="UTF-8"?>\n<${action}Response xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><requestId>r</requestId>${set}${next}${visibility}</${action}Response>`;
  const body = Buffer.from(xml);
  pages.set(key, body);
  return body;
}

const IDENTITY = `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult><Arn>arn:aws:iam::${ACCOUNT_ID}:user/bench</Arn><UserId>U</UserId><Account>${ACCOUNT_ID}</Account></GetCallerIdentityResult></GetCallerIdentityResponse>`;

const server = createServer((request, response) => {
  if (request.url?.startsWith('/clusters')) {
    response.setHeader('content-type', 'application/json').end('{"clusters":[]}');
    return;
  }
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const input = new URLSearchParams(Buffer.concat(chunks).toString());
    const action = input.get('Action') ?? '';
    const body =
      action === 'GetCallerIdentity' ? Buffer.from(IDENTITY) : page(action, Number(input.get('NextToken') ?? 0));
    response.writeHead(200, { 'content-type': 'text/xml', 'content-length': body.length }).end(body);
  });
});

server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (address !== null && typeof address === 'object') {
    process.stdout.write(`http://127.0.0.1:${address.port}\n`);
  }
});
