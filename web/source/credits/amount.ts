/** Where a line's credits went: into the account, out of it, or only to one side and back. */
export type Way = 'in' | 'out' | 'aside';

/** A line's amount as its owner reads it: with the sign that it has for what they own. Setting aside and giving back change none of that. */
export function signedAmount(kind: string, amount: number): { sign: string; credits: number; way: Way } {
  const credits = Math.abs(amount);
  switch (kind) {
    case 'GRANT':
      return { sign: '+', credits, way: 'in' };
    case 'SETTLE':
      return { sign: '−', credits, way: 'out' };
    case 'ADJUST':
      return amount < 0 ? { sign: '−', credits, way: 'out' } : { sign: '+', credits, way: 'in' };
    default:
      return { sign: '', credits, way: 'aside' };
  }
}
