/** The forms of a counted thing; `other` is what every language has. `#` stands for the number. */
export type Forms = { [Form in Intl.LDMLPluralRule]?: string } & { other: string };

/** How a language counts: `count(2, { one: '# post', other: '# posts' })` is "2 posts". */
export function counter(language: string): (count: number, forms: Forms) => string {
  const rules = new Intl.PluralRules(language);
  const numbers = new Intl.NumberFormat(language);
  return (count, forms) => (forms[rules.select(count)] ?? forms.other).replace('#', numbers.format(count));
}
