const NAME = /^[!#$%&'*+\-.^_`|~A-Za-z0-9]+$/;
const WHITESPACE_AROUND = /^[\t\r\n ]+|[\t\r\n ]+$/g;
const STATUS_MIN = 200;
const STATUS_MAX = 599;
const STATUSES_WITHOUT_BODY: ReadonlySet<number> = new Set([204, 205, 304]);
const METHODS_WITHOUT_BODY: ReadonlySet<string> = new Set(['GET', 'HEAD']);
const METHODS_REFUSED: ReadonlySet<string> = new Set(['CONNECT', 'TRACE', 'TRACK']);
const METHODS_OF_ANY_CASE: ReadonlySet<string> = new Set(['DELETE', 'GET', 'HEAD', 'OPTIONS', 'POST', 'PUT']);

/**
 * Puts headers, requests and responses of few means in the place of Node's own, for the whole process. Node's load all of its `fetch`
 * when the first is made, which takes nearly as long as starting Node. By assignment, since defining a property, and even reading it,
 * loads what it replaces.
 */
export function useLightMessages(): void {
  Object.assign(globalThis, { Headers: LightHeaders, Request: LightRequest, Response: LightResponse });
}

/** What headers are made of: others, pairs, or an object. */
type HeadersOf = Iterable<readonly [string, string]> | Readonly<Record<string, string>>;

/**
 * Headers as the Fetch standard has them, those of which there may be several only by `append`.
 * https://fetch.spec.whatwg.org/#headers-class
 */
export class LightHeaders {
  readonly #values = new Map<string, readonly string[]>();

  /** @throws TypeError of a name or a value that no header may have */
  constructor(init: HeadersOf = {}) {
    for (const [name, value] of isIterable(init) ? init : Object.entries(init)) {
      this.append(name, value);
    }
  }

  get(name: string): string | null {
    return this.#values.get(checkedName(name))?.join(', ') ?? null;
  }

  has(name: string): boolean {
    return this.#values.has(checkedName(name));
  }

  set(name: string, value: string): void {
    this.#values.set(checkedName(name), [checkedValue(value)]);
  }

  append(name: string, value: string): void {
    const key = checkedName(name);
    this.#values.set(key, [...(this.#values.get(key) ?? []), checkedValue(value)]);
  }

  delete(name: string): void {
    this.#values.delete(checkedName(name));
  }

  getSetCookie(): string[] {
    return [...(this.#values.get('set-cookie') ?? [])];
  }

  forEach(act: (value: string, name: string, headers: this) => void): void {
    for (const [name, value] of this) {
      act(value, name, this);
    }
  }

  entries(): Iterator<[string, string]> {
    return this[Symbol.iterator]();
  }

  /** By name; each cookie by itself. */
  *[Symbol.iterator](): Generator<[string, string]> {
    for (const name of [...this.#values.keys()].toSorted()) {
      const values = this.#values.get(name) ?? [];
      for (const value of name === 'set-cookie' ? values : [values.join(', ')]) {
        yield [name, value];
      }
    }
  }
}

/** What has a body that is known at once: bytes, text, that of another, or none. */
class LightBody {
  readonly headers: LightHeaders;
  readonly #bytes: Uint8Array<ArrayBuffer> | undefined;

  constructor(body: unknown, headers: HeadersOf | undefined) {
    this.headers = new LightHeaders(headers);
    this.#bytes = body instanceof LightBody ? body.#bytes : bytesOf(body);
    if (typeof body === 'string' && !this.headers.has('content-type')) {
      this.headers.set('content-type', 'text/plain;charset=UTF-8');
    }
  }

  get body(): ReadableStream<Uint8Array<ArrayBuffer>> | null {
    return this.#bytes === undefined ? null : new Blob([this.#bytes]).stream();
  }

  async arrayBuffer(): Promise<ArrayBuffer> {
    return new Uint8Array(this.#bytes ?? []).buffer;
  }

  async text(): Promise<string> {
    return new TextDecoder().decode(this.#bytes);
  }

  async json(): Promise<unknown> {
    return JSON.parse(await this.text());
  }
}

interface RequestOf {
  readonly method?: string;
  readonly headers?: HeadersOf;
  readonly body?: unknown;
}

/** A request as a server reads it. https://fetch.spec.whatwg.org/#request-class */
export class LightRequest extends LightBody {
  readonly url: string;
  readonly method: string;

  /** @throws TypeError of an address, a method, a header or a body that no request may have */
  constructor(input: string | URL | LightRequest, init: RequestOf = {}) {
    const of = input instanceof LightRequest ? input : { url: addressOf(input), method: 'GET', headers: {} };
    const method = checkedMethod(init.method ?? of.method);
    super(init.body ?? (input instanceof LightRequest ? input : null), init.headers ?? of.headers);
    if (METHODS_WITHOUT_BODY.has(method) && this.body !== null) {
      throw new TypeError(`Cannot make a request: ${method} has no body`);
    }
    this.url = of.url;
    this.method = method;
  }
}

interface ResponseOf {
  readonly status?: number;
  readonly headers?: HeadersOf;
}

/** A response as a server makes it. https://fetch.spec.whatwg.org/#response-class */
export class LightResponse extends LightBody {
  readonly status: number;

  /** @throws TypeError of a header or a body that no response may have, RangeError of a status */
  constructor(body: unknown = null, { status = 200, headers }: ResponseOf = {}) {
    if (!Number.isInteger(status) || status < STATUS_MIN || status > STATUS_MAX) {
      throw new RangeError(`Cannot make a response: its status is ${status}, expected ${STATUS_MIN} to ${STATUS_MAX}`);
    }
    if (STATUSES_WITHOUT_BODY.has(status) && body !== null && body !== undefined) {
      throw new TypeError(`Cannot make a response: one of status ${status} has no body`);
    }
    super(body, headers);
    this.status = status;
  }

  get ok(): boolean {
    return this.status < 300;
  }
}

function isIterable(init: HeadersOf): init is Iterable<readonly [string, string]> {
  return Symbol.iterator in init;
}

function checkedName(name: string): string {
  if (!NAME.test(name)) {
    throw new TypeError(
      `Cannot name a header ${JSON.stringify(name)}: expected letters, digits and what HTTP allows beside them`,
    );
  }
  return name.toLowerCase();
}

function checkedValue(value: string): string {
  const trimmed = String(value).replaceAll(WHITESPACE_AROUND, '');
  for (const character of trimmed) {
    if (character === '\0' || character === '\r' || character === '\n' || character > '\u00ff') {
      throw new TypeError(`Cannot make ${JSON.stringify(trimmed)} a header: expected bytes of one line`);
    }
  }
  return trimmed;
}

/** @throws TypeError of an address that is none, or that holds a name or a password */
function addressOf(input: string | URL): string {
  const { href, username, password } = new URL(input);
  if (username !== '' || password !== '') {
    throw new TypeError('Cannot make a request: expected an address without a name and a password');
  }
  return href;
}

function checkedMethod(method: string): string {
  const upper = method.toUpperCase();
  if (!NAME.test(method) || METHODS_REFUSED.has(upper)) {
    throw new TypeError(`Cannot make a request by the method ${JSON.stringify(method)}`);
  }
  return METHODS_OF_ANY_CASE.has(upper) ? upper : method;
}

function bytesOf(body: unknown): Uint8Array<ArrayBuffer> | undefined {
  if (body === undefined || body === null) {
    return undefined;
  }
  if (typeof body === 'string') {
    return new TextEncoder().encode(body);
  }
  if (body instanceof Uint8Array) {
    return new Uint8Array(body);
  }
  throw new TypeError('Cannot take a body that is not known at once: expected bytes or text');
}
