/** Whether a promise settles, either way, within `ms`. */
export async function settlesWithin(promise: Promise<unknown>, ms: number): Promise<boolean> {
  const late = Promise.withResolvers<boolean>();
  const timer = setTimeout(late.resolve, ms, false);
  const settled = (): boolean => true;
  try {
    return await Promise.race([promise.then(settled, settled), late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
