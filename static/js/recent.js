// Articles looked at before: their names stay in this browser, and the shop is only asked for the cards.
const KEY = "stoa:recent";
const box = document.getElementById("recent");

function seen() {
  try {
    return JSON.parse(localStorage.getItem(KEY)) ?? [];
  } catch {
    return [];
  }
}

if (box && window.htmx) {
  const others = [].concat(seen()).filter((slug) => slug !== box.dataset.slug).slice(0, 8);
  try {
    localStorage.setItem(KEY, JSON.stringify([box.dataset.slug, ...others]));
  } catch { /* Nothing may be kept here: then nothing is. */ }
  if (others.length) htmx.ajax("GET", `${box.dataset.url}?slugs=${others.map(encodeURIComponent)}`, { target: box, swap: "innerHTML" });
  box.addEventListener("click", (event) => {
    if (!event.target.closest("[data-forget]")) return;
    localStorage.removeItem(KEY);
    box.replaceChildren();
  });
}
