// Adds a passkey to an account, and signs in with one. All else on the editors' pages works without it.
"use strict";

const JSON_ONLY = { accept: "application/json", "content-type": "application/json" };
const WORDS = {
  NotAllowedError: "No passkey was shown. Try once more, or use the link by mail.",
  InvalidStateError: "This device has a passkey for you already.",
  SecurityError: "Browsers make passkeys only for the address under which this service is known.",
};

if (window.PublicKeyCredential) {
  for (const place of document.querySelectorAll("[data-passkey]")) {
    const act = place.dataset.passkey === "register" ? register : signIn;
    const form = place.querySelector("form");
    place.hidden = false;
    if (form) form.addEventListener("submit", (event) => { event.preventDefault(); tried(place, act); });
    else place.querySelector("button").addEventListener("click", () => tried(place, act));
  }
}

async function tried(place, act) {
  const button = place.querySelector("button");
  const problem = place.querySelector("[role=alert]");
  button.disabled = true;
  problem.hidden = true;
  try {
    location.assign(await act(place));
  } catch (error) {
    problem.textContent = WORDS[error.name] || error.message;
    problem.hidden = false;
    button.disabled = false;
  }
}

async function signIn(place) {
  const options = await asked("/editor/passkeys/challenge");
  options.challenge = bytes(options.challenge);
  const shown = await navigator.credentials.get({ publicKey: options });
  const credential = written(shown, ["authenticatorData", "signature", "userHandle"]);
  return next("/editor/passkeys/sign-in", { credential, back: place.dataset.back });
}

async function register(place) {
  const options = await asked("/editor/account/challenge");
  options.challenge = bytes(options.challenge);
  options.user.id = bytes(options.user.id);
  for (const known of options.excludeCredentials) known.id = bytes(known.id);
  const made = await navigator.credentials.create({ publicKey: options });
  const credential = written(made, ["attestationObject"]);
  return next("/editor/account/passkeys", { credential, label: place.querySelector("input").value });
}

async function asked(address, sent) {
  const answer = await fetch(address, { headers: JSON_ONLY, ...sent });
  const said = await answer.json();
  if (said.sign_in) location.assign(said.sign_in);
  if (!answer.ok) throw new Error(said.detail);
  return said;
}

async function next(address, brought) {
  return (await asked(address, { method: "POST", body: JSON.stringify(brought) })).next;
}

function written(credential, parts) {
  const { id, type, response } = credential;
  const written = { clientDataJSON: text(response.clientDataJSON) };
  for (const part of parts) if (response[part]) written[part] = text(response[part]);
  return { id, rawId: text(credential.rawId), type, response: written };
}

function bytes(base64url) {
  const base64 = base64url.replaceAll("-", "+").replaceAll("_", "/");
  return Uint8Array.from(atob(base64), (sign) => sign.charCodeAt(0));
}

function text(buffer) {
  const base64 = btoa(String.fromCharCode(...new Uint8Array(buffer)));
  return base64.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}
