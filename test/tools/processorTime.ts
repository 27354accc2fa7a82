/** What `act` gives, and the milliseconds of processor that it takes: a machine busy with others does not make them more. */
export function processorTime<T>(act: () => T): { readonly result: T; readonly time: number } {
  const start = process.cpuUsage();
  const result = act();
  const { user, system } = process.cpuUsage(start);
  return { result, time: (user + system) / 1000 };
}
