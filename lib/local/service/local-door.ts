import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { Authenticate } from '../../api/caller.ts';
import { problemStatus } from '../../api/problem.ts';
import type { Door } from '../../dashboard/page-route.ts';
import { err, ok } from '../../domain/result.ts';

/** Returns what lets visitors in as the API lets callers in: without a login. */
export function createLocalDoor(authenticate: Authenticate): Door {
  return {
    async admit(context) {
      const caller = await authenticate(context);
      if (caller.ok) {
        return ok({ caller: caller.value, csrfToken: undefined });
      }
      const { code, detail, headers = {} } = caller.error;
      // Problems are of 400 and more, all with a body.
      const status = problemStatus(code) as ContentfulStatusCode;
      return err({ status, title: 'Who asks is not known', paragraphs: [detail], headers });
    },
    routes: [],
  };
}
