// The checkout's one button, with which an order is placed.
const on = (type, listener, root = document) => root.addEventListener(type, listener);

// Placing an order must not go out twice; the server holds without this.
let sent = 0;
on("submit", (event) => {
  if (!event.target.matches("[data-once]")) return;
  if (Date.now() - sent < 8000) event.preventDefault();
  else sent = Date.now();
});
on("pageshow", () => { sent = 0; }, window);

// A swap while "Order and pay" is pressed would move it from under the finger: drop it, ask again if nothing was sent.
let held, late;
on("pointerdown", (event) => { held = event.target.closest("[data-hold]"); });
on("htmx:beforeSwap", ({ detail }) => {
  if (!held) return;
  detail.shouldSwap = false;
  late = detail.requestConfig.triggeringEvent?.target;
});
for (const end of ["pointerup", "pointercancel"]) on(end, () => setTimeout(() => {
  if (!sent) late?.dispatchEvent(new Event("change", { bubbles: true }));
  held = late = null;
}));
