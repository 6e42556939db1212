import * as z from 'zod';

const count = z.int().nonnegative();

/** The least room within an hour or a day; all null where nothing was seen. */
export const roomFields = {
  freeAddressCountMin: count.nullable().describe('Free addresses at the least'),
  freePrefixCountMin: count.nullable().describe('Free /28 blocks; null where none were counted then'),
  fragmentation: z
    .number()
    .min(0)
    .max(1)
    .nullable()
    .describe('At the most: 0 compact, 1 no free block left; null where nothing is free or no map was read'),
};

/** The room of several subnets together. */
export const sumFields = {
  ...roomFields,
  seenSubnetCount: count.describe('Subnets that were seen then: the sum is of these'),
  missingSubnetCount: count.describe('Subnets that were not seen then: what those had is not in the sum'),
  missingPrefixSubnetCount: count.describe('Subnets whose /28 blocks are not in the sum'),
};
