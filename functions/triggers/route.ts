import type { HttpMethod } from '@azure/functions';
import type { Handler } from './http.ts';

/** One address of the service. */
export interface Route {
  readonly name: string;
  /** Whole, as host.json sets no prefix; no slash in front. */
  readonly path: string;
  readonly handlers: Partial<Record<HttpMethod, Handler>>;
  /**
   * Who may call: `caller` (function key, or Entra ID where that is set up; each handler says which role it takes); `page` (the same
   * people from the page: a session instead of the key); `connector` (the key, and what the connector asks for); `anybody`.
   */
  readonly access: 'caller' | 'page' | 'connector' | 'anybody';
}
