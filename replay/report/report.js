"use strict";
(() => {
  const steps = [...document.querySelectorAll("section.step")];
  const links = new Map([...document.querySelectorAll(".film a")].map((a) => [a.dataset.step, a]));
  const search = document.getElementById("search");
  const found = document.getElementById("found");
  if (!steps.length) return;
  document.querySelector(".tools").hidden = false;
  document.body.classList.add("one");
  let now = steps[0];
  let left = steps;

  const show = (step, { hash = true } = {}) => {
    if (!step) return;
    now.classList.remove("now");
    links.get(now.dataset.step)?.removeAttribute("aria-current");
    now = step;
    now.classList.add("now");
    const link = links.get(now.dataset.step);
    link?.setAttribute("aria-current", "step");
    link?.scrollIntoView({ block: "nearest", inline: "center" });
    if (hash) history.replaceState(null, "", "#" + now.id);
    if (!document.body.classList.contains("one")) now.scrollIntoView({ block: "start" });
  };
  const move = (by) => {
    const at = left.indexOf(now);
    show(at < 0 ? left[0] : left[Math.min(left.length - 1, Math.max(0, at + by))]);
  };
  const bySaid = () => {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    left = steps.filter((step) => {
      const said = step.textContent.toLowerCase() + [...step.querySelectorAll("use")]
        .map((use) => document.querySelector(use.getAttribute("href"))?.textContent.toLowerCase() ?? "").join(" ");
      return words.every((word) => said.includes(word));
    });
    for (const step of steps) links.get(step.dataset.step)?.parentElement.classList.toggle("gone", !left.includes(step));
    found.textContent = words.length ? `${left.length} of ${steps.length} steps` : "";
    if (left.length && !left.includes(now)) show(left[0]);
  };
  const turn = () => {
    const root = document.documentElement;
    const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    root.dataset.theme = dark ? "light" : "dark";
  };
  const keys = {
    ArrowRight: () => move(1), j: () => move(1), n: () => move(1),
    ArrowLeft: () => move(-1), k: () => move(-1), p: () => move(-1),
    Home: () => show(left[0]), End: () => show(left[left.length - 1]),
    a: () => { document.body.classList.toggle("one"); show(now); }, t: turn,
    "/": () => search.focus(),
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target === search) {
      if (event.key === "Enter") move(1);
      if (event.key === "Escape") { search.value = ""; bySaid(); search.blur(); }
      return;
    }
    const act = Object.hasOwn(keys, event.key) && keys[event.key];
    if (act) { event.preventDefault(); act(); }
  });
  for (const [name, link] of links) {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      show(steps.find((step) => step.dataset.step === name));
    });
  }
  search.addEventListener("input", bySaid);
  document.getElementById("theme").addEventListener("click", turn);
  const asked = () => steps.find((step) => "#" + step.id === location.hash);
  addEventListener("hashchange", () => show(asked()));
  history.scrollRestoration = "manual";
  show(asked() ?? steps[0], { hash: false });
  addEventListener("load", () => scrollTo(0, 0));
})();
