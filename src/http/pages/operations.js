/* global document, DOMParser, EventSource, fetch */
// Runs in the browser: asks for the page again when the server says that something has changed, and puts the new state in its place.
const events = new EventSource('/operations/events');
let asking = false;
let again = false;

async function refresh() {
  const live = document.getElementById('live');
  // Whoever writes a reason must not lose it.
  if (live.contains(document.activeElement)) return;
  again = asking;
  if (asking) return;
  asking = true;
  try {
    const reply = await fetch('/operations', { credentials: 'same-origin' });
    if (!reply.ok) return;
    const page = new DOMParser().parseFromString(await reply.text(), 'text/html');
    if (!live.contains(document.activeElement)) live.replaceWith(page.getElementById('live'));
  } finally {
    asking = false;
    if (again) void refresh();
  }
}

events.addEventListener('progress', () => void refresh());
