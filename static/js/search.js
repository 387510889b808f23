// Suggestions under a search box: a combobox whose options htmx brings. The form works without.
for (const input of document.querySelectorAll("[data-suggest]")) {
  const panel = document.getElementById(input.dataset.suggest);
  const on = (node, type, listener) => node.addEventListener(type, listener);
  let options = [], at;
  const pick = (n) => {
    at = n;
    options.forEach((option, i) => { option.ariaSelected = i === at; });
    input.setAttribute("aria-activedescendant", options[at]?.id ?? "");
    options[at]?.scrollIntoView({ block: "nearest" });
  };
  const show = (open) => {
    panel.hidden = !open;
    input.ariaExpanded = open;
    pick(-1);
  };
  const close = () => show(false);
  Object.assign(input, { role: "combobox", ariaAutoComplete: "list" });
  input.setAttribute("aria-controls", panel.id);
  close();

  on(panel, "htmx:afterSwap", () => {
    options = [...panel.querySelectorAll("a")];
    options.forEach((option, i) => { option.id = panel.id + i; });
    panel.nextSibling.textContent = panel.firstChild.dataset.says;
    show(options.length && document.activeElement === input);
  });
  on(panel, "mousedown", (event) => event.preventDefault());
  on(panel, "click", close);
  on(input, "blur", close);
  on(input, "keydown", (event) => {
    const { key } = event, n = options.length;
    const step = { ArrowDown: 1, ArrowUp: -1 }[key];
    if (event.isComposing || !n) return;
    if (step) {
      if (panel.hidden) show(true);
      pick((at + step + n + 2) % (n + 1) - 1);
    } else if (panel.hidden) return;
    else if (key === "Escape") close();
    else if (at < 0) return;
    else if (key === "Enter") options[at].click();
    else if (key === "Home") pick(0);
    else if (key === "End") pick(n - 1);
    else return;
    event.preventDefault();
  });
  // What was typed before the scripts were there.
  if (input.value && document.activeElement === input) htmx.trigger(input, "ready");
}
