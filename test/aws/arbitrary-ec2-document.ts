import { NormalizedSchema } from '@smithy/core/schema';
import * as fc from 'fast-check';
import type { WantedMembers } from '../../lib/aws/ec2-xml-reader.ts';

/**
 * Random answers of EC2: from the ordinary to the malformed. They follow an operation's schema, so that most elements are
 * ones a reader looks for, and stray from it at a rate drawn for each document.
 */
export function arbitraryEc2Document(
  output: Parameters<typeof NormalizedSchema.of>[0],
  wanted: WantedMembers,
): fc.Arbitrary<Buffer> {
  return fc.gen().map((generate) => {
    const draw: Draw = {
      below: (bound) => generate(fc.nat, bound - 1),
      from: (values) => generate(fc.constantFrom, ...values),
      unicode: () => generate(fc.string, UNICODE),
    };
    const style: Style = {
      oddPercent: draw.from([0, 0, 0, 1, 1, 5, 25]),
      gap: draw.from(['\n  ', '\n', '', '\r\n\t', '\n\n    ']),
    };
    const writer = new Writer(draw, style);
    const document = writer.document(NormalizedSchema.of(output), wanted);
    return draw.below(5) === 0 ? mutated(Buffer.from(document), draw) : Buffer.from(document);
  });
}

interface Draw {
  readonly below: (bound: number) => number;
  readonly from: <T>(values: readonly T[]) => T;
  readonly unicode: () => string;
}

interface Style {
  /** How often something unusual is written. */
  readonly oddPercent: number;
  /** What stands between elements. */
  readonly gap: string;
}

const UNICODE = { unit: 'grapheme', minLength: 1, maxLength: 6 } as const;
const DECLARATIONS = ['<?xml version="1.0" encoding="UTF-8"?>\n', '<?xml version="1.0"?>', '', '\n'];
const ODD_DECLARATIONS = [
  '<?xml > ?>',
  '<?xml?><?other?>',
  '<?xml ><x></x>?>',
  '<!-- first -->',
  '<!DOCTYPE x [<!ENTITY y "z">]>',
  '\uFEFF',
  '\v',
  'text',
  '<?xml',
];
const ROOT_ATTRIBUTES = [' xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"', '', ' xmlns=""'];
const ODD_ROOT_ATTRIBUTES = [
  " xmlns='http://ec2.amazonaws.com/doc/2016-11-15/'",
  ' nextToken="attribute"',
  ' xmlns="a" nextToken="attribute"',
  ' xmlns="a>b"',
  ' xmlns="&amp;"',
  ' xmlns = "a"',
  ' xmlns="a',
  ' ',
  '\n',
  ' __proto__="a"',
  ' xmlns',
];
const ODD_GAPS = [' ', '\t', '\v', '\f', '\n\v', '\u00a0', '\r', 'text', '&amp;', '&#10;', '<!-- - -->', '<?pi a>b?>'];
const MORE_ODD_GAPS = [
  '<![CDATA[ ]]>',
  '<![CDATA[<a>]]>',
  '<!-- <a> -->',
  '&#32;\n',
  '<',
  '</',
  '<>',
  '</>',
  '< a>',
  '<a',
];
const WORDS = ['eni-0a1b', 'subnet-0c', '10.0.0.7', 'in-use', 'aws:eks:cluster-name', 'a b', '', ' ', '0', 'true', '-'];
const ENTITIES = [
  '&amp;',
  '&lt;',
  '&gt;',
  '&quot;',
  '&apos;',
  '&#65;',
  '&#x41;',
  '&#xe9;',
  '&#8364;',
  '&#10;',
  '&#13;',
];
const SPACES = ['\n', '\n  ', '\t', '  ', '\r\n', '\r', '\u00a0', '\u2028', '\n\u00a0', '&#32;', '&#x9;'];
const ODD_TEXTS = [
  '&#0;',
  '&#x1F600;',
  '&#xD83D;&#xDE00;',
  '&#99999999;',
  '&#xFFFFFFF;',
  '&#x110000;',
  '&#X41;',
  '&#;',
  '&;',
  '&',
  '& amp;',
  '&amp',
  '&unknown;',
  '&constructor;',
  '&nbsp;',
  '&amp;amp;',
  '&a&amp;',
  '<![CDATA[a<b>&amp;]]>',
  '<![CDATA[]]>',
  '<!-- comment -->',
  '<?pi?>',
  ']]>',
  '>',
  '\0',
  '\u007f',
  '\ufffd',
  '<b>bold</b>',
  '__proto__',
  'constructor',
];
const BOOLEANS = ['true', 'false'];
const ODD_BOOLEANS = ['True', 'FALSE', '1', '', ' true', 'true\n', 'yes', 'tru&#101;'];
const NUMBERS = ['0', '1', '251', '-5', '007', '65531'];
const ODD_NUMBERS = [
  '',
  ' 7',
  '7\n',
  '1e3',
  '0x10',
  '1.5',
  '+1',
  '-',
  '-0',
  '9007199254740993',
  '1_0',
  'NaN',
  'Infinity',
  '٣',
];
const UNKNOWN_NAMES = [
  'requestId',
  'groupSet',
  'unknown',
  'item',
  'Item',
  'constructor',
  'toString',
  'length',
  'hasOwnProperty',
];
const ODD_NAMES = ['__proto__', 'a-b', 'a:b', 'a.b', 'é', '0', '__defineGetter__', '#text'];

