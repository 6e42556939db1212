/**
 * What the `vpc-cni` add-on's configuration sets. `undefined` means that it does not say, so that the CNI's default holds;
 * defaults depend on the CNI's version and the cluster's IP family and are not applied here.
 */
export interface CniSettings {
  /** `ENABLE_PREFIX_DELEGATION`. */
  readonly prefixDelegation: boolean | undefined;
  /** `AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG`. */
  readonly customNetworking: boolean | undefined;
  /** `ENABLE_POD_ENI`: security groups for pods. */
  readonly podEni: boolean | undefined;
  /** Network interfaces. */
  readonly warmEniTarget: number | undefined;
  /** Addresses. */
  readonly warmIpTarget: number | undefined;
  /** Addresses. */
  readonly minimumIpTarget: number | undefined;
  /** Prefixes. */
  readonly warmPrefixTarget: number | undefined;
  /** Stands outside of `env`. */
  readonly enableNetworkPolicy: boolean | undefined;
  readonly problems: readonly CniSettingProblem[];
}

/** A value that the CNI would not take. Its setting reads as not set, as the CNI itself treats it. */
export interface CniSettingProblem {
  /** The path in the configuration, for example `env.WARM_IP_TARGET`; empty for the configuration itself. */
  readonly path: string;
  readonly value: unknown;
  readonly expected: 'boolean' | 'non-negative-integer' | 'object';
}

type Section = ReadonlyMap<string, unknown>;

/** The CNI reads switches by Go's rules, which take these texts and no others. https://pkg.go.dev/strconv#ParseBool */
const TRUE_TEXTS = new Set(['1', 't', 'T', 'TRUE', 'true', 'True']);
const FALSE_TEXTS = new Set(['0', 'f', 'F', 'FALSE', 'false', 'False']);
const NON_NEGATIVE_INTEGER = /^\+?\d+$/;

/**
 * Takes the add-on's `configurationValues` after JSON or YAML has been parsed (`undefined` where the add-on has none) and
 * returns the settings that decide how many addresses nodes hold. Texts, numbers and booleans are all read, since YAML turns
 * an unquoted `true` into a boolean; an empty text means not set.
 * https://docs.aws.amazon.com/eks/latest/userguide/cni-custom-network.html and https://github.com/aws/amazon-vpc-cni-k8s#cni-configuration-variables
 */
export function cniSettings(configurationValues: unknown): CniSettings {
  const problems: CniSettingProblem[] = [];
  const configuration = sectionOf(configurationValues, '', problems);
  const env = sectionOf(configuration.get('env'), 'env', problems);
  const readBoolean = (section: Section, path: string, key: string) =>
    readSetting(section.get(key), path, 'boolean', parseBoolean, problems);
  const readCount = (key: string) =>
    readSetting(env.get(key), `env.${key}`, 'non-negative-integer', parseCount, problems);
  return {
    prefixDelegation: readBoolean(env, 'env.ENABLE_PREFIX_DELEGATION', 'ENABLE_PREFIX_DELEGATION'),
    customNetworking: readBoolean(env, 'env.AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG', 'AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG'),
    podEni: readBoolean(env, 'env.ENABLE_POD_ENI', 'ENABLE_POD_ENI'),
    warmEniTarget: readCount('WARM_ENI_TARGET'),
    warmIpTarget: readCount('WARM_IP_TARGET'),
    minimumIpTarget: readCount('MINIMUM_IP_TARGET'),
    warmPrefixTarget: readCount('WARM_PREFIX_TARGET'),
    enableNetworkPolicy: readBoolean(configuration, 'enableNetworkPolicy', 'enableNetworkPolicy'),
    problems,
  };
}

function sectionOf(value: unknown, path: string, problems: CniSettingProblem[]): Section {
  // An empty document and an empty `env:` are what "all defaults" looks like.
  if (value === undefined || value === null || value === '') {
    return new Map();
  }
  if (typeof value !== 'object' || Array.isArray(value)) {
    problems.push({ path, value, expected: 'object' });
    return new Map();
  }
  return new Map(Object.entries(value));
}

function readSetting<T>(
  value: unknown,
  path: string,
  expected: CniSettingProblem['expected'],
  parse: (text: string) => T | undefined,
  problems: CniSettingProblem[],
): T | undefined {
  if (value === undefined || value === null || value === '') {
    return undefined;
  }
  const isScalar = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
  const setting = isScalar ? parse(String(value)) : undefined;
  if (setting === undefined) {
    problems.push({ path, value, expected });
  }
  return setting;
}

function parseBoolean(text: string): boolean | undefined {
  if (TRUE_TEXTS.has(text)) {
    return true;
  }
  return FALSE_TEXTS.has(text) ? false : undefined;
}

function parseCount(text: string): number | undefined {
  const count = NON_NEGATIVE_INTEGER.test(text) ? Number(text) : undefined;
  return Number.isSafeInteger(count) ? count : undefined;
}
