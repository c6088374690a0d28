// Where the contracts can be changed, found in the compiler's syntax tree. A point is one small change of one file:
// guards, modifiers and narrowing casts that are taken away, and operators, constants, conditions and statements that
// are altered. Offsets are in bytes, as the compiler counts.

/** Kinds that are always tried; the others are sampled. */
export const GUARDS = ['guard', 'modifier', 'cast'];

const SWAPS = {
  '<': ['<='], '<=': ['<'], '>': ['>='], '>=': ['>'], '==': ['!='], '!=': ['=='],
  '+': ['-'], '-': ['+'], '*': ['/'], '/': ['*'], '%': ['*'], '**': ['*'],
  '&&': ['||'], '||': ['&&'], '&': ['|'], '|': ['&'], '^': ['&'], '<<': ['>>'], '>>': ['<<'],
  '+=': ['-='], '-=': ['+='], '*=': ['/='], '|=': ['&='], '&=': ['|='], '<<=': ['>>='], '>>=': ['<<='],
};
const YUL_SWAPS = { lt: 'gt', gt: 'lt', add: 'sub', sub: 'add', and: 'or', or: 'and', shl: 'shr', shr: 'shl', mul: 'add' };

/** All declarations that live in storage, by the compiler's ids. */
export function storageIds(trees) {
  const ids = new Set();
  const walk = (node) => {
    if (Array.isArray(node)) return node.forEach(walk);
    if (!node || typeof node !== 'object') return;
    const storage = node.stateVariable ? node.mutability === 'mutable' : node.storageLocation === 'storage';
    if (node.nodeType === 'VariableDeclaration' && storage) ids.add(node.id);
    Object.values(node).forEach(walk);
  };
  walk(trees);
  return ids;
}

/** All points of one file, in the order of the text. */
export function points(file, tree, contents, storage) {
  return new Finder(file, Buffer.from(contents), storage).find(tree);
}

/** The file with the change made. */
export function apply(contents, point) {
  const bytes = Buffer.from(contents);
  return Buffer.concat([
    bytes.subarray(0, point.start), Buffer.from(point.replacement), bytes.subarray(point.start + point.length),
  ]).toString();
}

class Finder {
  constructor(file, bytes, storage) {
    Object.assign(this, { file, bytes, storage, found: [], name: '', keys: new Map() });
  }

  find(tree) {
    this.walk(tree);
    this.found.sort((a, b) => a.start - b.start || a.length - b.length);
    for (const point of this.found) {
      const plain = [point.file, point.function, point.mutation].join(' | ');
      const count = (this.keys.get(plain) ?? 0) + 1;
      this.keys.set(plain, count);
      point.key = count === 1 ? plain : `${plain} | ${count}`;
    }
    return this.found;
  }

  range(node) {
    const [start, length] = node.src.split(':').map(Number);
    return { start, length };
  }

  text(node) {
    const { start, length } = this.range(node);
    return this.bytes.subarray(start, start + length).toString();
  }

  add(kind, where, replacement) {
    const { start, length } = where.src ? this.range(where) : where;
    const original = this.bytes.subarray(start, start + length).toString();
    const line = this.bytes.subarray(0, start).toString().split('\n').length;
    const mutation = `${oneLine(original)} → ${oneLine(replacement) || '(nothing)'}`;
    this.found.push({ kind, file: this.file, function: this.name, line, start, length, original, replacement, mutation });
  }

  /** Takes a statement away together with its semicolon. */
  remove(kind, node) {
    let { start, length } = this.range(node);
    const rest = this.bytes.subarray(start + length).toString();
    const semicolon = /^\s*;/.exec(rest);
    if (semicolon) length += Buffer.byteLength(semicolon[0]);
    this.add(kind, { start, length }, '{}');
  }

  walk(node, parent) {
    if (Array.isArray(node)) return node.forEach((child) => this.walk(child, parent));
    if (!node || typeof node !== 'object' || !node.nodeType) return;
    const outer = this.name;
    switch (node.nodeType) {
      case 'PragmaDirective': case 'ImportDirective': case 'ErrorDefinition': case 'EventDefinition':
      case 'StructDefinition': case 'EnumDefinition': case 'StructuredDocumentation': case 'UsingForDirective':
      case 'ElementaryTypeName': case 'ArrayTypeName': case 'Mapping': case 'UserDefinedTypeName':
        return;
      case 'ContractDefinition':
        if (node.contractKind === 'interface') return;
        this.name = node.name;
        break;
      case 'FunctionDefinition': case 'ModifierDefinition':
        if (!node.body) return;
        this.name = `${outer}.${node.name || node.kind}`;
        break;
      case 'VariableDeclaration':
        if (node.stateVariable) this.name = `${outer}.${node.name}`;
        break;
      default:
        this.visit(node, parent);
    }
    for (const [key, child] of Object.entries(node)) {
      if (key !== 'loopExpression' || node.nodeType !== 'ForStatement') this.walk(child, node);
    }
    if (node.nodeType === 'InlineAssembly') this.walkYul(node.AST);
    this.name = outer;
  }

