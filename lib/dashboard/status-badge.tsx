import type { Status } from '../domain/capacity/subnet-status.ts';

/** One shape for each status, so that it can be told without colour. Drawn in a box of 12 by 12. */
const STATUS_SHAPES: Readonly<Record<Status, string>> = {
  exhausted: 'M2 2 L10 10 M10 2 L2 10',
  critical: 'M6 1.5 L11 10.5 L1 10.5 Z M6 5 V7.5 M6 9 V9.1',
  warning: 'M6 2 V7 M6 9.9 V10',
  unknown: 'M3.5 4.2 C3.5 1 8.7 1 8.7 4.2 C8.7 6 6 6 6 8 M6 10.4 V10.5',
  healthy: 'M2 6.5 L5 9.5 L10.5 2.5',
};

/** The status in words, with a shape and a colour of its own. */
export function StatusBadge({ status }: { readonly status: Status }) {
  return (
    <span class={`badge badge-${status}`}>
      <svg class="badge-shape" viewBox="0 0 12 12" aria-hidden="true" focusable="false">
        <path d={STATUS_SHAPES[status]} />
      </svg>
      {status}
    </span>
  );
}
