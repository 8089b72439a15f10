// Keeps the figures of an issue that leaves up to date. Without it the page looks again by itself.
"use strict";

for (const place of document.querySelectorAll("[data-events]")) {
  const source = new EventSource(place.dataset.events);
  source.addEventListener("open", () => document.getElementById("as-of")?.remove());
  source.addEventListener("figures", (event) => { place.innerHTML = event.data; });
  source.addEventListener("turn", again);
  addEventListener("beforeunload", () => source.close());  // what a button leads to is not to be overtaken
  source.addEventListener("error", () => {
    if (source.readyState === EventSource.CLOSED) setTimeout(again, 15000);
  });

  function again() {
    source.close();
    location.replace(location.pathname);
  }
}
