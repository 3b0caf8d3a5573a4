/** Contrast of every text shown, from computed colours; answers what is below 4.5 to 1. */

const parse = (colour) => {
  const [r, g, b, a = 1] = colour.match(/[\d.]+/g).map(Number);
  return { r, g, b, a };
};

const over = (top, below) => ({
  r: top.r * top.a + below.r * (1 - top.a),
  g: top.g * top.a + below.g * (1 - top.a),
  b: top.b * top.a + below.b * (1 - top.a),
  a: 1,
});

const background = (element) => {
  const layers = [];
  for (let at = element; at; at = at.parentElement) {
    const colour = parse(getComputedStyle(at).backgroundColor);
    layers.push(colour);
    if (colour.a === 1) break;
  }
  return layers.reverse().reduce((below, top) => over(top, below), { r: 255, g: 255, b: 255, a: 1 });
};

const luminance = ({ r, g, b }) => {
  const [x, y, z] = [r, g, b].map((part) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * x + 0.7152 * y + 0.0722 * z;
};

const contrast = (element, colour) => {
  const ground = background(element);
  const [dark, light] = [luminance(over(parse(colour), ground)), luminance(ground)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
};

const low = [];
let looked = 0;
const look = (element, colour, what) => {
  if (!element.checkVisibility({ visibilityProperty: true, opacityProperty: true })) return;
  looked += 1;
  const ratio = contrast(element, colour);
  if (ratio < 4.5) low.push(`${what} in ${element.tagName.toLowerCase()}.${element.className}: ${ratio.toFixed(2)}`);
};

const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
while (texts.nextNode()) {
  const element = texts.currentNode.parentElement;
  const text = texts.currentNode.textContent.trim();
  if (text && !element.closest('option, script, noscript')) look(element, getComputedStyle(element).color, `"${text.slice(0, 30)}"`);
}
for (const field of document.querySelectorAll('input, select')) {
  look(field, getComputedStyle(field).color, 'value');
  look(field, getComputedStyle(field, '::placeholder').color, 'placeholder');
}
return { low, looked };
