import type { StatusReasonView } from '../api/status-reason-view.ts';
import { ForeignText } from './foreign-text.tsx';

/** Why a status is what it is, a sentence each. That there is no forecast is the same everywhere: the footer says it once. */
export function StatusReasons({ reasons }: { readonly reasons: readonly StatusReasonView[] }) {
  const shown = reasons.filter(({ code }) => code !== 'no-forecast');
  if (shown.length === 0) {
    return null;
  }
  return (
    <ul class="reasons">
      {shown.map(({ message }) => (
        <li>
          <ForeignText text={message} />
        </li>
      ))}
    </ul>
  );
}
