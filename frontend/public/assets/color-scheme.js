// Runs before the first paint, as a file of our own because the content security policy allows no inline script.
(function () {
  var root = document.documentElement;
  var stored = null;
  try {
    stored = window.localStorage.getItem("boneage-color-scheme");
  } catch (error) {
    stored = null;
  }
  var dark = window.matchMedia("(prefers-color-scheme: dark)").matches;
  var scheme = stored === "light" || stored === "dark" ? stored : dark ? "dark" : "light";
  root.setAttribute("data-mantine-color-scheme", scheme);
})();
