import { Absent } from './absent.tsx';
import { ForeignText } from './foreign-text.tsx';

/** The tags of a resource, by key. */
export function TagList({ tags }: { readonly tags: Readonly<Record<string, string>> }) {
  const entries = Object.entries(tags);
  if (entries.length === 0) {
    return <p>No tags.</p>;
  }
  return (
    <dl class="pairs">
      {entries.map(([key, value]) => (
        <div>
          <dt>
            <ForeignText text={key} />
          </dt>
          <dd>{value === '' ? <Absent reason="empty" /> : <ForeignText text={value} />}</dd>
        </div>
      ))}
    </dl>
  );
}