class Writer {
  private readonly draw: Draw;
  private readonly style: Style;

  constructor(draw: Draw, style: Style) {
    this.draw = draw;
    this.style = style;
  }

  document(schema: NormalizedSchema, wanted: WantedMembers): string {
    const declaration = this.draw.from(this.odd() ? ODD_DECLARATIONS : DECLARATIONS);
    const attributes = this.draw.from(this.odd() ? ODD_ROOT_ATTRIBUTES : ROOT_ATTRIBUTES);
    const ending = this.draw.from(['', '\n', '<trailing>', ' text']);
    const name = this.odd() ? this.draw.from(['', '__proto__', 'a:b']) : 'Response';
    if (this.odd()) {
      return `${declaration}<${name}${attributes}/>${ending}`;
    }
    const content = this.structure(schema, wanted);
    return `${declaration}<${name}${attributes}>${content}</${name}>${ending}`;
  }

  private odd(): boolean {
    return this.style.oddPercent > 0 && this.draw.below(100) < this.style.oddPercent;
  }

  private gap(): string {
    return this.odd() ? this.draw.from(this.draw.below(2) === 0 ? ODD_GAPS : MORE_ODD_GAPS) : this.style.gap;
  }

  private element(name: string, content: string): string {
    if (!this.odd()) {
      return content === '' && this.draw.below(2) === 0 ? `<${name}/>` : `<${name}>${content}</${name}>`;
    }
    return this.draw.from([
      `<${name} >${content}</${name}>`,
      `<${name}>${content}</${name} >`,
      `<${name} a="b">${content}</${name}>`,
      `<${name} />`,
      `<${name}/ >`,
      `<${name}>${content}</${name}x>`,
      `<${name}x>${content}</${name}>`,
      `<${name}>${content}`,
      `${content}</${name}>`,
      `<${name}>${content}</ ${name}>`,
      `<${name.toUpperCase()}>${content}</${name.toUpperCase()}>`,
    ]);
  }

  private structure(schema: NormalizedSchema, wanted: WantedMembers): string {
    const parts: string[] = [];
    const members = Object.entries(wanted).filter(() => this.draw.below(3) > 0);
    for (const [member, memberWanted] of members) {
      const memberSchema = schema.getMemberSchema(member);
      const name = xmlNameOf(memberSchema, member);
      if (this.draw.below(8) === 0) {
        parts.push(this.unknown(0, Object.keys(wanted)));
      }
      parts.push(this.element(name, this.content(memberSchema, memberWanted)));
      if (this.odd()) {
        parts.push(this.element(name, this.content(memberSchema, memberWanted)));
      }
    }
    return this.joined(this.draw.below(4) === 0 ? parts.reverse() : parts);
  }

