import type { SubnetView } from '../api/subnet-view.ts';
import type { TrendView } from '../api/trend-view.ts';
import { SubnetRows } from './subnet-rows.tsx';

interface SubnetTableProps {
  readonly caption: string;
  readonly subnets: readonly SubnetView[];
  /** By subnet id. */
  readonly trends: ReadonlyMap<string, TrendView>;
}

/** Subnets with their room, in the order given. */
export function SubnetTable({ caption, subnets, trends }: SubnetTableProps) {
  return (
    <table class="cards subnets">
      <caption class="unseen">{caption}</caption>
      <colgroup>
        <col class="col-subnet" />
        <col class="col-where" />
        <col class="col-room" />
        <col class="col-number" />
        <col class="col-number" />
        <col class="col-number" />
      </colgroup>
      <thead>
        <tr>
          <th scope="col">Subnet</th>
          <th scope="col">Zone and account</th>
          <th scope="col">Addresses</th>
          <th scope="col" class="num">
            Addresses left
          </th>
          <th scope="col" class="num">
            Free /28 blocks
          </th>
          <th scope="col" class="num">
            Fragmentation
          </th>
        </tr>
      </thead>
      {subnets.map((subnet) => (
        <SubnetRows subnet={subnet} trend={trends.get(subnet.subnetId)} />
      ))}
    </table>
  );
}
