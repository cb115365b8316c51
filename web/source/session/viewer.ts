import { createContext, useContext } from 'react';

/** Who is signed in, as the shell knows it. */
export type Viewer = {
  readonly id: string;
  readonly handle: string;
  readonly displayName: string;
  readonly avatarUrl: string | null;
  /** Whether they want pictures marked as sensitive shown at once. */
  readonly showsSensitive?: boolean;
  /** How pictures that AI made are shown to them. */
  readonly aiPictures?: string;
  /** Which labels of moderators hide a post from them. */
  readonly hiddenLabels?: readonly string[];
  /** Whether they listen to labelers, and whether they are one. */
  readonly hasLabelers?: boolean;
  readonly isLabeler?: boolean;
  /** Whether they work at the moderators' desk. */
  readonly onTeam?: boolean;
  /** Whether their account is suspended: it reads and appeals, and changes nothing else. */
  readonly isSuspended?: boolean;
};

export const ViewerContext = createContext<Viewer | null>(null);

/** Who is signed in; null for nobody. */
export const useViewer = (): Viewer | null => useContext(ViewerContext);
