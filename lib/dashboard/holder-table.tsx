import type { SubnetView } from '../api/subnet-view.ts';
import { integerText } from '../domain/text/number-text.ts';
import { Absent } from './absent.tsx';
import { ForeignText } from './foreign-text.tsx';
import { whyNoInterfaces } from './why-not-counted.ts';

type Holder = SubnetView['holders'][number];

/** Who holds the addresses of a subnet, most first. */
export function HolderTable({ subnet }: { readonly subnet: SubnetView }) {
  const { holders, countedFrom } = subnet;
  if (holders.length === 0) {
    return (
      <p>
        {countedFrom === 'network-interfaces' ? (
          'No network interface was listed.'
        ) : (
          <Absent reason={whyNoInterfaces(subnet)} />
        )}
      </p>
    );
  }
  return (
    <div class="scroller">
      <table class="holders">
        <caption class="unseen">Who holds addresses</caption>
        <thead>
          <tr>
            <th scope="col">Kind</th>
            <th scope="col">Cluster</th>
            <th scope="col" class="num">
              Interfaces
            </th>
            <th scope="col" class="num">
              Addresses
            </th>
            <th scope="col" class="num">
              /28 prefixes
            </th>
          </tr>
        </thead>
        <tbody>
          {holders.map((holder) => (
            <HolderRow holder={holder} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function HolderRow({ holder }: { readonly holder: Holder }) {
  const { kind, service, clusterName, networkInterfaceCount, addressCount, prefixCount } = holder;
  return (
    <tr>
      <th scope="row">
        <ForeignText text={kind} />
        {service !== null && (
          <span class="quiet">
            {' '}
            <ForeignText text={service} />
          </span>
        )}
      </th>
      <td>{clusterName === null ? <Absent reason="none known" /> : <ForeignText text={clusterName} />}</td>
      <td class="num">{integerText(networkInterfaceCount)}</td>
      <td class="num">{integerText(addressCount)}</td>
      <td class="num">{integerText(prefixCount)}</td>
    </tr>
  );
}
