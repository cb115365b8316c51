import type { RecordSourceSelectorProxy } from 'relay-runtime';

/** Put a record at the head of an unpaged list of the viewer's. */
export function withFirst(
  store: RecordSourceSelectorProxy,
  viewer: string,
  list: string,
  id: string | undefined,
): void {
  const owner = store.get(viewer);
  const made = id && store.get(id);
  if (!owner || !made) return;
  owner.setLinkedRecords([made, ...(owner.getLinkedRecords(list) ?? [])], list);
}

/** Take a record out of an unpaged list of the viewer's. */
export function without(store: RecordSourceSelectorProxy, viewer: string, list: string, id: string): void {
  const owner = store.get(viewer);
  const rest = owner?.getLinkedRecords(list)?.filter((one) => one?.getDataID() !== id);
  if (rest) owner?.setLinkedRecords(rest, list);
}
