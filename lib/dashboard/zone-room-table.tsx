import type { ClusterView } from '../api/cluster-view.ts';
import { integerText } from '../domain/text/number-text.ts';
import { Absent } from './absent.tsx';
import { ForeignText } from './foreign-text.tsx';
import { subnetAnchor } from './page-anchors.ts';

interface ZoneRoomTableProps {
  readonly zones: ClusterView['zones'];
  readonly clusterName: string;
}

/** A cluster's room in each zone. There is no total: pods of one zone cannot use another zone's addresses. */
export function ZoneRoomTable({ zones, clusterName }: ZoneRoomTableProps) {
  return (
    <table class="zones">
      <caption class="unseen">
        Room of <ForeignText text={clusterName} /> by zone
      </caption>
      <thead>
        <tr>
          <th scope="col">Zone</th>
          <th scope="col" class="num">
            Addresses left
          </th>
          <th scope="col" class="num">
            Free /28 blocks
          </th>
          <th scope="col">Subnets</th>
        </tr>
      </thead>
      <tbody>
        {zones.map(({ zone, addressesLeft, freePrefixCount, subnetIds }) => (
          <tr>
            <th scope="row">
              <ForeignText text={zone} />
            </th>
            <td class="num">
              <b>{integerText(addressesLeft)}</b>
            </td>
            <td class="num">
              {freePrefixCount === null ? (
                <Absent reason="not all interfaces listed" />
              ) : (
                <b>{integerText(freePrefixCount)}</b>
              )}
            </td>
            <td>
              <ul class="links">
                {subnetIds.map((subnetId) => (
                  <li>
                    <a class="id" href={`#${subnetAnchor(subnetId)}`}>
                      <ForeignText text={subnetId} />
                    </a>
                  </li>
                ))}
              </ul>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
