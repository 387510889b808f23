// Moves and enlarges a product's pictures; without it they scroll, or open.
const on = (type, listener) => addEventListener(type, listener, true);
const trackOf = (node) => node.closest?.(".zoom, .gallery")?.querySelector(".gallery__track");
const place = (track) => Math.round((track.scrollLeft / track.scrollWidth) * track.children.length);

function show(track, index, behavior) {
  const slide = track.children[index];
  if (slide) track.scrollTo({ left: slide.offsetLeft, behavior });
  return slide;
}

function enlarge(dialog, links, index) {
  const large = trackOf(dialog);
  large.replaceChildren(...[...links].map((link) => {
    const copy = link.cloneNode(true);
    copy.className = "zoom__picture";
    for (const part of copy.querySelectorAll("[sizes]")) part.sizes = "100vw";
    return copy;
  }));
  dialog.showModal();
  show(large, index, "instant");
}

on("click", (event) => {
  const track = trackOf(event.target);
  const hit = event.target.closest(".gallery a, [data-go]");
  if (!track || !hit || event.metaKey || event.ctrlKey) return;
  event.preventDefault();
  const item = hit.parentElement;
  const index = [...item.parentElement.children].indexOf(item);
  if (hit.dataset.go) show(track, place(track) + +hit.dataset.go);
  else if (hit.matches("li *")) show(track, index);
  else if (hit.matches(".zoom *")) hit.classList.toggle("zoom__picture--near");
  else enlarge(document.querySelector(".zoom"), track.querySelectorAll("a"), index);
});

on("keydown", (event) => {
  const track = trackOf(event.target);
  const go = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
  if (!track || !go || event.altKey) return;
  event.preventDefault();
  const slide = show(track, place(track) + go);
  if (event.target.matches(".gallery__zoom")) slide?.firstChild.focus({ preventScroll: true });
});

on("scroll", ({ target }) => {
  if (target.matches?.(".gallery__main > *")) document.querySelectorAll(".gallery__thumb").forEach((thumb, index) => {
    thumb.ariaCurrent = index === place(target) ? "true" : null;
  });
});
