// One look at a page in a browser that has axe: its faults, its measures. `form` is mail or archive.
async (form) => {
  // A mail program supplies the landmarks around a letter; a page of ours needs its own.
  const off = form === "mail" ? ["region", "landmark-one-main", "bypass"] : [];
  const rules = Object.fromEntries(off.map((rule) => [rule, { enabled: false }]));
  const report = await axe.run(document, { rules, resultTypes: ["violations", "incomplete"] });

  const serious = report.violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .flatMap(({ id, nodes }) => nodes.map((one) => `${id}: ${one.target}: ${one.failureSummary}`));
  // Text in exactly the colour of its background is only "incomplete" to axe.
  const invisible = report.incomplete
    .filter(({ id }) => id === "color-contrast")
    .flatMap(({ nodes }) => nodes)
    .filter(({ any }) => any.some(({ data }) => data?.messageKey === "equalRatio"))
    .map(({ target }) => `${target}`);

  const shown = [...document.querySelectorAll("body *")].filter((one) => one.getClientRects().length);
  const style = (one) => getComputedStyle(one);
  const hasWords = (one) =>
    [...one.childNodes].some(
      (node) => node.nodeType === Node.TEXT_NODE && node.data.replaceAll("\u00a0", " ").trim(),
    );
  const isTarget = (one) => one.matches("a[href], button") && style(one).display !== "inline";
  const named = (one) => `<${one.localName}> ${one.textContent.trim().slice(0, 40)}`;
  const height = (one) => Math.round(one.getBoundingClientRect().height * 10) / 10;

  return {
    serious,
    invisible,
    width: document.documentElement.scrollWidth,
    fonts: shown.filter(hasWords).map((one) => [parseFloat(style(one).fontSize), named(one)]),
    targets: shown.filter(isTarget).map((one) => [height(one), named(one)]),
  };
};
