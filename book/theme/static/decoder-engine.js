// The error guide in a browser: the steps of book/errorguide in their order and under their names, over the same
// catalogue (decoder-data.js). One file, and no module: a page that is opened from a disk may load no modules.
// tests/test_decoder.py runs both over the same texts and demands the same answers.
(function (root) {
  "use strict";

  let knownMaps = {}; // for `maps` in an expression; prepare takes it from the catalogue

  function prepare(catalogue) {
    knownMaps = catalogue.known_maps;
    const templates = catalogue.errors.flatMap((entry) => entry.templates.map((line) => [entry, readTemplate(line)]));
    return { index: indexTemplates(templates), sharedCauses: catalogue.causes };
  }

  function explain(text, { index, sharedCauses }) {
    const tokens = read(text);
    let matches = find(tokens, index);
    matches = complete(matches);
    const chosen = choose(matches, tokens);
    const ranked = chosen.map((match) => [match, rank(match, sharedCauses)]);
    const told = ranked.map(([match, causes]) => tell(match, causes, kindOf(match, causes, sharedCauses)));
    return told.length ? { ...told[0], others: told.slice(1) } : null;
  }

  // ---- text.py: read ------------------------------------------------------------------------------------------------
  // eslint-disable-next-line no-control-regex
  const ESCAPES = /\x1b\[[0-9;:]*[A-Za-z]|\x1b\][^\x07\x1b\n]{0,200}(?:\x07|\x1b\\)|\x1b/gu;
  const LOST_ESCAPES = /\[[0-9]{1,2}(?:;[0-9]{1,3}){0,4}m/g;
  const LINE_START = /^[ \t]*(?:E[ \t]{2,}|[>|#│][ \t]*|\[(?:rank)?[0-9]+\]:[ \t]*)+/gm;
  const ENTITIES = [["&lt;", "<"], ["&gt;", ">"], ["&quot;", '"'], ["&#39;", "'"], ["&#x27;", "'"], ["&amp;", "&"], ["&nbsp;", " "]];
  const TOKENS = /(?<=[0-9])[xX](?=[0-9])|[A-Za-z_][A-Za-z0-9_]*|[0-9]+|[!-/:-@[-`{-~]|\n/g;
  const LONGEST_NUMBER = 15;
  const MOST_TOKENS = 60000;
  const DROPPED = "\"'`\\*";

  function read(text) {
    const tokens = [];
    let line = 0;
    for (const [piece] of clean(text).matchAll(TOKENS)) {
      if (piece === "\n") line += 1;
      else if (/^[0-9]/.test(piece)) {
        if (piece.length <= LONGEST_NUMBER) tokens.push({ kind: "n", value: Number(piece), line, text: piece });
        else tokens.push({ kind: "w", value: "#", line, text: piece });
      } else if (/^[A-Za-z_]/.test(piece)) tokens.push({ kind: "w", value: fold(piece), line, text: piece });
      else if (!DROPPED.includes(piece)) tokens.push({ kind: "p", value: piece, line, text: piece });
    }
    return tokens.slice(-MOST_TOKENS);
  }

  function clean(text) {
    for (const end of ["\r\n", "\r", "\u2028", "\u2029"]) text = text.replaceAll(end, "\n");
    text = text.replace(ESCAPES, "").replace(LOST_ESCAPES, "");
    for (const [entity, character] of ENTITIES) text = text.replaceAll(entity, character);
    return text.replaceAll("×", "x").replace(LINE_START, "");
  }

  const fold = (word) => word.toLowerCase().replaceAll("l", "1");

  // ---- template.py: here templates arrive as lines: words, `#1` for a number, `...` for a gap, `{name:type}` --------
  const LONGEST_GAP = 160;
  const LONGEST_NAME = 24;

  const readTemplate = (line) => line.split(" ").map(readTemplateElement);

  function readTemplateElement(piece) {
    if (piece === "...") return ["gap"];
    if (piece[0] === "#") return ["n", Number(piece.slice(1))];
    if (piece[0] !== "{") return ["w", piece];
    const [name, type] = piece.slice(1, -1).split(":");
    return [type, name];
  }

  // ---- sizes.py -----------------------------------------------------------------------------------------------------
  const NO = Symbol("no");
  const CUT = Symbol("cut");
  const DIFFERENT = [NO, null];
  const ENDED = [CUT, null];
  const MOST_DIMENSIONS = 12;
  const MOST_SHAPES = 40;
  const OPENING = "([{";
  const CLOSING = ")]}";
  const LIBRARIES = ["torch", fold("tensorflow"), "tf"];
  const SHAPE_TYPES = ["size", "tensorshape"];

  const isMark = (tokens, at, characters) => tokens[at]?.kind === "p" && characters.includes(tokens[at].value);
  const isWord = (tokens, at, ...words) => tokens[at]?.kind === "w" && words.includes(tokens[at].value);
  const isNumber = (tokens, at) => tokens[at]?.kind === "n";

  function skipMarks(tokens, at, but = "") {
    while (tokens[at]?.kind === "p" && !but.includes(tokens[at].value)) at += 1;
    return at;
  }

  function readSize(tokens, at) {
    if (at >= tokens.length) return ENDED;
    if (isNumber(tokens, at)) {
      const long = isWord(tokens, at + 1, "1");
      return [tokens[at].value, long ? at + 2 : at + 1];
    }
    if (isMark(tokens, at, "?") || isWord(tokens, at, "none", "unknown")) return [null, at + 1];
    if (isMark(tokens, at, "-") && isNumber(tokens, at + 1)) return [-tokens[at + 1].value, at + 2];
    if (isWord(tokens, at, "dimension") && isMark(tokens, at + 1, "(")) {
      const [value, after] = readSize(tokens, at + 2);
      if (value !== NO && value !== CUT && isMark(tokens, after, ")")) return [value, after + 1];
    }
    return DIFFERENT;
  }

  function readShape(tokens, at) {
    at = skipMarks(tokens, at, "([{<?-");
    if (isMark(tokens, at, OPENING) && isWord(tokens, at + 1, ...LIBRARIES, ...SHAPE_TYPES)) at += 1;
    if (isWord(tokens, at, ...LIBRARIES)) at = skipMarks(tokens, at + 1, "([{<?-");
    if (isWord(tokens, at, ...SHAPE_TYPES)) at += 1;
    if (isMark(tokens, at, "<")) return isWord(tokens, at + 1, "unknown") ? [null, Math.min(at + 3, tokens.length)] : DIFFERENT;
    let opened = 0;
    while (opened < 3 && isMark(tokens, at, OPENING)) {
      opened += 1;
      at += 1;
    }
    if (!opened) return readBareShape(tokens, at);
    const shape = [];
    let crossed = false;
    while (!isMark(tokens, at, CLOSING)) {
      if (isMark(tokens, at, ",")) {
        at += 1;
        continue;
      }
      if (shape.length && isWord(tokens, at, "x")) {
        crossed = true;
        at += 1;
        continue;
      }
      const [size, after] = readSize(tokens, at);
      if (size === CUT) return ENDED;
      if (size === NO && crossed) return [shape, at];
      if (size === NO || shape.length === MOST_DIMENSIONS) return DIFFERENT;
      shape.push(size);
      at = after;
    }
    while (opened && isMark(tokens, at, CLOSING)) {
      opened -= 1;
      at += 1;
    }
    return [shape, at];
  }

  function readBareShape(tokens, at) {
    let [size, after] = readSize(tokens, at);
    if (size === NO || size === CUT) return [size, after];
    const shape = [size];
    at = after;
    const crossed = isWord(tokens, at, "x");
    while (shape.length < MOST_DIMENSIONS && (crossed ? isWord(tokens, at, "x") : isNumber(tokens, at))) {
      [size, after] = readSize(tokens, crossed ? at + 1 : at);
      if (size === CUT) return ENDED;
      if (size === NO) break;
      shape.push(size);
      at = after;
    }
    return [shape, at];
  }

  function readShapes(tokens, at) {
    const shapes = [];
    while (shapes.length < MOST_SHAPES) {
      const [shape, after] = readShape(tokens, at);
      if (shape === CUT) return shapes.length ? [shapes, tokens.length] : ENDED;
      if (shape === NO) break;
      shapes.push(shape);
      at = after;
      if (!isMark(tokens, at, ",;") && !isWord(tokens, at, "and", "vs")) break;
      at += 1;
      const opening = skipMarks(tokens, at, "([{<");
      if (!isMark(tokens, opening, "([{<") && !isWord(tokens, opening, ...LIBRARIES, ...SHAPE_TYPES)) break;
    }
    return shapes.length ? [shapes, at] : DIFFERENT;
  }

  // ---- match.py: find -----------------------------------------------------------------------------------------------
  const WITHOUT_VALUE = ["w", "n", "gap"];
  const MOST_TOKENS_BEFORE = 40;

  function indexTemplates(templates) {
    const index = { first: new Map(), later: new Map() };
    const append = (map, word, value) => (map.has(word) ? map.get(word).push(value) : map.set(word, [value]));
    templates.forEach(([entry, elements], number) => {
      const template = { number, entry, elements };
      append(index.first, elements[0][1], template);
      elements.forEach(([kind, word], place) => {
        if (place > 0 && kind === "w") append(index.later, word, [template, place]);
      });
    });
    return index;
  }

  function find(tokens, index) {
    const found = [];
    tokens.forEach(({ kind, value }, at) => {
      if (kind === "w") for (const template of index.first.get(value) ?? []) found.push(matchAt(tokens, at, at, template));
    });
    const firstWord = tokens.slice(0, MOST_TOKENS_BEFORE).findIndex((token) => token.kind === "w");
    if (firstWord >= 0) found.push(...findWithoutStart(tokens, firstWord, index));
    return found.filter((match) => match !== null);
  }

  function findWithoutStart(tokens, start, index) {
    const first = tokens[start].value;
    const places = (index.later.get(first) ?? []).map(([template, place]) => [template, place, start]);
    if (first.length > 2) {
      for (const [word, uses] of index.later)
        if (word !== first && word.endsWith(first)) places.push(...uses.map(([template, place]) => [template, place + 1, start + 1]));
    }
    places.sort((a, b) => a[0].number - b[0].number || a[1] - b[1] || a[2] - b[2]);
    return places.map(([template, place, at]) => matchAt(tokens, start, at, template, place));
  }

  function matchAt(tokens, start, at, template, place = 0) {
    const said = new Map();
    let words = 0;
    let cut = false;
    const { elements, entry } = template;
    for (let number = place; number < elements.length; number += 1) {
      const [value, after] = readElement(tokens, at, elements, number);
      if (value === NO) return null;
      if (value === CUT) {
        cut = true;
        at = tokens.length;
        break;
      }
      const [kind, name] = elements[number];
      if (kind === "w") words += 1;
      else if (!WITHOUT_VALUE.includes(kind)) said.set(name, value);
      at = after;
    }
    const whole = place === 0 && !cut;
    if (!whole && !enough(words, said, elements)) return null;
    return { template, entry, start, end: at, words, said, numbers: said, whole };
  }

  function enough(words, said, elements) {
    const total = elements.filter(([kind]) => kind === "w").length;
    const hasPlaces = elements.some(([kind]) => !WITHOUT_VALUE.includes(kind));
    return words >= 4 && words * 2 >= total && (said.size > 0 || !hasPlaces || words >= 7);
  }

  function readElement(tokens, at, elements, number) {
    const [kind, wanted] = elements[number];
    if (kind === "shape") return readShape(tokens, at);
    if (kind === "shapes") return readShapes(tokens, at);
    if (kind === "gap" || kind === "name") return readUntil(tokens, at, kind, elements[number + 1]);
    at = skipMarks(tokens, at);
    if (at >= tokens.length) return ENDED;
    const token = tokens[at];
    const last = at === tokens.length - 1;
    if (kind === "int") {
      if (token.kind !== "n") return DIFFERENT;
      if (last && number < elements.length - 1) return ENDED;
      return [isMark(tokens, at - 1, "-") ? -token.value : token.value, at + 1];
    }
    if (token.kind === kind && token.value === wanted) return [token.value, at + 1];
    return last && kind === "w" && token.kind === "w" && wanted.startsWith(token.value) ? ENDED : DIFFERENT;
  }

  function readUntil(tokens, at, kind, [following, word]) {
    const longest = kind === "gap" ? LONGEST_GAP : LONGEST_NAME;
    for (let end = at; end <= Math.min(at + longest, tokens.length); end += 1) {
      if (end === tokens.length) return ENDED;
      if (following === "w" ? isWord(tokens, end, word) : isMark(tokens, end, "(["))
        return [nameOf(tokens.slice(at, end)), end];
    }
    return DIFFERENT;
  }

  const nameOf = (tokens) => tokens.map((token) => token.text).join("").replace(/^[ .,:;()[\]{}<>]+|[ .,:;()[\]{}<>]+$/g, "");

  // ---- expressions.py -----------------------------------------------------------------------------------------------
  const LARGEST = Number.MAX_SAFE_INTEGER;
  const isWhole = (value) => Number.isSafeInteger(value);
  const isShape = Array.isArray;

  function same(one, other) {
    if (isShape(one) && isShape(other)) return one.length === other.length && one.every((value, place) => same(value, other[place]));
    return one === other;
  }

  function evaluate(tree, numbers) {
    if (typeof tree === "string") return numbers.get(tree) ?? null;
    if (typeof tree === "number") return tree;
    const [head, ...rest] = tree;
    const value = (part) => evaluate(part, numbers);
    switch (head) {
      case "text":
        return rest[0];
      case "none":
        return null;
      case "list":
        return rest.map(value);
      case "not":
        return value(rest[0]) !== true;
      case "and":
        return rest.every((part) => value(part) === true);
      case "or":
        return rest.some((part) => value(part) === true);
      case "if":
        return value(value(rest[0]) === true ? rest[1] : rest[2]);
      case "call":
        return FUNCTIONS[rest[0]](...rest.slice(1).map(value));
      case "slice": {
        const [shape, low, high] = rest.map(value);
        return isShape(shape) ? shape.slice(low === null ? undefined : low, high === null ? undefined : high) : null;
      }
    }
    const [left, right] = rest.map(value);
    if (left === null || right === null) return null;
    if (head === "item") {
      if (!isShape(left) || !isWhole(right) || right < -left.length || right >= left.length) return null;
      return left[right < 0 ? left.length + right : right];
    }
    if (head === "in") {
      if (typeof right === "string") return typeof left === "string" && right.includes(left);
      return isShape(right) && right.some((each) => same(each, left));
    }
    if (head === "==") return same(left, right);
    if (head === "!=") return !same(left, right);
    if (!isWhole(left) || !isWhole(right)) return null;
    return arithmetic(head, left, right);
  }

  function arithmetic(operator, left, right) {
    if (operator === "//" || operator === "%") {
      if (right <= 0 || left < 0) return null;
      return operator === "//" ? Math.floor(left / right) : left % right;
    }
    if (operator === "+" || operator === "-" || operator === "*") {
      const value = operator === "+" ? left + right : operator === "-" ? left - right : left * right;
      return Math.abs(value) <= LARGEST ? value + 0 : null;
    }
    if (operator === "<") return left < right;
    if (operator === "<=") return left <= right;
    return operator === ">" ? left > right : left >= right;
  }

  function squareRoot(number) {
    let side = Math.floor(Math.sqrt(number));
    while (side * side > number) side -= 1;
    while ((side + 1) * (side + 1) <= number) side += 1;
    return side;
  }

  const USUAL_CHANNELS = [
    512, 256, 128, 64, 32, 16, 384, 192, 96, 48, 24, 320, 160, 120, 50, 20, 12, 10, 8, 6,
    2048, 1024, 1280, 1536, 1792, 1408, 960, 576, 3, 1,
  ];

  const FUNCTIONS = {
    prod(shape) {
      if (!isShape(shape)) return null;
      let total = 1;
      for (const size of shape) {
        if (!isWhole(size) || size < 0) return null;
        total *= size;
        if (total > LARGEST) return null;
      }
      return total;
    },
    rank: (shape) => (isShape(shape) ? shape.length : null),
    root(number) {
      if (!isWhole(number) || number < 0) return null;
      const side = squareRoot(number);
      return side * side === number ? side : null;
    },
    known: (value) => value !== null,
    permuted(one, other) {
      if (!isShape(one) || !isShape(other) || one.includes(null) || other.includes(null)) return null;
      const sorted = (shape) => [...shape].sort((a, b) => a - b);
      return !same(one, other) && same(sorted(one), sorted(other));
    },
    differing(one, other) {
      if (!isShape(one) || !isShape(other) || one.length !== other.length) return null;
      const axes = [];
      one.forEach((size, axis) => {
        if (size !== null && other[axis] !== null && size !== other[axis]) axes.push(axis);
      });
      return axes;
    },
    without_ones: (shape) => (isShape(shape) ? shape.filter((size) => size !== 1) : null),
    contains: (name, ...words) => (typeof name === "string" ? words.some((word) => name.toLowerCase().includes(word)) : null),
    starts: (name, ...words) => (typeof name === "string" ? words.some((word) => name.toLowerCase().startsWith(word)) : null),
    maps(features) {
      if (!isWhole(features) || features < 16) return null;
      if (features in knownMaps) return knownMaps[features];
      for (let side = Math.min(squareRoot(Math.floor(features / 16)), 1024); side > 1; side -= 1) {
        if (features % (side * side) === 0 && Math.floor(features / (side * side)) % 8 === 0) return [features / (side * side), side, side];
      }
      return null;
    },
    same_maps(one, other) {
      if (!isWhole(one) || !isWhole(other) || one === other || Math.min(one, other) < 1) return null;
      const met = [one, other].filter((size) => size in knownMaps).map((size) => knownMaps[size][0]);
      for (const [smallest, usual] of [[1, met], [2, USUAL_CHANNELS], [1, USUAL_CHANNELS]]) {
        for (const channels of usual) {
          if (one % channels || other % channels) continue;
          const sides = [FUNCTIONS.root(one / channels), FUNCTIONS.root(other / channels)];
          if (!sides.includes(null) && Math.min(...sides) >= smallest) return sides.map((side) => [channels, side, side]);
        }
      }
      return null;
    },
    gcd(one, other) {
      if (!isWhole(one) || !isWhole(other) || Math.min(one, other) <= 0) return null;
      while (other) [one, other] = [other, one % other];
      return one;
    },
    largest(...values) {
      const flat = values.filter(isWhole);
      return flat.length ? flat.reduce((a, b) => (b > a ? b : a)) : null;
    },
    magnitude: (number) => (isWhole(number) ? Math.abs(number) : null),
  };

  // ---- numbers.py: complete -----------------------------------------------------------------------------------------
  const complete = (matches) => matches.map((match) => ({ ...match, numbers: withDerived(match.said, match.entry.derive) }));

  function withDerived(said, derive) {
    const numbers = new Map(said);
    for (const [name, tree] of derive) {
      if ((numbers.get(name) ?? null) !== null) continue;
      const value = evaluate(tree, numbers);
      if (value !== null) numbers.set(name, value);
    }
    return numbers;
  }

  // ---- choice.py: choose --------------------------------------------------------------------------------------------
  const words = (text) => text.split(" ").map((word) => ["w", fold(word)]);
  const LINK = "link";
  const TRACEBACK = "traceback";
  const MARKS = indexTemplates([
    [LINK, words("the above exception was the direct cause of the following exception")],
    [LINK, words("during handling of the above exception another exception occurred")],
    [TRACEBACK, words("Traceback most recent call last")],
  ]);
  const OTHER_EXCEPTIONS = ["IndexError", "MemoryError", "OutOfMemoryError", "ResourceExhaustedError"].map(fold);
  const MOST_TOKENS_AFTER_NAME = 12;
  const MOST_KEPT = 500;
  const MOST_OTHERS = 5;

  function choose(matches, tokens) {
    matches = matches.filter((match) => counts(match, tokens));
    matches = bestOfOverlapping(matches);
    if (!matches.length) return [];
    const root = rootOfLastError(matches, tokens);
    const chosen = new Map([[root.entry.id, root]]);
    for (const match of [...matches].reverse()) if (!chosen.has(match.entry.id)) chosen.set(match.entry.id, match);
    return [...chosen.values()].slice(0, 1 + MOST_OTHERS).map((match) => summedUp(match, matches));
  }

  function counts(match, tokens) {
    const { only } = match.entry;
    if (only !== null && evaluate(only, match.numbers) !== true) return false;
    const before = tokens.slice(Math.max(0, match.start - MOST_TOKENS_AFTER_NAME), match.start);
    const { line } = tokens[match.start];
    return !before.some((token) => token.line === line && OTHER_EXCEPTIONS.includes(token.value));
  }

  function score(match) {
    const known = [...match.numbers.values()].filter((value) => value !== null).length;
    return [match.words + 2 * match.said.size, known, Number(match.whole), -match.start, -match.template.number];
  }

  function bestOfOverlapping(matches) {
    const scored = matches.map((match) => [score(match), match]);
    scored.sort(([a], [b]) => b[0] - a[0] || b[1] - a[1] || b[2] - a[2] || b[3] - a[3] || b[4] - a[4]);
    const kept = [];
    for (const [, match] of scored) {
      if (kept.every((other) => match.end <= other.start || other.end <= match.start)) {
        kept.push(match);
        if (kept.length === MOST_KEPT) break;
      }
    }
    return kept.sort((a, b) => a.start - b.start);
  }

  function rootOfLastError(matches, tokens) {
    const marks = find(tokens, MARKS).filter((mark) => mark.whole);
    let passed = 0;
    let link = 0;
    let lastOf = new Map();
    for (const match of matches) {
      while (passed < marks.length && marks[passed].start <= match.start) {
        if (marks[passed].entry === LINK) link += 1;
        else if (passed === 0 || marks[passed - 1].entry !== LINK) lastOf = new Map();
        passed += 1;
      }
      lastOf.set(link, match);
    }
    const chain = [...lastOf.values()];
    return chain.find((match) => match.said.size > 0) ?? chain[0];
  }

  function summedUp(match, matches) {
    const count = match.entry.collect;
    if (count === null) return match;
    const alike = matches.filter((other) => other.entry === match.entry);
    return { ...alike[0], numbers: new Map(alike[0].numbers).set(count, alike.length) };
  }

  // ---- causes.py: rank ----------------------------------------------------------------------------------------------
  const MOST_CAUSES = 8;
  const MOST_SHOWN = 3;
  const [SPECIFIC, FITTING, POSSIBLE, FOOTER] = [0, 1, 2, 3];

  function rank(match, shared) {
    const ranked = [];
    for (const id of match.entry.causes) {
      const cause = shared[id];
      const numbers = new Map(match.numbers);
      for (const [local, tree] of cause.let) numbers.set(local, evaluate(tree, numbers));
      let place;
      if (cause.footer) place = FOOTER;
      else if (cause.when === null) place = POSSIBLE;
      else if (evaluate(cause.when, numbers) === true) place = cause.specific ? SPECIFIC : FITTING;
      else continue;
      const reason = fill(cause.reason ?? cause.general, numbers) || fill(cause.general, numbers, true);
      const repairs = cause.repair[match.entry.framework].map((choice) => {
        const [code, intent, loses] = [choice.code, choice.intent, choice.loses].map((text) => fill(text, numbers, true));
        return { code, intent, loses };
      });
      const pointed = place === SPECIFIC || place === FITTING;
      ranked.push([place, { id, title: cause.title, reason, repairs, fits: place === SPECIFIC, pointed, footer: cause.footer }]);
    }
    ranked.sort(([a], [b]) => a - b);
    const causes = ranked.map(([, cause]) => cause);
    return [...causes.filter((cause) => !cause.footer).slice(0, MOST_CAUSES), ...causes.filter((cause) => cause.footer)];
  }

  function shownOf(causes) {
    const single = causes.filter((cause) => !cause.footer);
    for (const count of [single.filter((cause) => cause.fits).length, single.filter((cause) => cause.pointed).length]) {
      if (count) return Math.min(count, MOST_SHOWN);
    }
    return Math.min(single.length, 2);
  }

  function repairText(cause) {
    return cause.repairs
      .flatMap(({ code, intent, loses }) => [...(intent ? [`# ${intent}:`] : []), code, ...(loses ? [`# Careful: ${loses}`] : [])])
      .join("\n");
  }

  function kindOf(match, causes, shared) {
    for (const [tree, kind] of match.entry.kinds) if (evaluate(tree, match.numbers) === true) return kind;
    if (causes.length && causes[0].pointed && shared[causes[0].id].kind) return shared[causes[0].id].kind;
    return match.entry.kind;
  }

  // ---- explanation.py: tell -----------------------------------------------------------------------------------------
  function tell(match, causes, kind) {
    const { entry, numbers, said } = match;
    const told = [...numbers].filter(([name, value]) => name in entry.numbers || (said.has(name) && typeof value !== "string"));
    const meant = Object.entries(entry.numbers).filter(([name]) => (numbers.get(name) ?? null) !== null);
    return {
      id: entry.id,
      kind,
      framework: entry.framework,
      title: entry.title,
      numbers: Object.fromEntries(told),
      meanings: Object.fromEntries(meant),
      causes,
      shown: shownOf(causes),
      repairs: causes.filter((cause) => cause.repairs.length).map(repairText),
      page: `errors/${entry.id}`,
      chapter: entry.chapter,
      others: [],
    };
  }

  // ---- wording.py ---------------------------------------------------------------------------------------------------
  const PLACEHOLDER = /\{([a-z][a-z0-9_]*)\}/g;

  function fill(text, numbers, bare = false) {
    let missing = false;
    const filled = text.replace(PLACEHOLDER, (_, name) => {
      const known = numbers.get(name) ?? null;
      if (known === null) {
        missing = true;
        return name;
      }
      return spell(known);
    });
    return bare || !missing ? filled : "";
  }

  function spell(value) {
    if (!isShape(value)) return String(value);
    const inner = value.map((size) => (size === null ? "?" : spell(size))).join(", ");
    return value.length === 1 && !isShape(value[0]) ? `(${inner},)` : `(${inner})`;
  }

  root.errorguide = { explain, prepare, spell, read, readTemplate, indexTemplates, find, bestOfOverlapping, evaluate };
})(typeof window === "undefined" ? globalThis : window);
