// Opens the page of docs/clients/react.md in a DOM, as a browser would, and waits for the words that it is given.
import { setTimeout as wait } from 'node:timers/promises';
import { Window } from 'happy-dom';

const window = new Window({ url: process.env.FRESQUE_URL });
Object.assign(globalThis, { window, document: window.document, location: new URL(process.env.FRESQUE_URL) });
window.document.body.innerHTML = '<div id="root"></div>';
await import('./compiled/main.js');

async function shown(text) {
  while (!window.document.body.textContent.includes(text)) await wait(20);
}

async function write(text) {
  const query = 'mutation ($text: String!) { createPost(input: {text: $text}) { post { id } } }';
  await fetch(`${process.env.FRESQUE_URL}/graphql`, {
    method: 'POST',
    headers: { authorization: `Bearer ${process.env.ADA_TOKEN}`, 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables: { text } }),
  });
}

const late = setTimeout(() => {
  console.log(window.document.body.textContent);
  process.exit(1);
}, 20_000);
await shown('On the page');
await write('Published live');
await shown('Published live');
window.document.querySelector('button').click();
await shown('The oldest');
clearTimeout(late);
process.exit(0);
