import type { Role } from '../../shared/model/principal.ts';

/** The three ways to the service, which all have the same addresses. */
export type Way = 'app' | 'host' | 'local';

export interface Ask {
  method: 'GET' | 'POST';
  /** Path and query. */
  path: string;
  body?: unknown;
  headers?: Readonly<Record<string, string>>;
  /** The role that the address takes: the approvers' secret goes only where it is needed. */
  role?: Role;
}

/** A service that is talked to. */
export interface Service {
  readonly way: Way;
  /** What it is called in messages: its address, or `this machine`. */
  readonly name: string;
  /** How often it is asked how something goes on, in seconds. */
  readonly pollSeconds: number;
  /** Settings by which the Azure that it works on is found; empty for whichever the user has signed in to. */
  readonly azure: Readonly<Record<string, string>>;
  /** The page of a host on this machine, and the file that only its user may read with what signs in to it. */
  readonly page?: { readonly url: string; readonly secrets: string };
  /** @throws CommandError `unreachable` */
  ask(ask: Ask): Promise<Response>;
  /** Writes what is kept of a remediation into files, where that lies on this machine; gives back their folder. */
  keepFiles?(remediationId: string): Promise<string | undefined>;
  /** Where it runs in this process, it ends here: what is not done yet goes on with the next call. */
  close(): Promise<void>;
}

/** Options of the words by which one of the ways is chosen. */
export const WAY_WORDS: Readonly<Record<Way, string>> = { app: '', host: '', local: ' --local' };
