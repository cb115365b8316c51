// GraphiQL on Fresque's own API, with a tour that works on the seeded network.
import { Memory, tabs } from './tour.js';

const [text, variables] = await Promise.all([
  fetch('/graphiql/tour.graphql').then((answer) => answer.text()),
  fetch('/graphiql/tour.json').then((answer) => answer.json()),
]);
const subscriptionUrl = location.origin.replace(/^http/, 'ws') + '/graphql';
const fetcher = new Memory().around(GraphiQL.createFetcher({ url: '/graphql', subscriptionUrl }));
ReactDOM.createRoot(document.getElementById('graphiql')).render(
  React.createElement(GraphiQL, {
    fetcher,
    defaultTabs: tabs(text, variables),
    defaultEditorToolsVisibility: 'variables',
    shouldPersistHeaders: false,
  }),
);