  private joined(parts: readonly string[]): string {
    return parts.length === 0 && this.draw.below(2) === 0
      ? ''
      : this.gap() + parts.map((part) => part + this.gap()).join('');
  }

  private content(schema: NormalizedSchema, wanted: true | WantedMembers): string {
    if (this.odd()) {
      return this.text();
    }
    if (schema.isListSchema()) {
      const itemSchema = schema.getValueSchema();
      const name = xmlNameOf(itemSchema, 'member');
      const items = Array.from({ length: this.draw.below(4) }, () =>
        this.odd() ? this.unknown(0, ['item']) : this.element(name, this.content(itemSchema, wanted)),
      );
      return this.joined(items);
    }
    if (wanted !== true) {
      return this.structure(schema, wanted);
    }
    if (schema.isBooleanSchema()) {
      return this.draw.from(this.odd() ? ODD_BOOLEANS : BOOLEANS);
    }
    if (schema.isNumericSchema()) {
      return this.draw.from(this.odd() ? ODD_NUMBERS : NUMBERS);
    }
    return this.text();
  }

  private text(): string {
    const { draw } = this;
    return Array.from({ length: draw.below(4) }, () => {
      if (this.odd()) {
        return draw.from(ODD_TEXTS);
      }
      switch (draw.below(40)) {
        case 0:
          return draw.from(SPACES);
        case 1:
        case 2:
          return draw.from(ENTITIES);
        case 3:
          return draw.unicode().replaceAll('<', '&lt;').replaceAll('&', '&amp;');
        case 4:
          return 'long '.repeat(draw.below(200));
        default:
          return draw.from(WORDS);
      }
    }).join('');
  }

  /** An element that no reader looks for, at times with elements inside that bear the names of wanted ones. */
  private unknown(depth: number, wantedNames: readonly string[]): string {
    const { draw } = this;
    const name = this.odd()
      ? draw.from(ODD_NAMES)
      : draw.from(depth === 0 ? UNKNOWN_NAMES : [...UNKNOWN_NAMES, ...wantedNames.map(lowerFirst)]);
    if (depth < 6 && draw.below(2) === 0) {
      const children = Array.from({ length: draw.below(3) }, () => this.unknown(depth + 1, wantedNames));
      return this.element(name, this.joined(children));
    }
    return this.element(name, this.text());
  }
}

function xmlNameOf(schema: NormalizedSchema, otherwise: string): string {
  const { xmlName } = schema.getMergedTraits();
  return typeof xmlName === 'string' ? xmlName : otherwise;
}

function lowerFirst(name: string): string {
  return name.slice(0, 1).toLowerCase() + name.slice(1);
}

const SNIPPETS = [
  '<',
  '>',
  '/',
  '&',
  ';',
  '</',
  '<!',
  '<?',
  ' ',
  '\n',
  '\r',
  '\t',
  'a',
  '\0',
  '<item>',
  '</item>',
  '<item/>',
];

/** The document cut short, or with bytes lost, doubled, put in or made invalid UTF-8. */
function mutated(bytes: Buffer, draw: Draw): Buffer {
  const at = draw.below(bytes.length + 1);
  const to = Math.min(bytes.length, at + 1 + draw.below(12));
  const [before, middle, after] = [bytes.subarray(0, at), bytes.subarray(at, to), bytes.subarray(to)];
  switch (draw.below(5)) {
    case 0:
      return Buffer.from(before);
    case 1:
      return Buffer.concat([before, after]);
    case 2:
      return Buffer.concat([before, middle, middle, after]);
    case 3:
      return Buffer.concat([before, Buffer.from([0x80 + draw.below(128)]), middle, after]);
    default:
      return Buffer.concat([before, Buffer.from(draw.from(SNIPPETS)), middle, after]);
  }
}
