let wanted = false;

/** Let the next navigation fetch also what is around every page, which is otherwise fetched once a visit. */
export function wantAnew(): void {
  wanted = true;
}

/** Whether it was wanted; asked once. */
export function takeAnew(): boolean {
  const was = wanted;
  wanted = false;
  return was;
}
