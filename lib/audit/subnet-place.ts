import type { FleetSubnet } from './fleet-shard.ts';
import { compareTexts } from './id-column.ts';

/** As many digits as the highest IPv4 address has as a number. */
const ADDRESS_DIGITS = 10;
/** After every digit. */
const NO_ADDRESS = '~';

/** Returns where a subnet lies among those of its VPC: by its first address, those without one last, then by its id. Texts sort as it does. */
export function placeInVpc({ baseAddress, subnetId }: Pick<FleetSubnet, 'baseAddress' | 'subnetId'>): string[] {
  return [baseAddress === undefined ? NO_ADDRESS : String(baseAddress).padStart(ADDRESS_DIGITS, '0'), subnetId];
}

/** Compares texts by the first that differs. */
export function compareEach(texts: readonly string[], others: readonly string[]): number {
  for (const [place, text] of texts.entries()) {
    const difference = compareTexts(text, others[place] ?? '');
    if (difference !== 0) {
      return difference;
    }
  }
  return 0;
}
