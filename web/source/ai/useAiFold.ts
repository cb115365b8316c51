import { useState } from 'react';
import { useShowing } from './viewing';

/** Posts that were folded and are shown since, also after they were scrolled away. */
const unfolded = new Set<string>();

type Post = {
  readonly id: string;
  readonly author: { readonly id: string };
  readonly images: readonly { readonly aiDisclosure?: unknown }[];
};

/** Whether a post is folded, because all its pictures are hidden, and how to unfold it. */
export function useAiFold({ id, author, images }: Post): [folded: boolean, unfold: () => void] {
  const showing = useShowing(author.id);
  const [open, setOpen] = useState(unfolded.has(id));
  const folded = !open && images.length > 0 && images.every((image) => showing(image) === 'HIDE');
  const unfold = () => {
    unfolded.add(id);
    setOpen(true);
  };
  return [folded, unfold];
}

/** Whether somebody asked for what a folded post has. */
export const isUnfolded = (id: string): boolean => unfolded.has(id);
