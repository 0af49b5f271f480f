import type { Clock } from '../../shared/clock.ts';
import type { Method } from './http.ts';

/** One call as the lab saw it. */
export interface LoggedRequest {
  /** Lab time, in milliseconds since the epoch. */
  at: number;
  method: Method;
  path: string;
  query: URLSearchParams;
  /** Azure action; empty when no route was found. */
  action: string;
  /** 0 until answered. */
  status: number;
  errorCode?: string;
}

export interface RequestLog {
  /** @param kept whether it is among `all()`: the service's own calls are, those of others are not */
  begin(method: Method, url: string, kept: boolean): LoggedRequest;
  end(call: LoggedRequest): void;
  all(): readonly LoggedRequest[];
  clear(): void;
}

/** Keeps the newest calls, so that a long run does not grow without end. */
const KEPT = 20_000;

/**
 * @param sink gets one line for each call, with time, what, status and code
 * @param most how many calls are kept
 */
export function createRequestLog(
  clock: Clock,
  sink: ((line: string) => void) | undefined,
  most = KEPT,
): RequestLog {
  let calls: LoggedRequest[] = [];
  return {
    begin(method, url, kept) {
      const { pathname, searchParams } = new URL(`https://127.0.0.1${url}`);
      const call: LoggedRequest = {
        at: clock.now(),
        method,
        // SDKs put a scope with its leading slash behind the host's: ARM takes two slashes for one.
        path: decodeURIComponent(pathname).replace(/\/{2,}/g, '/'),
        query: searchParams,
        action: '',
        status: 0,
      };
      if (!kept || most === 0) return call;
      if (calls.length >= most) calls = calls.slice(most / 2);
      calls.push(call);
      return call;
    },
    end({ at, method, path, status, errorCode }) {
      sink?.([new Date(at).toISOString(), method, path, String(status), errorCode ?? ''].join(' ').trimEnd());
    },
    all: () => calls,
    clear() {
      calls = [];
    },
  };
}
