/** What is known of a call that may be aborted: as the SDKs have it. */
interface AbortableCall {
  abortSignal?: {
    readonly aborted: boolean;
    addEventListener(type: 'abort', listener: () => void): void;
  };
}

/**
 * Makes a call that ends in time. The SDKs' own `timeout` leaves its timer behind where a connection breaks (`NodeHttpClient` of
 * `@typespec/ts-http-runtime` clears it only once there is an answer): the process could not end for that long.
 * @param timeoutMs how long it may take, with every try
 */
export async function withDeadline<T>(
  call: AbortableCall,
  timeoutMs: number,
  send: () => Promise<T>,
): Promise<T> {
  const deadline = new AbortController();
  const abort = (): void => {
    deadline.abort();
  };
  const timer = setTimeout(abort, timeoutMs);
  if (call.abortSignal?.aborted === true) abort();
  call.abortSignal?.addEventListener('abort', abort);
  call.abortSignal = deadline.signal;
  try {
    return await send();
  } finally {
    clearTimeout(timer);
  }
}
