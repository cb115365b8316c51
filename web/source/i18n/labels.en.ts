/** What pictures owe to AI, and how they are shown for it, in words. */
export const labels = {
  labels: {
    sign: 'AI',
    kinds: { GENERATED: 'Made with AI', EDITED: 'Changed with AI' } as Record<string, string>,
    bases: {
      MADE_HERE: 'made here',
      READ: 'its file says so',
      DECLARED: 'its author says so',
    } as Record<string, string>,
    whole: (kind: string, basis: string) => `${kind}: ${basis}`,
    reveal: 'Show it',
    hidden: { GENERATED: 'Hidden: made with AI', EDITED: 'Hidden: changed with AI' } as Record<string, string>,
    hiddenPost: (name: string) => `A post by ${name} is hidden: made with AI`,
    show: 'Show',
    label: 'Label:',
    by: (handle: string) => `says @${handle}`,
    saidBy: (name: string, handle: string) => `${name}, says @${handle}`,
    labelHides: (name: string, label: string) => `A post by ${name} is hidden: ${label}`,
    open: 'Labels and labelers',
    openText:
      'Accounts that put labels on posts, pictures and people. You choose whom you listen to, and what each label does.',
    choose: 'Labels and choices',
    labelThis: 'Label this',
    settings: 'AI pictures',
    settingsText:
      'Pictures that AI made or changed always say so. You decide how others’ are shown to you; your own you always see.',
    choice: 'Show them',
    choices: { SHOW: 'With a mark', LABEL: 'With a label', BLUR: 'Blurred', HIDE: 'Not at all' } as Record<
      string,
      string
    >,
    about: {
      SHOW: 'Each has the small mark “AI”.',
      LABEL: 'Each says in words what AI did.',
      BLUR: 'Each is behind a veil until you ask for it.',
      HIDE: 'Posts of such pictures alone are folded to a line; in others a note stands where the picture was.',
    } as Record<string, string>,
    declare: (number: number) => `Is AI in picture ${number}?`,
    declared: { none: 'No AI', GENERATED: 'Made with AI', EDITED: 'Changed with AI' } as Record<string, string>,
  },
};
