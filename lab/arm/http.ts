import type { IncomingHttpHeaders } from 'node:http';
import type { OperationFault } from '../faults/fault.ts';
import type { Principal } from './access/identity.ts';
import type { Operation } from './operations.ts';
import type { JsonValue } from './store/json.ts';

export type Method = 'GET' | 'HEAD' | 'PUT' | 'PATCH' | 'POST' | 'DELETE';

/** A request after auth and routing, as handlers see it. */
export interface ArmRequest {
  method: Method;
  path: string;
  /** Id of the resource or scope the request is about: the path without an action or collection name. */
  target: string;
  params: Readonly<Record<string, string>>;
  query: URLSearchParams;
  headers: IncomingHttpHeaders;
  body: JsonValue;
  principal: Principal;
  apiVersion: string;
  /** `https://127.0.0.1:12345`: poll URLs are absolute. */
  origin: string;
  /** What a scripted fault does to the operation this request begins. */
  fault?: OperationFault;
}

export interface ArmAnswer {
  status: number;
  body?: JsonValue;
  headers?: Record<string, string>;
  /** The long operation the request began; the pipeline adds its headers. */
  operation?: Operation;
}

/** 200 with a body. */
export function ok(body: JsonValue): ArmAnswer {
  return { status: 200, body };
}

/** 200 with a list in one page. */
export function page(value: JsonValue[]): ArmAnswer {
  return { status: 200, body: { value } };
}

/** A path parameter that the route is known to have. */
export function param(request: ArmRequest, name: string): string {
  const value = request.params[name];
  if (value === undefined) throw new Error(`The route of ${request.path} has no parameter ${name}.`);
  return value;
}
