/**
 * Lets a stream's reader go away (`| head`): it has what it wanted, so the process ends as if all had been read. Any other
 * failure to write is thrown.
 */
export function tolerateClosedPipe(stream: NodeJS.EventEmitter): void {
  stream.on('error', (cause: Error) => {
    if (!isClosedPipe(cause)) {
      throw cause;
    }
  });
}

/** https://nodejs.org/api/errors.html#common-system-errors */
export function isClosedPipe(cause: Error): boolean {
  return 'code' in cause && cause.code === 'EPIPE';
}
