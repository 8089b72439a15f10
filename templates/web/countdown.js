// Keeps the time that is left up to date, in the words in which the page came. Without it they stand still.
"use strict";

for (const place of document.querySelectorAll("[data-until]")) {
  const until = Date.parse(place.dataset.until);
  const tick = () => {
    place.textContent = left(until - Date.now());
    setTimeout(tick, 15000);
  };
  tick();
}

function left(milliseconds) {
  const minutes = Math.max(0, Math.floor(milliseconds / 60000));
  const hours = Math.floor(minutes / 60), days = Math.floor(hours / 24);
  return days ? `${many(days, "day")} and ${many(hours % 24, "hour")}`
    : `${many(hours, "hour")} and ${many(minutes % 60, "minute")}`;
}

function many(number, of) {
  return `${number} ${of}${number === 1 ? "" : "s"}`;
}
