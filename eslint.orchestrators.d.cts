import type { Linter } from 'eslint';

declare const fence: Linter.Config;
export = fence;
