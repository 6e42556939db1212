import type { Filter } from '@aws-sdk/client-ec2';
import type { Call } from '../call.ts';
import { type Failure, failure, isFailure } from '../failure.ts';
import { type Page, pageOf } from '../page.ts';
import { type Filters, filtered } from './filters.ts';

/** The rules of one EC2 listing. */
export interface Listing<Item> {
  readonly filters: Filters<Item>;
  readonly idOf: (item: Item) => string | undefined;
  /** EC2's error code and noun for ids that are not there (`InvalidSubnetID.NotFound`, `subnet ID`). */
  readonly notFoundCode: string;
  readonly idNoun: string;
  readonly pageSizeMax: number;
}

export interface ListingInput {
  readonly ids: readonly string[] | undefined;
  readonly filters: readonly Filter[] | undefined;
  readonly maxResults: number | undefined;
  readonly nextToken: string | undefined;
}

/** `MaxResults` of EC2's listings starts at 5, whatever its end. */
const PAGE_SIZE_MIN = 5;

/**
 * Answers an EC2 listing: the items named by id, or those that pass the filters, one page of them.
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/Query-Requests.html#api-pagination
 */
export function listPage<Item>(
  call: Call,
  listing: Listing<Item>,
  items: readonly Item[],
  input: ListingInput,
): Page<Item> | Failure {
  const { maxResults, nextToken } = input;
  if (maxResults !== undefined && (maxResults < PAGE_SIZE_MIN || maxResults > listing.pageSizeMax)) {
    return failure(
      400,
      'InvalidParameterValue',
      `Value ( ${maxResults} ) for parameter maxResults is invalid. Expecting a value between ${PAGE_SIZE_MIN} and ${listing.pageSizeMax}.`,
    );
  }
  if (maxResults !== undefined && input.ids !== undefined) {
    return failure(
      400,
      'InvalidParameterCombination',
      `The parameter ${listing.idNoun}s cannot be used with the parameter maxResults`,
    );
  }
  const selected = selectItems(listing, items, input);
  if (isFailure(selected)) {
    return selected;
  }
  return (
    pageOf(call, selected, maxResults, nextToken) ??
    failure(400, 'InvalidNextToken', `The specified NextToken is not valid: ${nextToken}`)
  );
}

/** The items named by id that also pass the filters, without paging. An id that is not there is an error. */
export function selectItems<Item>(
  listing: Omit<Listing<Item>, 'pageSizeMax'>,
  items: readonly Item[],
  input: Pick<ListingInput, 'ids' | 'filters'>,
): readonly Item[] | Failure {
  const { ids } = input;
  const passing = filtered(items, input.filters ?? [], listing.filters);
  if (isFailure(passing) || ids === undefined) {
    return passing;
  }
  const known = new Set(items.map(listing.idOf));
  const missing = ids.filter((id) => !known.has(id));
  if (missing.length > 0) {
    const [noun, verb] = missing.length === 1 ? [listing.idNoun, 'does'] : [`${listing.idNoun}s`, 'do'];
    return failure(400, listing.notFoundCode, `The ${noun} '${missing.join(', ')}' ${verb} not exist`);
  }
  const wanted = new Set<string | undefined>(ids);
  return passing.filter((item) => wanted.has(listing.idOf(item)));
}
