/** Keeps the console's shell, so that it loads and says so when its node is gone. Never an answer of the node: what is not the page or
 *  its files is not touched. The node is asked first, always: what is kept is only shown where the node does not answer. */
const SHELL = "openline-shell";
const isAsset = (url) => url.origin === self.location.origin && url.pathname.startsWith("/assets/");

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(SHELL).then((cache) => cache.add("/")));
  void self.skipWaiting();
});

self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

/** The page says which files it is made of; those of an earlier build go. */
self.addEventListener("message", (event) => {
  const named = Array.isArray(event.data) ? event.data.map((name) => new URL(name, self.location.origin)).filter(isAsset) : [];
  event.waitUntil(keep(named.map(({ href }) => href)));
});

async function keep(hrefs) {
  const cache = await caches.open(SHELL);
  const kept = await cache.keys();
  const have = new Set(kept.map(({ url }) => url));
  await cache.addAll(hrefs.filter((href) => !have.has(href)));
  const gone = kept.filter(({ url }) => isAsset(new URL(url)) && !hrefs.includes(url));
  await Promise.all(gone.map((request) => cache.delete(request)));
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  // By its address: passed on as it is, a page that a link elsewhere has opened reaches the node as something that elsewhere asks for.
  if (request.mode === "navigate" && url.pathname !== "/openline-verifier.html") event.respondWith(nodeOr(request.url, "/"));
  else if (isAsset(url)) event.respondWith(nodeOr(request, request));
});

async function nodeOr(request, kept) {
  try {
    return await fetch(request);
  } catch (error) {
    const found = await caches.match(kept);
    if (found === undefined) throw error;
    return found;
  }
}
