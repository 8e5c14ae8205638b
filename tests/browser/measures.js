// What browsers are asked about a page: functions on elements, or on the whole page.
window.measures = {
  // How far the ends of numbers are from the ends of their headings.
  apart: all => all.filter(e => e.cellIndex && e.textContent.trim()).map(heading => {
    const words = document.createRange()
    const end = e => (words.selectNodeContents(e), words.getBoundingClientRect().right)
    const rows = [...heading.closest("table").tBodies].flatMap(body => [...body.rows])
    const cells = rows.map(row => row.cells[heading.cellIndex]).filter(cell => cell.textContent.trim())
    return cells.map(cell => Math.round(end(cell) - end(heading)))
  }).flat(),
  // The lines in which a mark lies on the title.
  onTitles: all => all.filter(line => {
    const marks = [...line.querySelectorAll(".strip :is(.tag, svg)")].map(e => e.getBoundingClientRect())
    return [...line.querySelector("a").getClientRects()].some(title => marks.some(mark => title.left < mark.right - 0.5
      && mark.left < title.right - 0.5 && title.top < mark.bottom && mark.top < title.bottom))
  }).map(line => line.textContent.trim()),
  // The cells in which the longest word has no room in a line.
  brokenCells: all => all.filter(cell => {
    const style = getComputedStyle(cell)
    const room = cell.getBoundingClientRect().width - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight)
    const longest = document.createElement("div")
    longest.style.cssText = "width: min-content; position: absolute"
    longest.append(...[...cell.cloneNode(true).childNodes])
    cell.append(longest)
    const needed = longest.getBoundingClientRect().width
    longest.remove()
    return needed > room + 1
  }).map(cell => cell.innerText),
  // Texts that lie on one another.
  overlaps: all => {
    const boxes = all.filter(e => e.textContent).map(e => [e.textContent, e.getBoundingClientRect()])
    const found = []
    boxes.forEach(([one, a], at) => boxes.slice(0, at).forEach(([other, b]) => {
      if (a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 3 && b.top < a.bottom - 3)
        found.push([one, other])
    }))
    return found
  },
  // Texts that reach out of the picture.
  outside: parts => parts.flatMap(part => {
    const frame = part.getBoundingClientRect()
    return [...part.querySelectorAll("text")].filter(text => {
      const box = text.getBoundingClientRect()
      return box.left < frame.left || box.right > frame.right || box.top < frame.top || box.bottom > frame.bottom
    }).map(text => text.textContent)
  }),
  // Links whose words reach out of their box.
  beyondBox: links => links.filter(link => {
    const box = link.querySelector(".chip, .part").getBoundingClientRect()
    return [...link.querySelectorAll("text")].some(text => {
      const words = text.getBoundingClientRect()
      return words.left < box.left || words.right > box.right || words.bottom > box.bottom + 1
    })
  }).map(link => link.textContent),
  // Words whose contrast to the ground that they stand on is below 4.5.
  faint: () => {
    const channels = text => text.match(/[\d.]+/g).slice(0, 3).map(Number)
    const light = text => channels(text).map(c => c / 255)
      .map(c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
      .reduce((sum, c, at) => sum + c * [0.2126, 0.7152, 0.0722][at], 0)
    const surface = getComputedStyle(document.querySelector(".picture-scroll")).backgroundColor
    const ground = text => {
      const below = text.closest("a")?.querySelector(".cell, .chip, .part, .toggle, .bar")
      const style = below && getComputedStyle(below)
      const inside = style && style.fill !== "none" && (below.matches(":not(.bar)") || text.matches(".on-bar"))
      return inside ? style.fill : surface
    }
    const faint = new Set()
    for (const text of document.querySelectorAll(".picture-scroll text")) {
      const [one, other] = [light(getComputedStyle(text).fill), light(ground(text))].sort((a, b) => b - a)
      if ((one + 0.05) / (other + 0.05) < 4.5) faint.add(text.getAttribute("class") + text.textContent)
    }
    return [...faint]
  },
  // What reaches out of the frame that it is scrolled in.
  outOfFrame: all => all.filter(e => {
    const frame = e.closest(".scroll").getBoundingClientRect(), box = e.getBoundingClientRect()
    return box.width && (box.left < frame.left || box.right > frame.right)
  }).map(e => e.textContent),
  // How many frames are to be scrolled.
  wider: all => all.filter(e => e.scrollWidth > e.clientWidth).length,
  right: e => e.getBoundingClientRect().right,
  // The shorter side of each.
  leastSides: all => all.map(e => e.getBoundingClientRect()).map(r => Math.min(r.width, r.height)),
  // Cells that reach out of the page or cut their words.
  cellsBeyond: all => all.filter(cell => cell.offsetParent
      && getComputedStyle(cell.parentElement.parentElement).clipPath == "none" && (
      cell.getBoundingClientRect().right > document.querySelector("main").getBoundingClientRect().right + 1
      || cell.scrollWidth > cell.clientWidth + 1)).map(cell => cell.textContent.trim()),
  // Words that are broken over two lines.
  brokenWords: tables => tables.flatMap(all => {
    const words = document.createTreeWalker(all, NodeFilter.SHOW_TEXT), range = document.createRange(), broken = []
    while (words.nextNode()) {
      const text = words.currentNode
      if (!text.parentElement.checkVisibility() || text.parentElement.closest(".iri, code, .passage")) continue
      // Not those of an address, which has no end of a word to be broken at.
      for (const {0: word, index} of text.data.matchAll(/[\p{L}\p{M}]+(?![^\s]*\/)(?<!\/\S*)/gu)) {
        range.setStart(text, index)
        range.setEnd(text, index + word.length)
        if (new Set([...range.getClientRects()].map(box => Math.round(box.top))).size > 1) broken.push(word)
      }
    }
    return broken
  }),
  // What axe finds: rule, place and summary.
  axeFindings: options => axe.run(document, {...options, resultTypes: ["violations"]}).then(({violations}) =>
    violations.flatMap(({id, nodes}) => nodes.map(({target, failureSummary}) => [id, target.join(" "), failureSummary]))),
  // Adds a button without a name and words without contrast.
  addFaults: () => {
    const pale = document.createElement("p");
    pale.textContent = "Pale";
    pale.style.color = "#bbb";
    document.querySelector("main").append(document.createElement("button"), pale);
  },
  // The shifts of the layout so far.
  settled: () => new Promise(done => requestAnimationFrame(() => setTimeout(() => done(window.shifts), 60))),
  // What has the focus: whether it is seen to, whether it is in the window, and where it stands in the document.
  focused: () => {
    const element = document.activeElement;
    // From the end of a page the focus leaves it, or begins anew.
    if (!element || element === document.body || element.matches(".skip")) return null;
    const style = getComputedStyle(element), box = element.getBoundingClientRect();
    const ring = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
    const around = element.closest(".cm-editor");
    return {
      place: [...document.querySelectorAll("*")].indexOf(element),
      name: element.outerHTML.slice(0, 120),
      isMarked: ring || (around !== null && getComputedStyle(around).outlineStyle !== "none"),
      isSeen: box.width > 1 && box.height > 1 && box.bottom > 0 && box.top < innerHeight && box.right > 0
        && box.left < innerWidth,
    };
  },
  // What moves on its own.
  moving: () => [...document.querySelectorAll("*")].filter(element => {
    const style = getComputedStyle(element);
    return style.scrollBehavior === "smooth" || parseFloat(style.transitionDuration) > 0.01
      || parseFloat(style.animationDuration) > 0.01;
  }).map(element => element.outerHTML.slice(0, 80)),
  // Fields that reach out of the page.
  fieldsBeyond: () => {
    const {right} = document.querySelector("main").getBoundingClientRect();
    return [...document.querySelectorAll("main form :is(select, input)")].filter(field =>
      field.getBoundingClientRect().right > right + 1).map(field => field.outerHTML.slice(0, 80));
  },
  // What is read in the middle of the window, and where it stands.
  read: () => {
    const read = document.elementFromPoint(innerWidth / 2, 300).closest("tr, li, p, dl, section")
    return [read.textContent.trim().slice(0, 80), Math.round(read.getBoundingClientRect().top)]
  },
  // How far something moves when what arrives after it is there, in pixels.
  movedBy: (late, selector) => {
    const [there, moved] = [late, selector].map(name => document.querySelector(name))
    const top = () => moved.getBoundingClientRect().top
    const after = top()
    there.style.display = "none"
    const before = top()
    there.style.display = ""
    return Math.abs(after - before)
  },
  // How many elements cut their words.
  cutWords: all => all.filter(each => {
    const words = document.createRange()
    words.selectNodeContents(each)
    const [outer, inner] = [each, words].map(one => one.getBoundingClientRect())
    return inner.top < outer.top - 1 || inner.bottom > outer.bottom + 1 || inner.width > outer.width + 1
  }).length,
};

// The shifts of the layout while a page loads, each with what moved.
window.shifts = [];
new PerformanceObserver(list => {
  for (const entry of list.getEntries())
    window.shifts.push([entry.value, ...entry.sources.map(({node}) => node?.nodeName + "." + node?.className)]);
}).observe({type: "layout-shift", buffered: true});
