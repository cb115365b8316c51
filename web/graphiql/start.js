// GraphiQL on Fresque's own API, with examples that work on the seeded network.
const examples = [
  {
    query: `# The public timeline: twenty posts, their authors and pictures.
query Explore {
  exploreTimeline(first: 20) {
    edges {
      repostedBy { handle }
      node {
        id text createdAt
        author { handle displayName }
        images { url(size: MEDIUM) width height altText generated }
        likeCount replyCount repostCount
      }
    }
    pageInfo { hasNextPage endCursor }
    liveCursor
  }
}
`,
  },
  {
    query: `# Signs this browser in with a cookie, as one of the seeded people.
mutation SignIn($login: String!, $password: String!) {
  logIn(input: { login: $login, password: $password }) {
    viewer { user { handle displayName } }
    userErrors { code message path }
  }
}
`,
    variables: JSON.stringify({ login: "ada", password: "paint the town" }, null, 2),
  },
  {
    query: `# Asks the built-in engine for a picture; needs somebody signed in.
mutation MakeAPicture {
  generateImages(input: { prompt: "a fox and an owl under the moon in a forest at night", style: "watercolour" }) {
    job { id state queuePosition seed }
    userErrors { code message path }
  }
}
`,
  },
  {
    query: `# Follows the home timeline of whoever is signed in.
subscription HomeLive {
  homeTimeline {
    __typename
    cursor
    ... on PostPublished { edge { repostedBy { handle } node { text author { handle } images { url } } } }
    ... on PostRemoved { postId }
    ... on Reset { reason }
  }
}
`,
  },
];

const subscriptionUrl = location.origin.replace(/^http/, "ws") + "/graphql";
const fetcher = GraphiQL.createFetcher({ url: "/graphql", subscriptionUrl });
ReactDOM.createRoot(document.getElementById("graphiql")).render(
  React.createElement(GraphiQL, { fetcher, defaultTabs: examples, shouldPersistHeaders: false }),
);
