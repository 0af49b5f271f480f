import type { Clock } from '../../shared/clock.ts';
import { newestApiVersion } from '../arm/access/api-version.ts';
import { somebodyElse } from '../arm/access/identity.ts';
import { ArmError } from '../arm/errors.ts';
import type { ArmAnswer, Method } from '../arm/http.ts';
import type { Operations } from '../arm/operations.ts';
import type { Pipeline } from '../arm/pipeline.ts';
import { at, type JsonValue } from '../arm/store/json.ts';
import { createHold } from '../arm/transport.ts';

/** Azure as somebody else has it: the same requests through the same steps, under another name. */
export interface Somebody {
  readonly name: string;
  /** @throws ArmError */
  get(path: string): Promise<JsonValue>;
  /**
   * Asks for a change and waits until it is done.
   * @throws ArmError when it is refused, or fails
   */
  change(method: Exclude<Method, 'GET' | 'HEAD'>, path: string, body?: JsonValue): Promise<JsonValue>;
}

interface Options {
  clock: Clock;
  operations: Operations;
  pipeline: Pipeline;
  /** Called once Azure has answered a change, whatever it said. */
  answered?: () => void;
}

/** @param who local part of a user principal name */
export function createSomebody(who: string, { clock, operations, pipeline, answered }: Options): Somebody {
  const principal = somebodyElse(`${who}@contoso.example`);
  const name = principal.name ?? who;

  const ask = async (method: Method, path: string, body?: JsonValue): Promise<ArmAnswer> => {
    const separator = path.includes('?') ? '&' : '?';
    const incoming = {
      method,
      url: encodeURI(`${path}${separator}api-version=${newestApiVersion(path)}`),
      headers: {},
      body: () => Promise.resolve(body),
      authenticate: () => principal,
      pause: (wait: () => Promise<void>) => wait(),
      hasHungUp: () => false,
    };
    const answer = await pipeline(incoming, {}, 'https://management.azure.com');
    if (typeof answer === 'string' || 'cutOff' in answer)
      throw new ArmError(0, 'ConnectionReset', 'The connection broke.');
    if (answer.status >= 400) throw toError(answer);
    return answer;
  };

  return {
    name,
    get: async (path) => (await ask('GET', path)).body,
    async change(method, path, body) {
      const hold = createHold(clock);
      try {
        const { operation, body: first } = await ask(method, path, body).finally(answered);
        if (!operation) return first;
        await hold.pause(() => operations.ended(operation));
        if (operation.error) throw operation.error;
        return operation.result?.body;
      } finally {
        hold.release();
      }
    },
  };
}

function toError({ status, body }: ArmAnswer): ArmError {
  const word = (name: string): string => {
    const value = at(body, 'error', name);
    return typeof value === 'string' ? value : '';
  };
  return new ArmError(status, word('code'), word('message'));
}
