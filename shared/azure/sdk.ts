/**
 * The clients for Azure Resource Manager, read when Azure is first asked: they are most of what the app consists of, and a cold start
 * would read them before it answers anybody (docs/performance.md, "Package").
 */
export async function loadSdk() {
  const [compute, network, locks, authorization, devTestLabs, monitor, policy] = await Promise.all([
    import('@azure/arm-compute'),
    import('@azure/arm-network'),
    import('@azure/arm-locks'),
    import('@azure/arm-authorization'),
    import('@azure/arm-devtestlabs'),
    import('@azure/arm-monitor'),
    import('@azure/arm-policyinsights'),
  ]);
  return { compute, network, locks, authorization, devTestLabs, monitor, policy };
}
