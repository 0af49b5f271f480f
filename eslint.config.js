import js from '@eslint/js';
import tseslint from 'typescript-eslint';

/** What would make an orchestrator answer differently at its next replay, or act by itself. */
const NOT_IN_ORCHESTRATORS = [
  {
    selector: "MemberExpression[object.name='Date'][property.name='now']",
    message: 'Use context.df.currentUtcDateTime: an orchestrator is replayed.',
  },
  {
    selector: "NewExpression[callee.name='Date'][arguments.length=0]",
    message: 'Use context.df.currentUtcDateTime: an orchestrator is replayed.',
  },
  {
    selector: "CallExpression[callee.name='Date']",
    message: 'Use context.df.currentUtcDateTime: an orchestrator is replayed.',
  },
  {
    selector: "MemberExpression[object.name='Math'][property.name='random']",
    message: 'No chance in an orchestrator: it is replayed.',
  },
  {
    selector: "MemberExpression[object.name='process']",
    message: 'No environment in an orchestrator: pass it in.',
  },
  {
    selector: "MemberExpression[object.name='performance']",
    message: 'Use context.df.currentUtcDateTime: an orchestrator is replayed.',
  },
  { selector: 'AwaitExpression', message: 'An orchestrator yields durable tasks; it never awaits.' },
  { selector: 'ImportExpression', message: 'An orchestrator imports statically.' },
];
const NOT_GLOBAL_IN_ORCHESTRATORS = [
  'setTimeout',
  'setInterval',
  'setImmediate',
  'fetch',
  'crypto',
  'queueMicrotask',
  'console',
];

export default tseslint.config(
  { ignores: ['dist/', 'node_modules/', 'coverage/', '.rdp-medic/'] },
  js.configs.recommended,
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: {
      parserOptions: {
        projectService: { allowDefaultProject: ['*.js'] },
        tsconfigRootDir: import.meta.dirname,
      },
    },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/consistent-type-definitions': 'off',
      // Generators that end without a value, and callbacks that give back void, are ordinary here.
      '@typescript-eslint/no-confusing-void-expression': [
        'error',
        { ignoreArrowShorthand: true, ignoreVoidOperator: true },
      ],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      'require-yield': 'off',
      'no-restricted-syntax': [
        'error',
        { selector: 'TSEnumDeclaration', message: 'Use a union of strings.' },
        { selector: 'ExportDefaultDeclaration', message: 'Use named exports.' },
      ],
      eqeqeq: 'error',
      'max-lines': ['error', { max: 300, skipBlankLines: false, skipComments: false }],
    },
  },
  {
    files: ['functions/orchestrators/**/*.ts'],
    rules: {
      'no-restricted-syntax': ['error', ...NOT_IN_ORCHESTRATORS],
      'no-restricted-globals': ['error', ...NOT_GLOBAL_IN_ORCHESTRATORS],
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            { regex: '^(node:|@azure/)', message: 'An orchestrator never acts by itself: call an activity.' },
          ],
        },
      ],
    },
  },
  {
    files: ['*.config.js', '*.cjs'],
    rules: { 'no-restricted-syntax': 'off' },
    ...tseslint.configs.disableTypeChecked,
  },
  {
    files: ['test/**/*.ts'],
    rules: {
      // jest's matchers are typed loosely.
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
    },
  },
);
