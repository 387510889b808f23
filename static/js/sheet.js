// The sheet of a bulk edit: arrow keys and Enter move within a column, as in a spreadsheet. Without it Tab moves.
const sheet = document.querySelector("[data-sheet]");

sheet?.addEventListener("keydown", (event) => {
  const { target, key } = event;
  const column = target.dataset?.column;
  if (!column || event.altKey || event.ctrlKey || event.metaKey || event.isComposing) return;
  // A list of choices needs the arrows itself.
  const arrows = target.tagName !== "SELECT" && !target.hasAttribute("list");
  const step = key === "Enter" ? (event.shiftKey ? -1 : 1) : arrows && key === "ArrowDown" ? 1 : arrows && key === "ArrowUp" ? -1 : 0;
  if (!step) return;
  event.preventDefault();
  const cells = [...sheet.querySelectorAll(`[data-column="${column}"]`)];
  const next = cells[cells.indexOf(target) + step];
  next?.focus();
  next?.select?.();
});