  visit(node, parent) {
    switch (node.nodeType) {
      case 'ModifierInvocation':
        if (node.kind !== 'baseConstructorSpecifier') this.add('modifier', node, '');
        break;
      case 'IfStatement':
        if (!node.falseBody && reverts(node.trueBody)) this.remove('guard', node);
        else this.condition(node.condition);
        break;
      case 'Conditional':
        this.condition(node.condition);
        break;
      case 'ExpressionStatement':
        this.statement(node);
        break;
      case 'EmitStatement':
        this.remove('event', node);
        break;
      case 'BinaryOperation': case 'Assignment':
        this.operator(node);
        break;
      case 'UnaryOperation':
        if (node.operator === '!') this.add('operator', node, this.text(node.subExpression));
        break;
      case 'Literal':
        this.literal(node, parent);
        break;
      case 'FunctionCall':
        this.cast(node);
        break;
    }
  }

  condition(node) {
    this.add('condition', node, 'true');
    this.add('condition', node, 'false');
  }

  statement(node) {
    const expression = node.expression;
    if (expression.nodeType === 'FunctionCall') {
      if (expression.expression?.name === 'require') this.remove('guard', node);
      else if (expression.expression?.name !== 'revert') this.remove('statement', node);
    } else if (expression.nodeType === 'Assignment') {
      this.remove(this.written(expression.leftHandSide) ? 'write' : 'statement', node);
    } else if (expression.nodeType === 'UnaryOperation') {
      this.remove(this.written(expression.subExpression) ? 'write' : 'statement', node);
    }
  }

  /** Whether an expression names something in storage. */
  written(node) {
    if (!node) return false;
    if (node.nodeType === 'TupleExpression') return node.components.some((part) => this.written(part));
    if (node.nodeType === 'Identifier') return this.storage.has(node.referencedDeclaration);
    return this.written(node.baseExpression ?? node.expression);
  }

  operator(node) {
    const [left, right] = [node.leftExpression ?? node.leftHandSide, node.rightExpression ?? node.rightHandSide];
    const from = this.range(left).start + this.range(left).length;
    const between = this.bytes.subarray(from, this.range(right).start).toString();
    const at = between.indexOf(node.operator);
    if (at < 0) return;
    const where = { start: from + Buffer.byteLength(between.slice(0, at)), length: node.operator.length };
    for (const swap of SWAPS[node.operator] ?? []) {
      this.add('operator', where, swap);
      // The bare operator says nothing to a reader: name the expression.
      const point = this.found.at(-1);
      const expression = oneLine(this.text(node));
      point.mutation = `${node.operator} → ${swap} in ${expression.length > 120 ? expression.slice(0, 117) + '…' : expression}`;
    }
  }

  literal(node, parent) {
    if (node.kind === 'bool') return this.add('constant', node, node.value === 'true' ? 'false' : 'true');
    if (node.kind === 'string' && parent?.nodeType === 'FunctionCall') {
      return this.add('constant', node, this.text(node).replace(/(["'])$/, '!$1'));
    }
    if (node.kind !== 'number' || /^0x[0-9a-fA-F]{40}$/.test(node.value)) return;
    const text = this.text(node);
    const plain = /^\d+$/.test(text);
    this.add('constant', node, plain ? String(BigInt(text) + 1n) : `(${text} + 1)`);
    if (plain ? BigInt(text) > 0n : true) this.add('constant', node, plain ? String(BigInt(text) - 1n) : `(${text} - 1)`);
    const context = oneLine(parent ? this.text(parent) : text);
    for (const point of this.found.slice(-2)) {
      if (point.start === this.range(node).start) point.mutation += ` in ${context.length > 120 ? context.slice(0, 117) + '…' : context}`;
    }
  }

  /** A checked narrowing becomes an unchecked one. */
  cast(node) {
    const callee = node.expression;
    const narrow = /^to((?:Uint|Int)\d+)$/.exec(callee?.memberName ?? '');
    if (!narrow) return;
    const library = callee.expression.nodeType === 'Identifier' && callee.expression.name === 'SafeCast';
    const value = library ? this.text(node.arguments[0]) : this.text(callee.expression);
    this.add('cast', node, `${narrow[1].toLowerCase()}(${value})`);
  }

  walkYul(node) {
    if (Array.isArray(node)) return node.forEach((child) => this.walkYul(child));
    if (!node || typeof node !== 'object') return;
    if (node.nodeType === 'YulIf') {
      if (/\brevert\(/.test(this.text(node.body))) this.add('guard', node, '');
      else this.add('condition', node.condition, '0');
    } else if (node.nodeType === 'YulFunctionCall') {
      const swap = YUL_SWAPS[node.functionName.name];
      if (swap) {
        this.add('operator', node.functionName, swap);
        this.found.at(-1).mutation += ` in ${oneLine(this.text(node))}`;
      }
    } else if (node.nodeType === 'YulLiteral' && node.kind === 'number') {
      this.add('constant', node, node.value.startsWith('0x') ? '0x' + (BigInt(node.value) + 1n).toString(16) : String(BigInt(node.value) + 1n));
    }
    Object.entries(node).forEach(([key, child]) => key !== 'post' && this.walkYul(child));
  }
}

function reverts(body) {
  if (!body) return false;
  if (body.nodeType === 'Block') return body.statements.length > 0 && reverts(body.statements.at(-1));
  return body.nodeType === 'RevertStatement' ||
    (body.nodeType === 'ExpressionStatement' && body.expression?.expression?.name === 'revert');
}

function oneLine(text) {
  return text.replace(/\s+/g, ' ').trim();
}
