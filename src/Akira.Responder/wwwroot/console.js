// What a circuit is too far away for: the keys of the command bar.

(() => {
  function optionsOf(input) {
    const list = document.getElementById(input.getAttribute("aria-controls"));
    return list ? [...list.querySelectorAll("[role=option]")] : [];
  }

  function choose(input, options, index) {
    options.forEach((o, i) => o.setAttribute("aria-selected", i === index));
    if (index < 0) input.removeAttribute("aria-activedescendant");
    else input.setAttribute("aria-activedescendant", options[index].id);
  }

  document.addEventListener(
    "keydown",
    (e) => {
      const input = e.target;
      if (!(input instanceof HTMLElement) || !input.hasAttribute("data-completes")) return;
      const options = optionsOf(input);
      const chosen = options.findIndex((o) => o.getAttribute("aria-selected") === "true");
      if (options.length === 0 || e.isComposing) return;
      if (e.key === "ArrowDown" || e.key === "ArrowUp") {
        const step = e.key === "ArrowDown" ? 1 : -1;
        choose(input, options, (chosen + step + options.length + (chosen < 0 && step < 0)) % options.length);
        options.find((o) => o.getAttribute("aria-selected") === "true")?.scrollIntoView({ block: "nearest" });
      } else if (e.key === "Tab" && !e.shiftKey) {
        options[Math.max(chosen, 0)].click();
      } else if (e.key === "Enter" && chosen >= 0) {
        options[chosen].click();
      } else if (e.key === "Escape") {
        input.closest(".entry").classList.add("closed");
      } else return;
      e.preventDefault();
    },
    true,
  );

  document.addEventListener("input", (e) => {
    e.target.closest?.(".entry")?.classList.remove("closed");
  });

  document.addEventListener("click", (e) => {
    const option = e.target.closest?.("[role=option]");
    const fills = e.target.closest?.("[data-fills]");
    if (option) option.closest(".entry").querySelector("input").focus();
    if (fills) document.getElementById(fills.dataset.fills)?.focus();
  });
})();
