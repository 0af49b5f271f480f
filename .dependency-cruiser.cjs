/** The rooms and who may call whom: arrows point one way (docs/architecture.md). */
const rule = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to });

module.exports = {
  forbidden: [
    rule(
      'no-cycles',
      'A cycle has no bottom to read from.',
      {},
      { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    ),
    rule(
      'shared-knows-no-host',
      'shared/ is what the functions are made of; it knows no trigger, host or lab.',
      { path: '^shared/' },
      { path: '^(cli|functions|local|lab|test)/|node_modules/(@azure/functions|durable-functions)/' },
    ),
    rule(
      'model-knows-shapes-only',
      'Types and schemas stand on nothing but each other and the error table.',
      { path: '^shared/model/' },
      { path: '^shared/(?!model/|(errors|error-codes)\\.ts)' },
    ),
    rule(
      'rules-are-pure',
      'Causes, rules and report judge, decide and render; they never talk to Azure, and read no file.',
      { path: '^shared/(causes|repair|report)/' },
      { path: '^shared/(azure|store|probe|intake|guest)/|node_modules/@azure/' },
    ),
    rule(
      'orchestrators-choose-only',
      'An orchestrator sees model, causes, rules and errors: it never acts.',
      { path: '^functions/orchestrators/' },
      {
        path: '^shared/(?!model/|causes/|repair/|(errors|error-codes)\\.ts)|^functions/(?!orchestrators/)|node_modules/@azure/',
      },
    ),
    rule(
      'azure-behind-activities',
      'Only activities and the composition talk ARM.',
      { path: '^functions/', pathNot: '^functions/(activities/|compose\\.ts)' },
      { path: '^shared/azure/' },
    ),
    rule(
      'triggers-do-not-act',
      'Triggers start and answer; they never call an activity.',
      { path: '^functions/triggers/' },
      { path: '^functions/(activities|orchestrators)/' },
    ),
    rule(
      'lab-is-an-independent-judge',
      'The lab and the app meet over HTTPS alone: a misreading in the client must not be copied into its judge.',
      { path: '^lab/' },
      {
        path: '^(cli|functions|local|test)/|^shared/(?!model/|(clock|package-root)\\.ts)|node_modules/@azure/arm-',
      },
    ),
    rule(
      'nothing-imports-local',
      'The host is a stage; nobody stands on it but itself, the command line and the tests.',
      { pathNot: '^(cli|local|test)/' },
      { path: '^local/' },
    ),
    rule(
      'nothing-imports-the-command-line',
      'The command line is the outermost room: it calls, and is called by a person.',
      { pathNot: '^(cli|scripts|test)/' },
      { path: '^cli/' },
    ),
    rule(
      'command-line-talks-http',
      'The command line knows the app by its addresses alone, the same in all three ways.',
      { path: '^cli/' },
      { path: '^functions/' },
    ),
    rule(
      'nothing-imports-test',
      'Tests see all; nothing sees them.',
      { pathNot: '^test/' },
      { path: '^test/' },
    ),
    rule(
      'no-orphans',
      'A module that nobody imports is dead.',
      {
        orphan: true,
        pathNot: '^(test/|scripts/|functions/index\\.ts|[^/]+\\.(c?js|ts)$|local/host/main|cli/(main|bin))',
      },
      {},
    ),
    rule(
      'declared-dependencies',
      'What is imported is named in package.json.',
      {},
      { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
    ),
    rule(
      'production-needs-no-dev-package',
      'The app runs without development packages.',
      { path: '^(functions|shared)/' },
      { dependencyTypes: ['npm-dev'], pathNot: 'node_modules/@types/' },
    ),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    exclude: { path: '^(dist|coverage|\\.rdp-medic)/' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default'],
      extensions: ['.ts', '.js', '.json'],
    },
  },
};
