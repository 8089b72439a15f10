// Moves match-ups by dragging and by Alt with the arrow keys, as their buttons do, and asks before typed words are lost.
"use strict";

document.body.classList.add("scripted");

for (const card of document.querySelectorAll(".cards > li")) {
  const form = card.querySelector(".places");
  if (!form) continue;
  const handle = document.createElement("span");
  Object.assign(handle, { className: "handle", draggable: true, title: "Drag it to its place" });
  handle.setAttribute("aria-hidden", "true");
  card.querySelector(".head").prepend(handle);
  handle.addEventListener("dragstart", (event) => {
    event.dataTransfer.setData("text/plain", card.id);
    event.dataTransfer.setDragImage(card, 0, 0);
    event.dataTransfer.effectAllowed = "move";
    card.classList.add("dragged");
  });
  handle.addEventListener("dragend", () => card.classList.remove("dragged"));
  card.addEventListener("dragover", (event) => {
    if (!document.querySelector(".dragged") || card.matches(".dragged")) return;
    event.preventDefault();
    card.classList.add("over");
  });
  card.addEventListener("dragleave", () => card.classList.remove("over"));
  card.addEventListener("drop", (event) => {
    const dragged = document.querySelector(".dragged");
    if (!dragged || dragged === card) return;
    event.preventDefault();
    move(dragged, card.dataset.place);
  });
  card.addEventListener("keydown", (event) => {
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (!step || !event.altKey || event.target.matches("select, textarea, input")) return;
    event.preventDefault();
    const button = form.querySelectorAll("button")[step < 0 ? 0 : 1];
    if (!button.disabled) button.click();
  });
}

function move(card, place) {
  const form = card.querySelector(".places");
  const to = document.createElement("input");
  Object.assign(to, { type: "hidden", name: "to", value: place });
  form.append(to);
  form.submit();
}

// Whoever moves a match-up with the keys goes on with it where it is now.
if (location.hash.startsWith("#card-")) document.getElementById(location.hash.slice(1))?.focus();

let unsaved = null;
document.addEventListener("input", (event) => {
  if (event.target.matches(".typed")) unsaved = event.target.form;
});
document.addEventListener("submit", (event) => {
  if (event.target === unsaved) unsaved = null;
});
window.addEventListener("beforeunload", (event) => {
  if (unsaved) event.preventDefault();
});
