// Shows what is pushed, and opens where it leads. Nothing is kept and nothing is fetched through here: there is no `fetch` handler.

/** An address of ours, whatever was sent: never one that leads elsewhere. */
function placeOf(path) {
  const place = new URL(typeof path === 'string' ? path : '/notifications', location.origin);
  return place.origin === location.origin ? place.href : `${location.origin}/notifications`;
}

async function tell(data) {
  let said;
  try {
    said = data.json();
  } catch {
    return; // nothing that was sealed for this page
  }
  if (typeof said?.title !== 'string') return;
  const pages = await clients.matchAll({ type: 'window', includeUncontrolled: true });
  if (typeof said.unread === 'number') await navigator.setAppBadge?.(said.unread).catch(() => undefined);
  if (pages.some((page) => page.focused && page.visibilityState === 'visible')) return; // it is told there already
  await registration.showNotification(said.title, {
    body: typeof said.body === 'string' ? said.body : '',
    badge: '/icon-192.png',
    icon: '/icon-192.png',
    lang: said.language,
    tag: said.tag,
    data: { path: said.path },
  });
}

async function open(path) {
  const place = placeOf(path);
  const pages = await clients.matchAll({ type: 'window', includeUncontrolled: true });
  const there = pages.find((page) => page.url === place);
  if (there) return there.focus();
  try {
    const page = await pages[0]?.focus();
    if (page && (await page.navigate(place))) return;
  } catch {
    // A page of before this worker cannot be led on: another is opened.
  }
  await clients.openWindow(place);
}

addEventListener('install', () => skipWaiting());
addEventListener('activate', (event) => event.waitUntil(clients.claim()));
addEventListener('push', (event) => event.data && event.waitUntil(tell(event.data)));
addEventListener('notificationclick', (event) => {
  event.notification.close();
  event.waitUntil(open(event.notification.data?.path));
});
