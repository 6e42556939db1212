/** Answers what is asked of an origin. */
export type Site = (request: Request) => Promise<Response>;

export interface CookieBrowser {
  /** The cookies that it holds, by name. Others may be put in. */
  readonly cookies: Map<string, string>;
  /** The lines by which cookies were set, as they came. */
  readonly setCookies: string[];
  /** Asks one address, as a page is navigated to. */
  get(url: string, headers?: Readonly<Record<string, string>>): Promise<Response>;
  /** Sends a form. */
  post(
    url: string,
    form: Readonly<Record<string, string>>,
    headers?: Readonly<Record<string, string>>,
  ): Promise<Response>;
  /** Follows redirects from an address to the end, and returns every one that it came through, with the last answer. */
  visit(url: string): Promise<{ readonly path: readonly string[]; readonly response: Response; readonly text: string }>;
}

const REDIRECTS_MAX = 10;

/**
 * What of a browser a login needs: redirects, and the cookies of the one origin that sets some. One whose name begins with
 * `__Host-` is kept only if it is of this host, by TLS alone, for every path; one over 4,096 bytes is dropped, as browsers do.
 */
export function cookieBrowser(origin: string, sites: Readonly<Record<string, Site>>): CookieBrowser {
  const cookies = new Map<string, string>();
  const setCookies: string[] = [];
  const ask = async (url: string, init: RequestInit & { readonly headers: Record<string, string> }) => {
    const site = sites[new URL(url).origin];
    if (site === undefined) {
      throw new Error(`Nobody is at ${url}`);
    }
    const isOwn = new URL(url).origin === origin;
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const headers = { ...(isOwn && cookie !== '' ? { cookie } : {}), ...init.headers };
    const response = await site(new Request(url, { ...init, headers, redirect: 'manual' }));
    for (const line of isOwn ? response.headers.getSetCookie() : []) {
      setCookies.push(line);
      keep(line, cookies);
    }
    return response;
  };
  const get: CookieBrowser['get'] = (url, headers = {}) =>
    ask(url, { headers: { 'sec-fetch-mode': 'navigate', accept: 'text/html', ...headers } });
  return {
    cookies,
    setCookies,
    get,
    post: (url, form, headers = {}) =>
      ask(url, {
        method: 'POST',
        headers: { 'sec-fetch-mode': 'navigate', 'content-type': 'application/x-www-form-urlencoded', ...headers },
        body: new URLSearchParams(form).toString(),
      }),
    async visit(url) {
      const path = [url];
      let at = url;
      while (path.length <= REDIRECTS_MAX) {
        const response = await get(at);
        const location = response.headers.get('location');
        if (location === null) {
          return { path, response, text: await response.text() };
        }
        at = new URL(location, at).href;
        path.push(at);
      }
      throw new Error(`Redirected without end: ${path.join(' ')}`);
    },
  };
}

function keep(line: string, cookies: Map<string, string>): void {
  const [pair = '', ...attributes] = line.split('; ');
  const name = pair.slice(0, pair.indexOf('='));
  const isHostOnly = attributes.includes('Secure') && attributes.includes('Path=/') && !line.includes('Domain=');
  if (name.startsWith('__Host-') && (!isHostOnly || line.length > 4_096)) {
    return;
  }
  if (attributes.includes('Max-Age=0')) {
    cookies.delete(name);
  } else {
    cookies.set(name, pair.slice(name.length + 1));
  }
}
