/** Keeps a party's list in its log's order: the tail of a closed incarnation may be read after the next one has begun. */
export function insert<K, V>(map: Map<K, V[]>, key: K, value: V, order: (a: V, b: V) => number): void {
  const list = map.get(key);
  if (list === undefined) {
    map.set(key, [value]);
    return;
  }
  let at = list.length;
  for (let before = list[at - 1]; before !== undefined && order(before, value) > 0; before = list[at - 1]) at--;
  if (at === list.length) list.push(value);
  else list.splice(at, 0, value);
}

export function* backwards<T>(list: readonly T[]): Generator<T> {
  for (let i = list.length - 1; i >= 0; i--) {
    const item = list[i];
    if (item !== undefined) yield item;
  }
}
