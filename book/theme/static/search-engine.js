// The search's own ranking, over the pages' texts (search-data.js). MiniSearch finds and weighs words; what is done
// here: chapters before pages about one message, and titles and whole phrases before single words, and what
// book/search_words.yml lists for a page.
(function (root) {
  "use strict";

  const WEIGHTS = { title: 5, words: 4, name: 2, message: 1, headings: 3, prose: 1, printed: 0.6, names: 0.4 };
  const MESSAGE_OF_PASTED = 5; // a message is long: its words say less than those of a title, unless it is what was pasted
  const OF_KIND = { chapter: 2.2, part: 0.6, page: 1, list: 0.2, message: 1 };
  const OF_PASTED = { chapter: 0.7, part: 0.3, page: 0.3, list: 0.1, message: 2 }; // for a query that is itself a message
  const OF_OWN_FRAMEWORK = 1.6;
  const OWN = { pytorch: ["pytorch"], tensorflow: ["keras", "tensorflow"], numpy: ["numpy", "fromscratch"] }; // as chosen
  const OF_LINKS = 0.1; // the pages that others lead to
  const [TITLE_IS, WORDS_ARE, TITLE_BEGINS, TITLE_SAYS, MESSAGE_SAYS, TITLE_HAS, HEADING_SAYS, HEADING_HAS, TEXT_SAYS] = [8, 12, 3, 2.5, 4, 1.8, 3, 2, 1.5];
  const LOOKED_AT = 40; // pages, of those with the best words, whose phrases are read
  const AROUND = 90; // characters of a snippet before and after what was found
  const WORD = /[\p{L}\p{N}_]+/gu; // in_channels is one, and its parts are found as well
  const NUMBER = /^\d+$/; // a pasted message has the reader's own
  const COMMON = new Set("a an and are as at be but by do does for from has have how i in is it its my of on or so than that the then there this to was what when where which why will with you your".split(" "));

  // One spelling for words that a reader may write otherwise: plurals, colour and color, gray, grey and grayscale, -ise
  // and -ize.
  const spelt = new Map();
  function wordOf(token) {
    if (!spelt.has(token)) spelt.set(token, oneSpelling(token));
    return spelt.get(token);
  }
  function oneSpelling(token) {
    const word = token.toLowerCase().replace(/colour/, "color").replace(/^gr[ae]y(scale)?/, "gray").replace(/^licence/, "license");
    return word
      .replace(/is(e|ed|es|ing|ation|ations|er|ers)$/, "iz$1")
      .replace(/(?<=[a-z]{3,})(?<!s|u|i)s$/, "");
  }
  const wordsOf = (text) => (text.match(WORD) ?? []).map(wordOf);
  const withParts = (word) => (word.includes("_") ? [word, ...word.split("_").filter(Boolean)] : [word]);
  const line = (text) => ` ${wordsOf(text).join(" ")} `;
  const withoutNumbers = (text) => text.replace(/ \d+(?= |$)/g, "");

  // Who types a part of a message leaves its numbers out.
  function saysWithoutNumbers(title, phrase) {
    const asked = withoutNumbers(phrase);
    return asked.trim() ? withoutNumbers(title).includes(asked) : title.includes(phrase);
  }

  const nameOf = ({ address }) => address.replace(/\.html$|index\.html$/, "").replace(/[-/]/g, " ");

  // Two neighbours are found as one word as well: cheatsheet.
  const joined = (name) => name.replace(/(?=\b(\w+) (\w+))\w+ ?/g, "$1$2 ");
  const isMessage = ({ kind, address }) => kind === "message" && !address.includes("/silent-"); // by its title

  function prepare({ pages }) {
    const index = new root.MiniSearch({
      fields: Object.keys(WEIGHTS),
      tokenize: (text) => (text.match(WORD) ?? []).flatMap(withParts),
      processTerm: wordOf,
    });
    index.addAll(
      pages.map((page, id) => ({
        id,
        [isMessage(page) ? "message" : "title"]: page.title,
        words: page.words.join(" "),
        name: `${nameOf(page)} ${joined(nameOf(page))}`,
        headings: page.sections.slice(1).map(([, heading]) => heading).join(" "),
        prose: page.sections.map(([, , prose]) => prose).join(" "),
        printed: page.sections.map(([, , , printed]) => printed).join(" "),
        names: page.sections.map(([, , , , names]) => names).join(" "),
      })),
    );
    return { pages, index, lines: new Map() };
  }

  // The words of a page in their order, section by section; made when they are first needed.
  function linesOf(book, id) {
    if (!book.lines.has(id)) {
      const page = book.pages[id];
      const read = page.sections.map(([, ...texts]) => texts.map(line)).map(([heading, prose, printed, names]) => ({ heading, prose, printed, names }));
      book.lines.set(id, { words: page.words.map(line), title: line(page.title.replace(/^\d+\. /, "")), name: line(nameOf(page)), sections: read });
    }
    return book.lines.get(id);
  }

  // The pages that a query finds, best first: [{ page, section, snippet, words }].
  function find(book, query, { framework = "pytorch", most = 30 } = {}) {
    const pasted = looksLikeMessage(query);
    const all = [...new Set(wordsOf(query))];
    const telling = all.filter((word) => !COMMON.has(word) && !(pasted && NUMBER.test(word)));
    const words = telling.length ? telling : all;
    if (!words.length) return [];
    const last = words.at(-1);
    const typing = /[\p{L}_]$/u.test(query); // a word that may go on; a number is what it is
    const phrase = typing ? line(query).trimEnd() : line(query);
    const ofKind = pasted ? OF_PASTED : OF_KIND;
    const options = {
      boost: pasted ? { ...WEIGHTS, message: MESSAGE_OF_PASTED } : WEIGHTS,
      prefix: (term) => typing && term === last && term.length > 1,
      tokenize: (text) => text.split(" "),
      weights: { prefix: 0.5, fuzzy: 0.3 },
    };
    let found = book.index.search(words.join(" "), options);
    if (!found.length) found = book.index.search(words.join(" "), { ...options, fuzzy: (term) => (term.length > 4 ? 0.25 : false) });
    return found
      .map((result) => {
        const page = book.pages[result.id];
        const share = new Set(result.queryTerms).size / words.length;
        let score = result.score * ofKind[page.kind] * share ** 2 * (1 + OF_LINKS * Math.log2(1 + page.links));
        if (OWN[framework].some((name) => page.address.includes(`/${name}-`))) score *= OF_OWN_FRAMEWORK;
        return { id: result.id, page, score };
      })
      .sort((one, other) => other.score - one.score)
      .slice(0, Math.max(LOOKED_AT, most))
      .map((result) => ({ ...result, score: result.score * phraseBonus(linesOf(book, result.id), phrase, words, result.page.kind) }))
      .sort((one, other) => other.score - one.score)
      .slice(0, most)
      .map(({ id, page }) => {
        const section = bestSection(linesOf(book, id), phrase, words);
        return { page, section: page.sections[section], snippet: snippetOf(page.sections[section], query, words), words };
      });
  }

  function phraseBonus({ title, words: asked, name, sections }, phrase, words, kind) {
    let bonus = 1;
    if (asked.some((each) => each.trim() === phrase.trim())) bonus *= WORDS_ARE;
    else if (name.trim() === phrase.trim()) bonus *= TITLE_IS;
    else if (kind === "message" && words.length === 1); // one of the many words of a message says little
    else if (title.trim() === phrase.trim()) bonus *= TITLE_IS;
    else if (kind === "message" && saysWithoutNumbers(title, phrase)) bonus *= MESSAGE_SAYS;
    else if (title.startsWith(phrase)) bonus *= TITLE_BEGINS;
    else if (title.includes(phrase)) bonus *= TITLE_SAYS;
    else if (words.every((word) => title.includes(` ${word}`))) bonus *= TITLE_HAS;
    if (sections.slice(1).some(({ heading }) => heading.includes(phrase))) bonus *= words.length > 1 ? HEADING_SAYS : HEADING_HAS;
    if (words.length > 1 && sections.some(({ prose, printed }) => prose.includes(phrase) || printed.includes(phrase))) bonus *= TEXT_SAYS;
    return bonus;
  }

  // Where on the page it says so; the page's beginning where no section says it better.
  function bestSection({ sections }, phrase, words) {
    const several = words.length > 1 ? 3 : 1;
    const worth = sections.map(({ heading, prose, printed, names }, place) => {
      const has = (text) => words.filter((word) => text.includes(` ${word}`)).length / words.length;
      const says = (text) => (text.includes(phrase) ? several : 0);
      const inHeading = has(heading) + says(heading);
      return (place ? 2 : 1) * inHeading + (place || has(heading) < 1 ? 0 : 2) + has(prose) + says(prose) + 0.5 * (has(printed) + says(printed)) + 0.3 * has(names);
    });
    return worth.indexOf(Math.max(...worth));
  }

  const escaped = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  const spellings = (word) => escaped(word).replace("color", "colou?r").replace(/^gray/, "gr[ae]y").replace(/iz(?=e|ing|ation)/, "i[sz]");

  // A few words of a section around what was found: pieces of text, in turns plain and found.
  function snippetOf([, , prose, printed], query, words) {
    const single = new RegExp(`(?<![\\p{L}\\p{N}])(?:${words.map(spellings).join("|")})[\\p{L}\\p{N}]*`, "giu");
    const whole = new RegExp((query.match(WORD) ?? []).map((word) => spellings(wordOf(word))).join("[^\\p{L}\\p{N}]+(?:s[^\\p{L}\\p{N}]+)?") || "$^", "iu");
    const text = [prose, printed].find((each) => whole.test(each)) ?? [prose, printed].find((each) => each.search(single) >= 0) ?? (prose || printed);
    const at = text.search(whole) >= 0 ? text.search(whole) : Math.max(text.search(single), 0);
    let from = Math.max(0, at - AROUND);
    let to = Math.min(text.length, at + 2 * AROUND);
    if (from) from = text.indexOf(" ", from) + 1;
    if (to < text.length) to = Math.max(text.lastIndexOf(" ", to), at + 1);
    const shown = text.slice(from, to);
    const pieces = [];
    let done = 0;
    for (const found of shown.matchAll(single)) {
      pieces.push(shown.slice(done, found.index), found[0]);
      done = found.index + found[0].length;
    }
    pieces.push(shown.slice(done));
    if (from) pieces[0] = `… ${pieces[0]}`;
    if (to < text.length) pieces[pieces.length - 1] += " …";
    return pieces;
  }

  const ERROR = /\b\w+Error\b|\b(expected|received|must|cannot|incompatible|mismatch)\b.*\d|\d.*\b(expected|received|must|cannot|incompatible|mismatch)\b/is;
  const looksLikeMessage = (query) => ERROR.test(query) && (/Error\b/.test(query) || (query.match(WORD) ?? []).length > 6);

  root.bookSearch = { prepare, find, looksLikeMessage };
})(typeof window === "undefined" ? globalThis : window);
