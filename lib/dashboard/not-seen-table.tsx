import type { NotSeenView } from '../api/coverage-view.ts';
import { Absent } from './absent.tsx';
import { AccountLabel } from './account-label.tsx';
import { ForeignText } from './foreign-text.tsx';

interface NotSeenTableProps {
  readonly caption: string;
  readonly entries: readonly NotSeenView[];
}

/** Calls that did not answer: what is missing because of them, where, and what AWS said. */
export function NotSeenTable({ caption, entries }: NotSeenTableProps) {
  return (
    <table class="cards not-seen">
      <caption class="unseen">{caption}</caption>
      <thead>
        <tr>
          <th scope="col">Not seen</th>
          <th scope="col">Where</th>
          <th scope="col">Call</th>
          <th scope="col">What AWS said</th>
        </tr>
      </thead>
      <tbody>
        {entries.map((entry) => (
          <NotSeenRow entry={entry} />
        ))}
      </tbody>
    </table>
  );
}

function NotSeenRow({ entry }: { readonly entry: NotSeenView }) {
  const { accountId, accountName, region, resourceIds, action, code, awsErrorName, message, advice } = entry;
  return (
    <tr>
      <th scope="row">
        <ForeignText text={scopeText(entry.scope)} />
        {resourceIds.length > 0 && (
          <ul class="resources">
            {resourceIds.map((resourceId) => (
              <li class="id">
                <ForeignText text={resourceId} />
              </li>
            ))}
          </ul>
        )}
      </th>
      <td data-label="Where">
        {accountId === null ? (
          <Absent reason="before any account" />
        ) : (
          <AccountLabel accountId={accountId} accountName={accountName} />
        )}
        {region !== null && (
          <div>
            <ForeignText text={region} />
          </div>
        )}
      </td>
      <td data-label="Call">
        <code>
          <ForeignText text={action} />
        </code>
        <div class="code">
          <ForeignText text={code} />
          {awsErrorName !== null && (
            <>
              {' '}
              (<ForeignText text={awsErrorName} />)
            </>
          )}
        </div>
      </td>
      <td data-label="What AWS said">
        <ForeignText text={message} />
        {advice !== null && <p class="quiet">What helps: {advice}.</p>}
      </td>
    </tr>
  );
}

/** Scopes wider than one fact; a fact is named as it is. */
const SCOPE_TEXTS: ReadonlyMap<string, string> = new Map([
  ['caller', 'who is calling'],
  ['accounts', 'the list of accounts'],
  ['account', 'the whole account'],
  ['regions', 'the account’s list of regions'],
  ['region', 'the whole region'],
]);

function scopeText(scope: string): string {
  return SCOPE_TEXTS.get(scope) ?? scope.replaceAll('-', ' ');
}
