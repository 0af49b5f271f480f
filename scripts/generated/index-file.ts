import type { CauseFile } from './causes.ts';

/** `shared/causes/index.ts`: every cause, in the order of the runbook. */
export function indexFile(causes: readonly CauseFile[]): string {
  const imports = causes
    .toSorted((one, other) => one.name.localeCompare(other.name, 'en'))
    .map(({ name, exported }) => `import { ${exported} } from './${name}.ts';`);
  return `// Written by \`npm run generate\`: a cause is added by its file alone.
import type { Cause } from './cause.ts';
${imports.join('\n')}

/** The known causes of "an internal error has occurred", in the order of the runbook. */
export const CAUSES: readonly Cause[] = [
${causes.map(({ exported }) => `  ${exported},`).join('\n')}
];
`;
}
