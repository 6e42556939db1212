import type { SubnetView } from '../api/subnet-view.ts';

/** What the page cannot say, once for all rows. */
export function AuditFooter({ subnets }: { readonly subnets: readonly SubnetView[] }) {
  const isSingleLook = subnets.every(({ exhaustion }) => exhaustion.reason === 'no-history');
  const noForecast = subnets
    .flatMap(({ statusReasons }) => statusReasons)
    .find(({ code }) => code === 'no-forecast')?.message;
  return (
    <footer id="limits">
      <h2>What this page cannot say</h2>
      <ul>
        {isSingleLook ? (
          <li>
            When a subnet runs out. {noForecast === undefined ? '' : `For every subnet with addresses: ${noForecast}. `}
            A status here rests on what is free now, never on growth.
          </li>
        ) : (
          <li>
            When a subnet runs out, to the day. A forecast is a range drawn from the use of the last weeks; it knows
            nothing of what is planned, and a change without a forerunner in them is not in it.
          </li>
        )}
        <li>
          That a free /28 block will be there when it is asked for. EC2 itself chooses where single addresses and
          prefixes go, and any single address breaks a block: the count of free blocks is an upper bound. Where it is a
          range, EC2’s count shows addresses that no listed interface holds, and each of them may break one block.
        </li>
        <li>
          How many more pods or nodes fit. Limits of instance types and max-pods are not part of this audit; free
          addresses are what the subnet could give at most.
        </li>
        <li>Anything about what was not seen. A dash is not zero: it stands with the reason why there is no number.</li>
      </ul>
    </footer>
  );
}
