// Sets the theme before the first paint, and turns it.

(() => {
  const root = document.documentElement;
  const stored = localStorage.getItem("akira.theme");
  if (stored) root.dataset.theme = stored;

  function isDark() {
    return root.dataset.theme
      ? root.dataset.theme === "dark"
      : matchMedia("(prefers-color-scheme: dark)").matches;
  }

  function toggleTheme() {
    const wanted = isDark() ? "light" : "dark";
    const system = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
    // Back at what the system says, it follows the system again.
    if (wanted === system) {
      delete root.dataset.theme;
      localStorage.removeItem("akira.theme");
    } else {
      root.dataset.theme = wanted;
      localStorage.setItem("akira.theme", wanted);
    }
  }

  document.addEventListener("click", (e) => {
    if (e.target.closest?.("[data-theme-toggle]")) toggleTheme();
  });
})();
