// Helps the sign-up form, which works without it: says which time zone the browser is in, and, when
// very many people ask at once, proves with a second of computing that this one is serious.
"use strict";

const form = document.querySelector("form[data-challenge]");
const button = form.querySelector("button");
const TRIES_AT_ONCE = 8;

form.elements.timezone.value = Intl.DateTimeFormat().resolvedOptions().timeZone || "";
form.addEventListener("submit", sendProven);
addEventListener("pageshow", () => {
  button.disabled = false;
  form.elements.altcha.value = ""; // a proof is good once
});

async function sendProven(event) {
  event.preventDefault();
  button.disabled = true;
  try {
    form.elements.altcha.value = await proof(form.dataset.challenge);
  } catch {
    form.elements.altcha.value = ""; // an answer without a proof takes longer, that is all
  }
  form.submit();
}

async function proof(address) {
  const answer = await fetch(address);
  if (answer.status !== 200) return "";
  const challenge = await answer.json();
  return btoa(JSON.stringify({ challenge, solution: await solution(challenge.parameters) }));
}

async function solution(parameters) {
  for (let first = 0; ; first += TRIES_AT_ONCE) {
    const counters = Array.from({ length: TRIES_AT_ONCE }, (_, place) => first + place);
    const keys = await Promise.all(counters.map((counter) => derivedKey(parameters, counter)));
    const place = keys.findIndex((key) => key.startsWith(parameters.keyPrefix));
    if (place >= 0) return { counter: counters[place], derivedKey: keys[place] };
  }
}

async function derivedKey(parameters, counter) {
  const nonce = bytes(parameters.nonce);
  const password = new Uint8Array(nonce.length + 4);
  password.set(nonce);
  new DataView(password.buffer).setUint32(nonce.length, counter);
  const key = await crypto.subtle.importKey("raw", password, "PBKDF2", false, ["deriveBits"]);
  const rule = { name: "PBKDF2", hash: "SHA-256", salt: bytes(parameters.salt), iterations: parameters.cost };
  return hex(await crypto.subtle.deriveBits(rule, key, parameters.keyLength * 8));
}

function bytes(digits) {
  return Uint8Array.from(digits.match(/../g), (pair) => parseInt(pair, 16));
}

function hex(buffer) {
  return Array.from(new Uint8Array(buffer), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
