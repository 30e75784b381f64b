// The FEEL subset of forms/schema/feel.py in the browser: same tokens, same three-valued logic.
const TOKEN = /\s*(?:(\d{1,15}(?:\.\d{1,15})?)|("(?:[^"\\]|\\.)*")|(<=|>=|!=|\.\.|[=<>+\-*/(),.[\]])|([\p{L}_][\p{L}\p{N}_]*))/uy;
const LITERALS = { true: true, false: false, null: null };

const isNumber = (value) => typeof value === 'number';
const alike = (a, b) => (isNumber(a) && isNumber(b)) || (typeof a === typeof b && typeof a !== 'object');
const equal = (a, b) => (a == null || b == null ? (a ?? null) === (b ?? null) : alike(a, b) ? a === b : null);
const negation = (value) => (typeof value === 'boolean' ? !value : null);
const conjunction = (a, b) => (a === false || b === false ? false : a === true && b === true ? true : null);
const disjunction = (a, b) => (a === true || b === true ? true : a === false && b === false ? false : null);
const ordered = (compare) => (a, b) => ((isNumber(a) && isNumber(b)) || (typeof a === 'string' && typeof b === 'string') ? compare(a, b) : null);
const COMPARE = {
  '=': equal,
  '!=': (a, b) => negation(equal(a, b)),
  '<': ordered((a, b) => a < b),
  '<=': ordered((a, b) => a <= b),
  '>': ordered((a, b) => a > b),
  '>=': ordered((a, b) => a >= b),
};
const CALCULATE = { '+': (a, b) => a + b, '-': (a, b) => a - b, '*': (a, b) => a * b, '/': (a, b) => a / b };
const arithmetic = (sign) => (a, b) => {
  if (sign === '+' && typeof a === 'string' && typeof b === 'string') return a + b;
  if (!isNumber(a) || !isNumber(b)) return null;
  const result = CALCULATE[sign](a, b);
  return Number.isFinite(result) ? result : null;
};
const contains = (items, value) => (Array.isArray(items) ? items.some((item) => equal(item, value) === true) : null);
const count = (items) => (Array.isArray(items) ? items.length : null);

// Returns a function from answers to value. What the server refused at publish never comes here.
export function compile(source) {
  const parser = new Parser(source.trim().replace(/^=/, ''));
  return parser.either();
}

class Parser {
  constructor(source) {
    this.tokens = tokens(source);
    this.at = 0;
  }

  sees(...words) {
    return words.includes(this.tokens[this.at]);
  }

  take() {
    return this.tokens[this.at++];
  }

  chain(next, signs) {
    let left = next();
    while (this.sees(...Object.keys(signs))) {
      const apply = signs[this.take()];
      left = both(apply, left, next());
    }
    return left;
  }

  either() {
    return this.chain(() => this.all(), { or: disjunction });
  }

  all() {
    return this.chain(() => this.comparison(), { and: conjunction });
  }

  comparison() {
    const left = this.sum();
    if (this.sees(...Object.keys(COMPARE))) return both(COMPARE[this.take()], left, this.sum());
    if (this.sees('between')) {
      this.take();
      return this.range(left);
    }
    if (!this.sees('in')) return left;
    this.take();
    if (this.sees('[')) {
      this.take();
      const range = this.range(left);
      this.take();
      return range;
    }
    const items = this.arguments();
    return (answers) => items.some((item) => equal(left(answers), item(answers)) === true);
  }

  range(value) {
    const low = this.sum();
    this.take();
    const high = this.sum();
    return both(conjunction, both(COMPARE['>='], value, low), both(COMPARE['<='], value, high));
  }

  arguments() {
    this.take();
    const found = [this.either()];
    while (this.sees(',')) {
      this.take();
      found.push(this.either());
    }
    this.take();
    return found;
  }

  sum() {
    return this.chain(() => this.product(), { '+': arithmetic('+'), '-': arithmetic('-') });
  }

  product() {
    return this.chain(() => this.atom(), { '*': arithmetic('*'), '/': arithmetic('/') });
  }

  atom() {
    const word = this.take();
    if (word === '(') {
      const inner = this.either();
      this.take();
      return inner;
    }
    if (word === '-') return both(arithmetic('-'), () => 0, this.atom());
    if (/^\d/.test(word)) return () => Number(word);
    if (word.startsWith('"')) return () => word.slice(1, -1).replace(/\\(.)/g, '$1');
    if (word in LITERALS) return () => LITERALS[word];
    if (word === 'list') {
      this.take();
      return this.call(contains);
    }
    if (word === 'not') return this.call(negation);
    if (word === 'count') return this.call(count);
    return this.path(word);
  }

  call(apply) {
    const items = this.arguments();
    return (answers) => apply(...items.map((item) => item(answers)));
  }

  path(word) {
    const parts = [word];
    while (this.sees('.')) {
      this.take();
      parts.push(this.take());
    }
    return (answers) => answers[parts.join('.')] ?? parts.reduce((scope, part) => scope?.[part] ?? null, answers);
  }
}

function both(apply, left, right) {
  return (answers) => apply(left(answers), right(answers));
}

function tokens(source) {
  const found = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < source.length) {
    const match = TOKEN.exec(source);
    if (!match) break;
    found.push(match[1] ?? match[2] ?? match[3] ?? match[4]);
  }
  return found;
}
