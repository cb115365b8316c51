// The tour: example operations as GraphiQL's tabs, and a memory that fills in what one step hands to the next.

// One tab for each part of tour.graphql, with its variables of tour.json.
export function tabs(text, variables) {
  return text
    .split(/^# == .*\n/m)
    .filter((part) => part.trim())
    .map((part) => {
      const [, name] = part.match(/^(?:query|mutation|subscription) (\w+)/m);
      return { query: part.trim() + '\n', variables: JSON.stringify(variables[name], null, 2) };
    });
}

const isHeartbeat = (value) => Object.values(value?.data ?? {})[0]?.__typename === 'LiveHeartbeat';
const STANDING = ['$job', '$image', '$endCursor'];

// Remembers the last job, image and end of a page among the answers; `$job`, `$image` and `$endCursor` in variables stand
// for them.
export class Memory {
  known = {};

  see(value) {
    if (Array.isArray(value)) value.forEach((one) => this.see(one));
    else if (value !== null && typeof value === 'object') {
      for (const [key, inner] of Object.entries(value)) {
        if (key === 'endCursor' && inner) this.known.$endCursor = inner;
        if (key === 'job' && inner?.id) this.known.$job = inner.id;
        if (key === 'outputs') for (const { image } of inner) if (image?.id) this.known.$image = image.id;
        this.see(inner);
      }
    }
    return value;
  }

  fill(value) {
    if (Array.isArray(value)) return value.map((one) => this.fill(one));
    if (value !== null && typeof value === 'object') {
      return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, this.fill(inner)]));
    }
    return STANDING.includes(value) ? (this.known[value] ?? null) : value;
  }

  // A fetcher of GraphiQL's whose answers are remembered and whose variables are filled in.
  around(fetcher) {
    return async (params, options) => {
      const answer = await fetcher({ ...params, variables: this.fill(params.variables) }, options);
      if (!answer?.[Symbol.asyncIterator]) return this.see(answer);
      const source = answer[Symbol.asyncIterator]();
      let shown = false;
      // GraphiQL shows the last answer alone: a heartbeat would take away what is looked at.
      const next = async () => {
        const step = await source.next();
        if (!step.done && shown && isHeartbeat(step.value)) return next();
        shown ||= !isHeartbeat(step.value);
        return { ...step, value: this.see(step.value) };
      };
      // No generator: it would not end before its next answer.
      return {
        next,
        return: async () => (await source.return?.()) ?? { done: true, value: undefined },
        [Symbol.asyncIterator]() {
          return this;
        },
      };
    };
  }
}
