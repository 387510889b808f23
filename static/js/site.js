// What HTML and htmx attributes can't say; all of it works without, too.
const $ = (selector, root = document) => root.querySelector(selector);
const on = (type, listener, root = document) => root.addEventListener(type, listener);

// --- Scripts that wait for a sign of life. What is pressed before they are there is pressed again.
const later = $("#later");
const SIGNS = ["pointermove", "pointerdown", "keydown", "focusin", "scroll"];
const HELD = { click: "a[hx-get], [data-cart-link], .gallery :is(a, button)", submit: "form:is([hx-get], [hx-post])" };
let again, waking;

function wake() {
  if (waking || document.readyState !== "complete") return; // htmx can't begin between the two
  const scripts = later.content.cloneNode(true);
  waking = [...scripts.children];
  waking.forEach((script) => { script.async = false; });
  waking.at(-1).onload = waking.at(-1).onerror = () => {
    waking = navigator.onLine && [];
    if (waking) again?.();
  };
  document.head.append(scripts);
}

function hold(event) {
  wake();
  const held = event.target.closest(HELD[event.type]);
  if (!held || !waking?.length || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  again = () => event.type === "click" ? held.click() : held.requestSubmit(event.submitter);
}

if (later) {
  for (const sign of SIGNS) addEventListener(sign, wake, { capture: true, passive: true });
  for (const type in HELD) addEventListener(type, hold, true);
}

// --- Cart drawer: links to the cart and swaps into it open it.
const drawer = $("#cart-drawer");
const panel = drawer && $("#cart-panel");
let opener = null;

function openDrawer(from) {
  if (!drawer || drawer.open) return;
  opener = from ?? document.activeElement;
  $("#site-menu:popover-open")?.hidePopover();
  drawer.showModal();
}

on("click", (event) => {
  const link = event.target.closest("[data-cart-link]");
  if (!link || !drawer || !window.htmx || event.button || ["meta", "ctrl", "shift", "alt"].some((key) => event[`${key}Key`])) return;
  event.preventDefault();
  htmx.trigger(panel, "cart-load");
  openDrawer(link);
});
if (drawer) {
  on("close", () => opener?.isConnected && opener.focus({ preventScroll: true }), drawer);
  // Without closedby: a click on the backdrop hits the dialog itself.
  on("click", (event) => {
    if (event.target === drawer && event.clientX < drawer.getBoundingClientRect().left) drawer.close();
  }, drawer);
}
// A page from memory shows the cart of then.
on("pageshow", (event) => event.persisted && panel && window.htmx && htmx.trigger(panel, "cart-load"), window);

// --- Toasts: good news leaves, unless someone reads it.
const toasts = $("#toasts");

function watchToast(toast) {
  const level = toast.dataset.toast;
  if (level !== "success" && level !== "info") return;
  let left = 0;
  setInterval(() => {
    if (!toast.isConnected || document.hidden || toast.matches(":hover, :focus-within")) return;
    if (++left === 7) toast.remove();
  }, 1000);
}

function showToast(name) {
  const source = $(`#toast-${name}`);
  if (!source || $(`[data-toast-name="${name}"]`, toasts)) return;
  const toast = source.content.firstElementChild.cloneNode(true);
  toast.dataset.toastName = name;
  toasts.append(toast);
}

if (toasts) {
  // Everything outside an open dialog is inert: the messages go where the person is.
  const place = () => ($("dialog[open]") ?? document.body).append(toasts);
  [...toasts.children].forEach(watchToast);
  new MutationObserver((changes) => {
    for (const node of changes.flatMap((change) => [...change.addedNodes])) {
      if (node.nodeType !== 1) continue;
      watchToast(node);
      if (!toasts.parentElement.matches("dialog[open]")) place();
    }
  }).observe(toasts, { childList: true });
  if (drawer) on("close", () => document.body.append(toasts), drawer);
}
on("click", (event) => event.target.closest("[data-dismiss]")?.closest("[data-toast]")?.remove());
on("click", ({ target }) => target.closest(".site-tools__search") && setTimeout(() => $("#menu-q").focus()));

// --- htmx: what is not swapped, forms with errors, polls nobody sees.
on("htmx:responseError", ({ detail }) => {
  const status = detail.xhr.status;
  showToast(status === 429 ? "busy" : status === 403 || status === 404 ? "stale" : "error");
});
on("htmx:sendError", () => showToast(navigator.onLine ? "error" : "offline"));
on("htmx:timeout", () => showToast("error"));
on("offline", () => showToast("offline"), window);
on("online", () => $('[data-toast-name="offline"]')?.remove(), window);

on("htmx:beforeRequest", (event) => {
  const trigger = event.detail.elt.getAttribute("hx-trigger");
  if (document.hidden && trigger?.includes("every")) event.preventDefault();
});
on("htmx:afterSettle", ({ detail, target }) => {
  if (detail.xhr?.status === 422) ($(".error-summary", target) ?? $(".error-summary"))?.focus();
  if (detail.target === panel && detail.requestConfig?.elt !== panel) openDrawer();
});

// --- Forms.
let wait;
on("change", (event) => {
  const form = event.target.form;
  if (!form?.matches("[data-autosubmit]")) return;
  clearTimeout(wait);
  wait = setTimeout(() => form.isConnected && form.reportValidity() && form.requestSubmit(), 200);
});
on("click", (event) => {
  const button = event.target.closest("[data-step]");
  const input = button && $("input", button.parentElement);
  if (!input) return;
  const before = input.value;
  if (button.dataset.step > 0) input.stepUp();
  else input.stepDown();
  if (input.value !== before) input.dispatchEvent(new Event("change", { bubbles: true }));
});

// --- Errors of a new page, and filters on browsers without ::details-content.
if (document.activeElement === document.body) $("main .error-summary")?.focus();
if (!CSS.supports("selector(::details-content)") && matchMedia("(width >= 60rem)").matches) {
  document.querySelectorAll("details.filters").forEach((details) => { details.open = true; });
}
