/** The fence around orchestrators: they are replayed, so they choose and never act. */
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

module.exports = {
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
};
