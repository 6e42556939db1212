import type { SubnetView } from '../api/subnet-view.ts';
import type { TrendView } from '../api/trend-view.ts';
import { STATUSES } from '../domain/capacity/subnet-status.ts';
import { integerText } from '../domain/text/number-text.ts';
import { SubnetTable } from './subnet-table.tsx';

interface SubnetSectionProps {
  readonly subnets: readonly SubnetView[];
  /** By subnet id. */
  readonly trends: ReadonlyMap<string, TrendView>;
  readonly isComplete: boolean;
}

/** Every subnet, the most urgent status first. `isComplete` says whether every required fact was seen. */
export function SubnetSection({ subnets, trends, isComplete }: SubnetSectionProps) {
  return (
    <section id="subnets" aria-labelledby="subnets-title">
      <h2 id="subnets-title">Subnets by urgency</h2>
      {subnets.length === 0 ? (
        <p class="empty">
          {isComplete
            ? 'There is no subnet in what was scanned.'
            : 'No subnet was seen. There may be some in what was not seen.'}
        </p>
      ) : (
        <p class="hint legend">
          <span>
            <span class="swatch swatch-used" aria-hidden="true" /> used
          </span>
          <span>
            <span class="swatch swatch-reserved" aria-hidden="true" /> reserved: unused, inside a CIDR reservation
          </span>
          <span>
            <span class="swatch swatch-free" aria-hidden="true" /> free
          </span>
          <span>Fragmentation: 0 compact, 1 no free /28 block left</span>
        </p>
      )}
      {STATUSES.map((status) => {
        const members = subnets.filter((subnet) => subnet.status === status);
        return (
          members.length > 0 && (
            <>
              <h3 id={`subnets-${status}`} class="status-heading">
                {status} <span class="count">{integerText(members.length)}</span>
              </h3>
              <SubnetTable caption={`Subnets with status ${status}`} subnets={members} trends={trends} />
            </>
          )
        );
      })}
    </section>
  );
}
