/** Marks a promise's rejection as handled, so that a caller may ignore it without ending the process. */
export function handled<Value>(promise: Promise<Value>): Promise<Value> {
  promise.catch(ignore)
  return promise
}

function ignore(): void {}
