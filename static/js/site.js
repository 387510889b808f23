// What HTML and htmx attributes can't say. Every part improves something that already works without it.
const $ = (selector, root = document) => root.querySelector(selector);
const on = (type, listener, root = document) => root.addEventListener(type, listener);

// --- Cart drawer: a link to the cart opens it; so does whatever htmx swaps into it.
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
  if (!link || !drawer || !window.htmx || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  htmx.trigger(panel, "cart-load");
  openDrawer(link);
});
if (drawer) {
  on("close", () => opener?.isConnected && opener.focus({ preventScroll: true }), drawer);
  // Browsers that don't know closedby: a click on the backdrop hits the dialog itself.
  on("click", (event) => {
    if (event.target === drawer && event.clientX < drawer.getBoundingClientRect().left) drawer.close();
  }, drawer);
}
// A page that comes back from memory shows the cart of then.
on("pageshow", (event) => event.persisted && panel && window.htmx && htmx.trigger(panel, "cart-load"), window);

// --- Toasts: good news leaves by itself, unless someone is reading it.
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

// --- htmx: answers that are not swapped, forms that came back with errors, polls nobody sees.
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
// A form that must not go out twice (placing an order); the server holds even without this.
on("submit", (event) => {
  const form = event.target;
  if (!form.matches("[data-once]")) return;
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = "1";
  form.setAttribute("aria-busy", "true");
  setTimeout(() => delete form.dataset.sent, 8000);
});
on("pageshow", () => document.querySelectorAll("[data-once]").forEach((form) => { delete form.dataset.sent; form.removeAttribute("aria-busy"); }), window);

// --- Gallery: a thumbnail moves the row of pictures, not the page.
on("click", (event) => {
  const thumb = event.target.closest(".gallery__thumb");
  const slide = thumb && document.getElementById(thumb.hash.slice(1));
  const track = slide?.closest(".gallery__track");
  if (!track) return;
  event.preventDefault();
  track.scrollTo({ left: slide.offsetLeft - track.offsetLeft, behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth" });
  for (const other of thumb.closest(".gallery__thumbs").querySelectorAll("[aria-current]")) other.removeAttribute("aria-current");
  thumb.setAttribute("aria-current", "true");
});

// --- Errors that were on the page from the start, and filters on browsers without ::details-content.
if (document.activeElement === document.body) $("main .error-summary")?.focus();
if (!CSS.supports("selector(::details-content)") && matchMedia("(width >= 60rem)").matches) {
  document.querySelectorAll("details.filters").forEach((details) => { details.open = true; });
}
