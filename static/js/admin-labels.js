// The field in which one types to choose several rows is made by a script and has no name of its own.
// That script runs in a timer of jQuery's, so this one waits for its turn behind it.
const nameFields = () => {
  for (const field of document.querySelectorAll(".select2-search__field")) {
    const select = field.closest(".select2-container")?.previousElementSibling;
    const label = select?.labels?.[0]?.textContent;
    if (label) field.setAttribute("aria-label", label.replace(":", "").trim());
  }
};
window.addEventListener("load", () => setTimeout(nameFields));
