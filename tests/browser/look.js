(() => {
  const channel = (value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
  const parse = (text) => text.match(/[\d.]+/g).map(Number);
  const luminance = ([r, g, b]) =>
    0.2126 * channel(r / 255) + 0.7152 * channel(g / 255) + 0.0722 * channel(b / 255);
  const behind = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const colour = parse(getComputedStyle(at).backgroundColor);
      if (colour.length === 3 || colour[3] === 1) return colour;
    }
    return matchMedia("(prefers-color-scheme: dark)").matches ? [18, 18, 18] : [255, 255, 255];
  };
  const screen = document.documentElement.clientWidth;
  const faint = [];
  const beyond = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const element = node.parentElement;
    if (!node.data.trim() || !element.checkVisibility()) continue;
    const [one, other] = [parse(getComputedStyle(element).color), behind(element)]
      .map(luminance).sort((a, b) => b - a);
    const ratio = (one + 0.05) / (other + 0.05);
    if (ratio < 4.5) faint.push(`${node.data.trim().slice(0, 40)}: ${ratio.toFixed(2)}`);
    const range = document.createRange();
    range.selectNodeContents(node);
    const box = range.getBoundingClientRect();
    if (box.right > screen + 0.5 || box.left < -0.5) beyond.push(node.data.trim().slice(0, 40));
  }
  const headings = [...document.querySelectorAll("h1,h2,h3")].map((found) => Number(found.tagName[1]));
  return {
    faint, beyond, headings,
    width: document.scrollingElement.scrollWidth,
    screen,
    // What a picture says in words is read where it is not seen.
    text: [document.body.innerText, ...[...document.images].map((image) => image.alt)].join("\n"),
    language: document.documentElement.lang,
    silent: [...document.images].filter((image) => !image.hasAttribute("alt")).length,
    touch: [...document.querySelectorAll("a.answer")]
      .map((link) => link.getBoundingClientRect().height).filter((height) => height < 40).length,
  };
})()
