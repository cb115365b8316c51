/** What was not done, each once, with the engine's own beginning of it in the reader's words. */
export function undoneIn(undone: readonly string[], words: Readonly<Record<string, string>>): string {
  const found = undone.map((one) => {
    const [why = '', ...what] = one.split(': ');
    const said = words[why] ?? why;
    return what.length > 0 ? `${what.join(': ')} (${said})` : said;
  });
  return [...new Set(found)].join(', ');
}
