// What a circuit is too far away for: the menu of a phone, and to come back by itself when a server was away, unless
// somebody's words stand in a form. Those would be lost.

document.addEventListener("click", (e) => {
  for (const menu of document.querySelectorAll("[data-menu]")) {
    const isOpen = menu.getAttribute("aria-expanded") === "true";
    menu.setAttribute("aria-expanded", String(!isOpen && menu.contains(e.target)));
  }
});

document.addEventListener("DOMContentLoaded", () => {
  const modal = document.getElementById("components-reconnect-modal");
  modal?.addEventListener("components-reconnect-state-changed", (e) => {
    if (e.detail.state === "failed" || e.detail.state === "rejected") comeBack();
  });
  if (document.querySelector("[data-away]")) setTimeout(askAgain, 3000);
});

function comeBack() {
  if (document.querySelector("[data-unsaved]")) return;
  fetch("/healthz", { cache: "no-store" })
    .then((answer) => (answer.ok ? location.reload() : setTimeout(comeBack, 2000)))
    .catch(() => setTimeout(comeBack, 2000));
}

// On the page that says that the backend is away.
function askAgain() {
  fetch(location.href, { cache: "no-store", redirect: "manual" })
    .then((answer) => (answer.status === 503 ? setTimeout(askAgain, 3000) : location.reload()))
    .catch(() => setTimeout(askAgain, 3000));
}
