import { useState } from 'react';
import { useLanguage, useText } from '~/i18n/language';
import { useViewer } from '~/session/viewer';
import { useHeard } from './heard';
import { type Heard, wordingOf } from './summed';

/** Posts that labels hid and that are shown since, also after they were scrolled away. */
const unfolded = new Set<string>();

type Post = {
  readonly id: string;
  readonly version: number;
  readonly author: { readonly id: string; readonly displayName: string };
  readonly labelValues: readonly string[];
};

/** What labels come to for a post on the page, in words. */
export type LabelFold = {
  readonly heard: Heard | undefined;
  /** Why all of it is aside, or null; and how to bring it back. */
  readonly aside: string | null;
  readonly bringBack: () => void;
  /** Why its words and pictures are behind a warning, or its pictures behind a veil. */
  readonly warning: string | null;
  readonly veil: string | null;
};

/** How labels of the reader's labelers, and those of moderators that the reader hides, fold a post. */
export function useLabelFold({ id, version, author, labelValues }: Post): LabelFold {
  const { labels, reporting } = useText();
  const language = useLanguage();
  const viewer = useViewer();
  const heard = useHeard(id, version, author.id);
  const [open, setOpen] = useState(unfolded.has(id));
  const own = viewer?.id === author.id;
  const value = own ? undefined : labelValues.find((one) => viewer?.hiddenLabels?.includes(one));
  const why = heard?.hides
    ? wordingOf(heard.hides.wordings, language).name
    : value && (reporting.labels[value] ?? value);
  const veils = heard?.veils && labels.saidBy(wordingOf(heard.veils.wordings, language).name, heard.veils.handle);
  return {
    heard,
    aside: why && !open ? labels.labelHides(author.displayName, why) : null,
    bringBack: () => {
      unfolded.add(id);
      setOpen(true);
    },
    warning: heard?.blur === 'CONTENT' ? (veils ?? null) : null,
    veil: heard?.blur === 'MEDIA' ? (veils ?? null) : null,
  };
}
