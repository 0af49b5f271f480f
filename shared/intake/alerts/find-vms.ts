import * as z from 'zod';
import { explainVmId, parseVmId, type VmIdFault } from '../../model/vm-id.ts';
import type { CommonAlert } from './schema.ts';

/** What an alert points at: VMs by canonical id, and ids that are almost those of a VM, with the fault. */
export interface AlertTargets {
  readonly vmIds: readonly string[];
  readonly faulty: readonly (VmIdFault & { readonly target: string })[];
}

const ID_COLUMNS: ReadonlySet<string> = new Set(['_resourceid', 'resourceid', 'resource']);
const ID_PROPERTIES: ReadonlySet<string> = new Set(['vmid', 'rdpmedicvmid', 'rdp-medic-vm']);

const dimensionsSchema = z.array(z.object({ name: z.string(), value: z.string() }));
const conditionsSchema = z.object({ condition: z.object({ allOf: z.array(z.unknown()) }) });
const withDimensionsSchema = z.object({ dimensions: dimensionsSchema });
const oldDimensionsSchema = z.object({ Dimensions: dimensionsSchema });
const scopeSchema = z.object({ authorization: z.object({ scope: z.string() }) });
const entitySchema = z.object({ properties: z.object({ entity: z.string() }) });
const resultsSchema = z.object({
  SearchResults: z.object({
    tables: z.array(
      z.object({ columns: z.array(z.object({ name: z.string() })), rows: z.array(z.array(z.unknown())) }),
    ),
  }),
});

/**
 * Finds the VMs of an alert. The targets decide where they name VMs; only where they name none (a log
 * search alert's target is its workspace) do the places further in count, so that a VM that is merely
 * mentioned beside the target is never touched. A bare computer name is no VM: two VMs may share it.
 */
export function findVms({ data }: CommonAlert): AlertTargets {
  const { alertTargetIDs, configurationItems } = data.essentials;
  const direct = sort(alertTargetIDs);
  if (direct.vmIds.length > 0 || direct.faulty.length > 0) return direct;
  return sort([
    ...propertyIds(data.customProperties),
    ...configurationItems,
    ...contextIds(data.alertContext),
  ]);
}

function sort(candidates: readonly string[]): AlertTargets {
  const vmIds = new Set<string>();
  const faulty = new Map<string, VmIdFault & { target: string }>();
  for (const candidate of candidates) {
    const vm = parseVmId(candidate);
    if (vm) vmIds.add(vm.id);
    else if (meansVm(candidate)) faulty.set(candidate, { target: candidate, ...explainVmId(candidate) });
  }
  return { vmIds: [...vmIds], faulty: [...faulty.values()] };
}

/** Workspaces, storage accounts and the like are silently no VM; an id that names virtual machines is meant as one. */
function meansVm(candidate: string): boolean {
  return candidate.length <= 2048 && /\/virtualMachines\//i.test(candidate.normalize('NFKC'));
}

function contextIds(context: unknown): string[] {
  return [
    ...dimensionIds(context),
    ...propertyIds(read(z.object({ properties: z.unknown().optional() }), context)?.properties),
    ...[
      read(scopeSchema, context)?.authorization.scope,
      read(entitySchema, context)?.properties.entity,
    ].filter((id) => id !== undefined),
    ...resultIds(context),
  ];
}

function dimensionIds(context: unknown): string[] {
  const conditions = read(conditionsSchema, context)?.condition.allOf ?? [];
  const all = [
    ...conditions.flatMap((one) => read(withDimensionsSchema, one)?.dimensions ?? []),
    ...(read(oldDimensionsSchema, context)?.Dimensions ?? []),
  ];
  return all.filter(({ name }) => ID_COLUMNS.has(name.toLowerCase())).map(({ value }) => value);
}

function resultIds(context: unknown): string[] {
  const tables = read(resultsSchema, context)?.SearchResults.tables ?? [];
  return tables.flatMap(({ columns, rows }) => {
    const index = columns.findIndex(({ name }) => name.toLowerCase() === '_resourceid');
    return rows.map((row) => row[index]).filter((cell) => typeof cell === 'string');
  });
}

function propertyIds(properties: unknown): string[] {
  const entries = Object.entries(read(z.record(z.string(), z.unknown()), properties) ?? {});
  return entries
    .filter(([key]) => ID_PROPERTIES.has(key.toLowerCase()))
    .map(([, value]) => value)
    .filter((value) => typeof value === 'string');
}

function read<T>(schema: z.ZodType<T>, value: unknown): T | undefined {
  return schema.safeParse(value).data;
}
