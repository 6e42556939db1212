import { ForeignText } from './foreign-text.tsx';
import { CSRF_FIELD, LOGOUT_PATH } from './page-paths.ts';

/** Somebody who logged in, as a page shows them. */
export interface SessionView {
  readonly name: string;
  readonly csrfToken: string;
}

/** Who is logged in, and the way out. */
export function SessionBar({ session: { name, csrfToken } }: { readonly session: SessionView }) {
  return (
    <form class="session" method="post" action={LOGOUT_PATH}>
      <input type="hidden" name={CSRF_FIELD} value={csrfToken} />
      <span>
        Logged in as <ForeignText text={name} />
      </span>
      <button type="submit">Log out</button>
    </form>
  );
}
